"""What stands in for a module that cannot be imported: it can be named in definitions, and says so when it is used."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NoReturn

_DEFINING: ContextVar[bool] = ContextVar("defining", default=False)


class MissingLibraryError(ModuleNotFoundError):
    """Something of a module was used that cannot be imported."""


@contextmanager
def while_defining() -> Generator[None]:
    """Let stand-ins pass: as decorators, base classes, annotations and default values they are not yet used."""
    token = _DEFINING.set(True)
    try:
        yield
    finally:
        _DEFINING.reset(token)


class MissingModule:
    """Stands in for ``name``, which is missing for ``reason``; whoever uses it gets a MissingLibraryError."""

    def __init__(self, name: str, reason: str) -> None:
        self._name = name
        self._reason = reason

    def __getattr__(self, attribute: str) -> "MissingModule":
        if attribute.startswith("__"):  # asked for by Python itself, which takes no for an answer
            raise AttributeError(attribute)
        if _DEFINING.get():
            return MissingModule(f"{self._name}.{attribute}", self._reason)
        raise MissingLibraryError(f"{self._name} was needed for {attribute!r} but {self._reason}")

    def __call__(self, *arguments: Any, **keywords: Any) -> "MissingModule":
        """Say which module is missing."""
        if _DEFINING.get():
            return MissingModule(f"{self._name}(...)", self._reason)
        raise MissingLibraryError(f"{self._name} was called but {self._reason}")

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type[Any]]:
        """Stand in for a base class: objects of the class cannot be made."""
        name, reason = self._name, self._reason

        def refuse(cls: type[Any], *arguments: Any, **keywords: Any) -> NoReturn:
            raise MissingLibraryError(f"{name} was needed as a base of {cls.__name__} but {reason}")

        return (type("MissingBase", (), {"__new__": refuse}),)

    def lack(self) -> str:
        """Return in a sentence what is missing."""
        return f"it needs {self._name}, but {self._reason}"
