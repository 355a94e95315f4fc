"""Which operation a name means: the course's names in every spelling that people give them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from typing import Literal, TypeAlias

from nnfs_spec.subject.operations import OPERATIONS, Operation

Family: TypeAlias = Operation | Literal["cross_entropy", "fused"]
"""What a name can stand for: an operation, a loss in either form, or softmax and loss in one."""

EXACT: Mapping[str, Family] = {
    **{name: operation for operation, definition in OPERATIONS.items() for name in definition.names},
    "Loss_CategoricalCrossEntropy": "cross_entropy",
    "Loss_CategoricalCrossentropy": "cross_entropy",
}
"""The specification's functions and the course's classes, as they are spelt there."""

CORES: Mapping[Family, tuple[str, ...]] = {
    "dense": ("dense", "fullyconnected", "fc", "linear", "affine"),
    "relu": ("relu", "rectifiedlinear", "rectifiedlinearunit"),
    "softmax": ("softmax", "stablesoftmax", "softmaxstable"),
    "cross_entropy": (
        *("categoricalcrossentropy", "crossentropy", "crossentropycategorical", "cce", "categorical"),
        *(
            "sparsecategoricalcrossentropy",
            "categoricalcrossentropyerror",
            "crossentropyerror",
            "negativeloglikelihood",
        ),
    ),
    "sample_losses": ("samplelosses", "sampleloss", "persampleloss", "persamplelosses"),
    "accuracy": (
        *("accuracy", "accuracycategorical", "categoricalaccuracy", "accuracyscore", "accuracies", "acc"),
        *("accuracyclassification", "classificationaccuracy", "sparsecategoricalaccuracy", "multiclassaccuracy"),
    ),
    "loss": ("meanloss", "averageloss", "avgloss", "lossmean", "batchloss", "dataloss"),
    "spiral_data": (
        *("spiraldata", "createspiraldata", "generatespiraldata", "makespiraldata", "spiral", "createspiral"),
        *("generatespiral", "makespiral", "createdata", "spiraldataset", "getspiraldata"),
    ),
    **dict.fromkeys(("layer", "stream", "fused"), ()),
}
"""Other spellings; none where only an exact or a weak name is taken."""

AFFIXES: Mapping[Family, tuple[str, ...]] = {
    "dense": ("layer", "forward", "hiddenlayer"),
    "relu": ("activation", "activationfunction", "activationlayer", "layer", "function", "func", "forward"),
    "softmax": ("activation", "activationfunction", "activationlayer", "layer", "function", "func", "forward"),
    "cross_entropy": ("loss", "lossfunction", "losses", "function", "forward", "compute", "calculate"),
    "sample_losses": ("compute", "calculate"),
    "accuracy": ("compute", "calculate", "get", "calc", "function", "metric", "model"),
    "loss": ("compute", "calculate"),
    **dict.fromkeys(("spiral_data", "layer", "stream", "fused"), ()),
}
"""Words that may stand before or after a spelling."""

NEUTRAL = frozenset(
    {"act", "activation", "apply", "batch", "batched", "calc", "calculate", "compute", "computation", "do", "evaluate"}
    | {"fn", "forward", "func", "function", "fwd", "get", "impl", "layer", "method", "my", "naive", "np", "numpy"}
    | {"op", "our", "own", "pass", "safe", "simple", "stable", "unit", "vectorised", "vectorized"}
)
"""Words that say nothing of which operation is meant, wherever they stand in a name."""

_OF_LOGITS = frozenset({"with", "from", "on", "of", "logits"})
"""Words by which the name of a loss says that it is one of logits."""

_WEAK: Mapping[str, Family] = {"layer": "dense", "loss": "loss", "categorical": "cross_entropy", "linear": "dense"}
"""Names that as often mean something else: what bears them is taken only where it works."""

_FUSED = ("losscategoricalcrossentropy", "lossfunction", "crossentropy", "crossentropyloss", "losscrossentropy")
_MORE_FUSED = ("loss", "withloss", "categoricalcrossentropy", "losscce", "cceloss", "categoricalcrossentropyloss")

_OTHERS = (
    *(
        "elu",
        "selu",
        "gelu",
        "celu",
        "prelu",
        "leakyrelu",
        "reluleaky",
        "logsoftmax",
        "softmin",
        "softplus",
        "softsign",
    ),
    *("sigmoid", "tanh", "hardmax", "sparsemax", "swish", "linear", "step", "gumbelsoftmax"),
)
_OTHER_LOSSES = ("binarycrossentropy", "bce", "meansquarederror", "mse", "meanabsoluteerror", "mae", "hinge")
_OTHER_LAYERS = ("layerdropout", "dropoutlayer", "layerinput", "inputlayer", "sense", "layers", "accuracyregression")


@dataclass(frozen=True)
class Meaning:
    """What a name stands for, and how sure that is: the smaller, the surer.

    ``rank`` is 0 for the course's own names, 1 for other spellings, 2 and more with misspellings; a ``weak`` name
    needs the thing itself as a witness.
    """

    weak: bool
    rank: int
    family: Family


def exactly(name: str) -> Meaning:
    """Return what one of the specification's and the course's own names stands for."""
    return Meaning(False, 0, EXACT[name])


@cache
def meaning_of(name: str) -> Meaning | None:
    """Return what ``name`` stands for, or None.

    Case, underscores and a number at the end do not matter. A long name may be misspelt: by a letter from six letters
    on, by two from ten on, if no other known name is as near.
    """
    if name in EXACT:
        return exactly(name)
    plain = normalised(name)
    if plain in _WEAK:
        return Meaning(True, 1, _WEAK[plain])
    if plain in _SPELLINGS:
        family = _SPELLINGS[plain]
        return Meaning(False, 1 + plain.startswith("sparse"), family) if family else None
    return _by_words(name) or _nearest(plain)


def _by_words(name: str) -> Meaning | None:
    """Return what a name means without its first and last words that say nothing: ``calc_relu_fn`` is a relu."""
    words = words_of(name)
    while len(words) > 1 and words[-1] in NEUTRAL:
        words.pop()
    while len(words) > 1 and words[0] in NEUTRAL:
        words.pop(0)
    if "logits" in words:
        loss = "".join(word for word in words if word not in _OF_LOGITS)
        return Meaning(False, 1, "fused") if _SPELLINGS.get(loss) in ("cross_entropy", "fused") else None
    core = "".join(words)
    if core in _WEAK:
        return Meaning(True, 1, _WEAK[core])
    family = _SPELLINGS.get(core)
    return Meaning(False, 1, family) if family else None


def words_of(name: str) -> list[str]:
    """Return the words of a name, in small letters, without numbers: ``calc_reluFn2`` is calc, relu, fn."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]


