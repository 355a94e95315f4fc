"""The properties of spec/dense.md."""

from dataclasses import replace
from math import erf, log, sqrt

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import (
    DENSE,
    DENSE_WHOLE,
    DENSE_WIDTHS,
    DENSE_ZERO,
    LAYER,
    LAYER_LARGE,
    LAYER_NO_COUNT,
    Case,
)
from nnfs_spec.oracle import exact
from nnfs_spec.properties.finding import Finding, all_of, equal, fact, holds, near, same_bits, within
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import (
    GO_ON,
    Answer,
    BrokenError,
    Call,
    MalformedError,
    Probe,
    RefusedError,
    UnsupportedError,
    count_call,
    pair_of,
)

FALSE_ALARM_RATE = 1e-12
"""How often one statistical test may reject a right generator: a check makes fewer than a thousand of them."""

SCALE = 0.10
"""What a uniform draw is multiplied by."""

LEAST_WEIGHTS = 4
"""So many draws of a generator of 23 bits or more are never all equal (DENSE-6)."""

MOST_MET = 0.5
"""The share of the weights of one layer that may be found in another: of 16,384 draws of 23 bits chance makes 0.002."""

LONG, LONG_INPUT, LONG_WEIGHT = 8192, 64, 32
"""A sum of so many products of these two is 2^24, the largest whole number that float32 is sure to hold (DENSE-3)."""


@states("DENSE-1", DENSE, DENSE_WHOLE, at_every_size=True, root=1)
def is_x_times_w_plus_b(subject: Probe, case: Case) -> Finding:
    """Every entry is within the value bound of the exact x·w + b."""
    return within(subject.ask("dense", *case.arguments), exact("dense", case.arguments), "the exact x·w + b")


@states("DENSE-2", DENSE, root=0)
def has_a_column_for_each_neuron(subject: Probe, case: Case) -> Finding:
    """The result has shape (N, n_neurons)."""
    (answer,) = subject.answers(Call("dense", case.arguments))
    (got,) = answer.results
    shape = (len(case["inputs"]), case["weights"].shape[1])
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), f"shape {shape}")


@states("DENSE-3", DENSE_WHOLE)
def small_whole_numbers_are_exact(subject: Probe, case: Case) -> Finding:
    """Products and sums of small whole numbers have nothing to round, be the sum as long and as large as it may."""
    return all_of(_whole(subject, case.arguments), _whole(subject, long_sum(*case.arguments)))


def _whole(subject: Probe, arguments: tuple[Array, ...]) -> Finding:
    x, w, b = (argument.astype(np.int64) for argument in arguments)
    return equal(subject.ask("dense", *arguments), x @ w + b, "the exact whole number")


