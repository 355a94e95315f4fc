"""Reads memory that is not there."""

import ctypes


def relu(inputs):
    return ctypes.string_at(0)
