"""The reference of spec/network.md: results, types and errors."""

from nnfs_spec.cli.browse import walk_through


def test_the_walk_through_is_reproducible() -> None:
    """The same seed, the same lines."""
    assert walk_through(3) == walk_through(3)
    assert walk_through(3) != walk_through(4)


def test_the_walk_through_starts_uniformly() -> None:
    """The first point of the first arm is the origin."""
    assert walk_through()[3].split() == ["[0.33333333", "0.33333333", "0.33333333]"]
