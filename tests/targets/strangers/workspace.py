import numpy as np
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = 0.1 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
        self._buf = {}
    def forward(self, inputs):
        key = (len(inputs), np.result_type(inputs, self.weights))
        out = self._buf.setdefault(key, np.empty((len(inputs), self.weights.shape[1]), key[1]))
        np.dot(inputs, self.weights, out=out)
        out += self.biases
        self.output = out
        return out
