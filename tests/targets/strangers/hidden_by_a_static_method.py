import numpy as np
class Golden:
    class Inner:
        @staticmethod
        def relu(x):
            return np.maximum(0, x)
    @staticmethod
    def relu(x):
        return np.maximum(0, x)
def relu(x):
    return np.abs(x)
