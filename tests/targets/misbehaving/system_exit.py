"""Leaves."""

import sys


def relu(inputs):
    sys.exit(3)
