import numpy as np
F = np.float32
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weights = (0.1 * np.random.randn(n_inputs, n_neurons)).astype(F)
        self.biases = np.zeros((1, n_neurons), dtype=F)
    def forward(self, inputs):
        self.output = np.asarray(inputs, F) @ np.asarray(self.weights, F) + np.asarray(self.biases, F)
class Activation_Softmax:
    def forward(self, inputs):
        x = np.asarray(inputs, F)
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.output = e / e.sum(axis=1, keepdims=True)
