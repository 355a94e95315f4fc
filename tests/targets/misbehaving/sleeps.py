"""Never returns."""

import time


def relu(inputs):
    while True:
        time.sleep(1000)
