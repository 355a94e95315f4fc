"""JAX, compiled for each shape and dtype; results are its arrays."""

import jax
import numpy as np
from jax import numpy as jnp

from nnfs_spec.adapters.peers.library import Library, named, network
from nnfs_spec.arrays import Array

jax.config.update("jax_enable_x64", True)  # else it takes float64 for float32


def device_array(array: Array) -> jax.Array:
    """Return a copy as an array of JAX."""
    return jnp.asarray(np.array(array))


def dense(inputs: jax.Array, weights: jax.Array, biases: jax.Array) -> jax.Array:
    """Return x·w + b, in the precision of the dtype wherever it runs."""
    return jnp.dot(inputs, weights, precision=jax.lax.Precision.HIGHEST) + biases


def relu(inputs: jax.Array) -> jax.Array:
    """Return relu."""
    return jax.nn.relu(inputs)


def softmax(inputs: jax.Array) -> jax.Array:
    """Return softmax along the classes."""
    return jax.nn.softmax(inputs, axis=1)


def sample_losses(y_pred: jax.Array, y_true: jax.Array) -> jax.Array:
    """Return the losses by picking, then clipping."""
    if y_true.ndim == 2:
        picked = (y_pred * y_true.astype(y_pred.dtype)).sum(axis=1)
    else:
        picked = y_pred[jnp.arange(len(y_pred)), y_true]
    return -jnp.log(jnp.clip(picked, 1e-7, 1 - 1e-7))


def loss(y_pred: jax.Array, y_true: jax.Array) -> jax.Array:
    """Return the mean of the sample losses."""
    return sample_losses(y_pred, y_true).mean()


def accuracy(y_pred: jax.Array, y_true: jax.Array) -> jax.Array:
    """Return the share of right rows."""
    classes = y_true.argmax(axis=1) if y_true.ndim == 2 else y_true
    return (y_pred.argmax(axis=1) == classes).astype(jnp.float64).mean()


FUNCTIONS = {**named(dense, relu, softmax, sample_losses, loss, accuracy), "forward": network(dense, relu, softmax)}
LIBRARY = Library(
    {name: jax.jit(function) for name, function in FUNCTIONS.items()}, take=device_array, wait=jax.block_until_ready
)
