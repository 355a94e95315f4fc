"""The other end of an isolated subject: loads a target and answers sessions until its input ends."""

import os
import sys
from collections.abc import Sequence

from nnfs_spec.adapters.isolated import write_outcomes
from nnfs_spec.adapters.load import load
from nnfs_spec.adapters.wire import WireError, decode, encode
from nnfs_spec.subject import Call


def main(arguments: Sequence[str]) -> int:
    """Serve the target ``arguments[1]``, answering on the file descriptor ``arguments[0]``."""
    answers = os.fdopen(int(arguments[0]), "wb")
    questions = os.fdopen(os.dup(0), "rb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)

    def read(n: int) -> bytes:
        data = questions.read(n)
        if len(data) < n:
            raise WireError("the stream ended")
        return data

    def send(frame: bytes) -> None:
        answers.write(frame)
        answers.flush()

    try:
        subject = load(arguments[1])
    except Exception as problem:
        send(encode({"problem": f"{arguments[1]}: {type(problem).__name__}: {problem}"}))
        return 0
    subject.caught = BaseException
    send(encode({"operations": sorted(subject.operations), "notes": subject.notes}))
    while True:
        try:
            header, arrays = decode(read)
        except WireError:
            return 0
        remaining = iter(arrays)
        session = [
            Call(
                call["operation"],
                tuple(next(remaining) for _ in range(call["arguments"])),
                call["layout"],
                call["fresh"],
            )
            for call in header["calls"]
        ]
        send(write_outcomes(header["number"], subject.run(session)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
