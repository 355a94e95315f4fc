"""The site: every link resolves, every clause has its anchor, and nothing comes from elsewhere."""

import json
import re
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from nnfs_spec.clauses import CHAPTERS, all_clauses, spec_folder
from nnfs_spec.mutants import MUTANTS
from tests.tools.site import PAGES, Formulas, beside, build, navigation, outside, page

MOST_SECONDS = 60


class Page(HTMLParser):
    """The anchors of a page, its links, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag in ("script", "img", "iframe") and "src" in given:
            self.loaded.append(given["src"])
        elif tag == "link" and "href" in given:
            self.loaded.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site within a minute."""
    folder = tmp_path_factory.mktemp("site")
    start = time.monotonic()
    build(folder)
    assert time.monotonic() - start < MOST_SECONDS
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    """Read the pages."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}


@pytest.mark.gate
def test_every_link_of_the_site_resolves(site: Path, pages: dict[Path, Page]) -> None:
    """Within the folder, without a server; the anchors, too."""
    dead: list[str] = []
    for path, read in pages.items():
        for link in (*read.links, *read.loaded):
            parts = urlsplit(link)
            if parts.scheme or path.name == "404.html":
                continue
            there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            known = pages.get(there)
            if not there.is_file() or (parts.fragment and known and unquote(parts.fragment) not in known.anchors):
                dead.append(f"{path.relative_to(site)}: {link}")
    assert dead == []


@pytest.mark.gate
def test_every_clause_and_every_mistake_has_its_anchor(site: Path, pages: dict[Path, Page]) -> None:
    for one in all_clauses().values():
        assert one.id in pages[site / f"{one.chapter}.html"].anchors
    assert set(MUTANTS) <= pages[site / "mistakes.html"].anchors


@pytest.mark.gate
def test_the_site_loads_nothing_from_elsewhere(pages: dict[Path, Page]) -> None:
    """And follows nobody."""
    assert [one for read in pages.values() for one in read.loaded if urlsplit(one).scheme or one.startswith("//")] == []


@pytest.mark.gate
def test_formulas_are_mathematics_and_are_found(site: Path) -> None:
    """In the pages as MathML, in the index of the search as they are written."""
    assert "<math" in (site / "softmax.html").read_text(encoding="utf-8")
    for path in (*site.rglob("*.html"), *(site / "search").iterdir()):
        assert "elumrof" not in path.read_text(encoding="utf-8"), path


def test_a_page_gets_anchors_and_links_from_clause_to_clause() -> None:
    """Outside of code, and of links that it has."""
    formulas = Formulas()
    text = page(spec_folder() / "relu.md", formulas)
    assert "\n## RELU-2 (MUST): Never negative { #RELU-2 }\n" in text
    assert "**Follows from.** [RELU-1](relu.md#RELU-1)." in text
    assert "--clause RELU-2`" in text
    assert r"y_{ij} \ge 0" in formulas.all
    assert formulas.shown(formulas.kept("so $a b$"), lambda formula: f"<{formula}>") == "so <a b>"
    assert "](../specification.md" in page(spec_folder() / "vectors" / "README.md", formulas)
    assert beside("RELU-2").count("](mistakes.md#relu-") == sum("RELU-2" in one.killed_by for one in MUTANTS.values())


def test_what_a_pattern_matches_is_left_alone() -> None:
    assert outside(re.compile("`.`"), "ab`a`a", str.upper) == "AB`a`A"


def test_every_page_of_the_specification_is_in_the_navigation() -> None:
    told = json.dumps(navigation(PAGES))
    there = {path.name for path in spec_folder().glob("*.md")} - {"README.md"}
    assert {name for name in there if f'"{name}"' not in told} == set()
    assert all(f'"{chapter}.md"' in told for chapter in CHAPTERS)
