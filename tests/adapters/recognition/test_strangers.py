"""Whole files as strangers write them: what is checked, what is said, and what is broken."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.options import targets_in
from tests.tools.check_here import check_here

FOLDER = Path(__file__).parents[2] / "targets" / "strangers"


@dataclass(frozen=True)
class End:
    """Which of the clauses that are asked for are broken, and pieces of what is told and noted."""

    clauses: tuple[str, ...]
    broken: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


RIGHT = {
    "logger_and_cache.py": End(("RELU-1", "RELU-7", "GEN-2")),
    "decorated.py": End(("SOFTMAX-1", "SOFTMAX-4", "SOFTMAX-11")),
    "keyword_only.py": End(("DENSE-1", "SOFTMAX-4", "LOSS-1", "LOSS-2")),
    "words_around_names.py": End(
        ("DENSE-1", "RELU-1", "SOFTMAX-4", "ACC-1"), said=("softmax: `calc_softmax`", "relu: `relu_fn`")
    ),
    "constructor_needs_sizes.py": End(
        ("RELU-1", "SOFTMAX-4"), said=("made without its constructor, which needs `sizes` besides",)
    ),
    "columns.py": End(
        ("DENSE-1", "DENSE-2", "SOFTMAX-4", "SOFTMAX-11", "RELU-1"),
        said=("samples in columns, as `DenseLayer` has them", "biases attribute `b` of shape (n, 1)"),
    ),
    "bias_in_weights.py": End(("DENSE-1", "DENSE-2", "DENSE-5"), said=("whose last row are the biases",)),
    "lazily_built.py": End(("DENSE-1", "DENSE-6"), said=("its weights are made at its first call",)),
    "lists_alone.py": End(
        ("DENSE-1", "DENSE-6", "DENSE-9", "SOFTMAX-4"), said=("biases attribute `biases` of shape (n,), a list",)
    ),
    "abstract_bases.py": End(("SOFTMAX-4", "LOSS-1", "LOSS-8"), said=("loss: `CrossEntropy.calculate`",)),
    "single_precision.py": End(
        ("DENSE-1", "SOFTMAX-4"), said=("results are float32 whatever comes in, and are judged in float32",)
    ),
    "accuracy_of_the_book.py": End(("ACC-1", "ACC-3"), said=("given the class of the highest entry",)),
    "training_flag.py": End(("DENSE-1", "SOFTMAX-4", "LOSS-1", "LOSS-8"), said=("training=False",)),
    "demands_a_seed.py": End(("DENSE-1", "DENSE-8", "DENSE-13"), said=("seed=drawn; activation=identity",)),
    "mean_in_an_attribute.py": End(("LOSS-1", "LOSS-2"), said=("its output is `.per_sample`",)),
    "registered_dataclass.py": End(("RELU-1", "GEN-2")),
    "softmax_with_loss.py": End(
        ("SOFTMAX-1", "SOFTMAX-4"),
        said=(
            "`SoftmaxWithLoss.forward`; its output is `.y`; given labels besides",
            "also found, not checked: `SoftmaxWithLoss`, line 2: its loss is one of logits",
        ),
    ),
    "beside_a_fused_loss.py": End(
        ("SOFTMAX-4", "LOSS-1", "LOSS-8"),
        said=(
            "softmax: `Activation_Softmax.forward`",
            "also found, not checked: `Activation_Softmax_Loss_CategoricalCrossentropy`, line 15",
        ),
    ),
    "nested/parts/relu.py": End(("RELU-1",)),
    "package/softmax": End(("SOFTMAX-4",)),
}

WRONG = {
    "hidden_by_a_static_method.py": End(
        ("RELU-1",), ("RELU-1",), ("also found, not checked: `Golden.relu`, line 8: relu is `relu`",)
    ),
    "workspace.py": End(("GEN-10", "DENSE-1"), ("GEN-10",)),
    "output_differs.py": End(("SOFTMAX-11",), ("SOFTMAX-11",)),
    "negative_stride.py": End(("GEN-4", "RELU-1"), ("GEN-4",)),
    "maximum_outside.py": End(("SOFTMAX-3",), ("SOFTMAX-3",)),
    "sparse_only.py": End(("LOSS-1", "LOSS-7"), ("LOSS-7",)),
    "raises_on_overflow.py": End(("RELU-1", "SOFTMAX-11"), ("SOFTMAX-11",)),
}

NOTED = {
    "two_softmaxes.py": End(("SOFTMAX-4",), said=("also found, not checked: `Softmax`, line 5: softmax is `softmax`",)),
    "options_changed_later.py": End(
        ("SOFTMAX-4",), said=("line 6: `OPTIONS['axis'] = None` was not run, though it changes `OPTIONS`",)
    ),
}
"""Files whose fault lies in what is not checked: it is said."""

REFUSED = {
    "one_number_at_a_time.py": "works on single numbers only",
    "loss_of_logits.py": "`cross_entropy_with_logits`, line 9, is a function of logits and labels at once, and gives "
    "no probabilities; softmax: `SoftmaxCrossEntropyLoss`, line 2, gives a loss of logits, which no clause speaks of, "
    "and keeps no probabilities",
    "own_tensor.py": "'numpy.ndarray' object has no attribute 'relu', in line 15",
}


@pytest.mark.parametrize("name", RIGHT | WRONG | NOTED)
def test_a_strangers_file_ends_as_it_should(name: str) -> None:
    """Nothing right is accused, nothing wrong passes, and what was inferred is told."""
    end = (RIGHT | WRONG | NOTED)[name]
    report = check_here(load(str(FOLDER / name)), budget="quick", clauses=end.clauses)
    assert {result.id for result in report.clauses if result.status in ("fail", "error")} == set(end.broken)
    assert {result.status for result in report.clauses if result.id not in end.broken} <= {"pass", "blocked"}
    told = "\n".join((*report.notices, *report.taken, *report.problems))
    assert [piece for piece in end.said if piece not in told] == []


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_another_form_by_design_is_not_judged(name: str) -> None:
    """The reason is told, with the line."""
    with pytest.raises(LookupError, match="none of the operations was found") as refused:
        load(str(FOLDER / name))
    assert REFUSED[name] in str(refused.value)


def test_folders_without_an_init_file_are_searched() -> None:
    """A package is one target, whatever it is called."""
    assert [Path(found).name for folder in ("nested", "package") for found in targets_in(FOLDER / folder)] == [
        "relu.py",
        "softmax",
    ]
