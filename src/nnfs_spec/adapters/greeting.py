"""What a process that holds a subject tells at first."""

from dataclasses import dataclass

from nnfs_spec.subject import ALL, Account, Reach


@dataclass(frozen=True)
class Greeting:
    """The operations that it has, what there is to tell of them, and what it can be asked about."""

    operations: frozenset[str]
    account: Account
    reach: Reach = ALL
