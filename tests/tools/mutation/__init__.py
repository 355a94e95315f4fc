"""Mutation testing of our own source: one small change at a time, which the tests must notice (``make mutation``).

Not to be confused with src/nnfs_spec/mutants, the kit's catalogue of wrong implementations.
"""
