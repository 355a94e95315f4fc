"""Asks for what nobody will answer."""


def relu(inputs):
    return inputs * float(input("factor: "))
