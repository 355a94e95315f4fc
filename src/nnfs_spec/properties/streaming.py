"""The properties of spec/streaming.md."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import STREAM, STREAM_EMPTY, STREAM_ONE_HOT, STREAM_TWO_CLASSES, Case
from nnfs_spec.oracle import Enclosure, exact
from nnfs_spec.properties.finding import Finding, all_of, equal, holds, near, same_bits, within
from nnfs_spec.properties.labels import malformed_labels
from nnfs_spec.properties.loss import one_sided
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import Answer, Call, Probe
from nnfs_spec.subject.stream import AGAIN, COPIED

MANY = 128
"""So many chunks show that none of them is forgotten."""


def without_gaps(case: Case) -> tuple[Array, Array]:
    """Return ``chunk`` and ``part`` of a case, numbered so that no part is without rows, and none of its chunks."""
    part = np.unique(case["part"], return_inverse=True)[1]
    chunk = np.zeros_like(part)
    for number in range(len(np.unique(part))):
        here = part == number
        chunk[here] = np.unique(case["chunk"][here], return_inverse=True)[1]
    return chunk, part


@states("STREAM-1", STREAM, STREAM_ONE_HOT)
def the_loss_of_chunks_is_the_loss_of_the_batch(subject: Probe, case: Case) -> Finding:
    """Rows that are added chunk by chunk have the mean of all their losses, within the bound."""
    demand = "the mean of all sample losses"
    return all_of(*(_mean_loss(subject, added, demand) for added in (_added(case), _in_many_chunks(case))))


def _added(case: Case) -> tuple[Array, ...]:
    """Return the arguments of a stream in which all chunks are added to one accumulator."""
    chunk = np.unique(case["chunk"], return_inverse=True)[1]
    return case["y_pred"], case["y_true"], chunk, np.zeros_like(chunk)


def _in_many_chunks(case: Case) -> tuple[Array, ...]:
    """Return the arguments of a stream of one accumulator whose chunks have one row each, or as few as may be."""
    rows = len(case["y_pred"])
    chunk = np.arange(rows) * min(rows, MANY) // rows
    return case["y_pred"], case["y_true"], chunk, np.zeros_like(chunk)


def _mean_loss(subject: Probe, arguments: tuple[Array, ...], demand: str) -> Finding:
    each = exact("stream", arguments)
    expected = Enclosure(each.hi[:1], each.lo[:1], each.radius[:1], each.bound[:1])
    return within(subject.ask("stream", *arguments)[:1], expected, demand)


@states("STREAM-2", STREAM, STREAM_ONE_HOT)
def the_accuracy_of_chunks_is_the_accuracy_of_the_batch(subject: Probe, case: Case) -> Finding:
    """Rows that are added chunk by chunk have the accuracy k/N, rounded once."""
    return all_of(*(_share(subject, added, "k/N") for added in (_added(case), _in_many_chunks(case))))


def _share(subject: Probe, arguments: tuple[Array, ...], demand: str) -> Finding:
    got, expected = subject.ask("stream", *arguments)[1:2], exact("stream", arguments).hi[1:2]
    return holds((got == expected) | (got == expected.astype(np.float32)), got, expected, demand)


@states("STREAM-8", STREAM, STREAM_ONE_HOT)
def every_row_is_counted(subject: Probe, case: Case) -> Finding:
    """The number of rows is that of all chunks, of one accumulator or of several that were merged."""
    chunk, part = without_gaps(case)
    merged, many = (case["y_pred"], case["y_true"], chunk, part), _in_many_chunks(case)
    expected = np.array([float(len(chunk))])
    return all_of(*(equal(subject.ask("stream", *all_)[2:], expected, "N") for all_ in (_added(case), merged, many)))


@states("STREAM-9", STREAM, STREAM_ONE_HOT)
def a_row_that_outweighs_all_others_counts_once(subject: Probe, case: Case) -> Finding:
    """A loss of 16.1 before, between or after losses of 1e-7 leaves the mean of all rows within the bound."""
    p, labels, chunk, part = _added(case)
    demand = "the mean of losses of which one outweighs all others"
    rows = sorted({0, len(p) // 2, len(p) - 1})
    return all_of(*(_mean_loss(subject, (*one_sided(p, labels, [row]), chunk, part), demand) for row in rows))


@states("STREAM-3", STREAM, STREAM_ONE_HOT)
def merging_is_adding(subject: Probe, case: Case) -> Finding:
    """Accumulators that are merged, in either order, have loss and accuracy of all their rows."""
    chunk, part = without_gaps(case)
    if not part.any():
        return _not_spoken_of("accumulators to be merged")
    findings: list[Finding] = []
    for turned in (part, part.max() - part):
        arguments = (case["y_pred"], case["y_true"], chunk, turned)
        findings.append(_mean_loss(subject, arguments, "the mean of all sample losses, of whatever accumulator"))
        findings.append(_share(subject, arguments, "k/N of all rows, of whatever accumulator"))
    return all_of(*findings)


def _not_spoken_of(demand: str) -> Finding:
    """Judge nothing: the clause does not speak of such a case."""
    nothing = np.zeros(1)
    return holds(np.array([True]), nothing, nothing, demand, examined=np.array([False]))


@states("STREAM-10", STREAM)
def merging_leaves_the_other_as_it_was(subject: Probe, case: Case) -> Finding:
    """An accumulator that was merged into another has its rows still, to be merged into a third."""
    p, labels, rows = case["y_pred"], case["y_true"], len(case["y_pred"])
    part = np.repeat(np.arange(4), rows)
    four = (np.tile(p, (4, 1)), np.tile(labels, 4), np.where(part == 3, AGAIN, 0), part)
    demand = "of four accumulators, the fourth of which is the second once more"
    counted = equal(subject.ask("stream", *four)[2:], np.array([4.0 * rows]), f"N {demand}")
    return all_of(_mean_loss(subject, four, f"the mean loss {demand}"), _share(subject, four, f"k/N {demand}"), counted)


@states("STREAM-11", STREAM)
def a_copy_goes_on_by_itself(subject: Probe, case: Case) -> Finding:
    """A copy has the rows of its original, and none that are added to the original later."""
    p, labels, chunk, part = _added(case)
    plain = subject.ask("stream", p, labels, chunk, part)
    copied = subject.ask("stream", p, labels, COPIED - chunk, part)
    return same_bits(copied, plain, "what there is without copies, for a copy before every chunk")


@states("STREAM-4", STREAM)
def nothing_adds_nothing(subject: Probe, case: Case) -> Finding:
    """Chunks of no rows and accumulators of none, before, between and after the others, leave all as it is."""
    p, labels, (chunk, part) = case["y_pred"], case["y_true"], without_gaps(case)
    without = (p, labels, chunk, part)
    plain = subject.ask("stream", *without)
    findings: list[Finding] = []
    for first in (0, 1):
        arguments = (p, labels, 2 * chunk + first, 2 * part + first)
        bound = exact("stream", without).bound + exact("stream", arguments).bound
        demand = f"what there is without chunks and parts of no rows, for 2·chunk + {first} and 2·part + {first}"
        findings.append(near(subject.ask("stream", *arguments), plain, bound, demand))
    return all_of(*findings)


@states("STREAM-5", STREAM)
def a_refused_chunk_changes_nothing(subject: Probe, case: Case) -> Finding:
    """After a chunk was refused, everything goes on as if it had not been offered."""
    (p, labels), (chunk, part) = (case["y_pred"], case["y_true"]), without_gaps(case)
    plain = subject.ask("stream", p, labels, chunk, part)
    row = np.array([0, 0])
    no_class, beyond = labels[row].copy(), p[row].copy()
    no_class[1], beyond[1] = p.shape[1], 2
    findings: list[Finding] = []
    for spoilt, said in (((p[row], no_class), f"labelled {p.shape[1]}"), ((beyond, labels[row]), "predicted as 2")):
        together = [np.concatenate(pair) for pair in ((p, spoilt[0]), (labels, spoilt[1]), (chunk, chunk[row]))]
        (added,) = subject.outcomes(Call("stream", (*together, np.concatenate([part, part[row]]))))
        offered = subject.ask("stream", *together, np.concatenate([part, -1 - part[row]]))
        demand = f"what there is without the refused chunk: row 0 twice, the second time {said}"
        refused = not isinstance(added, Answer)
        findings.append(same_bits(offered, plain, demand) if refused else _not_spoken_of(demand))
    return all_of(*findings)


@states("STREAM-6", STREAM_TWO_CLASSES)
def what_the_loss_refuses_is_refused(subject: Probe, case: Case) -> Finding:
    """Labels of no class or another form, and predictions outside [0, 1], are errors in whichever chunk."""
    p, labels, split = case["y_pred"], case["y_true"], without_gaps(case)
    wrong = [(p, form) for form in malformed_labels(labels, p.shape[1]) if len(form) == len(labels)]
    for row, (label, entry) in ((0, (-1, -1.0)), (-1, (p.shape[1], np.nan))):
        no_class, no_probability = labels.copy(), p.copy()
        no_class[row], no_probability[row, labels[row]] = label, entry
        wrong += [(p, no_class), (no_probability, labels)]
    return refuses(subject, *(Call("stream", (*pair, *split)) for pair in wrong))


@states("STREAM-7", STREAM_EMPTY)
def no_rows_have_no_loss_and_no_accuracy(subject: Probe, case: Case) -> Finding:
    """To read either where no row was added is an error."""
    return refuses(subject, Call("stream", case.arguments))
