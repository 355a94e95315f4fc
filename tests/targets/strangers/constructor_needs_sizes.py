import numpy as np
class Classifier:
    def __init__(self, sizes, learning_rate, epochs):
        self.sizes, self.lr, self.epochs = sizes, learning_rate, epochs
        self.w = [np.random.randn(a, b) for a, b in zip(sizes, sizes[1:])]
    def _relu(self, z):
        return np.maximum(0, z)
    def _softmax(self, z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)
