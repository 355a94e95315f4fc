"""``python -m nnfs_spec`` is ``nnfs-spec``."""

from nnfs_spec.cli import main

main(prog_name="nnfs-spec")
