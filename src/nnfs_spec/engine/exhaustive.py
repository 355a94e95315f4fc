"""Goes through complete sets of inputs, in one process or shared by two, and may be interrupted and taken up again."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Protocol

from nnfs_spec.engine.call_cache import CallCache
from nnfs_spec.engine.clause_state import ClauseState, PartialState
from nnfs_spec.engine.events import Listener, Progressed, Proof
from nnfs_spec.engine.trial import tried
from nnfs_spec.generate.exhaustive import CompleteSet, complete_sets
from nnfs_spec.subject.protocol import Reach, Subject
from nnfs_spec.support.memory import keep_freed


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
    partial_states: list[PartialState] = field(default_factory=list[PartialState])

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Passage":
        """Return what ``to_dict`` wrote. Raises TypeError, ValueError or KeyError where it did not."""
        return cls(int(told["done"]), [PartialState(**one) for one in told["tallies"]])


class Checkpoint(Protocol):
    """Keeps the passages of a run, so that another run can take it up."""

    def begun(self) -> Sequence[Passage]:
        """Return the passages of an earlier run, one for each share; none where there was none."""
        ...

    def keep(self, passages: Sequence[Passage]) -> None:
        """Keep them; called often, and whatever ends the run."""
        ...


class NoCheckpoint:
    """Keeps nothing."""

    def begun(self) -> Sequence[Passage]:
        """Return nothing."""
        return ()

    def keep(self, passages: Sequence[Passage]) -> None:
        """Do nothing."""


class ExhaustiveHelper(Protocol):
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
    states: Mapping[str, ClauseState],
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
    cache = CallCache(subject)
    partial_states = {partial_state.clause: partial_state for partial_state in passage.partial_states}
    for number in share[passage.done :]:
        if end is not None and time.monotonic() >= end:
            return
        block = blocks[number]
        rows = sum(partial_state.cases for partial_state in passage.partial_states)
        listen(Progressed(passage.done, len(share), block.clauses[0], rows))
        for id in block.clauses:
            if id not in partial_states:
                passage.partial_states.append(partial_states.setdefault(id, PartialState(id)))
        still = [id for id in block.clauses if not (states[id].failing or partial_states[id].settled)]
        case = block.of.block(block.number) if still else None
        for id in still:
            assert case is not None
            trial = tried(states[id].tested, cache, case)
            if trial is not None:
                partial_states[id].take(number, trial)
        passage.done += 1
        yield passage


def go_through_all(
    subject: Subject,
    states: Mapping[str, ClauseState],
    blocks: Sequence[Block],
    *,
    end: float | None,
    checkpoint: Checkpoint,
    exhaustive_helper: ExhaustiveHelper | None,
    listen: Listener,
) -> list[Passage]:
    """Go through every block, a exhaustive_helper taking each second one, and return how far each share came."""
    shares = 1 if exhaustive_helper is None else 2
    begun = checkpoint.begun()
    if not _are_shares_of(blocks, begun, shares, states):
        begun = [Passage() for _ in range(shares)]
    through = partial(go_through, subject, states, blocks, end=end, listen=listen)
    if exhaustive_helper is None:
        (mine,) = begun
        for passage in through(mine, range(len(blocks))):
            checkpoint.keep([passage])
        checkpoint.keep([mine])
        return [mine]
    mine, other = begun
    exhaustive_helper.start(other)
    for passage in through(mine, range(0, len(blocks), 2)):
        other = exhaustive_helper.latest() or other
        checkpoint.keep([passage, other])
    ended = exhaustive_helper.finish()
    other = ended or exhaustive_helper.latest() or other
    if ended is None:  # it died, which costs time and nothing else
        for passage in through(other, range(1, len(blocks), 2)):
            checkpoint.keep([mine, passage])
    checkpoint.keep([mine, other])
    return [mine, other]


def _are_shares_of(blocks: Sequence[Block], passages: Sequence[Passage], shares: int, clauses: Iterable[str]) -> bool:
    """Tell whether passages that were kept can be those of these blocks; others are not taken up."""
    partial_states = [partial_state for passage in passages for partial_state in passage.partial_states]
    return (
        len(passages) == shares
        and all(0 <= one.done <= len(blocks[i::shares]) for i, one in enumerate(passages))
        and {partial_state.clause for partial_state in partial_states} <= set(clauses)
        and {number for partial_state in partial_states for number in partial_state.failing} <= set(range(len(blocks)))
    )


def proofs(blocks: Sequence[Block], passages: Sequence[Passage]) -> dict[str, Proof]:
    """Return what is proven of each clause: every block of its set was tried, and passed."""
    passed = Counter[str]()
    for passage in passages:
        for partial_state in passage.partial_states:
            passed[partial_state.clause] += partial_state.passed
    found: dict[str, Proof] = {}
    for block in blocks:
        for id in block.clauses:
            if passed[id] == block.of.blocks:
                found[id] = Proof(block.of.inputs, block.of.name)
    return found
