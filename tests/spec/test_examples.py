"""Every Python example of spec/ and of the README runs, and prints exactly what stands there."""

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

from nnfs_spec.clauses import spec_folder
from tests import ROOT

PAGES = [*sorted(spec_folder().glob("*.md")), ROOT / "README.md"]
SYBIL = Sybil(parsers=[PythonCodeBlockParser()])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_example_prints_what_the_page_shows(page: Path) -> None:
    """The examples of a page run in order, in one namespace."""
    for example in SYBIL.parse(page):
        example.evaluate()
