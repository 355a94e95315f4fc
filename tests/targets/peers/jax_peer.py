"""The forward pass in the words of JAX, compiled, in the dtype of its arguments; results are JAX arrays."""

import jax
import jax.numpy as jnp
import numpy as np


def in_double(function):
    """Compile a function, and let it see float64 as float64: JAX would take it for float32."""
    compiled = jax.jit(function)

    def call(*arrays):
        with jax.enable_x64(True):
            return compiled(*(jnp.asarray(np.array(array)) for array in arrays))

    return call


def classes_of(y_true):
    return y_true.argmax(axis=1) if y_true.ndim == 2 else y_true


@in_double
def dense(inputs, weights, biases):
    return jnp.dot(inputs, weights, precision=jax.lax.Precision.HIGHEST) + biases


@in_double
def relu(inputs):
    return jax.nn.relu(inputs)


@in_double
def softmax(inputs):
    return jax.nn.softmax(inputs, axis=1)


@in_double
def sample_losses(y_pred, y_true):
    clipped = jnp.clip(y_pred, 1e-7, 1 - 1e-7)
    return -jnp.log(clipped[jnp.arange(len(clipped)), classes_of(y_true)])


@in_double
def loss(y_pred, y_true):
    clipped = jnp.clip(y_pred, 1e-7, 1 - 1e-7)
    return -jnp.log(clipped[jnp.arange(len(clipped)), classes_of(y_true)]).mean()


@in_double
def accuracy(y_pred, y_true):
    return jnp.mean(y_pred.argmax(axis=1) == classes_of(y_true))
