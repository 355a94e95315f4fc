"""Wrong implementations on purpose: they prove that properties can fail, and tell what a subject misunderstood."""

from nnfs_spec.mutants import accuracy, data, dense, loss, network, relu, softmax, streaming
from nnfs_spec.mutants.registry import MUTANTS, Mutant

__all__ = ["MUTANTS", "Mutant", "accuracy", "data", "dense", "loss", "network", "relu", "softmax", "streaming"]
