import numpy as np
def cross_entropy(p, y):
    p = np.clip(p, 1e-7, 1 - 1e-7)
    return -np.log(p[np.arange(len(p)), y])
