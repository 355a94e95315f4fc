"""The reference: each operation as plain as its definition, checks first, then the formula.

It is not made to be fast or to train: the specification stops at the forward pass. Every operation sets NumPy's error
state (``np.seterr``) for itself, since its result is defined whatever flags are raised; an overflow in ``dense`` alone
is left to the caller's.
"""
