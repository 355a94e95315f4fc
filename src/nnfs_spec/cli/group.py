"""The command itself; every file beside this one adds what it says."""

import click

from nnfs_spec.version import SPEC_VERSION, __version__


@click.group()
@click.version_option(__version__, message=f"nnfs-spec {__version__}, specification {SPEC_VERSION}")
def main() -> None:
    """Tell whether an implementation of the forward pass of "Neural Networks from Scratch" is right."""
