# The code cells of the notebook that spec/ calls the seed, as they stand there, but for the two that are not Python
# (a pip command, and the picture of a correspondence that ends in a syntax error).

import numpy as np # linear algebra

import nnfs

X = [[1, 2, 3, 2.5],
     [2.0, 5.0, -1.0, 2.0],
     [-1.5, 2.7, 3.3, -0,8]]


class Layer_Dense:
    def __init__(self, n_inputs, n_neurons):
        self.weight = 0.10 * np.random.rand(n_inputs, n_neurons)
        self.biases = np.zeros((1, n_neurons))
        
    def forward(self, inputs):
        self.output = np.dot(inputs, self.weight) + self.biases      


class Activation_ReLU:
    def forward(self, inputs):
        self.output = np.maximum(0, inputs)


class Activation_Softmax:
    def forward(self, inputs):
        exp_values = np.exp(inputs - np.max(inputs, axis=1, keepdims=True))
        probabilities = exp_values / np.sum(exp_values, axis=1, keepdims=True)
        self.output = probabilities


from nnfs.datasets import spiral_data

X, y = spiral_data(samples=100, classes=3)

basic_dense1 = Layer_Dense(2,3)

print(basic_dense1)

basic_activation1 = Activation_ReLU()

basic_dense2 = Layer_Dense(3, 3)
basic_activation2 = Activation_Softmax()

basic_dense1.forward(X)
basic_activation1.forward(basic_dense1.output)

basic_dense2.forward(basic_activation1.output)
basic_activation2.forward(basic_dense2.output)

print(basic_activation2.output[:5])

softmax_output_eg = [0.7, 0.2, 0.1]

target_output_eg = [1, 0, 0]

import math

loss_eg = -(math.log(softmax_output_eg[0])*target_output_eg[0] +
            math.log(softmax_output_eg[1])*target_output_eg[1] +
            math.log(softmax_output_eg[2])*target_output_eg[2])

print(f'Categorical Cross-Entropy Loss: {loss_eg}')

loss_eg = -(math.log(softmax_output_eg[0]))

print(f'Categorical Cross-Entropy Loss: {loss_eg}')

softmax_output_eg2 = [[0.7, 0.2, 0.1],
                      [0.1, 0.5, 0.4],
                      [0.02, 0.9, 0.08]]

class_targets_eg2 = [0, 1, 1]

for targ_ids, distribution in zip(class_targets_eg2, softmax_output_eg2):
    print(distribution[targ_ids])

softmax_output_eg2 = np.array([[0.7, 0.2, 0.1],
                               [0.1, 0.5, 0.4],
                               [0.02, 0.9, 0.08]])

print(softmax_output_eg2[[0, 1, 2], class_targets_eg2])

print(softmax_output_eg2[range(len(softmax_output_eg2)), class_targets_eg2])


neg_log_eg2 = -np.log(softmax_output_eg2[
    range(len(softmax_output_eg2)), class_targets_eg2
])
print(neg_log_eg2)

average_loss_eg2 = np.mean(neg_log_eg2)
print(average_loss_eg2)

print(-np.log(0))

print(-np.log(1e-7))
print(-np.log(1-1e-7))

y_pred_clipped = np.clip(y_pred, 1e-7, 1-1e-7)


class Loss:
    def calculate(self, output, y):
        sample_losses = self.forward(output, y)
        data_loss = np.mean(sample_losses)
        return data_loss


class Loss_CategoricalCrossEntropy(Loss):
    def forward(self, y_pred, y_true):
        samples = len(y_pred)
        y_pred_clipped = np.clip(y_pred, 1e-7, 1-1e-7)
        
        if len(y_true.shape) == 1:
            correct_confidences = y_pred_clipped[range(samples), y_true]
            
        elif len(y_true.shape) == 2:
            correct_confidences = np.sum(y_pred_clipped*y_true, axis=1)
            
        negative_log_likelihoods = -np.log(correct_confidences)
        return negative_log_likelihoods


loss_function = Loss_CategoricalCrossEntropy()
loss = loss_function.calculate(basic_activation2.output, y)

print(f'Loss: {loss}')

predictions = np.argmax(softmax_output_eg2, axis=1)
accuracy = np.mean(predictions == class_targets_eg2)

print(f'acc: {accuracy}')
