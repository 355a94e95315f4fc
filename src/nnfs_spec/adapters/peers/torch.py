"""torch: results are tensors."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from nnfs_spec.adapters.peers.library import Library, named, network
from nnfs_spec.arrays import Array


def tensor(array: Array) -> Tensor:
    """Return a copy as a tensor: torch takes no negative strides and warns of read-only arrays."""
    return torch.from_numpy(np.array(array))


def dense(inputs: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
    """Return linear, which wants weights turned."""
    return functional.linear(inputs, weights.T, biases.reshape(-1))


def relu(inputs: Tensor) -> Tensor:
    """Return relu."""
    return functional.relu(inputs)


def softmax(inputs: Tensor) -> Tensor:
    """Return softmax along the classes."""
    return functional.softmax(inputs, dim=1)


def sample_losses(y_pred: Tensor, y_true: Tensor) -> Tensor:
    """Return the losses by picking, then clipping; cross_entropy takes logits, and nll_loss the logarithms of all."""
    if y_true.ndim == 2:
        picked = (y_pred * y_true.to(y_pred.dtype)).sum(dim=1)
    else:
        picked = y_pred.gather(1, y_true.long().unsqueeze(1)).squeeze(1)
    return picked.clamp(1e-7, 1 - 1e-7).log().neg()


def loss(y_pred: Tensor, y_true: Tensor) -> Tensor:
    """Return the mean of the sample losses."""
    return sample_losses(y_pred, y_true).mean()


def accuracy(y_pred: Tensor, y_true: Tensor) -> Tensor:
    """Return the share of right rows."""
    classes = y_true.argmax(dim=1) if y_true.ndim == 2 else y_true.long()
    return (y_pred.argmax(dim=1) == classes).double().mean()


LIBRARY = Library(
    {**named(dense, relu, softmax, sample_losses, loss, accuracy), "forward": network(dense, relu, softmax)},
    take=tensor,
)
