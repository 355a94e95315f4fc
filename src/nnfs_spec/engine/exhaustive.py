"""Tries every input of complete sets, in one process or in two, and can be interrupted and resumed."""

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
class Share:
    """One share of the blocks: how many of them are done, and what was found for each clause."""

    done: int = 0
    partial_states: list[PartialState] = field(default_factory=list[PartialState])

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Share":
        """Return what ``to_dict`` wrote. Raises TypeError, ValueError or KeyError where it did not."""
        return cls(int(told["done"]), [PartialState(**one) for one in told["partial_states"]])


class Checkpoint(Protocol):
    """Records the shares of a run, so that another run can resume it."""

    def begun(self) -> Sequence[Share]:
        """Return the shares of an earlier run, one for each share; none where there was none."""
        ...

    def keep(self, shares: Sequence[Share]) -> None:
        """Record them; called after every block."""
        ...


class NoCheckpoint:
    """Records nothing."""

    def begun(self) -> Sequence[Share]:
        """Return nothing."""
        return ()

    def keep(self, shares: Sequence[Share]) -> None:
        """Do nothing."""


class ExhaustiveHelper(Protocol):
    """A second process that takes every other block."""

    def start(self, share: Share) -> None:
        """Start after the blocks of ``share`` that are done."""
        ...

    def latest(self) -> Share | None:
        """Return its progress without waiting; None if it has reported none yet."""
        ...

    def finish(self) -> Share | None:
        """Wait for it to end, and return its progress; None if it failed."""
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


def try_blocks(
    subject: Subject,
    states: Mapping[str, ClauseState],
    blocks: Sequence[Block],
    share: Share,
    numbers: range,
    end: float | None = None,
    listen: Listener = lambda event: None,
) -> Iterator[Share]:
    """Try the blocks of these ``numbers`` but for those that ``share`` has done; yield the share after each.

    Of a failure the number of its block is recorded, and it is tried again when the shares are put together.
    """
    keep_freed()
    cache = CallCache(subject)
    partial_states = {partial_state.clause: partial_state for partial_state in share.partial_states}
    for number in numbers[share.done :]:
        if end is not None and time.monotonic() >= end:
            return
        block = blocks[number]
        rows = sum(partial_state.cases for partial_state in share.partial_states)
        listen(Progressed(share.done, len(numbers), block.clauses[0], rows))
        for id in block.clauses:
            if id not in partial_states:
                share.partial_states.append(partial_states.setdefault(id, PartialState(id)))
        still = [id for id in block.clauses if not (states[id].failing or partial_states[id].settled)]
        case = block.of.block(block.number) if still else None
        for id in still:
            assert case is not None
            trial = tried(states[id].tested, cache, case)
            if trial is not None:
                partial_states[id].take(number, trial)
        share.done += 1
        yield share


def try_all_blocks(
    subject: Subject,
    states: Mapping[str, ClauseState],
    blocks: Sequence[Block],
    *,
    end: float | None,
    checkpoint: Checkpoint,
    exhaustive_helper: ExhaustiveHelper | None,
    listen: Listener,
) -> list[Share]:
    """Try every block, every other one in the helper if there is one, and return the shares."""
    count = 1 if exhaustive_helper is None else 2
    begun = checkpoint.begun()
    if not _are_shares_of(blocks, begun, count, states):
        begun = [Share() for _ in range(count)]
    trying = partial(try_blocks, subject, states, blocks, end=end, listen=listen)
    if exhaustive_helper is None:
        (mine,) = begun
        for share in trying(mine, range(len(blocks))):
            checkpoint.keep([share])
        checkpoint.keep([mine])
        return [mine]
    mine, other = begun
    exhaustive_helper.start(other)
    for share in trying(mine, range(0, len(blocks), 2)):
        other = exhaustive_helper.latest() or other
        checkpoint.keep([share, other])
    ended = exhaustive_helper.finish()
    other = ended or exhaustive_helper.latest() or other
    if ended is None:  # it failed, which costs time alone
        for share in trying(other, range(1, len(blocks), 2)):
            checkpoint.keep([mine, share])
    checkpoint.keep([mine, other])
    return [mine, other]


def _are_shares_of(blocks: Sequence[Block], shares: Sequence[Share], count: int, clauses: Iterable[str]) -> bool:
    """Tell whether recorded shares can be those of these blocks; others are not resumed."""
    partial_states = [partial_state for share in shares for partial_state in share.partial_states]
    return (
        len(shares) == count
        and all(0 <= one.done <= len(blocks[i::count]) for i, one in enumerate(shares))
        and {partial_state.clause for partial_state in partial_states} <= set(clauses)
        and {number for partial_state in partial_states for number in partial_state.failing} <= set(range(len(blocks)))
    )


def proofs(blocks: Sequence[Block], shares: Sequence[Share]) -> dict[str, Proof]:
    """Return what is proven of each clause: every block of its set was tried, and passed."""
    passed = Counter[str]()
    for share in shares:
        for partial_state in share.partial_states:
            passed[partial_state.clause] += partial_state.passed
    found: dict[str, Proof] = {}
    for block in blocks:
        for id in block.clauses:
            if passed[id] == block.of.blocks:
                found[id] = Proof(block.of.inputs, block.of.name)
    return found
