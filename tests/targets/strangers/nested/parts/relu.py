import numpy as np
class ReLU:
    def forward(self, x):
        self.output = np.maximum(0, x)
