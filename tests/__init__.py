"""The tests, laid out as the source is; tests/README.md says where a test belongs and which command runs it."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
"""The checkout."""
