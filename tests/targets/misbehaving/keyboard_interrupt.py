"""Pretends that someone pressed Ctrl-C."""


def relu(inputs):
    raise KeyboardInterrupt
