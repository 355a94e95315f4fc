"""ONNX Runtime: a model for each operation, dtype and form of the labels."""

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import onnxruntime
from onnx import NodeProto, TensorProto, ValueInfoProto, checker, helper

from nnfs_spec.adapters.peers.library import Library, named
from nnfs_spec.arrays import Array

OPSET, IR = 24, 11
REAL = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}
THREADS = int(os.environ.get("OMP_NUM_THREADS", "0"))
"""Which it does not read itself; 0 stands for as many as there are cores."""

node = helper.make_node


def fit(array: Array) -> Array:
    """Return an argument as a model takes it: C-contiguous, and labels in int64."""
    return np.ascontiguousarray(array, np.int64 if array.dtype.kind in "iu" and array.ndim == 1 else None)


def matrix(name: str, real: int, *shape: str | int) -> ValueInfoProto:
    """Return the declaration of an argument or a result."""
    return helper.make_tensor_value_info(name, real, shape)


def session_of(
    nodes: Sequence[NodeProto], inputs: Sequence[ValueInfoProto], output: ValueInfoProto, constants: Any = ()
) -> onnxruntime.InferenceSession:
    """Return a session for the model that the nodes make."""
    graph = helper.make_graph(nodes, "model", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


@cache
def network_of(layers: int, dtype: str, last: str) -> onnxruntime.InferenceSession:
    """Return the session of dense layers, ReLU between them, and ``last`` at the end."""
    real, value = REAL[dtype], "inputs"
    arguments, nodes = [matrix("inputs", real, "N", "K0")], list[NodeProto]()
    for i in range(layers):
        arguments += [matrix(f"w{i}", real, f"K{i}", f"K{i + 1}"), matrix(f"b{i}", real, 1, f"K{i + 1}")]
        nodes += [node("Gemm", [value, f"w{i}", f"b{i}"], [f"sums{i}"])]
        value = f"sums{i}" if i == layers - 1 else f"hidden{i}"
        nodes += [] if i == layers - 1 else [node("Relu", [f"sums{i}"], [value])]
    nodes += [node(last, [value], ["result"])]
    return session_of(nodes, arguments, matrix("result", real, "N", f"K{layers}"))


@cache
def entrywise(kind: str, dtype: str, **attributes: int) -> onnxruntime.InferenceSession:
    """Return the session of one operation on a matrix."""
    nodes = [node(kind, ["inputs"], ["result"], **attributes)]
    return session_of(nodes, [matrix("inputs", REAL[dtype], "N", "C")], matrix("result", REAL[dtype], "N", "C"))


def labels_of(sparse: bool, real: int) -> ValueInfoProto:
    """Return the declaration of labels."""
    return matrix("y_true", TensorProto.INT64, "N") if sparse else matrix("y_true", real, "N", "C")


@cache
def losses(dtype: str, sparse: bool, mean: bool) -> onnxruntime.InferenceSession:
    """Return the session of the losses: picks, then clips."""
    real = REAL[dtype]
    take = [
        node("Unsqueeze", ["y_true", "axis"], ["column"]),
        node("GatherElements", ["y_pred", "column"], ["taken"], axis=1),
        node("Squeeze", ["taken", "axis"], ["target"]),
    ]
    pick = [
        node("Mul", ["y_pred", "y_true"], ["products"]),
        node("ReduceSum", ["products", "axis"], ["target"], keepdims=0),
    ]
    nodes = [
        *(take if sparse else pick),
        node("Clip", ["target", "low", "high"], ["clipped"]),
        node("Log", ["clipped"], ["logarithm"]),
        node("Neg", ["logarithm"], ["losses"]),
        *([node("ReduceMean", ["losses"], ["mean"], keepdims=0)] if mean else []),
    ]
    constants = [
        helper.make_tensor("axis", TensorProto.INT64, [1], [1]),
        helper.make_tensor("low", real, [], [1e-7]),
        helper.make_tensor("high", real, [], [1 - 1e-7]),
    ]
    output = matrix("mean", real) if mean else matrix("losses", real, "N")
    return session_of(nodes, [matrix("y_pred", real, "N", "C"), labels_of(sparse, real)], output, constants)


@cache
def right_rows(dtype: str, sparse: bool) -> onnxruntime.InferenceSession:
    """Return the session of the accuracy."""
    nodes = [
        node("ArgMax", ["y_pred"], ["answers"], axis=1, keepdims=0),
        *([] if sparse else [node("ArgMax", ["y_true"], ["targets"], axis=1, keepdims=0)]),
        node("Equal", ["answers", "y_true" if sparse else "targets"], ["right"]),
        node("Cast", ["right"], ["ones"], to=TensorProto.DOUBLE),
        node("ReduceMean", ["ones"], ["result"], keepdims=0),
    ]
    inputs = [matrix("y_pred", REAL[dtype], "N", "C"), labels_of(sparse, REAL[dtype])]
    return session_of(nodes, inputs, matrix("result", TensorProto.DOUBLE))


def run(session: onnxruntime.InferenceSession, **arrays: Array) -> Any:
    """Return the one result of a model."""
    return session.run(None, arrays)[0]


def labels_for(y_pred: Array, y_true: Array) -> Array:
    """Return one-hot labels in the dtype of the predictions, sparse ones as they are."""
    return y_true if y_true.ndim == 1 else y_true.astype(y_pred.dtype, copy=False)


def dense(inputs: Array, weights: Array, biases: Array) -> Any:
    """Return Gemm."""
    return run(network_of(1, inputs.dtype.name, "Identity"), inputs=inputs, w0=weights, b0=biases)


def relu(inputs: Array) -> Any:
    """Return Relu."""
    return run(entrywise("Relu", inputs.dtype.name), inputs=inputs)


def softmax(inputs: Array) -> Any:
    """Return Softmax along the classes."""
    return run(entrywise("Softmax", inputs.dtype.name, axis=1), inputs=inputs)


def sample_losses(y_pred: Array, y_true: Array) -> Any:
    """Return the losses."""
    session = losses(y_pred.dtype.name, y_true.ndim == 1, False)
    return run(session, y_pred=y_pred, y_true=labels_for(y_pred, y_true))


def loss(y_pred: Array, y_true: Array) -> Any:
    """Return their mean."""
    session = losses(y_pred.dtype.name, y_true.ndim == 1, True)
    return run(session, y_pred=y_pred, y_true=labels_for(y_pred, y_true))


def accuracy(y_pred: Array, y_true: Array) -> Any:
    """Return the share of right rows."""
    session = right_rows(y_pred.dtype.name, y_true.ndim == 1)
    return run(session, y_pred=y_pred, y_true=labels_for(y_pred, y_true))


def forward(inputs: Array, layers: Sequence[tuple[Array, Array]]) -> Any:
    """Return the whole network, as one model."""
    parameters = {name: array for i, (w, b) in enumerate(layers) for name, array in ((f"w{i}", w), (f"b{i}", b))}
    return run(network_of(len(layers), inputs.dtype.name, "Softmax"), inputs=inputs, **parameters)


LIBRARY = Library(named(dense, relu, softmax, sample_losses, loss, accuracy, forward), take=fit)
