"""The frozen vectors: made anew byte for byte, confirmed twice, and strong enough to catch nearly every mutant."""

import json
from typing import Any

import jsonschema
import numpy as np
import pytest

from nnfs_spec.adapters.load import load, mutant_subject
from nnfs_spec.clauses import all_clauses, spec_folder
from nnfs_spec.mutants import MUTANTS
from nnfs_spec.subject.operations import SINGLE_CALLS
from nnfs_spec.subject.protocol import Subject
from nnfs_spec.support.json_input import ReadingError
from nnfs_spec.vectors.answers import answers_of
from nnfs_spec.vectors.files import all_files, all_vectors, hash_of, read_vectors
from nnfs_spec.vectors.judge import Judgement, judge
from tests.tools.vectors.catalogue import DTYPES
from tests.tools.vectors.second import confirmed
from tests.tools.vectors.write import texts

FOLDER = spec_folder() / "vectors"
SCHEMA = json.loads((spec_folder() / "schemas" / "vectors.json").read_text(encoding="utf-8"))
NAMES = [f"{operation}-{dtype}" for operation in SINGLE_CALLS for dtype in DTYPES[operation]]

UNCAUGHT = {
    "an array that begins inside a larger one": {"relu-from-the-start-of-the-memory", "relu-of-rows-without-gaps"},
    "a layer's second draw, or its draw after the same seed": {
        "layer-sharing-weights",
        "layer-seeding-the-generator",
        "layer-with-a-generator-of-its-own",
        "layer-drawn-into-one-array",
    },
    "a relation between the weights of a layer": {
        "layer-with-constant-weights",
        "layer-with-weights-of-zero",
        "layer-of-equal-neurons",
        "layer-with-normalised-weights",
        "layer-from-one-random-number",
        "layer-with-neurons-in-pairs",
    },
    "how widely the weights are drawn": {
        "layer-scaled-by-a-hundredth",
        "layer-scaled-by-nearly-a-tenth",
    },
    "what is beside results": {
        "dense-seeding-the-generator",
        "softmax-silencing-numpy",
        "relu-through-a-buffer-of-all",
        "layer-sharing-biases",
    },
    "biases of another shape": {"dense-dropping-flat-biases"},
    "thousands of inputs": {"dense-of-at-most-4096-inputs"},
    "the dtype of the labels of a spiral": {"spiral-with-float-labels"},
    "a relation between the two coordinates of a point": {
        "spiral-falling-short",
        "spiral-spread-over-the-area",
        "spiral-crowded-at-the-centre",
    },
    "the angles of a spiral and their noise": {
        "spiral-without-noise",
        "spiral-with-noise-of-variance-a-fifth",
        "spiral-with-half-the-noise",
        "spiral-with-uniform-noise",
        "spiral-with-noise-added-last",
        "spiral-with-one-noise-for-all-arms",
        "spiral-without-the-factor",
        "spiral-in-full-turns",
        "spiral-of-arms-upon-each-other",
        "spiral-of-arms-spread-evenly",
        "spiral-mirrored",
        "spiral-with-sorted-noise",
        "spiral-with-points-opposite",
    },
    "rows in several chunks": {mutant.name for mutant in MUTANTS.values() if mutant.operation == "stream"},
}
"""The mutants that the vectors do not catch, by what would give them away."""


def told(name: str) -> dict[str, Any]:
    """Return a file as plain JSON."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def judged(subject: Subject, operations: set[str]) -> list[Judgement]:
    """Return what comes of a subject's answers to the vectors of some operations."""
    asked = [
        [vector for vector in file.vectors if vector.operation in operations]
        for file in all_files()
        if file.vectors[0].operation in operations
    ]
    return [one for vectors in asked for one in judge(vectors, answers_of(subject, vectors))]


def test_there_is_a_file_for_each_operation_and_dtype() -> None:
    """In the order of the operations, and none besides."""
    assert [file.name for file in all_files()] == NAMES
    assert {path.name for path in FOLDER.iterdir()} == {"README.md", *(f"{name}.json" for name in NAMES)}


