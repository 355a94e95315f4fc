"""Asks one solver about one SMT-LIB file and prints its answer: ``python -m spec.proofs.solve bitwuzla FILE``."""

import sys


def bitwuzla(path: str) -> None:
    """Print what bitwuzla answers."""
    from bitwuzla import Options, Parser, TermManager

    Parser(TermManager(), Options()).parse(path)


def z3(path: str) -> None:
    """Print what z3 answers."""
    from z3 import Solver

    solver = Solver()
    solver.from_file(path)
    print(solver.check())


if __name__ == "__main__":
    {"bitwuzla": bitwuzla, "z3": z3}[sys.argv[1]](sys.argv[2])
