"""mypy --strict and pyright strict reject every call.

Both complain about an ignore that is not needed, so a signature that is loosened fails the gate here.
"""

import numpy as np

from nnfs_spec import (
    Accumulator,
    Activation_ReLU,
    Activation_Softmax,
    Layer_Dense,
    Loss_CategoricalCrossEntropy,
    accuracy,
    dense,
    fast,
    loss,
    relu,
    sample_losses,
    softmax,
    spiral_data,
)

vector = np.ones(3)
cube = np.ones((2, 3, 4))
double = np.ones((2, 3))
single = np.ones((2, 3), dtype=np.float32)
half = np.ones((2, 3), dtype=np.float16)
imaginary = np.ones((2, 3), dtype=np.complex128)

relu(vector)  # type: ignore[type-var]  # one-dimensional
relu(cube)  # type: ignore[type-var]  # three-dimensional
relu(half)  # type: ignore[type-var]  # neither float32 nor float64
relu(imaginary)  # type: ignore[type-var]  # complex
relu([1.0, 2.0])  # type: ignore[type-var]  # a flat list

softmax(vector)  # type: ignore[type-var]  # one-dimensional
softmax(cube)  # type: ignore[type-var]  # three-dimensional
softmax(half)  # type: ignore[type-var]  # neither float32 nor float64
softmax(imaginary)  # type: ignore[type-var]  # complex

dense(vector, double, double)  # type: ignore[type-var]  # one-dimensional inputs
dense(single, double, double)  # type: ignore[type-var]  # mixed dtypes
dense(double, single, double)  # type: ignore[type-var]  # mixed dtypes
dense(double, double, single)  # type: ignore[type-var]  # mixed dtypes
dense(imaginary, imaginary, imaginary)  # type: ignore[type-var]  # complex
dense(double, double, 0.0)  # type: ignore[call-overload]  # a number for biases
Layer_Dense(2, 3).forward(vector)  # type: ignore[type-var]  # one-dimensional
Layer_Dense(2.0, 3)  # type: ignore[arg-type]  # not a whole number

