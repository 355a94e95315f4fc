"""Trial calls: how an operation's form is told from what can be seen of the results, never from their values.

A form fits where a call with rectangular arguments gives an array of the shape that the operation has. Which numbers
are in it plays no part, so that no wrong implementation is taken for a right one of another form.
"""

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum, auto
from functools import partial
from typing import Any

import numpy as np

from nnfs_spec.adapters.convert import to_array, type_of
from nnfs_spec.adapters.live import NONE_OMITTED, Implementation, Omissions, UnusableError, quiet, short
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

NUMBER = Example((np.asarray(0.5),), ())
ROW = Example(trial_arguments.ROW, trial_arguments.ROW[0].shape)
(BATCH,), (WEIGHED,) = EXAMPLES["softmax"], EXAMPLES["dense"]
PER_SAMPLE, IN_ALL = EXAMPLES["sample_losses"], EXAMPLES["loss"]

_WEIGHED_ROW = Example(
    (ROW.arguments[0], WEIGHED.arguments[1], WEIGHED.arguments[2].ravel()), WEIGHED.arguments[2].ravel().shape
)
SINGLE: Mapping[Operation, Mapping[str, Example]] = {
    "dense": {"rows": _WEIGHED_ROW},
    "relu": {"rows": ROW, "numbers": NUMBER},
    "softmax": {"rows": ROW},
}
"""What code takes that works on no batch."""


@dataclass(frozen=True)
class Way:
    """One way to use what was found as an operation: how it is told, and what makes a callable of it.

    ``sure`` tells that nothing of it is guessed, so that what it raises is the target's own doing. ``columns`` tells
    that it is given samples in columns.
    """

    told: tuple[str, ...]
    make: Implementation
    sure: bool = True
    columns: bool = False

    def also(self, told: str, change: Callable[[Callable[..., Any]], Callable[..., Any]], **said: bool) -> "Way":
        """Return the way by which ``change`` of the callable is called, with a word on what that is."""
        return replace(self, told=(*self.told, told), make=lambda: change(self.make()), **said)


@dataclass(frozen=True)
class Tried:
    """A way, how it did on each example, the first exception, and whether float64 arguments gave a float32 result."""

    way: Way
    fits: tuple[Fit, ...]
    raised: "Raised | None" = None
    single: bool = False

    @property
    def fit(self) -> Fit:
        """The best of the examples."""
        return max(self.fits)


class Trier:
    """Makes trial calls; ``caught`` is what counts as an exception of the subject.

    Where ``calling`` is False nothing is called, and every form does equally badly: the likeliest is taken.
    ``omissions`` is what was left out of the target.
    """

    def __init__(
        self,
        caught: type[BaseException] = Exception,
        explain: Callable[[BaseException], str] = str,
        calling: bool = True,
        omissions: Omissions = NONE_OMITTED,
    ) -> None:
        self.explain = explain
        self.calling = calling
        self.columns = False
        self._caught = caught
        self._omissions = omissions
        self._errors = quiet(np.geterr())

    def quiet(self) -> "Trier":
        """Return a trier that calls nothing."""
        return Trier(self._caught, self.explain, calling=False)

    def run(self, action: Callable[[], Any]) -> Any:
        """Return what ``action`` gives, or a Raised."""
        if not self.calling:
            return Raised("")
        try:
            with np.errstate(**self._errors), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return action()
        except self._caught as problem:
            if self._omissions.supply(problem):
                return self.run(action)
            message = f"{type(problem).__name__}: {short(self.explain(problem))}"
            formed = isinstance(problem, UnusableError)
            lacks = isinstance(problem, MissingLibraryError | NotImplementedError) or self._omissions.caused(problem)
            return Raised(message, lacks or _wants_another_type(problem), _line_of(problem), formed)

    def best(self, ways: Sequence[Way], examples: Sequence[Example]) -> Tried:
        """Return the way that fits best, the earliest of equals.

        Samples are given in columns only where no other way fits all examples, and that does. A result of one number
        tells nothing of columns: there it takes another operation that is known to have them, or no other way fits.
        """
        plain = [self._try(way, examples) for way in ways if not way.columns]
        best = max(plain, key=lambda tried: tried.fits) if plain else None
        if best is not None and min(best.fits) is Fit.FITS:
            return best
        if best is not None and best.fit is Fit.FITS and examples[0].shape == () and not self.columns:
            return best
        turned = [self._try(way, examples) for way in ways if way.columns]
        fitting = [tried for tried in turned if best is None or min(tried.fits) is Fit.FITS]
        return max(fitting, key=lambda tried: tried.fits) if fitting or best is None else best

    def _try(self, way: Way, examples: Sequence[Example]) -> Tried:
        fits: list[Fit] = []
        first: Raised | None = None
        single = False
        for example in examples:
            value = self.run(partial(_call, way, example))
            fit = self.fit(value, example.shape)
            several: Sequence[Any] = value if type_of(value) is tuple else ()
            if fit is not Fit.FITS and several and self.fit(several[0], example.shape) is Fit.FITS:
                first_of = way.also(f"the first of the {len(several)} it returns", _first_of)
                return self._try(first_of, examples)
            fits.append(fit)
            single = single or (fit is Fit.FITS and getattr(value, "dtype", None) == np.float32)
            if isinstance(value, Raised) and first is None:
                first = value
        return Tried(way, tuple(fits), first, single)

    def is_number(self, value: Any) -> bool:
        """Tell whether a value is a number, or an array of one."""
        return self.fit(value, ()) is Fit.FITS

    def fit(self, value: Any, shape: tuple[int, ...]) -> Fit:
        """Return how well one result fits a shape."""
        if isinstance(value, Raised):
            return Fit.FITS if value.formed else Fit.RAISED
        array = self.run(lambda: to_array(value))
        if isinstance(array, Raised):
            return Fit.RAISED
        return Fit.FITS if array.shape == shape or (shape == () and array.size == 1) else Fit.RAN


@dataclass(frozen=True)
class Raised:
    """What stands for the result of a call that raised an exception, and the line that raised it.

    ``lacks`` tells that nobody can blame the target: it missed a library, has no such method yet, or wants arguments
    of a type of its own. ``formed`` tells that the call had the right form, and gave two results that differ.
    """

    message: str
    lacks: bool = False
    line: str = ""
    formed: bool = False

    def __str__(self) -> str:
        return self.message

    @property
    def with_line(self) -> str:
        """The message, and the line in which the exception was raised."""
        return f"{self.message}{self.line}"


def _wants_another_type(problem: BaseException) -> bool:
    """Tell whether an attribute was looked for that arrays do not have: of a matrix type of the target's own."""
    return isinstance(problem, AttributeError) and isinstance(problem.obj, np.ndarray | np.generic)


def _line_of(problem: BaseException) -> str:
    """Return the last line of the target's own that an exception came through."""
    trace, line = problem.__traceback__, ""
    while trace is not None:
        if str(trace.tb_frame.f_globals.get("__name__", "")).startswith("nnfs_spec_target"):
            line = f", in line {trace.tb_lineno}"
        trace = trace.tb_next
    return line


def _call(way: Way, example: Example) -> Any:
    return way.make()(*copies(example))


def copies(example: Example) -> list[Array]:
    """Return the arguments of an example as arrays that a call may spoil."""
    return [argument.copy() for argument in example.arguments]


def _first_of(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *arguments: function(*arguments)[0]
