"""Writes a goal as SMT-LIB: what is assumed and the opposite of what is claimed, so that "unsat" is a proof."""

import re

from spec.proofs.formats import Format
from spec.proofs.goals import CONSTANTS, DEFINITIONS, Goal

_WORD = re.compile(r"[\w.-]+")


def _used(text: str) -> set[str]:
    """Return the constants and functions that a text uses, by way of others too."""
    found: set[str] = set()
    new = set(_WORD.findall(text)) & {*CONSTANTS, *DEFINITIONS}
    while new:
        found |= new
        new = {word for name in new for word in _WORD.findall(DEFINITIONS.get(name, ""))}
        new = (new & {*CONSTANTS, *DEFINITIONS}) - found
    return found


def _constant(name: str, value: float, form: Format) -> str:
    bits = form.bits(value)
    sign, exponent, fraction = bits[0], bits[1 : 1 + form.exponent], bits[1 + form.exponent :]
    return f"(define-fun {name} () F (fp #b{sign} #b{exponent} #b{fraction}))"


def written(goal: Goal, form: Format, *, false: bool = False) -> str:
    """Return the goal in one format; if ``false``, its false claim, for which a solver must answer "sat"."""
    claim = goal.false_claim if false else goal.claim
    used = _used(" ".join([*goal.assume, claim]))
    lines = [
        f"; {goal.name}, {form.dtype}" + (", the false claim: sat refutes it" if false else f". {goal.says}"),
        "(set-logic QF_BVFP)",
        f"(set-info :status {'sat' if false else 'unsat'})",
        f"(define-sort F () (_ FloatingPoint {form.exponent} {form.precision}))",
        "(define-sort I () (_ BitVec 2))",
        *(_constant(name, value, form) for name, value in CONSTANTS.items() if name in used),
        *(f"(define-fun {name} {body})" for name, body in DEFINITIONS.items() if name in used),
        *(f"(declare-const {name} F)" for name in goal.numbers.split()),
        *(f"(declare-const {name} {sort})" for name, sort in goal.others),
        *(f"(assert {assumed})" for assumed in goal.assume),
        f"(assert (not {claim}))",
        "(check-sat)",
    ]
    return "\n".join(lines) + "\n"
