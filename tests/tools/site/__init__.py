"""The site: the specification and what belongs to it as static pages, made by MkDocs."""

import html
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from nnfs_spec.clauses import CHAPTERS, all_clauses
from nnfs_spec.diagnosis.symptoms import symptom_of
from nnfs_spec.mutants import MUTANTS, Mutant
from nnfs_spec.properties import PROPERTIES
from tests import ROOT

HERE = Path(__file__).parent
SPEC = ROOT / "spec"
COPIED = (".json", ".py", ".v", ".c", ".cpp", ".f90", ".go", ".java", ".js", ".rs")
FOLDERS = ("harnesses", "schemas")
"""Folders to which pages link, and which have no page of their own."""

PAGES = {
    "Begin": "index.md",
    "Specification": {
        "Index of clauses": "specification.md",
        "The model": "model.md",
        **{chapter.capitalize(): f"{chapter}.md" for chapter in CHAPTERS},
        "Conformance": "conformance.md",
        "Errata": "errata.md",
    },
    "Known mistakes": "mistakes.md",
    "Checking code": "checking.md",
    "Grading a class": {"Grading": "grading.md", "At scale": "scale.md"},
    "Security": "security.md",
    "Ports": {"Ports": "ports.md", "Protocol": "protocol.md", "Vectors": "vectors/README.md"},
    "Libraries": {
        "Peers": "peers.md",
        "Kernels": "kernels.md",
        "Kill matrix": "kill-matrix.md",
        "Triggered": "triggered.md",
    },
    "Proofs": "proofs/README.md",
    "Changes": {"Changelog": "CHANGELOG.md", "From 1.0 to 2.0": "from-1.0-to-2.0.md"},
}
"""The pages by their titles, in the order of the navigation."""

CONFIG = {
    "site_name": "nnfs-spec",
    "use_directory_urls": False,  # so that the pages work from a folder
    "theme": {
        "name": "material",
        "font": False,
        "features": ["navigation.sections", "navigation.top", "content.code.copy", "search.suggest"],
        "palette": [
            {"media": "(prefers-color-scheme: light)", "scheme": "default"},
            {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
        ],
    },
    "plugins": ["search", "offline"],
    "markdown_extensions": ["attr_list", "tables", "md_in_html", "pymdownx.superfences", {"toc": {"permalink": True}}],
    "validation": {"links": {"anchors": "warn", "unrecognized_links": "warn"}},
}

CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1\n|``.+?``|`[^`\n]+`", re.MULTILINE | re.DOTALL)
MATHEMATICS = re.compile(r"\$([^$\n]+(?:\n[^$\n]+)?)\$")
LINK = re.compile(r"!?\[[^\]]*\]\([^)]*\)|^#.*$", re.MULTILINE)
HEADING = re.compile(r"^## ([A-Z]+-[0-9]+) \(\w+\): .+$", re.MULTILINE)

FROM_ELSEWHERE = re.compile(r'<script src="https://[^"]*"></script>')
"""What the theme would load from the network, so that the search works without a server, too: here it needs one."""

Replace = Callable[[str], str]


class Formulas:
    """Keeps formulas while pages are made, since MkDocs would read signs of Markdown in them."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def kept(self, text: str) -> str:
        """Return ``text`` with a word in the place of each formula."""
        return MATHEMATICS.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        self.all.append(" ".join(found[1].split()))
        return f"formula{len(self.all) - 1}elumrof"

    def shown(self, text: str, show: Replace) -> str:
        """Return ``text`` with the formulas in their places again."""
        return re.sub(r"formula(\d+)elumrof", lambda word: show(self.all[int(word[1])]), text)


def outside(pattern: re.Pattern[str], text: str, change: Replace) -> str:
    """Return ``text`` with all changed that ``pattern`` does not match."""
    found = [0, *(edge for one in pattern.finditer(text) for edge in one.span()), len(text)]
    pieces = [text[start:end] for start, end in pairwise(found)]
    return "".join(piece if place % 2 else change(piece) for place, piece in enumerate(pieces))


def page(path: Path, formulas: Formulas) -> str:
    """Return a page of the specification for the site: anchors, links from clause to clause, formulas as words."""
    up = "../" * (len(path.relative_to(SPEC).parts) - 1)
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"\[([A-Z]+-[0-9]+)\]\((\w+\.md)\)", r"[\1](\2#\1)", text)
    text = text.replace("](../README.md" if up else "](README.md", f"]({up}specification.md")
    for folder in FOLDERS:
        text = text.replace(f"]({folder})", f"]({folder}.md)")

    def linked(piece: str) -> str:
        known = all_clauses()
        return re.sub(
            r"\b[A-Z]+-[0-9]+\b",
            lambda id: f"[{id[0]}]({up}{known[id[0]].chapter}.md#{id[0]})" if id[0] in known else id[0],
            piece,
        )

    def prose(piece: str) -> str:
        return outside(LINK, formulas.kept(piece), linked)

    text = outside(CODE, text, prose)
    parts = HEADING.split(text)
    told = [parts[0]]
    for heading, id, body in zip(HEADING.finditer(text), parts[1::2], parts[2::2], strict=True):
        told.append(f"{heading[0]} {{ #{id} }}{body.rstrip()}\n\n{beside(id)}\n\n")
    return "".join(told)


def beside(id: str) -> str:
    """Return the property of a clause and the mistakes that it notices, folded."""
    source = inspect.getsource(PROPERTIES[id].judge)
    mistakes = [f"- [{one.name}](mistakes.md#{one.name})" for one in MUTANTS.values() if id in one.killed_by]
    summary = f"Its property, and {len(mistakes)} mistakes that it notices"
    return folded(summary, source, "\n".join(mistakes))


def folded(summary: str, source: str, more: str = "") -> str:
    """Return code, and what stands below it, to be opened by its summary."""
    return f'<details markdown="1"><summary>{summary}</summary>\n\n```python\n{source}```\n\n{more}\n\n</details>'


def mistakes() -> str:
    """Return the gallery of known mistakes, those of one operation together."""
    told = [
        "# Known mistakes\n\nWrong implementations, each with what was misunderstood, what to do instead, "
        'and the rules that it breaks. `nnfs-spec explain "softmax nan"` finds them by what you see.\n'
    ]
    in_order = sorted(MUTANTS.values(), key=lambda one: one.operation)
    for operation, those in groupby(in_order, key=lambda one: one.operation):
        told.append(f"\n## {operation}\n")
        told += [mistake(one) for one in those]
    return "".join(told)


def mistake(one: Mutant) -> str:
    """Return one known mistake."""
    known = all_clauses()
    breaks = ", ".join(f"[{id}]({known[id].chapter}.md#{id})" for id in one.killed_by)
    seen = symptom_of(one.name)
    lines = [
        f"\n### {one.name} {{ #{one.name} }}\n",
        f"**You may see:** {seen}\n" if seen else "",
        f"**You may have thought:** {plain(one.misconception)}\n",
        f"**Instead:** {plain(one.remedy)}\n",
        f"**Breaks:** {breaks}\n",
        f"{folded('Its code', inspect.getsource(one.code))}\n",
    ]
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """Return text with every sign of Markdown as itself."""
    return re.sub(r"([\\`*_{}\[\]<>#|])", r"\\\1", text)


