"""Stops its process, which then neither goes on nor ends."""

import os
import signal


def relu(inputs):
    os.kill(os.getpid(), signal.SIGSTOP)
