"""What the process of a subject is told when it starts, as an argument of its command line."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Job:
    """The target and how to load it, the descriptors that the process inherits, and how many bytes it may allocate.

    Questions and answers are pipes, ``asked`` and ``answered`` the files that hold the arrays of each.
    """

    target: str
    loading: str
    questions: int
    answers: int
    asked: int
    answered: int
    lifeline: int
    memory: int

    @property
    def descriptors(self) -> tuple[int, ...]:
        """The descriptors to be inherited."""
        return (self.questions, self.answers, self.asked, self.answered, self.lifeline)

    def to_text(self) -> str:
        """Return the job as an argument."""
        return json.dumps(asdict(self))


def job_from(text: str) -> Job:
    """Return the job that ``to_text`` wrote."""
    return Job(**json.loads(text))
