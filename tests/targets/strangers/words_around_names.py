import numpy as np
def calc_softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def relu_fn(z):
    return np.where(z > 0, z, 0.0)
def dense_forward(x, w, b):
    return x @ w + b
def batch_accuracy(p, y):
    y = y.argmax(axis=1) if y.ndim == 2 else y
    return float((p.argmax(axis=1) == y).mean())
