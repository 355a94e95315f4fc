"""Mistakes as other people would make them: other code, other names, loops; each names the mutants it disguises."""

from tests.tools.disguises import accuracy, afterwards, dense, drawn, losses, others, pairs, relu, softmax, streaming
from tests.tools.disguises.registry import AFTERWARDS, DISGUISES, OTHERS, PAIRS, Disguise

__all__ = [
    "AFTERWARDS",
    "DISGUISES",
    "OTHERS",
    "PAIRS",
    "Disguise",
    "accuracy",
    "afterwards",
    "dense",
    "drawn",
    "losses",
    "others",
    "pairs",
    "relu",
    "softmax",
    "streaming",
]
