"""The properties of spec/loss.md."""

import numpy as np

from nnfs_spec.arrays import Array, unit_roundoff
from nnfs_spec.domains import (
    LOSS,
    LOSS_EMPTY,
    LOSS_ONE_HOT,
    LOSSES,
    LOSSES_BEYOND,
    LOSSES_NO_LABEL,
    LOSSES_ONE_HOT,
    LOSSES_PAIR,
    LOSSES_TWO_CLASSES,
    Case,
)
from nnfs_spec.oracle import exact
from nnfs_spec.oracle.loss import clip_ends, loss_bound, negative_log, targets_of
from nnfs_spec.properties.finding import Finding, all_of, fact, holds, near, same_bits, within
from nnfs_spec.properties.labels import LABEL_DTYPES, ONE_HOT_DTYPES, malformed_labels, one_hot, one_wrong_each
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.operations import Operation
from nnfs_spec.subject.protocol import Call, Probe


@states("LOSS-1", LOSSES, at_every_size=True, root=1)
def sparse_labels_give_minus_the_clipped_logarithm(subject: Probe, case: Case) -> Finding:
    """With sparse labels every loss is within its bound of the exact one."""
    got = subject.ask("sample_losses", *case.arguments)
    return within(got, exact("sample_losses", case.arguments), "-ln of the clipped probability of the target")


@states("LOSS-2", LOSSES_ONE_HOT, at_every_size=True, root=2)
def one_hot_labels_give_the_same(subject: Probe, case: Case) -> Finding:
    """With one-hot labels every loss is within its bound of the exact one."""
    got = subject.ask("sample_losses", *case.arguments)
    return within(got, exact("sample_losses", case.arguments), "-ln of the clipped probability of the target")


@states("LOSS-3", LOSSES)
def both_label_forms_agree(subject: Probe, case: Case) -> Finding:
    """Sparse and one-hot labels give the same loss within the two value bounds: two logarithms may round apart."""
    p, labels = case.arguments
    sparse = subject.ask("sample_losses", p, labels)
    bound = exact("sample_losses", case.arguments).bound
    findings: list[Finding] = []
    for dtype in ONE_HOT_DTYPES:
        hot = subject.ask("sample_losses", p, one_hot(labels, p.shape[1], dtype))
        demand = f"the loss that sparse labels give, for one-hot labels of dtype {dtype}"
        findings.append(near(hot, sparse, 2 * bound, demand))
    return all_of(*findings, *_means_agree(subject, p, labels))


def _means_agree(subject: Probe, p: Array, labels: Array) -> list[Finding]:
    """Hold the batch loss of one-hot labels against that of sparse ones, where the subject has it."""
    if not subject.supports("loss"):
        return []
    sparse, bound = subject.ask("loss", p, labels).reshape(1), 2 * exact("loss", (p, labels)).bound
    findings: list[Finding] = []
    for dtype in ONE_HOT_DTYPES:
        hot = subject.ask("loss", p, one_hot(labels, p.shape[1], dtype)).reshape(1)
        demand = f"the batch loss that sparse labels give, for one-hot labels of dtype {dtype}"
        findings.append(near(hot, sparse, bound, demand))
    return findings


@states("LOSS-4", LOSSES, LOSSES_ONE_HOT)
def losses_are_finite_and_positive(subject: Probe, case: Case) -> Finding:
    """Every loss lies between those of the two ends of the clip, and above zero."""
    got = subject.ask("sample_losses", *case.arguments)
    low, high = clip_ends(case.dtype)
    most, least = negative_log(np.array([low, high]), case.dtype).hi
    ends = np.clip(got.astype(np.float64), least, most)
    inside = near(got, ends, loss_bound(ends, case.dtype), f"a loss from {least!r} to {most!r}")
    return all_of(inside, holds(np.isfinite(got) & (got > 0), got, ends, "a finite loss above 0"))


