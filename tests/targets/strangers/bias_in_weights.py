import numpy as np
class Dense:
    def __init__(self, n_inputs, n_neurons):
        self.W = np.vstack([np.random.randn(n_inputs, n_neurons) * .1, np.zeros((1, n_neurons))])
    def forward(self, inputs):
        ones = np.ones((len(inputs), 1))
        self.output = np.c_[inputs, ones].dot(self.W)
        return self.output
