"""The little of SciPy that its peer uses; not installed in the gate."""

from scipy import special as special
