"""The reference: each operation as plain as its definition, checks first, then the formula.

It is not made to be fast, and not made to train: the specification stops at the forward pass.
"""
