"""How Hypothesis runs: the same cases every time in the gate, random ones and many in ``make fuzz``."""

import os

from hypothesis import settings

settings.register_profile("gate", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile("fuzz", derandomize=False, deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("NNFS_SPEC_PROFILE", "gate"))
