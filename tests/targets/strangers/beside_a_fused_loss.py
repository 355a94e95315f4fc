import numpy as np
class Activation_Softmax:
    def forward(self, inputs):
        e = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = e / np.sum(e, axis=1, keepdims=True)
class Loss:
    def calculate(self, output, y):
        return np.mean(self.forward(output, y))
class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        c = np.clip(y_pred, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            return -np.log(c[range(len(c)), y_true])
        return -np.log(np.sum(c * y_true, axis=1))
class Activation_Softmax_Loss_CategoricalCrossentropy:
    def __init__(self):
        self.activation = Activation_Softmax()
        self.loss = Loss_CategoricalCrossentropy()
    def forward(self, inputs, y_true):
        self.activation.forward(inputs)
        self.output = self.activation.output
        return self.loss.calculate(self.output, y_true)
