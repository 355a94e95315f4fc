"""Trial calls: how an operation's form is told from what can be seen of the results, never from their values.

A form fits where a call with rectangular arguments gives an array of the shape that the operation has. Which numbers
are in it plays no part, so that no wrong implementation is taken for a right one of another form.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import partial
from typing import Any

import numpy as np

from nnfs_spec.adapters.convert import to_array, type_of
from nnfs_spec.adapters.live import Implementation, short
from nnfs_spec.adapters.source.missing_module import MissingLibraryError
from nnfs_spec.arrays import Array
from nnfs_spec.subject import trial_arguments
from nnfs_spec.subject.operations import OPERATIONS, Operation
from nnfs_spec.subject.protocol import Call, result_shape


class Fit(IntEnum):
    """How well a form does: an exception, numbers of another shape, or numbers of the right one."""

    RAISED = auto()
    RAN = auto()
    FITS = auto()


@dataclass(frozen=True)
class Example:
    """Arguments of an operation, and the shape of its result."""

    arguments: tuple[Array, ...]
    shape: tuple[int, ...]


def _examples(operation: Operation) -> tuple[Example, ...]:
    return tuple(Example(given, result_shape(Call(operation, given))) for given in OPERATIONS[operation].trials)


EXAMPLES: Mapping[Operation, tuple[Example, ...]] = {operation: _examples(operation) for operation in OPERATIONS}
"""Of two examples, with class indices and with one-hot labels, the first counts more."""

ROW = Example(trial_arguments.ROW, trial_arguments.ROW[0].shape)
(BATCH,), (WEIGHED,) = EXAMPLES["softmax"], EXAMPLES["dense"]
PER_SAMPLE, IN_ALL = EXAMPLES["sample_losses"], EXAMPLES["loss"]


@dataclass(frozen=True)
class Way:
    """One way to use what was found as an operation: how it is told, and what makes a callable of it."""

    told: tuple[str, ...]
    make: Implementation


@dataclass(frozen=True)
class Tried:
    """A way, how it did on each example, and the first exception."""

    way: Way
    fits: tuple[Fit, ...]
    raised: "Raised | None" = None

    @property
    def fit(self) -> Fit:
        """The best of the examples."""
        return max(self.fits)


class Trier:
    """Makes trial calls; ``caught`` is what counts as an exception of the subject.

    Where ``calling`` is False nothing is called, and every form does equally badly: the likeliest is taken.
    """

    def __init__(
        self,
        caught: type[BaseException] = Exception,
        explain: Callable[[BaseException], str] = str,
        calling: bool = True,
    ) -> None:
        self.explain = explain
        self.calling = calling
        self._caught = caught

    def run(self, action: Callable[[], Any]) -> Any:
        """Return what ``action`` gives, or a Raised."""
        if not self.calling:
            return Raised("")
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return action()
        except self._caught as problem:
            message = f"{type(problem).__name__}: {short(self.explain(problem))}"
            return Raised(message, isinstance(problem, MissingLibraryError))

    def best(self, ways: Sequence[Way], examples: Sequence[Example]) -> Tried:
        """Return the way that fits best, the earliest of equals."""
        return max((self._try(way, examples) for way in ways), key=lambda tried: tried.fits)

    def _try(self, way: Way, examples: Sequence[Example]) -> Tried:
        fits: list[Fit] = []
        first: Raised | None = None
        for example in examples:
            value = self.run(partial(_call, way, example))
            fit = self.fit(value, example.shape)
            several: Sequence[Any] = value if type_of(value) is tuple else ()
            if fit is not Fit.FITS and several and self.fit(several[0], example.shape) is Fit.FITS:
                told = f"the first of the {len(several)} it returns"
                return self._try(Way((*way.told, told), _first_of(way.make)), examples)
            fits.append(fit)
            if isinstance(value, Raised) and first is None:
                first = value
        return Tried(way, tuple(fits), first)

    def fit(self, value: Any, shape: tuple[int, ...]) -> Fit:
        """Return how well one result fits a shape."""
        if isinstance(value, Raised):
            return Fit.RAISED
        array = self.run(lambda: to_array(value))
        if isinstance(array, Raised):
            return Fit.RAISED
        return Fit.FITS if array.shape == shape or (shape == () and array.size == 1) else Fit.RAN


@dataclass(frozen=True)
class Raised:
    """What stands for the result of a call that raised an exception; ``lacks`` if it missed a library."""

    message: str
    lacks: bool = False

    def __str__(self) -> str:
        return self.message


def _call(way: Way, example: Example) -> Any:
    return way.make()(*copies(example))


def copies(example: Example) -> list[Array]:
    """Return the arguments of an example as arrays that a call may spoil."""
    return [argument.copy() for argument in example.arguments]


def _first_of(make: Implementation) -> Implementation:
    def made() -> Callable[..., Any]:
        function = make()
        return lambda *arguments: function(*arguments)[0]

    return made
