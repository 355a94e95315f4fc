"""The properties of spec/accuracy.md."""

import numpy as np

from nnfs_spec.arrays import Array
from nnfs_spec.domains import (
    ACCURACY,
    ACCURACY_EMPTY,
    ACCURACY_NO_LABEL,
    ACCURACY_TIED,
    ACCURACY_TWO_CLASSES,
    ACCURACY_WHOLE,
    Case,
)
from nnfs_spec.oracle import exact
from nnfs_spec.oracle.accuracy import first_largest
from nnfs_spec.properties.finding import Finding, all_of, equal, holds, same_bits
from nnfs_spec.properties.labels import LABEL_DTYPES, ONE_HOT_DTYPES, malformed_labels, one_hot, one_wrong_each
from nnfs_spec.properties.refusals import refuses
from nnfs_spec.properties.registry import states
from nnfs_spec.subject.protocol import Call, Probe


@states("ACC-1", ACCURACY, ACCURACY_WHOLE, at_every_size=True, root=0)
def is_the_share_of_right_rows(subject: Probe, case: Case) -> Finding:
    """Exactly k/N rounded to the dtype of the result."""
    got = subject.ask("accuracy", *case.arguments)
    (share,) = exact("accuracy", case.arguments).hi.tolist()
    return equal(got, rounded(share, got), "k/N")


def rounded(share: float, got: Array) -> Array:
    """Return ``share`` in the floating-point dtype of a result, or in float64 where it has none."""
    return np.asarray(share).astype(got.dtype if got.dtype.kind == "f" else np.float64)


@states("ACC-2", ACCURACY_TWO_CLASSES)
def all_right_is_one_and_all_wrong_is_zero(subject: Probe, case: Case) -> Finding:
    """The share lies in [0, 1] and reaches both ends."""
    scores, labels = case.arguments
    right = first_largest(scores)
    wrong = (right + 1) % scores.shape[1]
    any_share = subject.ask("accuracy", scores, labels)
    return all_of(
        holds((any_share >= 0) & (any_share <= 1), any_share, np.clip(any_share, 0, 1), "a share in [0, 1]"),
        equal(subject.ask("accuracy", scores, right), np.asarray(1.0), "1, every row being right"),
        equal(subject.ask("accuracy", scores, wrong), np.asarray(0.0), "0, every row being wrong"),
    )


@states("ACC-3", ACCURACY_WHOLE)
def both_label_forms_agree(subject: Probe, case: Case) -> Finding:
    """Sparse and one-hot labels of the same classes give equal accuracy."""
    scores, labels = case.arguments
    sparse = subject.ask("accuracy", scores, labels)
    forms = [one_hot(labels, scores.shape[1], dtype) for dtype in ONE_HOT_DTYPES]
    forms += [labels.astype(dtype) for dtype in LABEL_DTYPES if scores.shape[1] - 1 <= np.iinfo(dtype).max]
    demand = "what sparse int64 labels give"
    return all_of(*(same_bits(subject.ask("accuracy", scores, form), sparse, demand) for form in forms))


@states("ACC-4", ACCURACY_TIED)
def of_tied_entries_the_first_counts(subject: Probe, case: Case) -> Finding:
    """Where the largest entry occurs twice, the prediction is the first of them; zeros of either sign tie."""
    given = case["y_pred"]
    zeros = np.where(np.arange(int(given.shape[1])) % 2 == 1, -0.0, 0.0).astype(case.dtype)
    scores, opposite = np.where(given == 0, zeros, given), np.where(given == 0, -zeros, given)
    right = first_largest(scores)
    last = scores.shape[1] - 1 - first_largest(scores[:, ::-1])
    share = np.count_nonzero(last == right) / len(scores)
    return all_of(
        *(
            equal(subject.ask("accuracy", signed, right), np.asarray(1.0), "1 for the first of the largest entries")
            for signed in (scores, opposite)
        ),
        equal(
            (got := subject.ask("accuracy", scores, last)),
            rounded(share, got),
            "only rows without a tie right, for the last of the largest entries",
        ),
    )


@states("ACC-5", ACCURACY_WHOLE)
def softmax_does_not_change_it(subject: Probe, case: Case) -> Finding:
    """Where the largest logit stands out, accuracy may be taken of logits or of probabilities."""
    logits, labels = case.arguments
    p = exact("softmax", (logits,))
    best = one_hot(first_largest(logits), logits.shape[1], np.dtype(np.bool_))
    top = np.max(p.hi - p.bound, axis=1, where=best, initial=-np.inf)
    others = np.max(p.hi + p.bound, axis=1, where=~best, initial=-np.inf)
    clear = others < top
    examined = np.asarray([bool(clear.any())])
    kept, targets = (logits[clear], labels[clear]) if clear.any() else (logits, labels)
    got = subject.ask("accuracy", subject.ask("softmax", kept), targets)
    return holds(
        np.asarray([not clear.any() or got == subject.ask("accuracy", kept, targets)]),
        got,
        exact("accuracy", (kept, targets)).hi,
        "the accuracy of the logits",
        examined,
    )


@states("ACC-6", ACCURACY_NO_LABEL, ACCURACY_TWO_CLASSES)
def bad_labels_are_refused(subject: Probe, case: Case) -> Finding:
    """Labels outside the classes or of another form are errors."""
    scores, labels = case.arguments
    if case.domain == ACCURACY_TWO_CLASSES:
        wrong = malformed_labels(labels, scores.shape[1])
        return refuses(subject, *(Call("accuracy", (scores, form)) for form in wrong))
    return refuses(subject, *(Call("accuracy", (scores, wrong)) for wrong in one_wrong_each(labels)))


@states("ACC-7", ACCURACY_EMPTY)
def the_share_of_no_rows_is_refused(subject: Probe, case: Case) -> Finding:
    """The accuracy of a batch of no rows is an error."""
    return refuses(subject, Call("accuracy", case.arguments))


@states("ACC-8", ACCURACY, ACCURACY_TIED)
def the_order_of_the_rows_does_not_matter(subject: Probe, case: Case) -> Finding:
    """Rows in another order have the same share."""
    scores, labels = case.arguments
    order = np.concatenate([np.arange(len(scores))[1::2], np.arange(len(scores))[::2]])
    first = subject.ask("accuracy", scores, labels)
    return equal(subject.ask("accuracy", scores[order], labels[order]), first, "the share of the rows in their order")
