"""``python -m tests.tools.invariants``: run tests/test_invariants.py where nothing but the base install is there."""

from hypothesis import settings

from tests import test_invariants

settings.register_profile("same cases", derandomize=True, database=None, deadline=None)
settings.load_profile("same cases")
TESTS = [test for name, test in vars(test_invariants).items() if name.startswith("test_")]


def main() -> None:
    """Run each test; the first that fails ends the program with its traceback."""
    for test in TESTS:
        test()
    print(f"{len(TESTS)} invariants hold")


if __name__ == "__main__":
    main()
