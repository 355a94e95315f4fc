"""One trial: what becomes of a case that is too large for a slow subject."""

from collections.abc import Sequence

import numpy as np
import pytest

from nnfs_spec import relu
from nnfs_spec.adapters.live import LiveSubject
from nnfs_spec.domains import RELU
from nnfs_spec.engine.trial import tried
from nnfs_spec.generate.sweep import sized_batch
from nnfs_spec.properties import PROPERTIES
from nnfs_spec.subject.protocol import Call, Lacking, Outcome


class Slow(LiveSubject):
    """Takes too long for more rows than ``most``."""

    most = 0

    def run(self, session: Sequence[Call]) -> Sequence[Outcome]:
        """Answer, or say that it takes too long."""
        if len(session[0].arguments[0]) > self.most:
            return [Lacking("took too long", slow=True)] * len(session)
        return super().run(session)


@pytest.mark.parametrize(("most", "examined"), [(64, 64), (63, 8), (7, 1), (0, None)])
def test_a_slow_subject_is_asked_about_fewer_rows(most: int, examined: int | None) -> None:
    """An eighth, and an eighth of that; where one row is too much, nothing is examined."""
    subject = Slow("slow", {"relu": lambda: relu})
    subject.most = most
    case = sized_batch(RELU, np.dtype(np.float64), 0, 0)
    many = case.replace("inputs", np.ones((64, 3)))
    trial = tried(PROPERTIES["RELU-1"], subject, many)
    assert (None if trial is None else trial.rows) == examined
