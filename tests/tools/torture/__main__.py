"""``python -m tests.tools.torture --count N --seed S``: runs combinations and prints those that broke a promise."""

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor

from tests.tools.torture import draw, torture


def main() -> int:
    """Run them; return 1 where a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    broken = 0
    with ThreadPoolExecutor(asked.jobs) as pool:
        for outcome in pool.map(torture, draw(asked.seed, asked.count)):
            if outcome.broken:
                broken += 1
                print(outcome.combination, *outcome.broken, sep="\n  ", flush=True)
    print(f"{asked.count} runs, {broken} broke a promise")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
