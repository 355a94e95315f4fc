"""Composes a check: load, run, diagnose, report."""
