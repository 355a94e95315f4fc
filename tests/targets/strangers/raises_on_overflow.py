import numpy as np
np.seterr(over="raise", invalid="raise", divide="raise")
def softmax(x):
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def relu(x):
    return x * (x > 0)
