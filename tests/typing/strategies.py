"""The public strategies say what they give: mypy --strict and pyright strict infer exactly these types."""

from typing import assert_type

import hypothesis.strategies as st
import numpy as np

from nnfs_spec import strategies
from nnfs_spec.arrays import Matrix

Sparse = np.ndarray[tuple[int], np.dtype[np.int64]]

assert_type(strategies.inputs(), st.SearchStrategy[Matrix[np.float64]])
assert_type(strategies.inputs(3, (1, 8), dtype=np.float32), st.SearchStrategy[Matrix[np.float32]])
assert_type(strategies.logits(), st.SearchStrategy[Matrix[np.float64]])
assert_type(strategies.logits(values="tied", dtype=np.float32), st.SearchStrategy[Matrix[np.float32]])
assert_type(strategies.logits(dtype=np.dtype(np.float32)), st.SearchStrategy[Matrix[np.float32]])
assert_type(strategies.probabilities(normalised=True), st.SearchStrategy[Matrix[np.float64]])
assert_type(strategies.probabilities(dtype=np.float32), st.SearchStrategy[Matrix[np.float32]])
assert_type(strategies.labels(classes=3), st.SearchStrategy[Sparse])
assert_type(strategies.labels(dtype=np.uint8), st.SearchStrategy[np.ndarray[tuple[int], np.dtype[np.uint8]]])
assert_type(strategies.one_hot(), st.SearchStrategy[Matrix[np.float64]])
assert_type(strategies.one_hot(dtype=np.float32), st.SearchStrategy[Matrix[np.float32]])
assert_type(strategies.labelled(), st.SearchStrategy[tuple[Matrix[np.float64], Sparse]])
assert_type(strategies.labelled(dtype=np.float32), st.SearchStrategy[tuple[Matrix[np.float32], Sparse]])
assert_type(strategies.labelled(form="one-hot"), st.SearchStrategy[tuple[Matrix[np.float64], Matrix[np.float64]]])
assert_type(
    strategies.labelled(form="one-hot", dtype=np.float32),
    st.SearchStrategy[tuple[Matrix[np.float32], Matrix[np.float32]]],
)
assert_type(strategies.layers(), st.SearchStrategy[tuple[Matrix[np.float64], Matrix[np.float64]]])
assert_type(strategies.layers(dtype=np.float32), st.SearchStrategy[tuple[Matrix[np.float32], Matrix[np.float32]]])

strategies.logits().map(lambda z: z.no_such_attribute)  # type: ignore[attr-defined]  # a value is a matrix
strategies.logits(dtype=np.float16)  # type: ignore[type-var]  # neither float32 nor float64
strategies.labels(dtype=np.float64)  # type: ignore[type-var]  # not an integer type
strategies.logits(values="grid")  # type: ignore[call-overload]  # no such values
