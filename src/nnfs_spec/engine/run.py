"""Runs the plan: shows every case to the clauses that speak of it, then settles each clause."""

import math
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from nnfs_spec.clauses import all_clauses
from nnfs_spec.domains import Case
from nnfs_spec.engine.blame import culprit, in_order_of_blame
from nnfs_spec.engine.budgets import BUDGETS
from nnfs_spec.engine.events import (
    ClauseResult,
    Diagnosis,
    Errors,
    Finished,
    Judged,
    Listener,
    Progressed,
    Proof,
    Report,
)
from nnfs_spec.engine.exhaust import Block, Companion, Forgetful, Keeper, blocks_of, go_through_all, proofs
from nnfs_spec.engine.plan import Step, Visit, steps, units_of
from nnfs_spec.engine.recall import Recall
from nnfs_spec.engine.settle import Settlement
from nnfs_spec.engine.standing import Elsewhere, Standing, Tally
from nnfs_spec.engine.trial import Trial, tried
from nnfs_spec.engine.verdict import verdict_of
from nnfs_spec.subject import Call, Subject


def check_subject(
    subject: Subject,
    *,
    level: str = "must",
    budget: str = "default",
    seed: int = 0,
    only: Sequence[str] = (),
    max_time: float | None = None,
    elsewhere: Elsewhere | None = None,
    companion: Companion | None = None,
    keeper: Keeper | None = None,
    errors: bool = False,
    listen: Listener = lambda event: None,
) -> Report:
    """Check ``subject`` against every clause, or those of ``only``, and return the report.

    ``level`` is "must" or "should": whether broken advice counts against the subject. After ``max_time`` seconds no
    further case is tried. ``elsewhere`` takes the steps that may be taken in a second process, ``companion`` a share
    of complete sets, and ``keeper`` keeps how far those are. With ``errors`` they are measured after all that. Raises
    KeyError for an unknown budget or clause. The same subject and seed give the same report, unless time runs out.
    """
    chosen = list(only or all_clauses())
    ranked = in_order_of_blame(chosen)
    plan = steps(units_of(subject.operations, ranked, subject.reach), BUDGETS[budget], seed)
    run = _Run(subject, ranked, listen, max_time)
    cut_short = run.through(plan, elsewhere)
    found: dict[str, Proof] = {}
    if BUDGETS[budget].complete:
        found, left = run.through_complete_sets(keeper or Forgetful(), companion)
        cut_short += left
    settled = Settlement(subject, ranked, budget, seed).results()
    results = [_with_proof(settled[id], found.get(id)) for id in chosen]
    for result in results:
        listen(Judged(result))
    diagnosis = _diagnosis(subject, results, seed)
    measured = _measured(subject, seed, listen) if errors else None
    account = subject.account()
    report = Report(
        subject.name,
        seed,
        budget,
        level,
        verdict_of(results, level),
        tuple(sorted(subject.operations)),
        tuple(results),
        diagnosis,
        account.taken,
        account.problems + cut_short + _nothing_counts(results, level),
        account.output,
        measured,
    )
    listen(Finished(report))
    return report


def _measured(subject: Subject, seed: int, listen: Listener) -> tuple[Errors, ...]:
    from nnfs_spec.engine.measure import by_operation, measure  # which a check that is not asked for it does without

    return by_operation(measure(subject, seed=seed, listen=listen))


def _nothing_counts(results: Sequence[ClauseResult], level: str) -> tuple[str, ...]:
    """Return why the verdict says nothing about the subject, where only advice was asked for."""
    if any(result.counts_at(level) for result in results):
        return ()
    return (f"no clause that was asked for counts at level {level}: at level should advice counts, too",)


def _with_proof(result: ClauseResult, proof: Proof | None) -> ClauseResult:
    """Return the result with its proof, unless anything else contradicts it."""
    return replace(result, proof=proof) if result.status == "pass" else result


def _diagnosis(subject: Subject, results: Sequence[ClauseResult], seed: int) -> tuple[Diagnosis, ...]:
    if not any(result.status in ("fail", "error") for result in results):
        return ()
    from nnfs_spec.diagnosis.diagnose import diagnose  # brings all mutants along, which a right subject needs not

    return diagnose(subject, results, seed)


def take_apart(subject: Subject, *, budget: str, seed: int, only: Sequence[str], max_time: float | None) -> list[Tally]:
    """Take the steps of a plan that may be taken apart, and return what each clause met."""
    ranked = in_order_of_blame(list(only or all_clauses()))
    tallies = {standing.clause.id: Tally(standing.clause.id) for standing in ranked}
    recall = Recall(subject)
    end = _end_after(max_time)

    def visit(number: int, concerned: Sequence[Standing], case: Case) -> None:
        for standing in concerned:
            tally = tallies[standing.clause.id]
            trial = None if tally.settled else tried(standing.tested, recall, case)
            if trial is not None:
                tally.take(number, trial)

    for number, step in enumerate(steps(units_of(subject.operations, ranked, subject.reach), BUDGETS[budget], seed)):
        if time.monotonic() >= end:
            break
        if step.apart:
            for case in asked_ahead(step, recall):
                visit(number, step.concerned, case)
    return [tally for tally in tallies.values() if tally.tried]


