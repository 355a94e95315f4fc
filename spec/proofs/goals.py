"""What the solvers are asked, one small description for each goal.

A description is written in the terms of SMT-LIB over the sort F of the floating-point numbers; ``smtlib`` puts it into
float32 and float64. A goal is proved for all values of its variables that meet what is assumed. Beside every claim
stands a false one under the same assumptions. It must be refuted: an assumption that nothing meets would prove both.
"""

from dataclasses import dataclass

LEAST, MOST = 1e-7, 1 - 1e-7
"""The ends of the clip as the seed writes them; a format rounds them to its own."""

CONSTANTS = {"zero": 0.0, "one": 1.0, "low": LEAST, "high": MOST}
"""The numbers that descriptions call by name."""

DEFINITIONS = {
    "finite": "((x F)) Bool (not (or (fp.isNaN x) (fp.isInfinite x)))",
    "number": "((x F)) Bool (not (fp.isNaN x))",
    "share": "((x F)) Bool (and (fp.leq zero x) (fp.leq x one))",
    "larger-of-0-and": "((x F) (y F)) Bool (and (fp.geq y zero) (fp.geq y x) (or (fp.eq y zero) (fp.eq y x)))",
    "clip": "((p F)) F (fp.min (fp.max p low) high)",
    "clip-from-above": "((p F)) F (fp.max (fp.min p high) low)",
    "clipped": "((c F)) Bool (and (fp.leq low c) (fp.leq c high))",
    "is-zero-or-one": "((t I) (j I)) F (ite (= t j) one zero)",
    "a-zero": "((negative Bool)) F (ite negative (fp.neg zero) zero)",
    "first-largest": (
        "((x F) (y F) (z F)) I (ite (fp.gt z (ite (fp.gt y x) y x)) (_ bv2 2) (ite (fp.gt y x) (_ bv1 2) (_ bv0 2)))"
    ),
    "entry": "((k I) (x F) (y F) (z F)) F (ite (= k (_ bv0 2)) x (ite (= k (_ bv1 2)) y z))",
}
"""Functions that descriptions use. F is the sort of the numbers, I that of the classes, of which four are enough."""


@dataclass(frozen=True)
class Goal:
    """A claim, what it assumes, and a false claim that must be refuted under the same assumptions."""

    name: str
    clauses: tuple[str, ...]
    says: str
    numbers: str
    assume: tuple[str, ...]
    claim: str
    false_claim: str
    others: tuple[tuple[str, str], ...] = ()
    restriction: str = ""


def _sum(terms: list[str]) -> str:
    """Return the sum from left to right."""
    total = terms[0]
    for term in terms[1:]:
        total = f"(fp.add RNE {total} {term})"
    return total


def _one_hot(classes: int) -> Goal:
    """Return LOSS-3 for so many classes: the sum over the one-hot row, from either end, is the entry that is picked."""
    entries = [f"c{j}" for j in range(classes)]
    products = [f"(fp.mul RNE {entry} (is-zero-or-one t (_ bv{j} 2)))" for j, entry in enumerate(entries)]
    picked = entries[-1]
    for j in reversed(range(classes - 1)):
        picked = f"(ite (= t (_ bv{j} 2)) {entries[j]} {picked})"
    return Goal(
        f"loss-3-one-hot-{classes}",
        ("LOSS-2", "LOSS-3"),
        f"Of {classes} clipped entries, the sum with a one-hot row, from either end, has the bits of the entry picked.",
        " ".join(entries),
        (*(f"(clipped {entry})" for entry in entries), f"(bvult t (_ bv{classes} 2))"),
        f"(and (= {_sum(products)} {picked}) (= {_sum(products[::-1])} {picked}))",
        f"(= {_sum(products)} c0)",
        (("t", "I"),),
        f"C = {classes}",
    )


