"""What a subject prints: the beginning is kept, the rest is counted, so that no amount of it does harm."""

MOST_OUTPUT_BYTES = 2**12


class Captured:
    """Takes whatever is printed and keeps the first ``most`` bytes."""

    def __init__(self, most: int = MOST_OUTPUT_BYTES) -> None:
        self._most = most
        self._kept = b""
        self._total = 0

    def take(self, printed: bytes) -> None:
        """Add what was printed next."""
        self._total += len(printed)
        self._kept += printed[: self._most - len(self._kept)]

    def text(self) -> str:
        """Return the beginning, and how much followed."""
        beginning = self._kept.decode("utf-8", "replace")
        more = self._total - len(self._kept)
        return f"{beginning}\n... {more} more bytes" if more else beginning
