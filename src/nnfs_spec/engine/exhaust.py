"""Goes through complete sets of inputs, in one process or shared by two, and may be interrupted and taken up again."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Protocol

from nnfs_spec.engine.events import Listener, Progressed, Proof
from nnfs_spec.engine.recall import Recall
from nnfs_spec.engine.standing import Standing, Tally
from nnfs_spec.engine.trial import tried
from nnfs_spec.generate.exhaustive import CompleteSet, complete_sets
from nnfs_spec.memory import keep_freed
from nnfs_spec.subject import Reach, Subject


@dataclass(frozen=True)
class Block:
    """One block of a complete set, with the clauses that it is tried on."""

    of: CompleteSet
    number: int
    clauses: tuple[str, ...]


@dataclass(eq=False)
class Passage:
    """How far one share of the blocks has come: how many are done, and what each clause met."""

    done: int = 0
    tallies: list[Tally] = field(default_factory=list[Tally])

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Passage":
        """Return what ``to_dict`` wrote. Raises TypeError, ValueError or KeyError where it did not."""
        return cls(int(told["done"]), [Tally(**one) for one in told["tallies"]])


class Keeper(Protocol):
    """Keeps the passages of a run, so that another run can take it up."""

    def begun(self) -> Sequence[Passage]:
        """Return the passages of an earlier run, one for each share; none where there was none."""
        ...

    def keep(self, passages: Sequence[Passage]) -> None:
        """Keep them; called often, and whatever ends the run."""
        ...


class Forgetful:
    """Keeps nothing."""

    def begun(self) -> Sequence[Passage]:
        """Return nothing."""
        return ()

    def keep(self, passages: Sequence[Passage]) -> None:
        """Do nothing."""


class Companion(Protocol):
    """A second process that takes every other block."""

    def start(self, passage: Passage) -> None:
        """Let it begin where ``passage`` stands."""
        ...

    def latest(self) -> Passage | None:
        """Return how far it has come, without waiting; None where it has told nothing yet."""
        ...

    def finish(self) -> Passage | None:
        """Wait for its end, and return how far it came; None where it came to no proper end."""
        ...


def blocks_of(operations: frozenset[str], clauses: Sequence[str], reach: Reach) -> list[Block]:
    """Return the blocks of every set that the subject can be asked about and a clause is asked for."""
    if "float32" not in reach.dtypes:
        return []
    found: list[Block] = []
    for one in complete_sets():
        asked = tuple(id for id in one.clauses if id in clauses and id not in reach.unseen)
        if asked and one.domain.operation in operations:
            found += [Block(one, number, asked) for number in range(one.blocks)]
    return found


def go_through(
    subject: Subject,
    standings: Mapping[str, Standing],
    blocks: Sequence[Block],
    passage: Passage,
    share: range,
    end: float | None = None,
    listen: Listener = lambda event: None,
) -> Iterator[Passage]:
    """Try the blocks whose numbers are in ``share``, from where ``passage`` stands; yield it after each of them.

    What fails is noted by the number of its block, and is tried again when the shares are put together.
    """
    keep_freed()
    recall = Recall(subject)
    tallies = {tally.clause: tally for tally in passage.tallies}
    for number in share[passage.done :]:
        if end is not None and time.monotonic() >= end:
            return
        block = blocks[number]
        rows = sum(tally.cases for tally in passage.tallies)
        listen(Progressed(passage.done, len(share), block.clauses[0], rows))
        for id in block.clauses:
            if id not in tallies:
                passage.tallies.append(tallies.setdefault(id, Tally(id)))
        still = [id for id in block.clauses if not (standings[id].failing or tallies[id].settled)]
        case = block.of.block(block.number) if still else None
        for id in still:
            assert case is not None
            trial = tried(standings[id].tested, recall, case)
            if trial is not None:
                tallies[id].take(number, trial)
        passage.done += 1
        yield passage


def go_through_all(
    subject: Subject,
    standings: Mapping[str, Standing],
    blocks: Sequence[Block],
    *,
    end: float | None,
    keeper: Keeper,
    companion: Companion | None,
    listen: Listener,
) -> list[Passage]:
    """Go through every block, a companion taking each second one, and return how far each share came."""
    shares = 1 if companion is None else 2
    begun = keeper.begun()
    if not _are_shares_of(blocks, begun, shares, standings):
        begun = [Passage() for _ in range(shares)]
    through = partial(go_through, subject, standings, blocks, end=end, listen=listen)
    if companion is None:
        (mine,) = begun
        for passage in through(mine, range(len(blocks))):
            keeper.keep([passage])
        keeper.keep([mine])
        return [mine]
    mine, other = begun
    companion.start(other)
    for passage in through(mine, range(0, len(blocks), 2)):
        other = companion.latest() or other
        keeper.keep([passage, other])
    ended = companion.finish()
    other = ended or companion.latest() or other
    if ended is None:  # it died, which costs time and nothing else
        for passage in through(other, range(1, len(blocks), 2)):
            keeper.keep([mine, passage])
    keeper.keep([mine, other])
    return [mine, other]


def _are_shares_of(blocks: Sequence[Block], passages: Sequence[Passage], shares: int, clauses: Iterable[str]) -> bool:
    """Tell whether passages that were kept can be those of these blocks; others are not taken up."""
    tallies = [tally for passage in passages for tally in passage.tallies]
    return (
        len(passages) == shares
        and all(0 <= one.done <= len(blocks[i::shares]) for i, one in enumerate(passages))
        and {tally.clause for tally in tallies} <= set(clauses)
        and {number for tally in tallies for number in tally.failing} <= set(range(len(blocks)))
    )


def proofs(blocks: Sequence[Block], passages: Sequence[Passage]) -> dict[str, Proof]:
    """Return what is proven of each clause: every block of its set was tried, and passed."""
    passed = Counter[str]()
    for passage in passages:
        for tally in passage.tallies:
            passed[tally.clause] += tally.passed
    found: dict[str, Proof] = {}
    for block in blocks:
        for id in block.clauses:
            if passed[id] == block.of.blocks:
                found[id] = Proof(block.of.inputs, block.of.name)
    return found