def _end_after(max_time: float | None) -> float:
    """Return the moment at which time is up: never, where there is no limit."""
    return time.monotonic() + (math.inf if max_time is None else max_time)


def asked_ahead(step: Step, recall: Recall) -> list[Case]:
    """Return the cases of a step, the subject having been asked about all of them."""
    cases: list[Case] = []
    step.show(cases.append)
    recall.ask_ahead([Call(case.domain.operation, case.arguments) for case in cases])
    return cases


def _show_block(block: Block, visit: Visit) -> None:
    visit(block.of.block(block.number))


class _Run:
    """One passage through the plan."""

    def __init__(self, subject: Subject, ranked: Sequence[Standing], listen: Listener, max_time: float | None) -> None:
        self._subject = subject
        self._recall = Recall(subject)
        self._ranked = ranked
        self._listen = listen
        self._max_time = max_time
        self._end = _end_after(max_time)

    def through(self, plan: Sequence[Step], elsewhere: Elsewhere | None) -> tuple[str, ...]:
        """Take the steps of the plan; return a note where time ran out before its end."""
        here = [step for step in plan if elsewhere is None or not step.apart]
        cut_short: tuple[str, ...] = ()
        for done, step in enumerate(here):
            if time.monotonic() >= self._end:
                cut_short = (f"stopped after {self._max_time:g} s, as asked: {done} of {len(here)} steps were taken",)
                break
            self._take(step, done, len(here))
        tallies = elsewhere.tallies() if elsewhere is not None else ()
        if tallies is None:
            return cut_short or self.through([step for step in plan if step.apart], None)
        for tally in tallies:
            self._take_over(tally, plan)
        return cut_short

    def through_complete_sets(
        self, keeper: Keeper, companion: Companion | None
    ) -> tuple[dict[str, Proof], tuple[str, ...]]:
        """Try every block of the complete sets; return what is proven, and a note where time ran out."""
        standings = {standing.clause.id: standing for standing in self._ranked}
        blocks = blocks_of(self._subject.operations, list(standings), self._subject.reach)
        passages = go_through_all(
            self._subject, standings, blocks, end=self._end, keeper=keeper, companion=companion, listen=self._listen
        )
        plan = [Step((), partial(_show_block, block)) for block in blocks]
        for tally in (tally for passage in passages for tally in passage.tallies):
            self._take_over(tally, plan)
        done = sum(passage.done for passage in passages)
        note = f"complete sets were not finished, as time ran out: {done} of {len(blocks)} blocks were tried"
        return proofs(blocks, passages), (note,) if done != len(blocks) else ()

    def _take(self, step: Step, done: int, total: int) -> None:
        open_ones = [standing for standing in step.concerned if not standing.settled]
        if open_ones:
            rows = sum(standing.cases for standing in self._ranked)
            self._listen(Progressed(done, total, open_ones[0].clause.id, rows))
            if step.apart:
                for case in asked_ahead(step, self._recall):
                    self._visit(open_ones, case)
            else:
                step.show(partial(self._visit, open_ones))

    def _take_over(self, tally: Tally, plan: Sequence[Step]) -> None:
        """Count what another process met, and take its failing steps again, so that they are believed only then."""
        standing = next(standing for standing in self._ranked if standing.clause.id == tally.clause)
        standing.tried = standing.tried or tally.tried
        standing.cases += tally.cases
        standing.undecided += tally.undecided
        standing.worst = max(standing.worst, tally.worst)
        for number in dict.fromkeys(tally.failing):
            self._take_again(standing, plan[number])

    def _take_again(self, standing: Standing, step: Step) -> None:
        if standing.settled:
            return
        cases: list[Case] = []
        step.show(cases.append)
        trials = [tried(standing.tested, self._subject, case) for case in cases]
        bad = [trial for trial in trials if trial is not None and trial.bad]
        for trial in bad:
            if not standing.settled:
                standing.take(trial)
                self._note(standing, trial)
        if not bad:
            standing.pass_over(Trial(cases[0], "error", None, "failed in one process and passed in another"))

    def _visit(self, concerned: Sequence[Standing], case: Case) -> None:
        for standing in concerned:
            if standing.settled:
                continue
            trial = tried(standing.tested, self._recall, case)
            if trial is None:
                standing.lacking = True
                continue
            standing.take(trial)
            if trial.bad:
                self._note(standing, trial)

    def _note(self, standing: Standing, trial: Trial) -> None:
        """Believe a failure if it shows again, and tell whether an earlier clause explains it."""
        again = tried(standing.tested, self._subject, trial.case) if trial.repeatable else trial
        if again is None or not again.bad:
            standing.pass_over(trial)
            return
        earlier = self._ranked[: self._ranked.index(standing)]
        cause = culprit(standing, again, earlier, self._subject)
        if cause is None:
            standing.failure = again
        else:
            standing.explain(again, cause.clause.id)
