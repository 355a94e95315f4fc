"""Proves what can be proved and compares the record: ``python -m spec.proofs``, or ``make proofs``."""

import argparse
import shutil
import sys
from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor

from spec.proofs import coq, evidence
from spec.proofs.jobs import BUILD, ENUMERATION, Answer, Job, answer, jobs
from spec.proofs.record import Line, line, recorded, versions, write

QUICK = 5.0
"""Seconds of processor time beyond which a job that is on record waits for ``--full``."""


def waits(job: Job, known: dict[tuple[str, str, str, str], Line]) -> bool:
    """Return whether the record has this very question and says that it took long, or that no answer came."""
    before = known.get(job.key)
    if before is None or before.digest != job.digest:
        return False
    return before.seconds > QUICK or before.answer != job.expected


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="spec.proofs", description="Prove what can be proved by machine.")
    parser.add_argument("--full", action="store_true", help="also what the record says takes long")
    parser.add_argument("--record", action="store_true", help="write record.json and the fields Evidence anew")
    parser.add_argument("--only", default="", help="only jobs whose name contains this")
    parser.add_argument("--limit", type=int, default=120, help="seconds of processor time for one question")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def _shown(one: Line, how: str) -> None:
    about = f"{', '.join(one.clauses) or '-':22} {one.dtype} {one.program:8} {one.name:24}"
    print(f"{how} {about} {one.answer:10} {one.seconds:7.1f} s", flush=True)


def open_goals(lines: list[Line]) -> list[str]:
    """Return the goals that are not proved, or not refuted, as claimed: a wrong answer, or none from any program."""
    answers: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for one in lines:
        answers[one.name, one.dtype, one.expected].add(one.answer)
    return [
        f"{name}, {dtype}: {expected} is claimed, {' and '.join(sorted(told))} answered"
        for (name, dtype, expected), told in answers.items()
        if told - {"no answer"} != {expected}
    ]


def main() -> int:
    """Run the jobs, print a line for each, and return 1 if anything is not as claimed."""
    arguments = _arguments()
    missing = [program for program in ("gappa", "coqc", "prlimit") if shutil.which(program) is None]
    if missing:
        print(f"missing: {', '.join(missing)}; see spec/proofs/README.md")
        return 1
    known = recorded()
    asked = [job for job in jobs() if arguments.only in job.name]
    later = [job for job in asked if not arguments.full and waits(job, known)]
    now = [job for job in asked if job not in later]
    lines: dict[tuple[str, str, str, str], Line] = {job.key: known[job.key] for job in later}
    with ThreadPoolExecutor(arguments.workers) as pool:
        together = pool.submit(coq.proved, BUILD, 600) if any(job.program == "coqc" for job in now) else None
        told: dict[tuple[str, str, str, str], Future[Answer]] = {
            job.key: pool.submit(answer, job, arguments.limit, arguments.workers)
            for job in now
            if job.program not in ("coqc", "numpy")
        }
        for job in now:
            if job.key in told:
                lines[job.key] = line(job, told[job.key].result())
                _shown(lines[job.key], "ran     ")
    if together is not None:
        answers, runs = together.result()
        for source, done in runs.items():
            print(f"ran      {source} compiled in {done.seconds:.1f} s" if done.code == 0 else f"{source}: {done.out}")
        each = round(sum(done.seconds for done in runs.values()) / len(answers), 1)
        for job in now:
            if job.program == "coqc":
                lines[job.key] = line(job, Answer(answers[job.name, job.dtype], each))
                _shown(lines[job.key], "ran     ")
    for job in now:
        if job.name == ENUMERATION:
            lines[job.key] = line(job, answer(job, arguments.limit, arguments.workers))
            _shown(lines[job.key], "ran     ")
    for job in later:
        _shown(lines[job.key], "recorded")
    in_order = [lines[job.key] for job in asked]
    failed = open_goals(in_order)
    if arguments.record and not arguments.only and not failed:
        write(in_order, versions())
        for chapter in evidence.stale():
            (evidence.SPEC / f"{chapter}.md").write_text(evidence.page(chapter), encoding="utf-8")
    failed += [f"Evidence in spec/{chapter}.md is stale: run make generated" for chapter in evidence.stale()]
    print(f"{len(now)} questions asked, {len(later)} more on record, {len(failed)} not as claimed")
    for one in failed:
        print(f"FAILED {one}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
