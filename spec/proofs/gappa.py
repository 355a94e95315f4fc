"""Writes goals for Gappa: the roundings of the softmax's sum and quotient, and of a dense neuron, at fixed sizes.

Gappa bounds one chain of operations by interval arithmetic over the reals. Its goals are ranges: exponentials from
2^-100 to 1, inputs, weights and bias from -1 to 1. The theorems in Coq hold for every size and every magnitude; these
files say the same by another program.
"""

from dataclasses import dataclass

from spec.proofs.formats import Format

CLASSES = tuple(range(2, 33))
INPUTS = tuple(range(1, 17))


@dataclass(frozen=True)
class Chain:
    """A computation of a size, and how many units of roundoff its result may be off."""

    name: str
    clauses: tuple[str, ...]
    size: int
    restriction: str


def chains() -> list[Chain]:
    """Return all computations, in the order of the chapters."""
    inputs, exponentials = "numbers in [-1, 1]", "exponentials in [2^-100, 1]"
    return [
        *(Chain(f"dense-1-products-{k}", ("DENSE-1",), k, f"K = {k}, {inputs}") for k in INPUTS),
        *(Chain(f"dense-1-fused-{k}", ("DENSE-1",), k, f"K = {k}, {inputs}") for k in INPUTS),
        *(Chain(f"softmax-4-quotient-{c}", ("SOFTMAX-1", "SOFTMAX-4"), c, f"C = {c}, {exponentials}") for c in CLASSES),
    ]


def written(chain: Chain, form: Format, *, units: int | None = None) -> str:
    """Return the goal in one format; ``units`` puts another bound in the place of the true one."""
    lines = [f"# {chain.name}, {form.dtype}: {chain.restriction}", f"@rnd = float<{form.gappa}, ne>;"]
    body = _softmax if chain.name.startswith("softmax") else _dense
    return "\n".join([*lines, *body(chain, form, units)]) + "\n"


def _softmax(chain: Chain, form: Format, units: int | None) -> list[str]:
    """Return e1 over the sum of 1 and the other exponentials, against the same quotient of the same numbers.

    C units of roundoff are counted, C - 1 additions and the division; 1/128 takes the products of errors.
    """
    others = [f"e{j}" for j in range(1, chain.size)]
    lines = [f"{e} = rnd({e}_);" for e in others]
    total = "1"
    for j, e in enumerate(others):
        lines.append(f"s{j} rnd= {total} + {e};")
        total = f"s{j}"
    lines += [f"q rnd= e1 / {total};", f"exact = e1 / (1 + {' + '.join(others)});"]
    bound = f"{128 * (chain.size if units is None else units) + 1}b-{form.precision + 7}"
    ranges = " /\\ ".join(f"{e}_ in [1b-100, 1]" for e in others)
    return [*lines, f"{{ {ranges} -> q -/ exact in [-{bound}, {bound}] }}"]


def _dense(chain: Chain, form: Format, units: int | None) -> list[str]:
    """Return the weighted sum plus the bias, against the same without rounding.

    No size exceeds K + 1, so the bound of DENSE-1, (K + 2) u T + K s, is at most (K + 2) (K + 1) u + K s.
    """
    count = chain.size
    names = [f"{letter}{k}" for k in range(count) for letter in "xw"] + ["b"]
    lines = [f"{name} = rnd({name}_);" for name in names]
    if "fused" in chain.name:
        total = "b"
        for k in range(count):
            lines.append(f"s{k} = rnd(x{k} * w{k} + {total});")
            total = f"s{k}"
        terms = "b"
        for k in range(count):
            terms = f"(x{k} * w{k} + {terms})"
    else:
        lines += [f"p{k} rnd= x{k} * w{k};" for k in range(count)]
        total = "p0"
        for k in range(1, count):
            lines.append(f"s{k} rnd= {total} + p{k};")
            total = f"s{k}"
        lines.append(f"y rnd= {total} + b;")
        total = "y"
        terms = " + ".join(f"x{k} * w{k}" for k in range(count)) + " + b"
    bound = f"{(count + 2) * (count + 1) if units is None else units}b-{form.precision}"
    ranges = " /\\ ".join(f"{name}_ in [-1, 1]" for name in names)
    return [*lines, f"exact = {terms};", f"{{ {ranges} -> {total} - exact in [-{bound}, {bound}] }}"]
