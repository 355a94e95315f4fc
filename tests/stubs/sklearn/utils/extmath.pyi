from typing import Any

import numpy as np

def softmax(X: np.ndarray[Any, Any], copy: bool = True) -> np.ndarray[Any, Any]: ...
