"""The command line: one file for each command, or for a few of a kind."""

from nnfs_spec.cli.main import main

__all__ = ["main"]
