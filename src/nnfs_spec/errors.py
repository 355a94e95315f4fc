"""What the reference raises: every error carries its comparison as fields."""


class SpecError(Exception):
    """An argument, or a moment, that the specification rules out.

    Fields: ``operation`` (who complains), ``argument`` (of what), ``got`` (what arrived),
    ``expected`` (what should have) and ``clause`` (the clause that says so).
    """

    def __init__(self, operation: str, argument: str, got: str, expected: str, clause: str) -> None:
        self.operation = operation
        self.argument = argument
        self.got = got
        self.expected = expected
        self.clause = clause
        super().__init__(operation, argument, got, expected, clause)

    def __str__(self) -> str:
        return f"{self.operation}: {self.argument} is {self.got} but must be {self.expected} [{self.clause}]"


class SpecValueError(SpecError, ValueError):
    """The type is right, the value or the shape is not."""


class SpecTypeError(SpecError, TypeError):
    """The argument is not of a type that the operation takes."""


class OutputNotReadyError(SpecError, AttributeError):
    """``output`` was read before ``forward`` had run."""
