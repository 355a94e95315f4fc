"""A command whose help shows its options in groups."""

from collections.abc import Mapping, Sequence
from typing import Any

import click


class GroupedCommand(click.Command):
    """Lists each of its options in the group that names it; what no group names stands last."""

    def __init__(self, *arguments: Any, groups: Mapping[str, Sequence[str]], **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.groups = groups

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, a section for each group."""
        records: dict[str, tuple[str, str]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None and isinstance(param, click.Option):
                records[param.opts[0]] = record
        named = [option for options in self.groups.values() for option in options]
        rest = [option for option in records if option not in named]
        for title, options in {**self.groups, "Other": rest}.items():
            with formatter.section(title):
                formatter.write_dl([records[option] for option in options])
