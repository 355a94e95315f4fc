"""``python -m tests.tools.mutation``: try the mutations of every new or changed module, and record the outcomes.

``make mutation`` runs it. It ends with code 1 where the record does not keep what the gate demands.
"""

import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from importlib.metadata import version
from itertools import chain, islice, zip_longest

import click

from tests.tools.mutation.mutations import Mutation, mutations_of, path_of
from tests.tools.mutation.record import (
    Change,
    Counts,
    digest_of,
    read_argued,
    read_record,
    stale,
    unargued,
    write_record,
    wrong_with,
)
from tests.tools.mutation.rooms import FLOOR, NEVER_CHANGED, STRICT, is_strict, modules_of, tests_of
from tests.tools.mutation.trying import Tried, Workshop, workshop

LONGEST = 60.0
"""Seconds of processor time for the tests of a module, where none are recorded."""


@click.command()
@click.argument("modules", nargs=-1)
@click.option("--jobs", default=2, show_default=True, help="How many tries run at the same time.")
@click.option("--share", default=1.0, show_default=True, help="Which part of the mutations of the lenient rooms.")
@click.option("--survivors", is_flag=True, help="Try again what survived in modules that did not change.")
@click.option("--live", default=0, help="Try only so many mutations, of changed modules first, and record nothing.")
def main(modules: tuple[str, ...], jobs: int, share: float, survivors: bool, live: int) -> None:
    """Try the mutations of MODULES, such as oracle/double_double.py, or of all that the gate wants and that changed."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what was started is ended
    if live:
        sys.exit(_live(live, jobs))
    if unsafe := set(modules) & set(NEVER_CHANGED):
        raise click.UsageError(f"{', '.join(unsafe)} chooses which processes are ended, and so is never changed")
    argued = read_argued()
    with workshop(jobs) as shop:
        for module in modules or modules_of(*FLOOR):
            kept, digest = read_record().get(module), digest_of(module, shop.package)
            part = 1.0 if is_strict(module) else share
            if kept is None or kept.digest != digest or kept.tried < _part(kept.mutations, part):
                counts = _tried(shop, module, digest, part)
            elif survivors and kept.survivors:
                counts = _tried_again(shop, module, kept)
            else:
                continue
            print(f"{module}: {counts.tried} of {counts.mutations} tried, {counts.survived} survived", flush=True)
            write_record({**read_record(), module: counts}, f"cosmic-ray {version('cosmic-ray')}")
    wrong = wrong_with(read_record(), argued)
    for line in wrong:
        print(line)
    sys.exit(bool(wrong))


def _part(mutations: int, share: float) -> int:
    """Return how many of a module's mutations are a ``share`` of them: one at least."""
    return max(1, round(share * mutations))


def _tried(shop: Workshop, module: str, digest: str, share: float) -> Counts:
    """Try a share of a module's mutations, print those that are not noticed, and return how many were."""
    tests, mutations = tests_of(module), list(shop.mutations(module))
    seconds = shop.seconds_without(tests)
    tries = list(_told(shop.tries(mutations[: _part(len(mutations), share)], tests, seconds)))
    survivors = sorted(_change(tried) for tried in tries if tried.outcome == "survived")
    return Counts(
        digest,
        len(mutations),
        len(tries),
        sum(tried.outcome == "killed" for tried in tries),
        len(survivors),
        sum(tried.outcome == "timed out" for tried in tries),
        round(seconds, 1),
        round(seconds + sum(tried.seconds for tried in tries)),
        tuple(survivors),
    )


def _tried_again(shop: Workshop, module: str, kept: Counts) -> Counts:
    """Try what survived in a module that did not change, since there may be new tests."""
    tests = tests_of(module)
    seconds = shop.seconds_without(tests)
    again = [one for one in shop.mutations(module) if (one.line, one.becomes) in kept.survivors]
    tries = _told(shop.tries(again, tests, seconds))
    survivors = sorted(_change(tried) for tried in tries if tried.outcome == "survived")
    noticed = kept.survived - len(survivors)
    return replace(kept, killed=kept.killed + noticed, survived=len(survivors), survivors=tuple(survivors))


def _told(tries: Iterable[Tried]) -> Iterator[Tried]:
    for tried in tries:
        if tried.outcome != "killed":
            mutation = tried.mutation
            print(
                f"  {tried.outcome}: {mutation.module}:{mutation.number}: {mutation.line} -> {mutation.becomes}",
                flush=True,
            )
        yield tried


def _change(tried: Tried) -> Change:
    return tried.mutation.line, tried.mutation.becomes


def _live(count: int, jobs: int) -> int:
    """Try ``count`` mutations of the strict rooms, changed modules first, and return 1 if one lives unargued."""
    record, argued = read_record(), read_argued()
    old = [module for module in stale(record) if is_strict(module)]
    rest = [module for module in modules_of(*STRICT) if is_strict(module) and module not in old]
    chosen = list(islice(chain(_in_turn(old, count // len(old) + 1 if old else 0), _in_turn(rest, count)), count))
    living = 0
    with workshop(jobs) as shop:
        for module in sorted({mutation.module for mutation in chosen}):
            seconds = record[module].seconds if module in record else LONGEST
            here = [mutation for mutation in chosen if mutation.module == module]
            for tried in shop.tries(here, tests_of(module), seconds):
                lives = tried.outcome == "survived" and unargued(module, [_change(tried)], argued)
                living += bool(lives)
                print(f"{tried.outcome}: {module}:{tried.mutation.number}: {' -> '.join(_change(tried))}", flush=True)
    print(f"changed since the record: {', '.join(old) or 'none'}")
    print(f"{len(chosen) - living} of {len(chosen)} noticed or argued")
    return int(living > 0)


def _in_turn(modules: list[str], count: int) -> Iterator[Mutation]:
    """Yield the first mutations of each module, one module after the other."""
    first = [islice(mutations_of(m, path_of(m).read_text(encoding="utf-8")), count) for m in modules]
    return (mutation for turn in zip_longest(*first) for mutation in turn if mutation is not None)


if __name__ == "__main__":
    main()
