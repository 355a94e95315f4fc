"""The repository itself: its generated pages, its paths, its Makefile."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests import ROOT
from tests.tools.generated import GENERATED, SHOWING

PACKAGE = ROOT / "src" / "nnfs_spec"
MODULES = sorted(PACKAGE.rglob("*.py"))

WORST = re.compile(r"^([A-Z]+-[0-9]+ +\w+ +[\w-]+ +[0-9,]+ +)[0-9.e+-]+(?= )", re.MULTILINE)
"""The share of the bound in a table of clauses, which depends on the processor."""


MEASURED = re.compile(r"^(\| \w+ \| float\d\d \| [0-9,]+ \| ).*$|^(Measured with `.*`), .*$", re.MULTILINE)
"""The errors of the reference and the versions they were measured with: they depend on both and on the processor."""


def masked(text: str) -> str:
    """Return a page without the figures that depend on the processor."""
    return MEASURED.sub(r"\1\2*", WORST.sub(r"\1*", text))


LONG = dict.fromkeys(SHOWING, (pytest.mark.gate,))
"""Pages that run all they show."""


@pytest.mark.parametrize(
    "path", [pytest.param(path, id=str(path.relative_to(ROOT)), marks=LONG.get(path, ())) for path in GENERATED]
)
def test_generated_files_are_up_to_date(path: Path) -> None:
    """Byte for byte, but for measured figures; ``make generated`` writes them."""
    stale = f"{path} is stale: run make generated PAGES={path.relative_to(ROOT)}"
    assert masked(path.read_text(encoding="utf-8")) == masked(GENERATED[path]()), stale


@pytest.mark.parametrize("page", [".github/CONTRIBUTING.md", "tests/README.md"])
def test_every_path_that_contributors_are_told_exists(page: str) -> None:
    """Those in backquotes that begin with a folder of the top level."""
    paths = re.findall(r"`((?:src|tests|spec|\.ci|\.github)/[\w./-]*)`", (ROOT / page).read_text(encoding="utf-8"))
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_is_left_undone_or_unpickled(path: Path) -> None:
    """No reminders of work to do, no pickle, no evaluation of data."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\b(TODO|FIXME|XXX|HACK)\b|import pickle|allow_pickle|\beval\(", text)


def test_the_lock_names_no_registry() -> None:
    """Versions and hashes only."""
    assert "://" not in (ROOT / ".requirements.lock").read_text(encoding="utf-8")


def test_the_makefile_lists_its_targets() -> None:
    """``make`` alone does."""
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith("MAKE")
    }  # not one make in another
    done = subprocess.run(["make"], cwd=ROOT, env=outside, capture_output=True, text=True, timeout=60, check=True)
    listed = done.stdout
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [line.split()[1] for line in listed.splitlines()] == targets