def write_pages(folder: Path) -> Formulas:
    """Write the sources of the site, and return the formulas that were taken out of them."""
    formulas = Formulas()
    for path in sorted(SPEC.rglob("*")):
        place = folder / path.relative_to(SPEC)
        place.parent.mkdir(parents=True, exist_ok=True)
        if path == SPEC / "README.md":
            place = folder / "specification.md"
        if path.suffix == ".md":
            place.write_text(page(path, formulas), encoding="utf-8")
        elif path.suffix in COPIED and "__pycache__" not in path.parts:
            shutil.copy(path, place)
    (folder / "index.md").write_text((HERE / "begin.md").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "mistakes.md").write_text(mistakes(), encoding="utf-8")
    for name in FOLDERS:
        files = [f"- [{path.name}]({name}/{path.name})" for path in sorted((SPEC / name).iterdir())]
        (folder / f"{name}.md").write_text("\n".join([f"# {name.capitalize()}", "", *files, ""]), encoding="utf-8")
    return formulas


def navigation(pages: Any) -> Sequence[Any]:
    """Return the pages in the form of MkDocs."""
    return [{title: place if isinstance(place, str) else navigation(place)} for title, place in pages.items()]


def build(folder: Path) -> None:
    """Build the site in ``folder``, which is removed first; warnings are errors."""
    shutil.rmtree(folder, ignore_errors=True)
    sources = folder / "sources"
    formulas = write_pages(sources / "docs")
    config = {**CONFIG, "nav": navigation(PAGES), "docs_dir": str(sources / "docs"), "site_dir": str(folder / "site")}
    (sources / "mkdocs.yml").write_text(json.dumps(config), encoding="utf-8")  # which is YAML, too
    config_file = str(sources / "mkdocs.yml")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--config-file", config_file]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, check=True, timeout=300, env=quiet)
    to_mathml: Replace = import_module("latex2mathml.converter").convert
    for path in (folder / "site").rglob("*.html"):
        text = FROM_ELSEWHERE.sub("", path.read_text(encoding="utf-8"))
        path.write_text(formulas.shown(text, to_mathml), encoding="utf-8")
    for path in (folder / "site" / "search").glob("search_index.*"):
        index = formulas.shown(path.read_text(encoding="utf-8"), lambda formula: json.dumps(html.escape(formula))[1:-1])
        path.write_text(index, encoding="utf-8")
    shutil.rmtree(sources)
