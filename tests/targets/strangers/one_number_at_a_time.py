import math
def relu(x):
    return x if x > 0 else 0.0
def softmax(v):
    m = max(v)
    e = [math.exp(a - m) for a in v]
    s = sum(e)
    return [a / s for a in e]
