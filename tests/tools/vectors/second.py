"""A second opinion on every expected value: decimal arithmetic of the standard library, nothing shared with the first.

It starts from the files alone. Numbers are decoded from their bits, values come from ``decimal`` and ``fractions``
with a hundred digits and more, and whether a number is the nearest one is asked of its neighbours.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, Context, Decimal, localcontext
from fractions import Fraction
from itertools import cycle, islice
from math import inf, nextafter, prod
from typing import Any

import numpy as np

ENOUGH = Context(prec=100, Emax=10**17, Emin=-(10**17))
"""For logarithms and exponentials, which no number of digits would hold."""

ALL = Context(prec=2500, Emax=10**17, Emin=-(10**17))
"""Enough for every sum and product of a few doubles to be exact."""

UP = Context(prec=2500, Emax=10**17, Emin=-(10**17), rounding=ROUND_CEILING)
"""Sums in it do not forget a positive number that is too small to be seen."""

UNSEEN = Decimal("1e-999999999")
"""In the place of an exponential that is positive, and less than any decimal."""

CODES = {"float32": ">f", "float64": ">d", "bool": ">?"} | {
    f"{sign}int{bits}": f">{code.upper() if sign else code}"
    for bits, code in ((8, "b"), (16, "h"), (32, "i"), (64, "q"))
    for sign in ("", "u")
}
PRECISION = {"float32": (24, -126, -149), "float64": (53, -1022, -1074)}
"""Binary digits, the exponent of the smallest normal number, and that of the smallest number."""


def confirmed(file: Mapping[str, Any]) -> Iterator[str]:
    """Confirm every result of a file, and return a line for each that is not what it should be."""
    for case in file["cases"]:
        results = case["expected"].get("results")
        if results is None:
            continue
        given = {argument["name"]: _read(argument) for argument in case["arguments"]}
        shapes = {argument["name"]: argument["shape"] for argument in case["arguments"]}
        first = case["arguments"][0]["dtype"]
        dtype = first if first in PRECISION else "float64"
        for result in results:
            count = prod(result["shapes"][0])
            truth = _truth(file["operation"], case, given, shapes, dtype, result["name"])
            for i, (value, bound, least, most) in enumerate(truth):
                stored = [_number(result[name], i) for name in ("values", "bounds", "low", "high")]
                if problem := _problem(stored, value, bound, least, most, result["dtype"]):
                    yield f"{case['id']}, {result['name']} {i}: {problem}"
            if count != len(truth):
                yield f"{case['id']}: {count} entries but {len(truth)} expected"


Entry = tuple[Decimal | None, Decimal, float, float]
"""The exact value (None where only the ends are known), the bound, and the ends that other clauses set."""


def _truth(
    operation: str,
    case: Mapping[str, Any],
    given: Mapping[str, list[Fraction]],
    shapes: Mapping[str, list[int]],
    dtype: str,
    name: str,
) -> list[Entry]:
    """Return what each entry of a result must be, worked out in the plainest way."""
    with localcontext(ENOUGH):
        match operation:
            case "layer":
                n_inputs, n_neurons = int(given["n_inputs"][0]), int(given["n_neurons"][0])
                if name == "biases":
                    return [(Decimal(0), Decimal(0), -inf, inf)] * n_neurons
                drawn = (0.0, 0.1) if "DENSE-11" in case["clauses"] else (-MOST, MOST)
                return [(None, Decimal(0), *drawn)] * (n_inputs * n_neurons)
            case "spiral_data":
                samples, classes = int(given["samples"][0]), int(given["classes"][0])
                if name == "labels":
                    return [(Decimal(label), Decimal(0), -inf, inf) for label in range(classes) for _ in range(samples)]
                origin: Entry = (Decimal(0), Decimal(0), -inf, inf)
                return [
                    origin if sample == 0 else (None, Decimal(0), -1.0, 1.0)
                    for _ in range(classes)
                    for sample in range(samples)
                    for _ in "xy"
                ]
            case "relu":
                return [(_decimal(max(x, Fraction(0))), Decimal(0), -inf, inf) for x in given["inputs"]]
            case "dense":
                return _dense(case, given, shapes, dtype)
            case "softmax":
                rows = _rows(given["inputs"], shapes["inputs"])
                return [entry for row in rows for entry in _softmax(row, dtype)]
            case _:
                return _labelled(operation, given, shapes, dtype)


def _dense(
    case: Mapping[str, Any], given: Mapping[str, list[Fraction]], shapes: Mapping[str, list[int]], dtype: str
) -> list[Entry]:
    width, neurons = shapes["weights"]
    unit, least = _unit(dtype), Fraction(2) ** PRECISION[dtype][2]
    exact = {"DENSE-3", "DENSE-4"} & set(case["clauses"]) or _whole(given)
    found: list[Entry] = []
    for row in _rows(given["inputs"], shapes["inputs"]):
        for j in range(neurons):
            value, size = given["biases"][j], abs(given["biases"][j])
            for k in range(width):
                term = row[k] * given["weights"][k * neurons + j]
                value, size = value + term, size + abs(term)
            bound = Fraction(0) if exact else (width + 2) * unit * size + width * least
            found.append((_decimal(value), _decimal(bound), -inf, inf))
    return found


def _whole(given: Mapping[str, list[Fraction]]) -> bool:
    """Tell whether all numbers are whole and at most 64, which DENSE-3 asks to be computed exactly."""
    return all(number.denominator == 1 and abs(number) <= 64 for numbers in given.values() for number in numbers)


def _softmax(row: Sequence[Fraction], dtype: str) -> Iterator[Entry]:
    largest = max(row)
    shares = [_decimal(z - largest).exp() or UNSEEN for z in row]
    for z, share in zip(row, shares, strict=True):
        value = share / sum(shares)
        steps = len(row) + 4 + 2 * _decimal(largest - z) + 2 * Decimal(len(row)).ln()
        twice_tiny = _decimal(Fraction(2) ** (PRECISION[dtype][1] + 1))
        bound = UP.add(steps * _decimal(_unit(dtype)) * value, twice_tiny)
        yield value, Decimal(0) if len(row) == 1 else bound, 0.0, 1.0


def _labelled(
    operation: str, given: Mapping[str, list[Fraction]], shapes: Mapping[str, list[int]], dtype: str
) -> list[Entry]:
    rows = _rows(given["y_pred"], shapes["y_pred"])
    sparse = len(shapes["y_true"]) == 1
    labels = (
        [int(label) for label in given["y_true"]]
        if sparse
        else [row.index(Fraction(1)) for row in _rows(given["y_true"], shapes["y_true"])]
    )
    if operation == "accuracy":
        right = [all(row[label] > other for other in row[:label]) and row[label] == max(row)
                 for row, label in zip(rows, labels, strict=True)]  # fmt: skip
        return [(Decimal(sum(right)) / len(rows), Decimal(0), -inf, inf)]
    ends = [Fraction(_nearest(Fraction(end), dtype)) for end in (1e-7, 1 - 1e-7)]
    picked = [min(max(row[label], ends[0]), ends[1]) for row, label in zip(rows, labels, strict=True)]
    known = {p: -_decimal(p).ln() for p in set(picked)}
    unit, losses = _decimal(_unit(dtype)), [known[p] for p in picked]
    if operation == "loss":
        mean = sum(losses, Decimal(0)) / len(losses)
        return [(mean, ((len(losses) + 10) * mean + Decimal("1.5")) * unit, 0.0, inf)]
    return [(loss, (8 * loss + Decimal("1.5")) * unit, 0.0, inf) for loss in losses]


def _problem(
    stored: Sequence[float], value: Decimal | None, bound: Decimal, least: float, most: float, dtype: str
) -> str:
    """Return what is wrong with the four numbers that are stored for an entry."""
    got, distance, low, high = stored
    with localcontext(ALL), np.errstate(over="ignore"):
        if value is None:
            wrong = (low, high) != (least, most) or not low <= got <= high or distance < high / 2 - low / 2
            return f"{stored} does not say from {least} to {most}" if wrong else ""
        kind = np.dtype(dtype).type
        for towards in (-inf, inf):
            neighbour = Decimal(float(np.nextafter(kind(got), kind(towards))))
            if neighbour.is_finite() and abs(neighbour - value) < abs(Decimal(got) - value):
                return f"{got!r} is not the nearest number to {value:.30}"
        if bound == 0:  # the exact number, rounded once
            return "" if (distance, low, high) == (0, got, got) else f"{stored} is not {got!r} alone"
        if not Decimal(nextafter(distance, 0.0)) < bound <= Decimal(distance):
            return f"{distance!r} is not {bound:.30} rounded up"
        if low != least and not Decimal(nextafter(low, -inf)) < value - bound <= Decimal(low):
            return f"{low!r} is not {value - bound:.30} rounded up"
        if high != most and not Decimal(high) <= value + bound < Decimal(nextafter(high, inf)):
            return f"{high!r} is not {value + bound:.30} rounded down"
        if (low == least and value - bound > Decimal(least)) or (high == most and value + bound < Decimal(most)):
            return f"{low!r} and {high!r} are not the ends"
    return ""


MOST = float(np.finfo(np.float64).max)


def _read(argument: Mapping[str, Any]) -> list[Fraction]:
    """Return every entry of an argument, from its bits."""
    code, count = CODES[argument["dtype"]], prod(argument["shape"])
    numbers = [struct.unpack(code, bytes.fromhex(bits))[0] for bits in argument["bits"]]
    return [Fraction(number) for number in islice(cycle(numbers), count)]


def _rows(numbers: Sequence[Fraction], shape: Sequence[int]) -> list[Sequence[Fraction]]:
    rows, columns = shape
    return [numbers[i * columns : (i + 1) * columns] for i in range(rows)]


def _number(listed: Sequence[float], i: int) -> float:
    return float(listed[i % len(listed)])


def _unit(dtype: str) -> Fraction:
    return Fraction(1, 2 ** PRECISION[dtype][0])


def _nearest(number: Fraction, dtype: str) -> float:
    return float(np.dtype(dtype).type(float(number)))


def _decimal(number: Fraction) -> Decimal:
    return ALL.divide(Decimal(number.numerator), Decimal(number.denominator))
