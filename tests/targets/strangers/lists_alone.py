import math
import random


class Layer:
    def __init__(self, n_inputs, n_neurons):
        self.weights = [[random.random() / 10 for _ in range(n_neurons)] for _ in range(n_inputs)]
        self.biases = [0.0] * n_neurons

    def forward(self, inputs):
        self.output = [
            [sum(x * w for x, w in zip(row, column, strict=True)) + b for column, b in zip(zip(*self.weights), self.biases)]
            for row in inputs
        ]
        return self.output


def softmax(rows):
    out = []
    for row in rows:
        top = max(row)
        terms = [math.exp(v - top) for v in row]
        out.append([term / sum(terms) for term in terms])
    return out