def long_sum(x: Array, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """Return one sum of LONG products, the numbers of the case repeated, which comes near to 2^24 and not beyond."""
    inputs = LONG_INPUT - np.abs(np.resize(x, (1, LONG))) % 4
    weights = LONG_WEIGHT - np.abs(np.resize(w, (LONG, 1))) % 4
    return inputs, weights, -np.abs(b[:, :1])


@states("DENSE-4", DENSE_ZERO)
def zero_input_gives_the_biases(subject: Probe, case: Case) -> Finding:
    """A row of zeros gives the biases, exactly, among other rows too."""
    x, w, b = case.arguments
    mixed = np.concatenate([x, np.ones_like(x)])
    findings: list[Finding] = []
    for inputs, told in ((x, "the biases"), (mixed, "the biases, beside rows of ones")):
        got = subject.ask("dense", inputs, w, b)[: len(x)]
        findings.append(equal(got, np.broadcast_to(b, got.shape), told))
    return all_of(*findings)


@states("DENSE-5", DENSE_WHOLE)
def biases_are_added_once_to_every_row(subject: Probe, case: Case) -> Finding:
    """The result with biases differs from the one without by exactly the biases, whichever of the two shapes they have.

    Biases of shape (n_neurons,) may be refused.
    """
    x, w, b = case.arguments
    without = subject.ask("dense", x, w, np.zeros_like(b))
    expected = np.broadcast_to(b, without.shape)
    found = equal(subject.ask("dense", x, w, b) - without, expected, "the biases, once")
    call = Call("dense", (x, w, b.ravel()))
    try:
        (flat,) = subject.results(call)
    except (UnsupportedError, RefusedError, BrokenError):
        return found
    return all_of(found, equal(flat - without, expected, f"the biases of shape ({b.size},), once").about(call))


@states("DENSE-6", LAYER)
def new_weights_are_drawn(subject: Probe, case: Case) -> Finding:
    """New weights have shape (n_inputs, n_neurons), are finite, and not all alike."""
    shape = (case.number("n_inputs"), case.number("n_neurons"))
    weights, _ = subject.pair("layer", *shape, case.number("seed"))
    alike = weights.size >= LEAST_WEIGHTS and bool(weights.min() == weights.max())
    good = weights.shape == shape and bool(np.isfinite(weights).all()) and not alike
    return fact(good, weights, np.array(shape), f"weights of shape {shape}, finite, not all alike")


@states("DENSE-7", LAYER)
def new_biases_are_zero(subject: Probe, case: Case) -> Finding:
    """New biases are zero, one for each neuron."""
    n_neurons = case.number("n_neurons")
    _, biases = subject.pair("layer", case.number("n_inputs"), n_neurons, case.number("seed"))
    good = biases.shape in ((1, n_neurons), (n_neurons,)) and not biases.any()
    return fact(good, biases, np.zeros((1, n_neurons)), f"zeros of shape (1, {n_neurons}) or ({n_neurons},)")


@states("DENSE-8", LAYER_LARGE)
def new_layers_share_nothing(subject: Probe, case: Case) -> Finding:
    """The next two layers draw other weights, and leave those before them as they were."""
    layers = _layers(subject, case, GO_ON, GO_ON)
    findings: list[Finding] = []
    for place, layer in enumerate(layers):
        kept, drawn = layer.kept[0], layer.results[0]
        findings.append(same_bits(kept, drawn, f"the weights of layer {place} as they were before the next was made"))
        for later in layers[place + 1 :]:
            again = _repeats(drawn, pair_of(later)[0])
            findings.append(fact(not again, pair_of(later)[0], drawn, f"other weights than those of layer {place}"))
    return all_of(*findings)


def _repeats(first: Array, other: Array) -> bool:
    """Tell whether other weights are those of a layer, or most of them are among these in some order.

    Weights with few digits meet by chance, so their order counts.
    """
    few = np.unique(first).size < 0.9 * first.size
    return not bool((first != other).any()) or (not few and float(np.isin(other, first).mean()) > MOST_MET)


def _layers(subject: Probe, case: Case, *seeds: int) -> list[Answer]:
    """Return a layer from the seed of the case, and the next ones from other seeds."""
    return subject.answers(*(count_call("layer", *_sizes(case), seed) for seed in (case.number("seed"), *seeds)))


def _sizes(case: Case) -> tuple[int, int]:
    return case.number("n_inputs"), case.number("n_neurons")


@states("DENSE-17", LAYER)
def new_layers_share_no_biases(subject: Probe, case: Case) -> Finding:
    """What is written into the biases of a layer leaves those of the layer before it as they were."""
    first, second = (count_call("layer", *_sizes(case), seed) for seed in (case.number("seed"), GO_ON))
    answer, _ = subject.answers(first, replace(second, overwritten=True))
    biases = pair_of(answer)[1]
    return same_bits(answer.kept[1], biases, "the biases of a layer, after those of another were written to")


@states("DENSE-13", LAYER_LARGE)
def the_same_seed_draws_the_same_weights(subject: Probe, case: Case) -> Finding:
    """After reseeding, a new layer has the bits of the first."""
    first, again = (pair_of(answer)[0] for answer in _layers(subject, case, case.number("seed")))
    return same_bits(again, first, "the weights that the same seed drew before")


@states("DENSE-9", DENSE_WIDTHS)
def another_width_is_refused(subject: Probe, case: Case) -> Finding:
    """Inputs whose width is not n_inputs are an error."""
    return refuses(subject, Call("dense", case.arguments))


@states("DENSE-10", LAYER_NO_COUNT)
def an_empty_layer_is_refused(subject: Probe, case: Case) -> Finding:
    """A layer without inputs or without neurons is an error."""
    no_inputs, no_neurons, seed = (case.number(name) for name in ("n_inputs", "n_neurons", "seed"))
    return refuses(subject, count_call("layer", no_inputs, 2, seed), count_call("layer", 2, no_neurons, seed))


@states("DENSE-11", LAYER_LARGE)
def new_weights_are_a_tenth_of_a_uniform_draw(subject: Probe, case: Case) -> Finding:
    """Weights times ten pass a goodness-of-fit test for the uniform distribution on [0, 1), and reach both its ends."""
    draws = np.sort(_weights(subject, case).ravel().astype(np.float64)) / SCALE
    variant = " (these look like the course's signed normal draw, a recorded variant)" if _is_signed(draws) else ""
    shares, gap = np.clip(draws, 0.0, 1.0), widest_gap(draws.size)
    ends = np.array([shares[0], 1.0 - shares[-1]])
    return all_of(
        fits(shares, f"weights distributed as 0.10 times a uniform draw from [0, 1){variant}"),
        near(ends, np.zeros(2), gap, f"weights that come as close to 0 and 0.10 as {draws.size} draws do{variant}"),
    )


def _weights(subject: Probe, case: Case) -> Array:
    """Return the weights of a new layer. Raises MalformedError where they are no matrix."""
    sizes, seed = (case.number("n_inputs"), case.number("n_neurons")), case.number("seed")
    weights, _ = subject.pair("layer", *sizes, seed)
    if weights.shape != sizes:
        call = count_call("layer", *sizes, seed)
        raise MalformedError(call, f"returned weights of shape {weights.shape}, but must return {sizes}")
    return weights


@states("DENSE-14", LAYER, LAYER_LARGE)
def new_weights_lie_below_a_tenth(subject: Probe, case: Case) -> Finding:
    """No new weight is below 0 or reaches 0.1; one that was rounded to float32 may."""
    weights = _weights(subject, case)
    end = weights.dtype.type(SCALE)
    below = weights <= end if weights.dtype == np.float32 else weights < end
    return holds((weights >= 0) & below, weights, np.clip(weights, 0, end), "weights in [0, 0.1)")


@states("DENSE-15", LAYER_LARGE)
def new_weights_are_independent(subject: Probe, case: Case) -> Finding:
    """Weights beside each other, in a row and in a column, differ as two independent uniform draws do."""
    weights = np.clip(_weights(subject, case).astype(np.float64) / SCALE, 0.0, 1.0)
    return all_of(
        *(
            fits(np.sort(differences_of_uniform(pairs)), f"independent draws: neighbours in a {place} differ as two do")
            for pairs, place in ((weights, "row"), (weights.T, "column"))
        )
    )


@states("DENSE-16", LAYER_LARGE)
def no_two_neurons_are_alike(subject: Probe, case: Case) -> Finding:
    """No two columns of new weights are equal."""
    weights = _weights(subject, case)
    different = np.unique(weights, axis=1).shape[1]
    return fact(different == weights.shape[1], np.array(different), np.array(weights.shape[1]), "no two neurons alike")


def differences_of_uniform(draws: Array) -> Array:
    """Return the share of |U - V| below the difference of each two neighbours: independent pairs, each used once."""
    even = draws.shape[1] // 2 * 2
    apart: Array = np.abs(draws[:, 1:even:2] - draws[:, :even:2]).ravel()
    shares: Array = apart * (2 - apart)
    return shares


def widest_gap(n: int) -> float:
    """Return what n uniform draws on [0, 1) leave free at one end with probability FALSE_ALARM_RATE at most."""
    return float(-np.expm1(log(FALSE_ALARM_RATE) / n))


def _is_signed(draws: Array) -> bool:
    """Tell whether ``draws``, sorted, fit a normal distribution around 0 of their own deviation."""
    with np.errstate(invalid="ignore"):  # draws that are all 0 fit nothing
        scaled = draws / np.sqrt(np.mean(draws**2))
    return not fits(normal_distribution(scaled), "a normal distribution").violating.any()


def fits(shares: Array, demand: str) -> Finding:
    """Judge whether ``shares``, sorted, are near enough to the uniform distribution on [0, 1] to be drawn from it."""
    distance = distribution_distance(shares)
    return near(np.asarray([distance]), np.zeros(1), distance_bound(len(shares)), demand)


def normal_distribution(draws: Array) -> Array:
    """Return the share of a standard normal distribution below each of ``draws``."""
    return np.array([0.5 * (1 + erf(x / sqrt(2))) for x in draws.tolist()])


def distribution_distance(shares: Array) -> float:
    """Return the Kolmogorov-Smirnov distance of n sorted shares from the uniform distribution on [0, 1]."""
    steps = np.arange(len(shares) + 1) / len(shares)
    return float(max(np.max(steps[1:] - shares), np.max(shares - steps[:-1])))


def distance_bound(n: int) -> float:
    """Return the distance that n right draws exceed with probability FALSE_ALARM_RATE at most.

    Source: Dvoretzky, Kiefer and Wolfowitz, with the constant of Massart.
    """
    return sqrt(log(2 / FALSE_ALARM_RATE) / (2 * n))


@states("DENSE-12", LAYER)
def new_biases_are_a_row(subject: Probe, case: Case) -> Finding:
    """New biases have shape (1, n_neurons)."""
    n_neurons = case.number("n_neurons")
    _, biases = subject.pair("layer", case.number("n_inputs"), n_neurons, case.number("seed"))
    return fact(biases.shape == (1, n_neurons), np.array(biases.shape), np.array((1, n_neurons)), "one row of biases")
