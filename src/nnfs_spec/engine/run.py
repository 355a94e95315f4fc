"""Runs the plan: gives every case to the clauses that speak of it, then builds the result of each clause."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import Case
from nnfs_spec.engine.budget import BUDGETS
from nnfs_spec.engine.clause_state import ClauseState, Helper, HelperShare, PartialState
from nnfs_spec.engine.events import ClauseResult, Failed, Judged, Listener, Progressed, Proof
from nnfs_spec.engine.exhaustive import (
    Block,
    Checkpoint,
    ExhaustiveHelper,
    NoCheckpoint,
    blocks_of,
    proofs,
    try_all_blocks,
)
from nnfs_spec.engine.options import CheckOptions
from nnfs_spec.engine.plan import Step, Visit, steps, units_of
from nnfs_spec.engine.results import ResultBuilder
from nnfs_spec.engine.root_cause import in_root_cause_order, root_cause
from nnfs_spec.engine.together import Trials
from nnfs_spec.engine.trial import Trial, tried
from nnfs_spec.engine.worked_example import counterexample_of
from nnfs_spec.subject.protocol import Subject


@dataclass(frozen=True)
class Run:
    """The result of each clause, and how far it came where it was cut short."""

    results: tuple[ClauseResult, ...]
    cut_short: tuple[str, ...]


def run_clauses(
    subject: Subject,
    options: CheckOptions,
    *,
    plan_helper: Helper | None = None,
    exhaustive_helper: ExhaustiveHelper | None = None,
    checkpoint: Checkpoint | None = None,
    listen: Listener = lambda event: None,
) -> Run:
    """Try the clauses that are asked for on ``subject``, and return the result of each in the order asked for.

    ``plan_helper`` takes the steps that a second process may take, ``exhaustive_helper`` a share of complete sets, and
    ``checkpoint`` records how far those are. Raises KeyError for an unknown clause. The same subject and seed give the
    same results, unless time runs out.
    """
    chosen = list(options.clauses or all_clauses())
    ranked = in_root_cause_order(chosen)
    plan = steps(units_of(subject.operations, ranked, subject.reach), BUDGETS[options.budget], options.seed)
    run = _Run(subject, ranked, listen, options.max_time)
    cut_short = run.take_steps(plan, plan_helper)
    proven: dict[str, Proof] = {}
    if BUDGETS[options.budget].complete:
        proven, left = run.try_complete_sets(checkpoint or NoCheckpoint(), exhaustive_helper)
        cut_short += left
    built = ResultBuilder(subject, ranked, options).results()
    results = tuple(_with_proof(built[id], proven.get(id)) for id in chosen)
    for result in results:
        listen(Judged(result))
    return Run(results, cut_short)


def _with_proof(result: ClauseResult, proof: Proof | None) -> ClauseResult:
    """Return the result with its proof, unless anything else contradicts it."""
    return replace(result, proof=proof) if result.status == "pass" else result


def run_helper_steps(subject: Subject, options: CheckOptions) -> HelperShare:
    """Take the steps that a second process may take, and return what was found for each clause."""
    ranked = in_root_cause_order(options.clauses or list(all_clauses()))
    partial_states = {state.clause.id: PartialState(state.clause.id) for state in ranked}
    trials = Trials(subject)
    end = _end_after(options.max_time)
    plan = steps(units_of(subject.operations, ranked, subject.reach), BUDGETS[options.budget], options.seed)
    mine = [(number, step) for number, step in enumerate(plan) if step.apart]
    left = len(mine)
    for number, step in mine:
        if time.monotonic() >= end:
            break
        open_ones = [state for state in step.concerned if not partial_states[state.clause.id].settled]
        for case in trials.cases([(step, open_ones)])[0]:
            for state in open_ones:
                partial_state = partial_states[state.clause.id]
                trial = None if partial_state.settled else trials.trial(state, case)
                if trial is not None:
                    partial_state.take(number, trial)
        left -= 1
    return HelperShare([partial_state for partial_state in partial_states.values() if partial_state.tried], left)


def _end_after(max_time: float | None) -> float:
    """Return the time at which to stop, infinite without a limit."""
    return time.monotonic() + (math.inf if max_time is None else max_time)


def _open(states: Sequence[ClauseState]) -> list[ClauseState]:
    return [state for state in states if not state.settled]


def _show_block(block: Block, visit: Visit) -> None:
    visit(block.of.block(block.number))


class _Run:
    """The state of one run of the plan."""

    def __init__(
        self, subject: Subject, ranked: Sequence[ClauseState], listen: Listener, max_time: float | None
    ) -> None:
        self._subject = subject
        self._trials = Trials(subject)
        self._ranked = ranked
        self._listen = listen
        self._max_time = max_time
        self._end = _end_after(max_time)

    def take_steps(self, plan: Sequence[Step], plan_helper: Helper | None) -> tuple[str, ...]:
        """Take the steps of the plan; return how far it came if time ran out first."""
        left = self._take_all([step for step in plan if plan_helper is None or not step.apart])
        if plan_helper is not None:
            share = plan_helper.share()
            if share is None:  # it failed, which costs time alone
                left += self._take_all([step for step in plan if step.apart])
            else:
                left += share.left
                for partial_state in share.partial_states:
                    self._take_over(partial_state, plan)
        taken = f"{len(plan) - left} of {len(plan)} steps were taken"
        return (f"stopped after {self._max_time:g} s, as asked: {taken}",) if left else ()

    def _take_all(self, here: Sequence[Step]) -> int:
        """Take these steps, and return how many are left when time runs out."""
        done = 0
        while done < len(here):
            if time.monotonic() >= self._end:
                return len(here) - done
            group = self._trials.group(here[done:])
            cases = self._trials.cases([(step, _open(step.concerned)) for step in group])
            for step, shown in zip(group, cases, strict=True):
                self._take(step, shown, done, len(here))
                done += 1
        return 0

    def try_complete_sets(
        self, checkpoint: Checkpoint, exhaustive_helper: ExhaustiveHelper | None
    ) -> tuple[dict[str, Proof], tuple[str, ...]]:
        """Try every block of the complete sets; return what is proven, and a note if time ran out."""
        states = {state.clause.id: state for state in self._ranked}
        blocks = blocks_of(self._subject.operations, list(states), self._subject.reach)
        shares = try_all_blocks(
            self._subject,
            states,
            blocks,
            end=self._end,
            checkpoint=checkpoint,
            exhaustive_helper=exhaustive_helper,
            listen=self._listen,
        )
        plan = [Step((), partial(_show_block, block)) for block in blocks]
        for partial_state in (partial_state for share in shares for partial_state in share.partial_states):
            self._take_over(partial_state, plan)
        done = sum(share.done for share in shares)
        note = f"complete sets were not finished, as time ran out: {done} of {len(blocks)} blocks were tried"
        return proofs(blocks, shares), (note,) if done != len(blocks) else ()

    def _take(self, step: Step, cases: Sequence[Case], done: int, total: int) -> None:
        open_ones = _open(step.concerned)
        if open_ones:
            rows = sum(state.cases for state in self._ranked)
            self._listen(Progressed(done, total, open_ones[0].clause.id, rows))
            for case in cases:
                self._visit(open_ones, case)
            if not step.known:
                step.show(partial(self._visit, open_ones))

    def _take_over(self, partial_state: PartialState, plan: Sequence[Step]) -> None:
        """Add what another process found; its failing steps are taken again here, and only these count."""
        state = next(state for state in self._ranked if state.clause.id == partial_state.clause)
        state.tried = state.tried or partial_state.tried
        state.cases += partial_state.cases
        state.undecided += partial_state.undecided
        state.worst = max(state.worst, partial_state.worst)
        for number in dict.fromkeys(partial_state.failing):
            self._take_again(state, plan[number])

    def _take_again(self, state: ClauseState, step: Step) -> None:
        if state.settled:
            return
        cases: list[Case] = []
        step.show(cases.append)
        trials = [tried(state.tested, self._subject, case) for case in cases]
        bad = [trial for trial in trials if trial is not None and trial.bad]
        for trial in bad:
            if not state.settled:
                state.take(trial)
                self._note(state, trial)
        if not bad:
            state.pass_over(Trial(cases[0], "error", None, "failed in one process and passed in another"))

    def _visit(self, concerned: Sequence[ClauseState], case: Case) -> None:
        for state in concerned:
            if state.settled:
                continue
            trial = self._trials.trial(state, case)
            if trial is None:
                state.lacking = True
                continue
            state.take(trial)
            if trial.bad:
                self._note(state, trial)

    def _note(self, state: ClauseState, trial: Trial) -> None:
        """Record a failure if it occurs again, with the earlier clause that explains it, if any."""
        again = tried(state.tested, self._subject, trial.case) if trial.repeatable else trial
        if again is None or not again.bad:
            state.pass_over(trial)
            return
        earlier = self._ranked[: self._ranked.index(state)]
        cause = root_cause(state, again, earlier, self._subject)
        if cause is None:
            state.failure = again
            clause = state.clause
            self._listen(Failed(clause.id, clause.level, clause.title, counterexample_of(again)))
        else:
            state.explain(again, cause.clause.id)
