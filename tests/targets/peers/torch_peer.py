"""The forward pass in the words of torch; results are tensors."""

import numpy as np
import torch
import torch.nn.functional as F


def tensor(array):
    return torch.from_numpy(np.array(array))  # a copy, since torch takes no negative strides


def classes_of(y_true):
    labels = tensor(y_true)
    return labels.argmax(dim=1) if labels.ndim == 2 else labels.long()


def dense(inputs, weights, biases):
    return F.linear(tensor(inputs), tensor(weights).T, tensor(biases).reshape(-1))


def relu(inputs):
    return F.relu(tensor(inputs))


def softmax(inputs):
    return F.softmax(tensor(inputs), dim=1)


def sample_losses(y_pred, y_true):
    logarithms = tensor(y_pred).clamp(1e-7, 1 - 1e-7).log()
    return F.nll_loss(logarithms, classes_of(y_true), reduction="none")


def loss(y_pred, y_true):
    logarithms = tensor(y_pred).clamp(1e-7, 1 - 1e-7).log()
    return F.nll_loss(logarithms, classes_of(y_true))


def accuracy(y_pred, y_true):
    return (tensor(y_pred).argmax(dim=1) == classes_of(y_true)).double().mean()
