"""Ends while a copy of it lives on and holds everything open."""

import os
import time


def relu(inputs):
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(5)
