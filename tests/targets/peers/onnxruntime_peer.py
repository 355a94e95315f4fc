"""The forward pass as ONNX models, run by ONNX Runtime: one for each operation, dtype and form of the labels."""

from functools import cache

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper

OPSET, IR = 24, 11
REAL = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}


def session_of(nodes, inputs, output, constants=()):
    """Return a session for the model that the nodes make."""
    graph = helper.make_graph(nodes, "model", inputs, [output], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    checker.check_model(model, full_check=True)
    return onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])


@cache
def of_inputs(operation, dtype):
    node, value, real = helper.make_node, helper.make_tensor_value_info, REAL[dtype]
    if operation == "dense":
        shapes = {"inputs": ["N", "K"], "weights": ["K", "M"], "biases": [1, "M"]}
        arguments = [value(name, real, shape) for name, shape in shapes.items()]
        return session_of([node("Gemm", [*shapes], ["result"])], arguments, value("result", real, ["N", "M"]))
    kind, attributes = {"relu": ("Relu", {}), "softmax": ("Softmax", {"axis": 1})}[operation]
    only = node(kind, ["inputs"], ["result"], **attributes)
    return session_of([only], [value("inputs", real, ["N", "C"])], value("result", real, ["N", "C"]))


def labels_of(sparse, real):
    return helper.make_tensor_value_info("y_true", *((TensorProto.INT64, ["N"]) if sparse else (real, ["N", "C"])))


@cache
def of_losses(dtype, sparse, mean):
    node, value, real = helper.make_node, helper.make_tensor_value_info, REAL[dtype]
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
    output = value("mean", real, []) if mean else value("losses", real, ["N"])
    return session_of(nodes, [value("y_pred", real, ["N", "C"]), labels_of(sparse, real)], output, constants)


@cache
def of_accuracy(dtype, sparse):
    node, value, real = helper.make_node, helper.make_tensor_value_info, REAL[dtype]
    nodes = [
        node("ArgMax", ["y_pred"], ["answers"], axis=1, keepdims=0),
        *([] if sparse else [node("ArgMax", ["y_true"], ["targets"], axis=1, keepdims=0)]),
        node("Equal", ["answers", "y_true" if sparse else "targets"], ["right"]),
        node("Cast", ["right"], ["ones"], to=TensorProto.DOUBLE),
        node("ReduceMean", ["ones"], ["result"], keepdims=0),
    ]
    inputs = [value("y_pred", real, ["N", "C"]), labels_of(sparse, real)]
    return session_of(nodes, inputs, value("result", TensorProto.DOUBLE, []))


def run(session, **arrays):
    return session.run(None, {name: np.ascontiguousarray(array) for name, array in arrays.items()})[0]


def run_labelled(model, y_pred, y_true, *options):
    sparse, dtype = y_true.ndim == 1, y_pred.dtype
    return run(model(dtype.name, sparse, *options), y_pred=y_pred, y_true=y_true.astype(np.int64 if sparse else dtype))


def dense(inputs, weights, biases):
    return run(of_inputs("dense", inputs.dtype.name), inputs=inputs, weights=weights, biases=biases)


def relu(inputs):
    return run(of_inputs("relu", inputs.dtype.name), inputs=inputs)


def softmax(inputs):
    return run(of_inputs("softmax", inputs.dtype.name), inputs=inputs)


def sample_losses(y_pred, y_true):
    return run_labelled(of_losses, y_pred, y_true, False)


def loss(y_pred, y_true):
    return run_labelled(of_losses, y_pred, y_true, True)


def accuracy(y_pred, y_true):
    return run_labelled(of_accuracy, y_pred, y_true)
