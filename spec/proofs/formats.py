"""The two formats of IEEE 754 that the clauses speak of, as the provers know them."""

import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """A binary format: its name as a dtype, and the widths of its exponent and of its significand."""

    dtype: str
    exponent: int
    precision: int
    packed: tuple[str, str]
    gappa: str

    def bits(self, value: float) -> str:
        """Return the bits of the number of this format that is nearest to a double."""
        number, whole = self.packed
        pattern: int
        (pattern,) = struct.unpack(whole, struct.pack(number, value))
        return format(pattern, f"0{self.exponent + self.precision}b")


FORMATS = (
    Format("float32", 8, 24, (">f", ">I"), "ieee_32"),
    Format("float64", 11, 53, (">d", ">Q"), "ieee_64"),
)