sample_losses(vector, [0])  # type: ignore[type-var]  # one-dimensional predictions
sample_losses(imaginary, [0, 1])  # type: ignore[type-var]  # complex
sample_losses(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
sample_losses(double, [0.5, 1.5])  # type: ignore[type-var]  # labels as floats
loss(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
loss(imaginary, [0, 1])  # type: ignore[type-var]  # complex
accuracy(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
accuracy(vector, [0])  # type: ignore[type-var]  # one-dimensional predictions

Accumulator().add(vector, [0])  # type: ignore[type-var]  # one-dimensional predictions
Accumulator().add(imaginary, [0, 1])  # type: ignore[type-var]  # complex
Accumulator().add(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
Accumulator().merge(double)  # type: ignore[arg-type]  # not an accumulator

spiral_data(2.5, 3)  # type: ignore[arg-type]  # not a whole number
softmax(double).bit_count()  # type: ignore[attr-defined]  # a result is a matrix
loss(single, [0, 1]).hex_digits()  # type: ignore[attr-defined]  # a loss is a NumPy scalar

Activation_Softmax().forward(vector)  # type: ignore[type-var]  # one-dimensional
Activation_Softmax().forward(imaginary)  # type: ignore[type-var]  # complex
Activation_ReLU().forward(imaginary)  # type: ignore[type-var]  # complex
Layer_Dense(2, 3).forward(imaginary)  # type: ignore[type-var]  # complex
Loss_CategoricalCrossEntropy().calculate(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
Loss_CategoricalCrossEntropy().forward(vector, [0])  # type: ignore[type-var]  # one-dimensional predictions
accuracy(imaginary, [0, 1])  # type: ignore[type-var]  # complex
softmax([[1j, 0j]])  # type: ignore[type-var]  # complex numbers in a list
sample_losses(double, [[0.5, 0.5], [0.5, 0.5]])  # type: ignore[type-var]  # one-hot labels as floats in a list
sample_losses(double, imaginary)  # type: ignore[type-var]  # complex one-hot labels
spiral_data(3, 2.5)  # type: ignore[arg-type]  # not a whole number
Layer_Dense(2, 3.0)  # type: ignore[arg-type]  # not a whole number

fast.relu(vector)  # type: ignore[type-var]  # one-dimensional
fast.relu(double, out=single)  # type: ignore[type-var]  # another dtype
fast.relu(double, workers=1.5)  # type: ignore[call-overload]  # not a whole number
fast.softmax(imaginary)  # type: ignore[type-var]  # complex
fast.dense(single, double, double)  # type: ignore[type-var]  # mixed dtypes
fast.sample_losses(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
fast.loss(imaginary, [0, 1])  # type: ignore[type-var]  # complex
fast.accuracy(vector, [0])  # type: ignore[type-var]  # one-dimensional predictions
fast.forward(single, [(double, double)])  # type: ignore[type-var]  # mixed dtypes

# The same inline, where a checker reads a call of NumPy by the type that is wanted, if that is a plain one.
relu(np.zeros(3))  # type: ignore[type-var]  # one-dimensional
relu(np.zeros((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional
relu(np.zeros((2, 3, 4), dtype=np.int64))  # type: ignore[type-var]  # three-dimensional whole numbers
relu(np.ones((2, 3), dtype=np.float16))  # type: ignore[type-var]  # neither float32 nor float64
relu(np.ones((2, 3), dtype=np.complex128))  # type: ignore[type-var]  # complex
softmax(np.zeros(3))  # type: ignore[type-var]  # one-dimensional
softmax(np.zeros((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional
softmax(np.zeros((2, 3, 4), dtype=np.float32))  # type: ignore[type-var]  # three-dimensional float32
softmax(np.ones((2, 3), dtype=np.float16))  # type: ignore[type-var]  # neither float32 nor float64
softmax(np.ones((2, 3), dtype=np.complex128))  # type: ignore[type-var]  # complex
dense(np.zeros((2, 3, 4)), double, double)  # type: ignore[type-var]  # three-dimensional inputs
dense(double, np.zeros((2, 3, 4)), double)  # type: ignore[type-var]  # three-dimensional weights
dense(double, double, np.zeros((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional biases
dense(np.ones((2, 3), dtype=np.float32), np.ones((3, 4)), np.ones(4))  # type: ignore[type-var]  # mixed dtypes
dense(np.ones((2, 3)), np.ones((3, 4)), np.ones(4, dtype=np.float32))  # type: ignore[type-var]  # mixed dtypes
dense(np.ones((2, 3), dtype=np.complex128), double, double)  # type: ignore[type-var]  # complex
dense(double, np.ones((3, 4), dtype=np.float16), double)  # type: ignore[type-var]  # neither float32 nor float64
sample_losses(np.zeros((2, 3, 4)), [0, 1])  # type: ignore[type-var]  # three-dimensional predictions
sample_losses(double, np.ones(2))  # type: ignore[type-var]  # labels as floats
sample_losses(double, np.ones((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional labels
loss(np.ones((2, 3), dtype=np.complex128), [0, 1])  # type: ignore[type-var]  # complex
loss(double, np.ones((2, 3), dtype=np.complex128))  # type: ignore[type-var]  # complex one-hot labels
accuracy(np.zeros(3), [0])  # type: ignore[type-var]  # one-dimensional predictions
accuracy(np.ones((2, 3), dtype=np.float16), [0, 1])  # type: ignore[type-var]  # neither float32 nor float64
Accumulator().add(np.zeros((2, 3, 4)), [0, 1])  # type: ignore[type-var]  # three-dimensional predictions
Activation_ReLU().forward(np.zeros((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional
Activation_Softmax().forward(np.ones((2, 3), dtype=np.float16))  # type: ignore[type-var]  # neither float32 nor float64
Layer_Dense(2, 3).forward(np.zeros(3))  # type: ignore[type-var]  # one-dimensional
Loss_CategoricalCrossEntropy().calculate(np.zeros((2, 3, 4)), [0, 1])  # type: ignore[type-var]  # three-dimensional
fast.relu(np.zeros((2, 3, 4)))  # type: ignore[type-var]  # three-dimensional
fast.softmax(np.ones((2, 3), dtype=np.float16))  # type: ignore[type-var]  # neither float32 nor float64
fast.dense(np.ones((2, 3), dtype=np.float32), np.ones((3, 4)), np.ones(4))  # type: ignore[type-var]  # mixed dtypes
fast.loss(np.zeros(3), [0])  # type: ignore[type-var]  # one-dimensional predictions
fast.forward(np.zeros((2, 3, 4)), [(double, double)])  # type: ignore[type-var]  # three-dimensional inputs
