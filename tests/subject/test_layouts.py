"""Every recipe makes arrays of the same numbers that share no memory, and its text says what it does."""

from typing import Any

import numpy as np
import pytest

from nnfs_spec.arrays import Array
from nnfs_spec.subject.layouts import (
    FOREIGN,
    NAMED,
    RANGES,
    Layout,
    in_plain_order,
    lay_out,
    layout_of,
    share_memory,
    statements,
)

DRAWN = [Layout.drawn(np.random.default_rng(seed).integers(0, RANGES)) for seed in range(200)]
ARRAYS: list[Array] = [
    np.arange(6.0).reshape(2, 3),
    np.arange(6, dtype=np.float32).reshape(3, 2),
    np.ones((4, 2)),
    np.array([[0.0], [-0.0], [np.nan]]),
    np.arange(5),
    np.zeros(3, np.uint8),
    np.empty((0, 3)),
    np.asarray(3.0),
    np.zeros((2, 2, 2)),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.shape))
def test_every_layout_holds_the_same_numbers(array: Array) -> None:
    """Bit for bit; only the memory differs, and it is never the caller's."""
    for layout in (*NAMED.values(), *DRAWN):
        laid = lay_out(array, layout)
        assert in_plain_order(laid).tobytes() == array.tobytes(), layout
        assert laid.shape == array.shape
        assert not share_memory([laid], [array])


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.shape))
def test_the_statements_make_the_same_array(array: Array) -> None:
    """With the same steps, flags and byte order, and foreign numbers in the same places."""
    for layout in (*NAMED.values(), *DRAWN):
        names: dict[str, Any] = {"np": np, "inputs": array.copy()}
        exec("\n".join(statements("inputs", array, layout)), names)
        made, laid = names["inputs"], lay_out(array, layout)
        assert made.dtype == laid.dtype
        assert made.tobytes() == laid.tobytes(), layout
        assert [step for step, size in zip(made.strides, made.shape, strict=True) if size > 1] == [
            step for step, size in zip(laid.strides, laid.shape, strict=True) if size > 1
        ], layout
        for flag in ("C_CONTIGUOUS", "F_CONTIGUOUS", "ALIGNED", "WRITEABLE"):
            assert made.flags[flag] == laid.flags[flag], (layout, flag)


@pytest.mark.parametrize("name", NAMED)
def test_the_named_layouts_are_what_their_names_say(name: str) -> None:
    """Contiguous or not, and writeable or not."""
    laid = lay_out(np.arange(6.0).reshape(2, 3), NAMED[name])
    assert laid.flags.c_contiguous == (name in ("C", "readonly"))
    assert laid.flags.f_contiguous == (name == "F")
    assert laid.flags.writeable == (name != "readonly")
    assert str(NAMED[name]) == name


def test_the_gaps_hold_foreign_numbers() -> None:
    """On both sides of the entries and between them."""
    laid = lay_out(np.zeros((2, 3)), Layout(steps=(2, -1), before=(1, 0), after=(0, 2)))
    assert laid.base is not None
    assert laid.base.shape == (4, 5)
    assert np.count_nonzero(laid.base == FOREIGN) == 20 - 6


def test_a_strided_vector_is_a_column_of_a_table() -> None:
    """As labels often are."""
    laid = lay_out(np.arange(3), Layout(steps=(-2, 1), before=(1, 0)))
    assert laid.strides == (-16,)
    assert laid.base is not None
    assert laid.base.shape == (4, 2)


def test_only_rows_that_are_alike_become_one() -> None:
    """The others lie as they are, and so do zeros of two signs."""
    repeated = Layout(steps=(0, 1))
    assert lay_out(np.ones((3, 2)), repeated).strides[0] == 0
    assert lay_out(np.array([[0.0], [-0.0]]), repeated).strides[0] != 0


@pytest.mark.parametrize("layout", [*NAMED.values(), *DRAWN[:50]], ids=str)
def test_the_text_of_a_layout_is_read_again(layout: Layout) -> None:
    """As the process of a subject does."""
    assert layout_of(str(layout)) == layout


@pytest.mark.parametrize("text", ["", "D", "C swapped swapped", "C F", "F steps=2", "C swapped=1,2"])
def test_another_text_is_no_layout(text: Any) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(ValueError, match="is no memory layout"):
        layout_of(text)
