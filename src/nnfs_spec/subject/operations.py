"""What each operation is: its arguments, its results and how it is recognised, stated once for every other table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias, TypeGuard

from nnfs_spec.arrays import Array
from nnfs_spec.subject import roles, trial_arguments

Operation: TypeAlias = Literal[
    "dense", "relu", "softmax", "sample_losses", "loss", "accuracy", "layer", "spiral_data", "stream"
]

Shape: TypeAlias = tuple[str | int, ...]
"""Symbols (N rows, C classes, K inputs, M neurons, ...) and numbers."""


class Values(Enum):
    """What the entries of an argument may be."""

    FINITE = "every finite number of the dtype, subnormals and both zeros included"
    UNIT = "every number of the dtype in [0, 1]"
    WHOLE = "whole numbers from -64 to 64"
    GRID = "multiples of 1/8 up to 2^17, so that the sum of two is exact"
    ZERO = "zeros of both signs"
    EQUAL = "one finite number, repeated along the row"
    TIED = "-1, 0 and 1, so that rows have tied entries"
    DISC = "points of the unit disc"
    NONFINITE = "NaN, infinity or minus infinity"
    BEYOND_UNIT = "finite numbers below 0 or above 1"
    LABEL = "class indices from 0 to C - 1"
    ONE_HOT = "rows with a single 1, else 0"
    NO_LABEL = "whole numbers below 0 or at least C"
    ORDER = "a permutation of the classes"
    COUNT = "whole numbers from 1 to 8"
    LARGE_COUNT = "whole numbers from 64 to 256"
    NO_COUNT = "whole numbers below 1"
    SEED = "seeds of a generator"
    CHUNK = "numbers of chunks, from 0 to 47"
    PART = "numbers of parts, from 0 to 3"
    LAYOUT = "recipes of memory layouts, as numbers of choices"


@dataclass(frozen=True)
class Argument:
    """One array of a case."""

    name: str
    shape: Shape
    values: Values


@dataclass(frozen=True, kw_only=True)
class Definition:
    """What the kit knows of one operation. A new operation is a new record; the rest is computed from it."""

    kind: Literal["batch", "drawn", "streamed"]
    """A function of a batch of rows, a function of counts and a seed, or objects that rows are added to."""

    arguments: tuple[Argument, ...]
    """The arguments in their order, with the entries that the general clauses try."""

    results: tuple[Shape, ...]
    """The shapes of the results, in the symbols of the arguments."""

    row_wise: bool
    """Whether every row of the result belongs to one row of the first argument."""

    names: tuple[str, ...]
    """The names of the specification's function and of the course's class, which mean this operation alone."""

    roles: tuple[roles.Role, ...]
    """How people name the arguments of a function, in their order; empty where no plain function is recognised."""

    trials: tuple[tuple[Array, ...], ...]
    """Arguments of the trial calls by which a form is recognised, those that count more first."""

    gives: tuple[Operation, ...] = ()
    """Other operations that may be found in what bears one of the names."""

    one_hot: bool = False
    """Whether the general clauses also try one-hot labels."""

    keeps_dtype: bool = False
    """Whether float32 gives float32 and float64 gives float64 (GEN-5)."""

    any_shape: bool = False
    """Whether it goes entry by entry, so that a first argument of any shape may be accepted (GEN-8)."""

    reads_target_only: bool = False
    """Whether a row's result depends on the entry of the row's class alone."""

    zero_at_minus_infinity: bool = False
    """Whether minus infinity may show as its limit, 0 (GEN-6)."""

    @property
    def argument_names(self) -> tuple[str, ...]:
        """The names of the arguments in their order."""
        return tuple(argument.name for argument in self.arguments)


_INPUTS = Argument("inputs", ("N", "C"), Values.FINITE)
_PROBABILITIES = Argument("y_pred", ("N", "C"), Values.UNIT)
_SCORES = Argument("y_pred", ("N", "C"), Values.FINITE)
_LABELS = Argument("y_true", ("N",), Values.LABEL)
_SEED = Argument("seed", (), Values.SEED)

OPERATIONS: Mapping[Operation, Definition] = {
    "dense": Definition(
        kind="batch",
        arguments=(
            Argument("inputs", ("N", "K"), Values.FINITE),
            Argument("weights", ("K", "M"), Values.FINITE),
            Argument("biases", (1, "M"), Values.FINITE),
        ),
        results=(("N", "M"),),
        row_wise=True,
        names=("dense", "Layer_Dense"),
        roles=(roles.INPUTS, roles.WEIGHTS, roles.BIASES),
        trials=(trial_arguments.WEIGHED,),
        gives=("layer",),
        keeps_dtype=True,
    ),
    "relu": Definition(
        kind="batch",
        arguments=(_INPUTS,),
        results=(("N", "C"),),
        row_wise=True,
        names=("relu", "Activation_ReLU"),
        roles=(roles.INPUTS,),
        trials=(trial_arguments.BATCH,),
        keeps_dtype=True,
        any_shape=True,
        zero_at_minus_infinity=True,
    ),
    "softmax": Definition(
        kind="batch",
        arguments=(_INPUTS,),
        results=(("N", "C"),),
        row_wise=True,
        names=("softmax", "Activation_Softmax"),
        roles=(roles.INPUTS,),
        trials=(trial_arguments.BATCH,),
        keeps_dtype=True,
        zero_at_minus_infinity=True,
    ),
    "sample_losses": Definition(
        kind="batch",
        arguments=(_PROBABILITIES, _LABELS),
        results=(("N",),),
        row_wise=True,
        names=("sample_losses",),
        roles=(roles.PREDICTED, roles.TRUE),
        trials=trial_arguments.LABELLED,
        one_hot=True,
        keeps_dtype=True,
        reads_target_only=True,
    ),
    "loss": Definition(
        kind="batch",
        arguments=(_PROBABILITIES, _LABELS),
        results=((),),
        row_wise=False,
        names=("loss",),
        roles=(roles.PREDICTED, roles.TRUE),
        trials=trial_arguments.LABELLED,
        gives=("sample_losses",),
        one_hot=True,
        keeps_dtype=True,
        reads_target_only=True,
    ),
    "accuracy": Definition(
        kind="batch",
        arguments=(_SCORES, _LABELS),
        results=((),),
        row_wise=False,
        names=("accuracy", "Accuracy_Categorical"),
        roles=(roles.PREDICTED, roles.TRUE),
        trials=trial_arguments.LABELLED,
    ),
    "layer": Definition(  # makes a new layer and gives its weights and biases; found in what dense is found in
        kind="drawn",
        arguments=(Argument("n_inputs", (), Values.COUNT), Argument("n_neurons", (), Values.COUNT), _SEED),
        results=(("K", "M"), (1, "M")),
        row_wise=False,
        names=(),
        roles=(roles.N_INPUTS, roles.N_NEURONS),
        trials=(),
    ),
    "spiral_data": Definition(
        kind="drawn",
        arguments=(Argument("samples", (), Values.COUNT), Argument("classes", (), Values.COUNT), _SEED),
        results=(("N", 2), ("N",)),
        row_wise=False,
        names=("spiral_data",),
        roles=(roles.SAMPLES, roles.CLASSES),
        trials=(),
    ),
    "stream": Definition(  # adds rows to accumulators chunk by chunk, merges these, and gives loss, accuracy and rows
        kind="streamed",
        arguments=(
            _PROBABILITIES,
            _LABELS,
            Argument("chunk", ("N",), Values.CHUNK),
            Argument("part", ("N",), Values.PART),
        ),
        results=((3,),),
        row_wise=False,
        names=("Accumulator",),
        roles=(),
        trials=(),
    ),
}


def is_operation(name: str) -> TypeGuard[Operation]:
    """Tell whether ``name`` is the name of an operation."""
    return name in OPERATIONS


def operations_named(names: Iterable[str]) -> tuple[Operation, ...]:
    """Return the operations of these names, each once. Raises ValueError for a name that is none."""
    found: dict[Operation, None] = {}
    for name in names:
        if not is_operation(name):
            raise ValueError(f"there is no operation {name!r}; there are {', '.join(OPERATIONS)}")
        found[name] = None
    return tuple(found)


BATCH_OPERATIONS: tuple[Operation, ...] = tuple(
    name for name, definition in OPERATIONS.items() if definition.kind == "batch"
)
"""The functions of a batch of rows, of which the general clauses speak."""

DRAWN: frozenset[Operation] = frozenset(name for name, definition in OPERATIONS.items() if definition.kind == "drawn")
"""The operations whose arguments are whole numbers, the last one a seed of whatever draws random numbers."""

SINGLE_CALLS: tuple[Operation, ...] = tuple(
    name for name, definition in OPERATIONS.items() if definition.kind != "streamed"
)
"""The operations that are one call of one function; a stream takes objects that keep what they were given."""
