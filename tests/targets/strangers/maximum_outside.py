import numpy as np
class Softmax:
    def forward(self, x):
        e = np.exp(x) - np.max(x, axis=1, keepdims=True)
        self.output = e / e.sum(axis=1, keepdims=True)
