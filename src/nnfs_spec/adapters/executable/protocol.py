"""The words of spec/protocol.md: calls become text, lines become greetings and answers. Nothing here waits."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from nnfs_spec.adapters.process.frames import WireError
from nnfs_spec.arrays import Array
from nnfs_spec.subject.operations import OPERATIONS, SINGLE_CALLS
from nnfs_spec.subject.protocol import Call, Lacking, Refusal

VERSION = "1"
MARK = "@"
HELLO = f"hello {VERSION}\n".encode()
BINARY = b"framing binary\n"
END = b"end\n"

FLOATS = ("float32", "float64")
WHOLE = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "bool")
FEATURES = ("echo", "binary")
CATEGORIES = ("shape", "label", "value", "other")
LABELS = "y_true"
"""The argument that may be of any dtype, whatever the port computes in."""

MOST_DIMENSIONS = 8
MOST_EXTRA, MOST_TIMES = 2**20, 16
"""An answer may hold this many values, and as many times those of the arguments."""

KEPT, LARGE = 6, 256
"""How many arrays are kept as decimals, of how many values at least."""

NUMBER_CHARACTERS = 32
_NUMBER = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|nan|inf|infinity)", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,20}")
_LENGTH = re.compile(r"[0-9]{1,10}")
_SPELLING = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


class ProtocolError(WireError):
    """A line that the protocol does not allow; the message says what stands there and what must."""


@dataclass(frozen=True)
class Hello:
    """What a port says that it can do."""

    operations: frozenset[str]
    dtypes: frozenset[str]
    features: frozenset[str]


@dataclass(frozen=True)
class Announced:
    """The arrays of an answer: the dtype and shape of each."""

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many values it has."""
        return prod(self.shape)

    @property
    def size(self) -> int:
        """How many bytes its values take."""
        return self.count * self.dtype.itemsize

    def __str__(self) -> str:
        padded = (*self.shape, 1, 1)[: max(2, len(self.shape))]
        return " ".join([self.dtype.name, str(len(self.shape)), *map(str, padded)])


def lacks(call: Call, dtypes: frozenset[str]) -> Lacking | None:
    """Tell why a call cannot be put into words for a port that computes in ``dtypes``, if it cannot."""
    for name, argument in zip(OPERATIONS[call.operation].argument_names, call.arguments, strict=True):
        allowed = FLOATS if name == LABELS else dtypes
        if argument.dtype.name not in (*WHOLE, *allowed):
            return Lacking(f"{name} of {argument.dtype.name} cannot be given to the port")
    return None


def _bytes(array: Array) -> bytes:
    return np.asarray(array, array.dtype.newbyteorder("<")).tobytes()


class Decimals:
    """Writes arrays as lines of decimals, the latest large ones once: several calls in a row are about the same arrays.

    No array of a case is ever written to, so the same array holds the same numbers.
    """

    def __init__(self) -> None:
        self._latest: deque[tuple[Array, bytes]] = deque(maxlen=KEPT)

    def line(self, array: Array) -> bytes:
        """Return the line of values of ``array``."""
        for known, line in self._latest:
            if known is array:
                return line
        line = _decimals(array)
        if array.size >= LARGE:
            self._latest.append((array, line))
        return line


def _decimals(array: Array) -> bytes:
    numbers = array.astype(np.uint8) if array.dtype == np.bool_ else array
    words: Iterable[str] = map(repr, numbers.ravel().tolist())
    if not np.isfinite(array).all():
        words = (_SPELLING.get(word, word) for word in words)
    return (" ".join(words) + "\n").encode()


def read_hello(line: str) -> Hello:
    """Return what a port greets with. Raises ProtocolError."""
    words = line.split()
    if words[:2] != [MARK, "hello"]:
        raise ProtocolError(
            f"greeted with {shown(line)}, but must say {MARK} hello {VERSION} operations ... dtypes ..."
        )
    if words[2:3] != [VERSION]:
        raise ProtocolError(f"speaks version {shown(' '.join(words[2:3]))} of the protocol, but must speak {VERSION}")
    listed: dict[str, list[str]] = {}
    known = {"operations": SINGLE_CALLS, "dtypes": FLOATS, "features": FEATURES}
    under = ""
    for word in words[3:]:
        if word in known and word not in listed:
            listed[under := word] = []
        elif word in known.get(under, ()) and word not in listed[under]:
            listed[under].append(word)
        else:
            allowed = " ".join(known.get(under, known))
            raise ProtocolError(f"has the word {shown(word)} in its hello where once may stand: {allowed}")
    for needed in ("operations", "dtypes"):
        if not listed.get(needed):
            raise ProtocolError(f"names no {needed} in its hello, but must: {' '.join(known[needed])}")
    return Hello(*(frozenset(listed.get(name, ())) for name in known))


