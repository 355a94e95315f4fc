import numpy as np
def dense(*, x, weights, bias):
    return x @ weights + bias
def softmax(*, logits):
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
def cross_entropy(*, y_pred, y_true):
    p = np.clip(y_pred, 1e-7, 1 - 1e-7)
    if y_true.ndim == 1:
        return -np.log(p[np.arange(len(p)), y_true])
    return -np.log((p * y_true).sum(axis=1))