def test_the_files_are_made_anew_byte_for_byte() -> None:
    """By ``make generated``, from the catalogue."""
    for name, text in texts().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name


@pytest.mark.parametrize("name", NAMES)
def test_a_file_keeps_to_its_schema(name: str) -> None:
    """And its clauses exist."""
    jsonschema.validate(told(name), SCHEMA)
    for vector in all_files()[NAMES.index(name)].vectors:
        assert vector.id.startswith(f"{name}-")
        levels = {all_clauses()[clause].level for clause in vector.clauses}
        assert ("SHOULD" in levels) == (vector.level == "SHOULD"), vector.id


@pytest.mark.parametrize("name", NAMES)
def test_a_second_oracle_confirms_every_value(name: str) -> None:
    """Which shares nothing with the first."""
    assert list(confirmed(told(name))) == []


@pytest.mark.parametrize("field", ["values", "bounds", "low", "high"])
@pytest.mark.parametrize("name", ["dense-float32", "softmax-float64", "sample_losses-float32", "loss-float64"])
def test_the_second_oracle_notices_a_number_next_to_the_right_one(name: str, field: str) -> None:
    """In either direction, whichever of the four numbers it is."""
    file = told(name)
    first = next(one for one in file["cases"] if one["id"] in (f"{name}-ordinary", f"{name}-fractions"))
    result = first["expected"]["results"][0]
    kind = np.dtype(result["dtype"] if field == "values" else "float64").type
    right = result[field][0]
    for towards in (-np.inf, np.inf):
        result[field][0] = float(np.nextafter(kind(right), kind(towards)))
        assert len(list(confirmed({**file, "cases": [first]}))) == 1
    result[field][0] = right
    assert list(confirmed({**file, "cases": [first]})) == []


def test_the_reference_answers_every_vector() -> None:
    """As it must."""
    results = judged(load("reference"), set(SINGLE_CALLS))
    assert [(one.vector.id, one.message) for one in results if one.status != "pass"] == []
    assert len(results) == len(all_vectors())


@pytest.mark.parametrize("name", MUTANTS)
def test_the_vectors_alone_catch_every_mutant_that_a_fixed_input_can_show(name: str) -> None:
    """By a case of a clause that the mutant names; the others are listed with what would show them."""
    mutant = MUTANTS[name]
    besides = "loss" if mutant.operation == "sample_losses" else mutant.operation
    bad = [one for one in judged(mutant_subject(mutant), {mutant.operation, besides}) if one.bad]
    if any(name in listed for listed in UNCAUGHT.values()):
        assert bad == []
        return
    assert bad, name
    shown = {clause for one in bad for clause in (*one.vector.clauses, one.message.rpartition("[")[2].rstrip("]"))}
    memory = {"GEN-2", "GEN-9", "GEN-10"}  # a result that is overwritten shows as a wrong value of any case
    overwritten = memory & set(mutant.killed_by)
    assert overwritten or shown & set(mutant.killed_by), name


def changed(**fields: Any) -> str:
    """Return the text of a small file with other fields, its hash made anew."""
    file = {**told("relu-float32"), **fields, "sha256": ""}
    text = json.dumps(file)
    return text.replace('"sha256": ""', f'"sha256": "{hash_of(text)}"')


def case(**fields: Any) -> str:
    """Return the text of a file whose first case has other fields."""
    first, *_ = told("relu-float32")["cases"]
    return changed(cases=[{**first, **fields}])


def result(**fields: Any) -> str:
    """Return the text of a file whose first result has other fields."""
    first, *_ = told("relu-float32")["cases"]
    return case(expected={"results": [{**first["expected"]["results"][0], **fields}]})