class Question:
    """A call under an ``id``: what the port reads, and how its answer is read.

    With ``echo`` the answer holds the arguments after the results; with ``binary`` values go as bytes.
    """

    def __init__(self, id: str, call: Call, *, echo: bool, binary: bool, decimals: Decimals | None = None) -> None:
        self.call = call
        self._decimals = decimals or Decimals()
        self.results = len(OPERATIONS[call.operation].results)
        self._id = id
        self._echo = len(call.arguments) if echo else 0
        self._binary = binary
        self._most = MOST_EXTRA + MOST_TIMES * sum(argument.size for argument in call.arguments)

    @property
    def text(self) -> bytes:
        """The call as the port reads it."""
        echo = " echo" if self._echo else ""
        parts = [f"call {self._id} {self.call.operation} {len(self.call.arguments)}{echo}\n".encode()]
        for argument in self.call.arguments:
            parts.append(f"{Announced(argument.dtype, argument.shape)}\n".encode())
            parts.append(_bytes(argument) if self._binary else self._decimals.line(argument))
        return b"".join(parts)

    @property
    def most_characters(self) -> int:
        """How long the line may be."""
        return NUMBER_CHARACTERS * self._most

    def read(self, line: str) -> Refusal | Lacking | tuple[list[Announced], list[Array]]:
        """Return what the line says: its arrays, described and, in text, with their values. Raises ProtocolError."""
        _, *words = line.split()
        if words[:1] != [self._id]:
            raise ProtocolError(f"answered {shown(' '.join(words[:1]))}, but was asked {self._id}")
        verb, rest = " ".join(words[1:2]), words[2:]
        if verb == "unsupported":
            return Lacking(" ".join(rest) or "the port says so")
        if verb == "error":
            if not rest or rest[0] not in CATEGORIES:
                given = shown(" ".join(rest[:1]))
                raise ProtocolError(f"gave the category {given} of an error, but must give {_one_of(CATEGORIES)}")
            return Refusal(rest[0], " ".join(rest[1:]))
        if verb != "ok":
            raise ProtocolError(f"answered with the word {shown(verb)}, but must say ok, error or unsupported")
        return self._arrays(rest)

    def _arrays(self, words: Sequence[str]) -> tuple[list[Announced], list[Array]]:
        announced: list[Announced] = []
        arrays: list[Array] = []
        place, left = 0, self._most
        wanted = self.results + self._echo
        while place != len(words):
            one, place = _announced(words, place)
            left -= one.count
            if left < 0:
                raise ProtocolError(f"answered with more than {self._most} values: {one}")
            announced.append(one)
            if len(announced) > wanted:
                raise ProtocolError(f"answered with more than {wanted} arrays: {one}")
            if not self._binary:
                last = len(announced) == wanted
                given = words[place:] if last else words[place : place + one.count]
                arrays.append(_array(one, given))
                place += len(given)
        if len(announced) != wanted:
            raise ProtocolError(f"answered with {len(announced)} arrays, but must with {wanted}")
        return announced, arrays


def from_bytes(announced: Announced, data: bytes) -> Array:
    """Return the array whose values came as bytes."""
    array: Array = np.frombuffer(data, announced.dtype.newbyteorder("<")).astype(announced.dtype)
    return array.reshape(announced.shape)


def _announced(words: Sequence[str], place: int) -> tuple[Announced, int]:
    """Return the array that is described at ``place``, and where its values begin."""
    name, dimensions = words[place], "".join(words[place + 1 : place + 2])
    if name not in FLOATS + WHOLE:
        raise ProtocolError(f"wrote {shown(name)} where a dtype must stand: {_one_of(FLOATS + WHOLE)}")
    if not dimensions.isdecimal() or not dimensions.isascii() or int(dimensions) > MOST_DIMENSIONS:
        raise ProtocolError(f"wrote {shown(dimensions)} where the number of dimensions must stand")
    count = max(2, int(dimensions))
    lengths = words[place + 2 : place + 2 + count]
    for length in [*lengths, *[""] * (count - len(lengths))]:
        if not _LENGTH.fullmatch(length):
            raise ProtocolError(f"wrote {shown(length)} where a length must stand")
    shape = tuple(map(int, lengths))
    if any(length != 1 for length in shape[int(dimensions) :]):
        raise ProtocolError(f"wrote the lengths {' '.join(lengths)} for {dimensions} dimensions: the rest must be 1")
    return Announced(np.dtype(name), shape[: int(dimensions)]), place + 2 + count


def _array(announced: Announced, words: Sequence[str]) -> Array:
    """Return the array of these values. Raises ProtocolError where they are not its."""
    if len(words) != announced.count:
        raise ProtocolError(f"wrote {len(words)} values for {announced}, which has {announced.count}")
    read = _floats if announced.dtype.name in FLOATS else _whole
    return read(announced.dtype.name, words).reshape(announced.shape)


def _floats(name: str, words: Sequence[str]) -> Array:
    """Return these numbers, rounded to the dtype of that name. Raises ProtocolError where one is none."""
    try:
        if "_" in "".join(words):
            raise ValueError("a number that only Python reads")
        values = list(map(float, words))
    except ValueError:
        bad = next(word for word in words if not _NUMBER.fullmatch(word))
        raise ProtocolError(f"wrote {shown(bad)} where a number of {name} must stand") from None
    with np.errstate(over="ignore"):
        array: Array = np.array(values).astype(name)
    return array


def _whole(name: str, words: Sequence[str]) -> Array:
    """Return these whole numbers. Raises ProtocolError where one is none, or does not fit."""
    least, most = (0, 1) if name == "bool" else (np.iinfo(name).min, np.iinfo(name).max)
    for word in words:
        if not _WHOLE_NUMBER.fullmatch(word) or not least <= int(word) <= most:
            raise ProtocolError(f"wrote {shown(word)} where a number of {name} must stand")
    array: Array = np.array(list(map(int, words)), name)
    return array


def _one_of(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def shown(text: str, most: int = 60) -> str:
    """Return the beginning of what a port wrote, in quotation marks."""
    return repr(text if len(text) <= most else text[:most] + "...")
