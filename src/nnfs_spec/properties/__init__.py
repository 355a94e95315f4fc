"""The properties: every clause in its executable form, and nothing of pytest or Hypothesis."""

from nnfs_spec.properties import accuracy, data, dense, general, loss, network, relu, softmax, streaming
from nnfs_spec.properties.finding import Finding
from nnfs_spec.properties.registry import PROPERTIES, Property

__all__ = [
    "PROPERTIES",
    "Finding",
    "Property",
    "accuracy",
    "data",
    "dense",
    "general",
    "loss",
    "network",
    "relu",
    "softmax",
    "streaming",
]