def argument(**fields: Any) -> str:
    """Return the text of a file whose first argument has other fields."""
    first, *_ = told("relu-float32")["cases"]
    return case(arguments=[{**first["arguments"][0], **fields}])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[]", "the file is [] but must be an object"),
        ("{", "this is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ('{"format": NaN}', "this is no JSON: NaN is no number of JSON"),
        (
            "{}",
            "the file has no format and no spec_version and no operation and no dtype and no provenance and no "
            "sha256 and no notes and no cases",
        ),
        (changed(extra=1), "the file has the unknown field 'extra'"),
        (changed(format=2), "format is 2 but must be 1"),
        (changed(spec_version="3.0"), "spec_version is '3.0' but must be 2.0"),
        (
            changed(operation="tanh"),
            "operation is 'tanh' but must be one of dense, relu, softmax, sample_losses, loss, "
            "accuracy, layer, spiral_data",
        ),
        (changed(notes={}), "relu-float32-zeros has the flag zero, of which the notes say nothing"),
        (changed(notes={"zero": {"catches": ""}}), "notes.zero has no causes"),
        (changed(cases=told("relu-float32")["cases"][:1] * 2), "relu-float32-course-batch stands twice"),
        (case(level="MAY"), "cases[0].level is 'MAY' but must be one of MUST, SHOULD"),
        (case(layout="D"), "cases[0].layout is 'D' but must be one of C, F, strided, reversed, readonly"),
        (case(layout=["C"]), "cases[0].layout is ['C'] but must be one of C, F, strided, reversed, readonly"),
        (case(arguments=[]), "cases[0].arguments is [] but must be inputs"),
        (
            case(same_as="other"),
            "relu-float32-course-batch must give the same as other, which does not stand before it",
        ),
        (case(id=""), "cases[0].id is '' but must be text"),
        (case(clauses=[1]), "cases[0].clauses[0] is 1 but must be text"),
        (case(expected={}), "cases[0].expected has no error and no unless_not_finite"),
        (
            case(expected={"error": "odd", "unless_not_finite": []}),
            "cases[0].expected.error is 'odd' but must be one of shape, label, value",
        ),
        (
            case(expected={"error": "shape", "unless_not_finite": [-1]}),
            "cases[0].expected.unless_not_finite is -1 but must be whole numbers of at least 0",
        ),
        (result(shapes=[]), "cases[0].expected.results[0].shapes is [] but must be at least one shape"),
        (result(low=[1.0] * 5), "cases[0].expected.results[0].low has 5 entries but must have 12, or a divisor of it"),
        (result(low=[]), "cases[0].expected.results[0].low has 0 entries but must have 12, or a divisor of it"),
        (
            argument(dtype="float16"),
            "cases[0].arguments[0].dtype is 'float16' but must be one of bool, int8, int16, int32, "
            "int64, uint8, uint16, uint32, uint64, float32, float64",
        ),
        (argument(shape=[2, -1]), "cases[0].arguments[0].shape is [2, -1] but must be whole numbers of at least 0"),
        (
            argument(shape=[1, 1, 1, 1]),
            "cases[0].arguments[0].shape is [1, 1, 1, 1] but must be at most 3 sizes and 2000000 entries",
        ),
        (argument(values=["x"]), "cases[0].arguments[0].values[0] is 'x' but must be a value of float32"),
        (
            argument(bits=["00"]),
            "cases[0].arguments[0].bits is ['00'] but must be the bits of the values, ['3f800000', "
            "'40000000', '40400000', '40200000']...",
        ),
    ],
)
def test_a_file_that_is_not_as_it_must_be_is_refused(text: str, message: str) -> None:
    """With its place, what stands there, and what must."""
    with pytest.raises(ReadingError) as caught:
        read_vectors("relu-float32", text)
    assert str(caught.value) == message


def test_a_file_that_was_edited_is_refused() -> None:
    """By its hash."""
    text = (FOLDER / "relu-float32.json").read_text(encoding="utf-8")
    with pytest.raises(
        ReadingError, match=r"^sha256 is '[0-9a-f]{59}\.\.\. but must be [0-9a-f]{64}, the hash of the text"
    ):
        read_vectors("relu-float32", text.replace("2.5", "2.75", 1))
