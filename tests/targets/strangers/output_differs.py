import numpy as np
class Activation_Softmax:
    def forward(self, inputs):
        e = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        self.output = e
        return e / e.sum(axis=1, keepdims=True)
