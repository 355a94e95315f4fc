import numpy as np
class Layer_Dense:
    def __init__(self, n_inputs, n_neurons, weight_regularizer_l1=0, weight_regularizer_l2=0, bias_regularizer_l1=0, bias_regularizer_l2=0):
        self.weights = 0.01 * np.random.randn(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
    def forward(self, inputs, training):
        self.inputs = inputs
        self.output = np.dot(inputs, self.weights) + self.biases
class Activation_Softmax:
    def forward(self, inputs, training):
        self.inputs = inputs
        e = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        self.output = e / np.sum(e, axis=1, keepdims=True)
    def predictions(self, outputs):
        return np.argmax(outputs, axis=1)
class Loss:
    def remember_trainable_layers(self, layers):
        self.trainable_layers = layers
    def calculate(self, output, y, *, include_regularization=False):
        losses = self.forward(output, y)
        data_loss = np.mean(losses)
        if not include_regularization:
            return data_loss
        return data_loss, self.regularization_loss()
class Loss_CategoricalCrossentropy(Loss):
    def forward(self, y_pred, y_true):
        c = np.clip(y_pred, 1e-7, 1 - 1e-7)
        if len(y_true.shape) == 1:
            conf = c[range(len(y_pred)), y_true]
        elif len(y_true.shape) == 2:
            conf = np.sum(c * y_true, axis=1)
        return -np.log(conf)
