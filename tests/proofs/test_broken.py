"""A constant that is broken turns its file red, whatever the kind of file."""

import importlib.util
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from spec.proofs import coq, exhaustive_softmax, gappa, goals, smtlib
from spec.proofs.formats import FORMATS
from spec.proofs.goals import GOALS
from spec.proofs.running import ran

pytestmark = pytest.mark.gate

FLOAT32 = FORMATS[0]
NAMED = {goal.name: goal for goal in GOALS}

needs_bitwuzla = pytest.mark.skipif(importlib.util.find_spec("bitwuzla") is None, reason="the extra named proofs")
needs_gappa = pytest.mark.skipif(shutil.which("gappa") is None, reason="gappa is not installed")
needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coq is not installed")


def solved(text: str, folder: Path) -> str:
    """Return what bitwuzla answers."""
    (folder / "goal.smt2").write_text(text, encoding="utf-8")
    done = ran([sys.executable, "-m", "spec.proofs.solve", "bitwuzla", str(folder / "goal.smt2")], 60)
    return done.out.partition("\n")[0]


@needs_bitwuzla
@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("relu-1-choice", "(fp.gt x zero)", "(fp.gt x low)"),
        ("relu-1-product", "one zero", "one low"),
        ("relu-2", "y zero)", "y low)"),
        ("relu-3", "(fp.gt x zero)", "(fp.leq x zero)"),
        ("relu-4", "(larger-of-0-and y v)", "(fp.geq v y)"),
        ("relu-5", "(fp.geq x w)", "(fp.leq x w)"),
        ("relu-6", "(fp.isZero x)", "(fp.leq x low)"),
        ("loss-4-range", "one)", "high)"),
        ("loss-5-monotone", "(fp.leq p q)", "(fp.leq q p)"),
        ("loss-3-one-hot-2", "bv0", "bv1"),
        ("dense-4-bias-last", "a-zero n1", "a-zero-or-more n1"),
        ("dense-4-fused", "(a-zero n0)", "low"),
        ("softmax-2-sum", "(fp.leq zero f)", "(finite f)"),
        ("softmax-2-quotient", "(fp.leq e s)", "(finite e)"),
        ("softmax-3-shift", "(fp.leq z m)", "(finite z)"),
        ("softmax-3-sum", "(fp.leq one s)", "(fp.leq low s)"),
        ("acc-2", "(fp.leq k n)", "(finite k)"),
        ("acc-4", "(fp.gt z x)", "(fp.gt z y) (fp.gt x y)"),
    ],
)
def test_a_broken_description_is_refuted(
    name: str, right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the claim, an assumption or a constant was touched; the answer is "sat" in place of "unsat"."""
    monkeypatch.setitem(goals.DEFINITIONS, "a-zero-or-more", "((negative Bool)) F (ite negative one zero)")
    goal = NAMED[name]
    broken = replace(
        goal,
        claim=goal.claim.replace(right, wrong),
        assume=tuple(assumed.replace(right, wrong) for assumed in goal.assume),
    )
    assert broken != goal
    assert solved(smtlib.written(goal, FLOAT32), tmp_path) == "unsat"
    assert solved(smtlib.written(broken, FLOAT32), tmp_path) == "sat"


@needs_bitwuzla
def test_a_broken_constant_of_all_is_refuted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The upper end of the clip at 1 in place of just below it."""
    monkeypatch.setitem(goals.CONSTANTS, "high", 1.0)
    assert solved(smtlib.written(NAMED["loss-4-range"], FLOAT32), tmp_path) == "sat"


@needs_gappa
@pytest.mark.parametrize(
    ("name", "units"), [("softmax-4-quotient-3", 2), ("softmax-4-quotient-4", 3), ("dense-1-products-2", 2)]
)
def test_a_bound_that_is_too_small_is_not_proved(name: str, units: int, tmp_path: Path) -> None:
    """Gappa proves the true one and not the other."""
    chain = next(one for one in gappa.chains() if one.name == name)
    for text, code in ((gappa.written(chain, FLOAT32), 0), (gappa.written(chain, FLOAT32, units=units), 1)):
        (tmp_path / "goal.g").write_text(text, encoding="utf-8")
        assert ran(["gappa", str(tmp_path / "goal.g")], 60).code == code


@needs_coq
@pytest.mark.parametrize(
    ("source", "right", "wrong"),
    [
        ("Chains.v", "Rabs (sum f t - exact f t) <= (count t - 1) * u * sum f t.", "Rabs (sum f t - exact f t) <= 0."),
        ("Chains.v", "(n + 2) * u.\nProof.\n  intros N.", "(n - 2) * u.\nProof.\n  intros N."),
        ("Ieee.v", "ieee 24 (-149)", "ieee 24 (-49)"),
        ("Claims.v", "(count t + 4) * u m.", "(count t + 1) * u m."),
    ],
)
def test_a_broken_theorem_does_not_compile(source: str, right: str, wrong: str, tmp_path: Path) -> None:
    """The sources before it do, so it is the broken number that Coq refuses."""
    for name in coq.SOURCES:
        text = (coq.HERE / name).read_text(encoding="utf-8")
        if name == source:
            assert right in text
            text = text.replace(right, wrong)
        (tmp_path / name).write_text(text, encoding="utf-8")
        code = ran(["coqc", "-q", "-Q", str(tmp_path), "NNFS", str(tmp_path / name)], 120, tmp_path).code
        if name == source:
            assert code == 1
            return
        assert code == 0


def test_a_bound_that_is_too_small_fails_the_enumeration() -> None:
    """One unit in place of six, for distances from a half upwards and for some about 1.036."""
    assert exhaustive_softmax.judged(0x3F000000, 0x3F004000).failed == {}
    failed = exhaustive_softmax.judged(0x3F000000, 0x3F004000, units=1).failed
    assert set(failed) == {"SOFTMAX-1"}
    assert "SOFTMAX-4" in exhaustive_softmax.judged(0x3F849000, 0x3F84A000, units=1).failed


def test_random_pairs_have_the_bits_of_their_distance() -> None:
    """The reduction that the enumeration rests on."""
    assert exhaustive_softmax.strays(10_000) == 0


def test_the_last_distance_is_infinity() -> None:
    """Its two probabilities are 1 and 0."""
    last = exhaustive_softmax.judged(exhaustive_softmax.INFINITY - 3, exhaustive_softmax.INFINITY + 1)
    assert (last.judged, last.failed) == (4, {})


def test_the_runner_says_what_is_not_proved() -> None:
    """A selection that holds nothing asks nothing, and ends well."""
    done = subprocess.run(
        [sys.executable, "-m", "spec.proofs", "--only", "none such"], capture_output=True, text=True, timeout=60
    )
    assert "0 questions asked" in done.stdout or "missing" in done.stdout
