"""Memory that was freed is used again."""

import platform
import subprocess
import sys

import pytest

PAGES_TAKEN = """
import resource, sys
import numpy as np
from nnfs_spec.support.memory import keep_freed

def taken():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        arrays = [np.ones(2**17) for _ in range(8)]
        del arrays
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

without = taken()
keep_freed()
taken()
print(without, taken())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="of glibc alone it is known how it learns")
def test_large_arrays_take_what_others_left() -> None:
    """A loop over arrays of a megabyte asks the system for memory in its first round, and not in each."""
    told = subprocess.run([sys.executable, "-c", PAGES_TAKEN], capture_output=True, text=True, check=True).stdout
    without, after = map(int, told.split())
    assert after < without / 100
