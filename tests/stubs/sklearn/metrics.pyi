from typing import Any

import numpy as np

def accuracy_score(y_true: np.ndarray[Any, Any], y_pred: np.ndarray[Any, Any]) -> float: ...
def log_loss(
    y_true: np.ndarray[Any, Any], y_proba: np.ndarray[Any, Any], *, labels: np.ndarray[Any, Any] | None = None
) -> float: ...
