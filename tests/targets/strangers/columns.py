import numpy as np
class DenseLayer:
    """X is (n_features, m): one example to a column."""
    def __init__(self, n_in, n_out):
        self.W = np.random.randn(n_out, n_in) * 0.01
        self.b = np.zeros((n_out, 1))
    def forward(self, A_prev):
        self.Z = self.W @ A_prev + self.b
        return self.Z
def softmax(Z):
    e = np.exp(Z - Z.max(axis=0))
    return e / e.sum(axis=0)
def relu(Z):
    return np.maximum(Z, 0)