def normalised(name: str) -> str:
    """Return a name without case, underscores and the number at its end, which is often a version."""
    return re.sub(r"(_?v)?\d+$", "", name.strip("_").lower()).replace("_", "")


def slips(name: str) -> int:
    """Return by how many letters a name may be misspelt."""
    return 2 if len(name) >= 10 else 1 if len(name) >= 6 else 0


def _nearest(plain: str) -> Meaning | None:
    allowed = slips(plain)
    letters = frozenset(plain)
    near: dict[int, set[Family | None]] = {}
    for spelling, used, family in _LONG_SPELLINGS:
        near_in_length = abs(len(spelling) - len(plain)) <= allowed
        if near_in_length and max(len(letters - used), len(used - letters)) <= allowed:
            near.setdefault(distance(plain, spelling), set()).add(family)
    if not near or min(near) > allowed:
        return None
    least = min(near)
    family, *others = near[least]
    return Meaning(False, 1 + least, family) if family is not None and not others else None


def _spellings() -> dict[str, Family | None]:
    """Return every known name, normalised, and what it stands for; None for what is no operation."""
    activations = ("", "activation", "activationfunction", "activationlayer", "layer")
    known: dict[str, Family | None] = {}
    for affix, other in product(activations, _OTHERS):
        known |= {affix + other: None, other + affix: None}
    for affix, other in product(("", "loss", "lossfunction"), _OTHER_LOSSES):
        known |= {affix + other: None, other + affix: None}
    known |= dict.fromkeys(_OTHER_LAYERS)
    for family, cores in CORES.items():
        for affix, core in product(("", *AFFIXES[family]), cores):
            known |= {affix + core: family, core + affix: family}
    for affix, tail in product(("activation", ""), (*_FUSED, *_MORE_FUSED)):
        known |= {f"{affix}softmax{tail}": "fused", f"{tail}{affix}softmax": "fused"}
    for name in _WEAK:
        known.pop(name, None)
    return known


_SPELLINGS = _spellings()
_LONG_SPELLINGS: list[tuple[str, frozenset[str], Family | None]] = [
    (name, frozenset(name), family) for name, family in _SPELLINGS.items() if len(name) >= 6
]
"""The known names that are long enough to be misspelt, each with its letters.

A step makes at most one letter appear and one disappear, so that most names are ruled out without counting steps.
"""


def distance(one: str, other: str) -> int:
    """Return how many letters must be inserted, dropped, changed, or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, (last, letter) in enumerate(pairwise(["", *one]), start=1):
        earlier, before, row = before, row, [i]
        for j, (previous, wanted) in enumerate(pairwise(["", *other]), start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if letter == previous and last == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
