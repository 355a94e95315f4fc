"""spec/softmax.md: its properties on the reference, its mutants, its errors."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec import Activation_Softmax, SpecError, SpecTypeError, SpecValueError, softmax
from nnfs_spec.domains import Case
from tests.support import assert_holds, assert_killed, for_every_case_of, kills_of


@for_every_case_of("SOFTMAX-1")
def test_rows_sum_to_one(case: Case) -> None:
    """The exact sum of each row is within (C + 4)·u of one."""
    assert_holds("SOFTMAX-1", case)


@for_every_case_of("SOFTMAX-2")
def test_entries_are_probabilities(case: Case) -> None:
    """Every entry lies in [0, 1]."""
    assert_holds("SOFTMAX-2", case)


@for_every_case_of("SOFTMAX-3")
def test_finite_rows_stay_finite(case: Case) -> None:
    """No finite row gives a NaN or an infinity."""
    assert_holds("SOFTMAX-3", case)


@for_every_case_of("SOFTMAX-4")
def test_entries_are_accurate(case: Case) -> None:
    """Every entry is within the value bound of the exact softmax."""
    assert_holds("SOFTMAX-4", case)


@for_every_case_of("SOFTMAX-5")
def test_a_shift_of_the_row_changes_nothing(case: Case) -> None:
    """Adding one number to a row, the sums being exact, leaves the result within the two value bounds."""
    assert_holds("SOFTMAX-5", case)


@for_every_case_of("SOFTMAX-6")
def test_permuting_classes_permutes_the_result(case: Case) -> None:
    """The classes have no order: renaming them renames the probabilities."""
    assert_holds("SOFTMAX-6", case)


@for_every_case_of("SOFTMAX-7")
def test_order_is_kept(case: Case) -> None:
    """Beyond the bounds a larger logit never has the smaller probability, and equal logits have equal ones."""
    assert_holds("SOFTMAX-7", case)


@for_every_case_of("SOFTMAX-8")
def test_equal_logits_share_equally(case: Case) -> None:
    """One class has probability one, exactly; C equal logits have 1/C each."""
    assert_holds("SOFTMAX-8", case)


@for_every_case_of("SOFTMAX-9")
def test_the_largest_logit_gets_at_least_its_share(case: Case) -> None:
    """The probability of the largest logit is at least 1/C."""
    assert_holds("SOFTMAX-9", case)


@for_every_case_of("SOFTMAX-10")
def test_two_classes_are_a_sigmoid(case: Case) -> None:
    """With two classes the result is the logistic sigmoid of the difference of the logits."""
    assert_holds("SOFTMAX-10", case)


@for_every_case_of("SOFTMAX-11")
def test_keeps_the_shape(case: Case) -> None:
    """The result has the shape of the logits."""
    assert_holds("SOFTMAX-11", case)


@pytest.mark.parametrize(("mutant", "clause"), kills_of("softmax"))
def test_each_mutant_is_noticed_by_the_clauses_it_names(mutant: str, clause: str) -> None:
    """Each clause on its own."""
    assert_killed(mutant, clause)


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
