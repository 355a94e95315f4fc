import numpy as np
class Dense:
    def __init__(self, n_inputs, n_neurons, activation, seed):
        rng = np.random.default_rng(seed)
        self.W = rng.normal(size=(n_inputs, n_neurons)) * 0.01
        self.b = np.zeros((1, n_neurons))
        self.activation = activation
    def forward(self, x):
        self.z = x @ self.W + self.b
        self.a = self.activation(self.z)
        return self.a
def relu(x): return np.maximum(x, 0)