@states("LOSS-5", LOSSES_PAIR)
def less_confidence_never_costs_less(subject: Probe, case: Case) -> Finding:
    """Where the target's probability is smaller, the loss is not smaller, beyond the bounds."""
    p, other, labels = case["y_pred"], case["others"], case["y_true"]
    less, more = np.minimum(p, other), np.maximum(p, other)
    bound = exact("sample_losses", (less, labels)).bound + exact("sample_losses", (more, labels)).bound
    worse = subject.ask("sample_losses", less, labels).astype(np.float64)
    deficit = np.maximum(subject.ask("sample_losses", more, labels) - worse, 0.0)
    return near(deficit, np.zeros_like(deficit), bound, "no less loss for less confidence")


@states("LOSS-6", LOSSES_PAIR)
def only_the_target_matters(subject: Probe, case: Case) -> Finding:
    """Other probabilities in the classes that are not the target's leave the loss as it is."""
    p, labels = case["y_pred"], case["y_true"]
    at_target = one_hot(labels, p.shape[1], np.dtype(np.bool_))
    changed = np.where(at_target, p, case["others"])
    bound = 2 * exact("sample_losses", (p, labels)).bound
    got = subject.ask("sample_losses", changed, labels)
    return near(got, subject.ask("sample_losses", p, labels), bound, "the loss before the other classes changed")


@states("LOSS-7", LOSSES, LOSSES_ONE_HOT, root=0)
def one_loss_per_sample(subject: Probe, case: Case) -> Finding:
    """The result has shape (N,)."""
    (answer,) = subject.answers(Call("sample_losses", case.arguments))
    (got,) = answer.results
    shape = case["y_pred"].shape[:1]
    return fact(got.shape == shape, np.array(got.shape), np.array(shape), f"shape {shape}")


@states("LOSS-8", LOSS, LOSS_ONE_HOT, at_every_size=True)
def the_batch_loss_is_the_mean(subject: Probe, case: Case) -> Finding:
    """The batch loss is the exact mean of the sample losses within its bound."""
    return within(subject.ask("loss", *case.arguments), exact("loss", case.arguments), "the mean of the sample losses")


@states("LOSS-9", LOSSES)
def the_integer_type_of_labels_does_not_matter(subject: Probe, case: Case) -> Finding:
    """Labels of every integer type that holds them give the same bits."""
    p, labels = case.arguments
    types = (np.dtype(np.int64), *(dtype for dtype in LABEL_DTYPES if p.shape[1] - 1 <= np.iinfo(dtype).max))
    forms: list[Operation] = ["sample_losses", "loss"] if subject.supports("loss") else ["sample_losses"]
    findings: list[Finding] = []
    for form in forms:
        wide, *each = subject.results(*(Call(form, (p, labels.astype(dtype))) for dtype in types))
        for got, dtype in zip(each, types[1:], strict=True):
            findings.append(same_bits(got, wide, f"the {form} of int64 labels, for {dtype}"))
    return all_of(*findings)


@states("LOSS-10", LOSSES_TWO_CLASSES)
def uniform_predictions_lose_ln_c(subject: Probe, case: Case) -> Finding:
    """A uniform prediction over C classes loses ln C, whatever the target."""
    p, labels = case.arguments
    uniform = np.full(p.shape, 1 / p.shape[1], dtype=case.dtype)
    expected = np.full(len(p), np.log(p.shape[1]))
    bound = loss_bound(expected, case.dtype) + unit_roundoff(case.dtype)
    return near(subject.ask("sample_losses", uniform, labels), expected, bound, "ln C")


@states("LOSS-11", LOSSES_NO_LABEL)
def a_label_outside_the_classes_is_refused(subject: Probe, case: Case) -> Finding:
    """One label below 0 or at least C, among proper ones, is an error."""
    p, wrong = case.arguments
    return refuses(subject, *_of_every_form(subject, *((p, labels) for labels in one_wrong_each(wrong))))


