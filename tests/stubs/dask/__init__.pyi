from collections.abc import Callable
from typing import Any

def delayed(function: Callable[..., Any]) -> Callable[..., Any]: ...