def _zero_row(name: str, says: str, result: str) -> Goal:
    """Return DENSE-4 for one way to compute the sum of two inputs; the bits would be too much to ask."""
    return Goal(
        f"dense-4-{name}",
        ("DENSE-4",),
        says,
        "w0 w1 b",
        ("(finite w0)", "(finite w1)", "(finite b)"),
        f"(fp.eq {result} b)",
        f"(= {result} b)",
        (("n0", "Bool"), ("n1", "Bool")),
        "K = 2",
    )


_PRODUCTS = ["(fp.mul RNE (a-zero n0) w0)", "(fp.mul RNE (a-zero n1) w1)"]
_FUSED = "(fp.fma RNE (a-zero n1) w1 (fp.fma RNE (a-zero n0) w0 b))"


def _relu_form(name: str, says: str, result: str) -> Goal:
    """Return RELU-1 for one way to write it."""
    claim = f"(larger-of-0-and x {result})"
    return Goal(f"relu-1-{name}", ("RELU-1",), says, "x", ("(finite x)",), claim, f"(fp.eq {result} x)")


_OF_X, _OF_W, _AGAIN = "(larger-of-0-and x y)", "(larger-of-0-and w v)", "(larger-of-0-and y v)"

GOALS = (
    _relu_form("maximum", "The maximum of 0 and x is the larger of the two.", "(fp.max zero x)"),
    _relu_form("choice", "x where it is above 0, else 0, is the larger of the two.", "(ite (fp.gt x zero) x zero)"),
    _relu_form(
        "product",
        "x times 1 where it is above 0, else times 0, is the larger of the two.",
        "(fp.mul RNE x (ite (fp.gt x zero) one zero))",
    ),
    Goal(
        "relu-2",
        ("RELU-2",),
        "Whatever keeps RELU-1 is never negative.",
        "x y",
        ("(finite x)", _OF_X),
        "(fp.geq y zero)",
        "(fp.gt y zero)",
    ),
    Goal(
        "relu-3",
        ("RELU-3",),
        "Whatever keeps RELU-1 passes a positive number bit for bit.",
        "x y",
        ("(finite x)", "(fp.gt x zero)", _OF_X),
        "(= y x)",
        "(and (= y x) (fp.isNormal y))",
    ),
    Goal(
        "relu-4",
        ("RELU-4",),
        "Whatever keeps RELU-1, applied to its own result, gives an equal one.",
        "x y v",
        ("(finite x)", _OF_X, _AGAIN),
        "(fp.eq v y)",
        "(= v y)",
    ),
    Goal(
        "relu-5",
        ("RELU-5",),
        "Whatever keeps RELU-1 gives the larger of two numbers no smaller a result.",
        "x y w v",
        ("(finite x)", "(finite w)", "(fp.geq x w)", _OF_X, _OF_W),
        "(fp.geq y v)",
        "(=> (fp.gt x w) (fp.gt y v))",
    ),
    Goal(
        "relu-6",
        ("RELU-6",),
        "Whatever keeps RELU-1 makes a zero of a zero.",
        "x y",
        ("(fp.isZero x)", _OF_X),
        "(fp.isZero y)",
        "(= y x)",
    ),
    Goal(
        "loss-4-range",
        ("LOSS-4",),
        "The clip of every number, infinities included, lies between its ends, and these between 0 and 1.",
        "p",
        ("(number p)",),
        "(and (clipped (clip p)) (fp.gt (clip p) zero) (fp.lt (clip p) one))",
        "(fp.lt low (clip p))",
    ),
    Goal(
        "loss-4-order",
        ("LOSS-1", "LOSS-4"),
        "Whichever end is clipped first, the bits are the same.",
        "p",
        ("(number p)",),
        "(= (clip p) (clip-from-above p))",
        "(= (clip p) p)",
    ),
    Goal(
        "loss-5-monotone",
        ("LOSS-5",),
        "Of two numbers the smaller is clipped to no larger a number.",
        "p q",
        ("(number p)", "(number q)", "(fp.leq p q)"),
        "(fp.leq (clip p) (clip q))",
        "(=> (fp.lt p q) (fp.lt (clip p) (clip q)))",
    ),
    _one_hot(2),
    _one_hot(3),
    _zero_row("bias-last", "Two products with zeros, then the bias, give the bias.", _sum([*_PRODUCTS, "b"])),
    _zero_row("bias-first", "The bias, then two products with zeros, give the bias.", _sum(["b", *_PRODUCTS])),
    _zero_row("fused", "Two fused steps that begin with the bias give the bias.", _FUSED),
    Goal(
        "softmax-2-sum",
        ("SOFTMAX-2",),
        "Where a number of at least 0 is added to another, the sum is at least either of them.",
        "e f",
        ("(finite e)", "(finite f)", "(fp.leq zero e)", "(fp.leq zero f)"),
        "(and (fp.geq (fp.add RNE e f) e) (fp.geq (fp.add RNE e f) f))",
        "(=> (fp.gt f zero) (fp.gt (fp.add RNE e f) e))",
    ),
    Goal(
        "softmax-2-quotient",
        ("SOFTMAX-2", "SOFTMAX-3"),
        "An exponential over a sum that is no smaller, and at least 1, lies in [0, 1].",
        "e s",
        ("(finite s)", "(fp.leq zero e)", "(fp.leq e s)", "(fp.leq one s)"),
        "(share (fp.div RNE e s))",
        "(fp.lt (fp.div RNE e s) one)",
    ),
    Goal(
        "softmax-2-reciprocal",
        ("SOFTMAX-2",),
        "An exponential of at most 1, times the rounded reciprocal of a sum of at least 1, lies in [0, 1].",
        "e s",
        ("(finite s)", "(share e)", "(fp.leq one s)"),
        "(share (fp.mul RNE e (fp.div RNE one s)))",
        "(fp.lt (fp.mul RNE e (fp.div RNE one s)) one)",
    ),
    Goal(
        "softmax-3-shift",
        ("SOFTMAX-3",),
        "A logit less the largest is at most 0 and no NaN, and the largest less itself is 0.",
        "z m",
        ("(finite z)", "(finite m)", "(fp.leq z m)"),
        "(and (fp.leq (fp.sub RNE z m) zero) (fp.isZero (fp.sub RNE m m)))",
        "(finite (fp.sub RNE z m))",
    ),
    Goal(
        "softmax-3-sum",
        ("SOFTMAX-3",),
        "Where a number in [0, 1] is added to a sum of at least 1, it stays finite and at least 1.",
        "s e",
        ("(finite s)", "(fp.leq one s)", "(share e)"),
        "(and (finite (fp.add RNE s e)) (fp.geq (fp.add RNE s e) one))",
        "(fp.gt (fp.add RNE s e) one)",
    ),
    Goal(
        "acc-2",
        ("ACC-2",),
        "A count over a count that is no smaller is in [0, 1], is 1 where they are equal, and 0 for a count of 0.",
        "k n",
        ("(finite n)", "(fp.leq zero k)", "(fp.leq k n)", "(fp.leq one n)"),
        "(and (share (fp.div RNE k n)) (=> (fp.eq k n) (= (fp.div RNE k n) one))"
        " (=> (fp.isZero k) (fp.isZero (fp.div RNE k n))))",
        "(fp.lt (fp.div RNE k n) one)",
    ),
    Goal(
        "acc-4",
        ("ACC-4",),
        "A loop over three entries that goes on only to a larger one ends at the first of the largest.",
        "x y z",
        ("(finite x)", "(finite y)", "(finite z)", "(= k (first-largest x y z))"),
        "(and (fp.geq (entry k x y z) x) (fp.geq (entry k x y z) y) (fp.geq (entry k x y z) z)"
        " (=> (= k (_ bv1 2)) (fp.gt y x)) (=> (= k (_ bv2 2)) (and (fp.gt z x) (fp.gt z y))))",
        "(and (fp.geq (entry k x y z) x) (=> (= k (_ bv1 2)) (fp.gt y z)))",
        (("k", "I"),),
        "C = 3",
    ),
)
"""All goals for the solvers, in the order of the chapters."""
