"""The little of scikit-learn that its peer uses; not installed in the gate."""
