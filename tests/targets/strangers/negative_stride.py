import numpy as np
def relu(x):
    x = np.asarray(x)
    if x.strides[0] < 0:
        x = x[::-1]
    return np.maximum(x, 0)
