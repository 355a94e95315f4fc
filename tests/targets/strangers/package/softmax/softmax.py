import numpy as np
from softmax.helpers import rows
def softmax(x):
    e = np.exp(x - rows(np.max, x))
    return e / rows(np.sum, e)
