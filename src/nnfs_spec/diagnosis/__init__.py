"""Compares a subject that failed with the mutants, to tell what was probably misunderstood."""
