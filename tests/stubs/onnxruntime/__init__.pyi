"""The little of ONNX Runtime that its peer uses; not installed in the gate."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

class SessionOptions:
    intra_op_num_threads: int

class InferenceSession:
    def __init__(self, model: bytes, options: SessionOptions, *, providers: Sequence[str]) -> None: ...
    def run(
        self, output_names: Sequence[str] | None, input_feed: Mapping[str, np.ndarray[Any, Any]]
    ) -> list[np.ndarray[Any, Any]]: ...
