"""Small pictures for the cards of a report, as lines, bars and words; the template draws them as SVG."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.engine.events import Counterexample
from nnfs_spec.reports.wording import Failure

Tone: TypeAlias = Literal["good", "bad", "none"]

WIDTH, HEIGHT = 260, 130
_LEFT, _RIGHT, _TOP, _BOTTOM = 8.0, 252.0, 16.0, 114.0
MOST_BARS = 4
"""Of so many rows the sums are drawn."""


@dataclass(frozen=True)
class Line:
    """A line through points, ``x,y`` each, dashed where it is only a limit."""

    points: str
    tone: Tone
    dashed: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar to the right."""

    x: float
    y: float
    width: float
    tone: Tone


@dataclass(frozen=True)
class Word:
    """Words at a place, which is their start, their middle or their end."""

    x: float
    y: float
    text: str
    tone: Tone = "none"
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Picture:
    """What is drawn, and in words what it shows."""

    caption: str
    lines: tuple[Line, ...] = ()
    bars: tuple[Bar, ...] = ()
    words: tuple[Word, ...] = ()


def picture_of(failure: Failure) -> Picture | None:
    """Return the picture for a failure, or None where words say enough."""
    shown = failure.result.counterexample
    mistake = failure.diagnosis.mutant if failure.diagnosis else ""
    draw = _FOR_CLAUSE.get(failure.result.id)
    if draw is None and mistake.startswith(("loss-clipped-", "loss-without-clipping")):
        draw = _clip
    return None if draw is None or shown is None else draw(shown)


def _exponentials(shown: Counterexample) -> Picture | None:
    """The exponential of a logit beside that of its distance from the largest, on a scale of powers of ten."""
    single = any(array.dtype == np.float32 for array in shown.inputs.values())
    dtype, largest = ("float32", np.finfo(np.float32).max) if single else ("float64", np.finfo(np.float64).max)
    limit = float(np.log(largest))
    reach = 1.15 * limit
    x = _scale(0.0, reach, _LEFT, _RIGHT)
    y = _scale(-reach, 1.25 * limit, _BOTTOM, _TOP)
    return Picture(
        f"np.exp(z) becomes infinite beyond z = {limit:.0f} in {dtype}; np.exp(z - max) never passes 1.",
        lines=(
            _line("none", [(x(0.0), y(limit)), (x(reach), y(limit))], dashed=True),
            _line("bad", [(x(0.0), y(0.0)), (x(limit), y(limit))]),
            _line("good", [(x(0.0), y(-reach)), (x(reach), y(0.0))]),
        ),
        words=(
            Word(x(0.0), y(limit) - 3, f"largest {dtype}: {largest:.1e}"),
            Word(x(limit) - 4, y(limit) + 12, "inf", "bad", "end"),
            Word(x(0.3 * limit), y(0.55 * limit), "exp(z)", "bad", "end"),
            Word(x(reach), y(0.0) - 4, "exp(z - max), at most 1", "good", "end"),
        ),
    )


def _row_sums(shown: Counterexample) -> Picture | None:
    """The sum of each row of the target's result beside 1."""
    got = shown.got
    if got is None or got.ndim != 1 or not np.isfinite(got).all() or not got.any():
        return None
    sums = [float(one) for one in got[:MOST_BARS]]
    x = _scale(0.0, max(1.0, *sums, -min(sums)), 60.0, _RIGHT - 10)
    ys = [_TOP + 8 + 24.0 * place for place in range(len(sums))]
    return Picture(
        "The sums of the rows: " + ", ".join(f"{one:.6g}" for one in sums) + "; each must be 1.",
        lines=(_line("good", [(x(1.0), _TOP), (x(1.0), _BOTTOM)], dashed=True),),
        bars=tuple(Bar(60.0, y, round(max(x(one) - 60.0, 0.0), 1), "bad") for one, y in zip(sums, ys, strict=True)),
        words=(
            *(Word(_LEFT, y + 11, f"row {place}") for place, y in enumerate(ys)),
            Word(x(1.0), _TOP - 4, "1", "good", "middle"),
        ),
    )


def _clip(shown: Counterexample) -> Picture | None:
    """The loss at both ends of the probabilities, with the clip and without it."""
    end = 1e-7
    low = np.linspace(end / 40, 3 * end, 40)
    left = (_scale(0.0, 3 * end, _LEFT, 118.0), _scale(14.5, 19.5, _BOTTOM, _TOP))
    right = (_scale(0.0, 3 * end, _RIGHT, 142.0), _scale(0.0, 3 * end, _BOTTOM, _TOP))
    floor = -np.log(end)
    return Picture(
        "The clip keeps the loss finite where p is 0, and above 0 where p is 1: it has two ends.",
        lines=(
            _curve("bad", low, -np.log(low), left, dashed=True),
            _curve("good", low, -np.log(np.maximum(low, end)), left),
            _curve("bad", low, low, right, dashed=True),  # -ln(1 - q) is q for such a small q
            _curve("good", low, np.maximum(low, end), right),
        ),
        words=(
            Word(_LEFT, HEIGHT - 4, "p = 0"),
            Word(_RIGHT, HEIGHT - 4, "p = 1", anchor="end"),
            Word(left[0](3 * end), left[1](floor) - 4, f"-ln 1e-7 = {floor:.1f}", "good", "end"),
            Word(right[0](0.0), right[1](end) - 6, "1e-7", "good", "end"),
        ),
    )


def _relu(shown: Counterexample) -> Picture | None:
    """The target's activation beside ReLU, over the inputs at which it was asked."""
    if shown.curve is None:
        return None
    inputs, outputs = (one[np.isfinite(shown.curve[1])] for one in shown.curve)
    x, y = _scale(-4.0, 4.0, _LEFT, _RIGHT), _scale(-4.0, 4.0, _BOTTOM, _TOP)
    return Picture(
        "ReLU, and what the code gives for inputs from -4 to 4.",
        lines=(
            _line("none", [(x(-4.0), y(0.0)), (x(4.0), y(0.0))], dashed=True),
            _curve("good", inputs, np.maximum(0, inputs), (x, y)),
            _curve("bad", inputs, np.clip(outputs, -4, 4), (x, y)),
        ),
        words=(
            Word(_LEFT, y(0.0) - 4, "ReLU", "good"),
            Word(_RIGHT, _BOTTOM, "the code", "bad", "end"),
        ),
    )


_FOR_CLAUSE: Mapping[str, Callable[[Counterexample], Picture | None]] = {
    "SOFTMAX-3": _exponentials,
    "SOFTMAX-1": _row_sums,
    "LOSS-4": _clip,
    **dict.fromkeys(("RELU-1", "RELU-2", "RELU-3", "RELU-5", "RELU-6"), _relu),
}


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return the place of a value on the paper."""
    return lambda value: start + (end - start) * (value - low) / (high - low)


def _curve(
    tone: Tone,
    inputs: Array,
    outputs: Array,
    scales: Sequence[Callable[[float], float]],
    *,
    dashed: bool = False,
) -> Line:
    x, y = scales
    return _line(
        tone, [(x(float(one)), y(float(other))) for one, other in zip(inputs, outputs, strict=True)], dashed=dashed
    )


def _line(tone: Tone, points: Iterable[tuple[float, float]], *, dashed: bool = False) -> Line:
    return Line(" ".join(f"{x:.1f},{y:.1f}" for x, y in points), tone, dashed)
