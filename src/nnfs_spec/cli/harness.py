"""``nnfs-spec harness``: what to start from when a port is to speak the text protocol."""

import click

from nnfs_spec.clauses import spec_folder
from nnfs_spec.cli.group import main

HARNESSES = {
    "c": "harness.c",
    "cpp": "harness.cpp",
    "fortran": "harness.f90",
    "go": "harness.go",
    "java": "Harness.java",
    "javascript": "harness.js",
    "rust": "harness.rs",
}


@main.command()
@click.argument("language", type=click.Choice(list(HARNESSES)))
def harness(language: str) -> None:
    """Print a harness in LANGUAGE: it reads calls, makes them, and prints the answers (spec/protocol.md)."""
    click.echo((spec_folder() / "harnesses" / HARNESSES[language]).read_text(encoding="utf-8"), nl=False)
