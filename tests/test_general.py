"""spec/general.md: its properties on the reference."""

from nnfs_spec.domains import Case
from tests.support import assert_holds, for_every_case_of


@for_every_case_of("GEN-1")
def test_arguments_stay_as_they_were(case: Case) -> None:
    """After the call every argument is what it was, bit for bit."""
    assert_holds("GEN-1", case)


@for_every_case_of("GEN-2")
def test_nothing_depends_on_earlier_calls(case: Case) -> None:
    """The same arrays give the same bits, after other calls and on a new object, and results stay as they were."""
    assert_holds("GEN-2", case)


@for_every_case_of("GEN-3")
def test_rows_are_independent(case: Case) -> None:
    """A row's result is the same alone and anywhere in a batch, within the two value bounds."""
    assert_holds("GEN-3", case)


@for_every_case_of("GEN-4")
def test_the_memory_layout_does_not_matter(case: Case) -> None:
    """Fortran, strided, reversed and read-only arrays give the result of C-contiguous ones within the two bounds."""
    assert_holds("GEN-4", case)


@for_every_case_of("GEN-5")
def test_the_dtype_is_kept(case: Case) -> None:
    """float32 gives float32 and float64 gives float64; whole numbers compute in float64, of whatever integer type."""
    assert_holds("GEN-5", case)


@for_every_case_of("GEN-6")
def test_nan_and_infinity_are_not_laundered(case: Case) -> None:
    """A NaN or infinity among the inputs is an error, or shows in the result of its row."""
    assert_holds("GEN-6", case)


@for_every_case_of("GEN-7")
def test_no_rows_give_no_rows(case: Case) -> None:
    """A batch of no rows gives a result of no rows."""
    assert_holds("GEN-7", case)


@for_every_case_of("GEN-8")
def test_arguments_of_another_form_are_refused(case: Case) -> None:
    """An argument that is not two-dimensional, or has no columns, is an error."""
    assert_holds("GEN-8", case)
