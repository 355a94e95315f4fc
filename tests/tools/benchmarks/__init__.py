"""Benchmarks: ratios taken in one run. Nothing here is a test, and no test depends on a time."""
