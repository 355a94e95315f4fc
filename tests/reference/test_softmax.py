"""The reference of spec/softmax.md: results, types and errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import Activation_Softmax, SpecError, SpecTypeError, SpecValueError, softmax


@pytest.mark.parametrize(
    ("inputs", "kind", "message"),
    [
        ([[1.0, np.nan]], SpecValueError, "softmax: inputs[0, 1] is nan but must be finite [GEN-6]"),
        ([[1.0], [np.inf]], SpecValueError, "softmax: inputs[1, 0] is inf but must be finite [GEN-6]"),
        ([[-np.inf, 0.0]], SpecValueError, "softmax: inputs[0, 0] is -inf but must be finite [GEN-6]"),
        ([[-np.inf, -np.inf]], SpecValueError, "softmax: inputs[0, 0] is -inf but must be finite [GEN-6]"),
        (np.ones((2, 0)), SpecValueError, "softmax: inputs.shape is (2, 0) but must be (N, C) with C >= 1 [GEN-8]"),
        ([1.0, 2.0], SpecValueError, "softmax: inputs.shape is (2,) but must be (N, C) with C >= 1 [GEN-8]"),
        (
            np.ones((1, 2, 3)),
            SpecValueError,
            "softmax: inputs.shape is (1, 2, 3) but must be (N, C) with C >= 1 [GEN-8]",
        ),
        ([[1.0, 2.0], [3.0]], SpecValueError, "softmax: inputs is ragged but must be rows of one length [GEN-8]"),
        (
            np.ones((1, 2), np.float16),
            SpecTypeError,
            "softmax: inputs.dtype is float16 but must be float32, float64 or whole numbers [GEN-5]",
        ),
        (
            np.ones((1, 2), np.longdouble),
            SpecTypeError,
            f"softmax: inputs.dtype is {np.dtype(np.longdouble)} but must be float32, float64 or whole numbers [GEN-5]",
        ),
        (
            np.ones((1, 2), np.complex128),
            SpecTypeError,
            "softmax: inputs.dtype is complex128 but must be float32, float64 or whole numbers [GEN-5]",
        ),
        (
            [["a", "b"]],
            SpecTypeError,
            "softmax: inputs.dtype is <U1 but must be float32, float64 or whole numbers [GEN-5]",
        ),
        (
            [[True, False]],
            SpecTypeError,
            "softmax: inputs.dtype is bool but must be float32, float64 or whole numbers [GEN-5]",
        ),
        (
            np.ma.masked_array([[1.0, 2.0]], [[True, False]]),
            SpecTypeError,
            "softmax: inputs is a masked array but must be an array without a mask [GEN-8]",
        ),
    ],
)
def test_bad_logits_are_named(inputs: Any, kind: type[SpecError], message: str) -> None:
    """What arrived, what should have, and which clause."""
    with pytest.raises(kind) as caught:
        softmax(inputs)
    assert str(caught.value) == message


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int64, np.uint64])
def test_whole_numbers_become_float64_before_they_are_subtracted(dtype: type[np.integer[Any]]) -> None:
    """Unsigned logits would wrap around."""
    assert (softmax(np.array([[0, 100]], dtype=dtype)) == softmax([[0.0, 100.0]])).all()


def test_extreme_whole_numbers_do_not_overflow() -> None:
    """The difference of the ends of int64 is no int64."""
    ends = np.array([[np.iinfo(np.int64).min, np.iinfo(np.int64).max]])
    assert softmax(ends).tolist() == [[0.0, 1.0]]


def test_no_rows_give_no_rows() -> None:
    """In the dtype of the logits."""
    empty = softmax(np.ones((0, 3), np.float32))
    assert empty.shape == (0, 3)
    assert empty.dtype == np.float32


def test_a_row_that_is_too_wide_for_the_dtype_gives_no_warning() -> None:
    """The spread of the row is larger than the largest number; warnings are errors here."""
    assert softmax([[-1.7e308, 1.7e308]]).tolist() == [[0.0, 1.0]]


def test_the_class_keeps_its_output() -> None:
    """``output`` is what ``forward`` returned."""
    activation = Activation_Softmax()
    returned = activation.forward([[0.0, 0.0]])
    assert activation.output is returned
    assert returned.tolist() == [[0.5, 0.5]]