def _of_every_form(subject: Probe, *arguments: tuple[Array, Array]) -> list[Call]:
    """Return calls of the sample losses and, where the subject has it, of the batch loss."""
    forms: list[Operation] = ["sample_losses", "loss"] if subject.supports("loss") else ["sample_losses"]
    return [Call(form, given) for given in arguments for form in forms]


@states("LOSS-12", LOSSES_TWO_CLASSES)
def labels_of_another_form_are_refused(subject: Probe, case: Case) -> Finding:
    """Labels that are neither integers nor one-hot, or of another length, are an error."""
    p, labels = case.arguments
    return refuses(subject, *_of_every_form(subject, *((p, wrong) for wrong in malformed_labels(labels, p.shape[1]))))


@states("LOSS-13", LOSSES_BEYOND)
def predictions_outside_the_unit_interval_are_refused(subject: Probe, case: Case) -> Finding:
    """A prediction below 0 or above 1 is an error, at the target and in a class that is not the target's."""
    p, labels, (beyond,) = case["y_pred"], case["y_true"], case["beyond"]
    at_target, elsewhere = p.copy(), p.copy()
    at_target[-1, labels[-1]] = beyond
    elsewhere[0, (labels[0] + 1) % p.shape[1]] = beyond
    return refuses(subject, *_of_every_form(subject, (at_target, labels), (elsewhere, labels)))


@states("LOSS-14", LOSS_EMPTY)
def the_mean_over_nothing_is_refused(subject: Probe, case: Case) -> Finding:
    """The loss of a batch of no rows is an error."""
    return refuses(subject, Call("loss", case.arguments))


@states("LOSS-15", LOSS, LOSS_ONE_HOT)
def the_loss_of_one_row_is_its_sample_loss(subject: Probe, case: Case) -> Finding:
    """A batch of one row loses what its row loses, within the two bounds."""
    one = tuple(argument[:1] for argument in case.arguments)
    bound = exact("loss", one).bound + exact("sample_losses", one).bound
    return near(subject.ask("loss", *one).reshape(1), subject.ask("sample_losses", *one), bound, "the loss of the row")


@states("LOSS-16", LOSS, LOSS_ONE_HOT)
def the_order_of_the_rows_does_not_matter(subject: Probe, case: Case) -> Finding:
    """Rows in another order have the same mean loss, within the two bounds."""
    p, labels = case.arguments
    rows = np.arange(len(p))
    first, bound = subject.ask("loss", p, labels), 2 * exact("loss", case.arguments).bound
    findings: list[Finding] = []
    for order, told in ((rows[::-1], "backwards"), (np.concatenate([rows[1::2], rows[::2]]), "odd rows before even")):
        got = subject.ask("loss", p[order], labels[order])
        findings.append(near(got.reshape(1), first.reshape(1), bound, f"the loss of the rows in order, {told}"))
    return all_of(*findings)


@states("LOSS-17", LOSS, LOSS_ONE_HOT, at_every_size=True)
def every_row_counts_once(subject: Probe, case: Case) -> Finding:
    """Rows that outweigh all others together are all in the mean, wherever a block may begin or end."""
    p, labels = case.arguments
    arguments = one_sided(p, labels, outweighing(len(p)))
    return within(subject.ask("loss", *arguments), exact("loss", arguments), "a mean in which every row counts once")


def outweighing(rows: int) -> list[int]:
    """Return the rows at either end, in the middle, and beside every power of two, counted from either end."""
    ends = [2**k - beside for k in range(rows.bit_length()) for beside in (0, 1)]
    return sorted({row for end in (0, *ends) for row in (end, rows - 1 - end, rows // 2) if 0 <= row < rows})


def one_sided(p: Array, labels: Array, wrong: list[int]) -> tuple[Array, Array]:
    """Return the labels and predictions that are certain: of the ``wrong`` rows' targets 0, of all others' 1."""
    hot = one_hot(targets_of(labels), p.shape[1], p.dtype)
    hot[wrong] = 0
    return hot, labels
