"""The small pictures on the cards."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

import nnfs_spec
from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import Counterexample, Diagnosis
from nnfs_spec.reports.html import to_page
from nnfs_spec.reports.pictures import HEIGHT, MOST_BARS, WIDTH, Picture, picture_of
from nnfs_spec.reports.wording import Failure
from tests.tools.handmade import EVERYTHING, LEAKY, SHOUTING, failing, report


def drawn(id: str, shown: Counterexample, mistake: str = "") -> Picture | None:
    """Return the picture of a failure."""
    cause = Diagnosis(mistake, "relu", "", "") if mistake else None
    return picture_of(Failure(failing(id, shown), (), cause))


def softmax(got: Any, dtype: type[np.floating[Any]] = np.float64) -> Counterexample:
    """Return a counterexample of softmax."""
    given: Array = np.array([[99.0]], dtype)
    return Counterexample("softmax", {"inputs": given}, np.array(got), np.ones(np.shape(got)), np.zeros(()), "")


def curve(value: float) -> Counterexample:
    """Return a counterexample of a ReLU that gives -9 and then this value."""
    return replace(LEAKY, curve=(np.array([-4.0, 4.0]), np.array([-9.0, value])))


def inside(picture: Picture) -> bool:
    """Tell whether all lies on the paper."""
    points = [pair.split(",") for line in picture.lines for pair in line.points.split()]
    places = [(float(x), float(y)) for x, y in points]
    places += [(one.x, one.y) for one in picture.words] + [(one.x + one.width, one.y + 14) for one in picture.bars]
    return all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in places)


@pytest.mark.parametrize(
    ("picture", "caption"),
    [
        (drawn("SOFTMAX-3", softmax([np.nan], np.float32)), "np.exp(z) becomes infinite beyond z = 89 in float32;"),
        (drawn("SOFTMAX-3", softmax([np.nan])), "np.exp(z) becomes infinite beyond z = 710 in float64;"),
        (drawn("SOFTMAX-1", softmax([0.5, 0.25])), "The sums of the rows: 0.5, 0.25; each must be 1."),
        (drawn("SOFTMAX-1", softmax([3.0, -1.0])), "The sums of the rows: 3, -1; each must be 1."),
        (drawn("SOFTMAX-1", softmax([0.1] * 9)), "The sums of the rows: 0.1, 0.1, 0.1, 0.1; each must be 1."),
        (drawn("LOSS-4", LEAKY), "The clip keeps the loss finite where p is 0,"),
        (drawn("LOSS-1", LEAKY, "loss-clipped-below-only"), "The clip keeps the loss finite where p is 0,"),
        (drawn("RELU-2", curve(9.0)), "ReLU, and what the code gives for inputs from -4 to 4."),
        (drawn("RELU-2", curve(np.inf)), "ReLU, and what the code gives for inputs from -4 to 4."),
    ],
)
def test_a_picture_says_what_it_shows(picture: Picture | None, caption: str) -> None:
    """And lies on its paper."""
    assert picture is not None
    assert picture.caption.startswith(caption)
    assert inside(picture)
    assert len(picture.bars) <= MOST_BARS


@pytest.mark.parametrize(
    "picture",
    [
        drawn("SOFTMAX-1", softmax([np.nan])),
        drawn("SOFTMAX-1", softmax([0.0])),
        drawn("SOFTMAX-1", softmax([[1.0]])),
        drawn("SOFTMAX-1", SHOUTING),
        drawn("LOSS-1", LEAKY, "loss-in-bits"),
        drawn("RELU-2", LEAKY),
        drawn("GEN-5", LEAKY),
    ],
)
def test_where_words_say_enough_there_is_none(picture: Picture | None) -> None:
    assert picture is None


def test_a_page_draws_its_pictures_with_words_beside_them() -> None:
    """As elements that are well formed, each with a text for those who cannot see it."""
    assert "<svg" not in to_page(EVERYTHING)
    page = to_page(report(failing("RELU-2", curve(4.0)), failing("SOFTMAX-1", softmax([0.5]))))
    pieces = [piece.partition("</svg>")[0] for piece in page.split("<svg")[1:]]
    assert len(pieces) == 2
    for piece in pieces:
        root = ElementTree.fromstring(f"<svg{piece}</svg>")
        assert root.attrib["role"] == "img"
        assert f"<figcaption>{root.attrib['aria-label']}</figcaption>" in page
        assert len(root) > 2


def test_a_wrong_relu_is_drawn_as_it_answers() -> None:
    """But not where it does not answer for so many rows."""

    def relu(inputs: Array) -> Array:
        return np.where(inputs > 0, inputs, inputs / 8)

    def small(inputs: Array) -> Array:
        if len(inputs) > 8:
            raise ValueError("too many")
        return relu(inputs)

    shown = nnfs_spec.check({"relu": relu}, clauses=["RELU-2"], budget="quick").counterexample("RELU-2")
    assert shown is not None
    assert shown.curve is not None
    assert shown.curve[1][[0, -1]].tolist() == [-0.5, 4.0]
    shy = nnfs_spec.check({"relu": small}, clauses=["RELU-1"], budget="quick")
    assert shy["RELU-1"].status in ("fail", "error")
    assert shy["RELU-1"].counterexample is not None
    assert shy["RELU-1"].counterexample.curve is None
