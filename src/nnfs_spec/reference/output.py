"""What the course's layers and activations share: ``output`` holds what ``forward`` last computed."""

from typing import ClassVar

from nnfs_spec.arrays import AnyMatrix
from nnfs_spec.errors import OutputNotReadyError


class Output:
    """Keeps the latest result of ``forward`` and says so when there is none yet."""

    clause: ClassVar[str]
    _output: AnyMatrix | None = None

    @property
    def output(self) -> AnyMatrix:
        """The latest result, shape (N, C), in the dtype of the inputs.

        Raises OutputNotReadyError before the first ``forward``.
        """
        if self._output is None:
            raise OutputNotReadyError(
                type(self).__name__, "output", "not there yet", "read after forward(inputs)", self.clause
            )
        return self._output
