"""Valid documents, mangled: parts dropped, doubled or swapped for what does not belong there, and bytes no text has."""

import json
import os
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeAlias

import hypothesis.strategies as st

Document: TypeAlias = bytes

SECONDS = float(os.environ.get("NNFS_SPEC_FUZZ_SECONDS", "0"))
"""How long each reader is tried; without it, once."""

HUGE, DEEP = 10**400, 100_000
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**63, HUGE, -0.0, 1e308, float("nan"), float("inf"), 10**30),
    *("", "x", "NaN", "\ud800", "\0", "\u202e\x1b[2J", "a" * 5000, "RELU-1", "float64", "exec:false"),
    *([], {}, [[]], [None], {"": None}, [0, 10**30], {"\ud800": 1}, [1] * 100),
)
"""Values that stand where others must."""

SIGNS = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b"\t",
    b"\\",
    b'"',
    b"'",
    b"[",
    b"]",
    b"{",
    b"}",
)
NUMBERS = (b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"0x" + b"f" * 5000)
WORDS = (*NUMBERS, b"null", b"\\ud800", b"=", b"[[known]]", b"[" * 2000, b"lambda:")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp037")


def rounds(seconds: float) -> Iterator[int]:
    """Count from 0, once in any case, until ``seconds`` have passed."""
    end = time.monotonic() + seconds
    for number in count():
        yield number
        if time.monotonic() >= end:
            return


@st.composite
def mangled_json(draw: st.DrawFn, documents: list[Any]) -> Document:
    """Draw one of ``documents``, changed in some places, as text that may be broken in some more."""
    told = draw(st.sampled_from(documents))
    for _ in range(draw(st.integers(0, 3))):
        told = _changed(draw, told)
    text = json.dumps(told, ensure_ascii=draw(st.booleans()))
    if draw(st.integers(0, 9)) == 0:
        text = draw(st.sampled_from(["[" * DEEP, '{"a":' * DEEP, text.replace("{", '{"format": 2, ', 1)]))
    return draw(mangled_text([text], most=2))


def mangled_text(documents: list[str], most: int = 6) -> st.SearchStrategy[Document]:
    """Draw one of ``documents`` in some encoding, with up to ``most`` pieces put in, taken out or doubled."""

    @st.composite
    def mangle(draw: st.DrawFn) -> Document:
        text = draw(st.sampled_from(documents))
        coding = draw(st.sampled_from(ENCODINGS)) if draw(st.integers(0, 9)) == 0 else "utf-8"
        data = text.encode(coding, "surrogatepass" if coding.startswith("utf") else "replace")
        for _ in range(draw(st.integers(0, most))):
            data = _struck(draw, data)
        return data

    return mangle()


def _struck(draw: st.DrawFn, data: Document) -> Document:
    """Put something in between two bytes, take some out, or double some."""
    first, last = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    strike: Callable[[], Document] = draw(
        st.sampled_from(
            [
                lambda: data[:first] + draw(st.sampled_from([*SIGNS, *WORDS])) + data[first:],
                lambda: data[:first] + data[min(last, first + 40) :],
                lambda: data[:last] + data[first:last] + data[last:],
                lambda: data[:first],
                lambda: data[:first] + draw(st.binary(max_size=8)) + data[first + 1 :],
            ]
        )
    )
    return strike()


def _changed(draw: st.DrawFn, told: Any) -> Any:
    """Return ``told`` with one place changed, as deep as is drawn."""
    if not (told and isinstance(told, dict | list) and draw(st.booleans())):
        return draw(st.sampled_from(ODD))
    if isinstance(told, list):
        entries: list[Any] = [*told]
        place = draw(st.integers(0, len(entries) - 1))
        return entries[:place] + _in_place_of(draw, entries[place]) + entries[place + 1 :]
    form: dict[str, Any] = {**told}
    key = draw(st.sampled_from(sorted(form)))
    others = _in_place_of(draw, form.pop(key))
    return form | dict(zip([key, draw(st.sampled_from(["", "x", "\ud800"]))], others, strict=False))


def _in_place_of(draw: st.DrawFn, one: Any) -> list[Any]:
    """Return what comes in the place of a part: nothing, itself twice, or itself changed."""
    match draw(st.integers(0, 9)):
        case 0:
            return []
        case 1:
            return [one, one]
        case _:
            return [_changed(draw, one)]
