import numpy as np
class Tensor:
    def __init__(self, data):
        self.data = np.asarray(data)
    def __matmul__(self, o): return Tensor(self.data @ o.data)
    def __add__(self, o): return Tensor(self.data + o.data)
    def relu(self): return Tensor(np.maximum(self.data, 0))
class Linear:
    def __init__(self, n_inputs, n_neurons):
        self.weights = Tensor(0.1 * np.random.randn(n_inputs, n_neurons))
        self.biases = Tensor(np.zeros((1, n_neurons)))
    def forward(self, x: Tensor) -> Tensor:
        return x @ self.weights + self.biases
def relu(x: Tensor) -> Tensor:
    return x.relu()
