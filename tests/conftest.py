"""How Hypothesis runs: the same cases every time in the gate, many random ones in ``make fuzz``; what tests share."""

import gc
import os
import secrets
import signal
import tempfile
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.tools.leftovers import MARK, leftovers

if TYPE_CHECKING:
    from nnfs_spec.fast import native

settings.register_profile("gate", derandomize=True, database=None, deadline=None, max_examples=60)
settings.register_profile("fuzz", derandomize=False, deadline=None, max_examples=2_000)
settings.load_profile(os.environ.get("NNFS_SPEC_PROFILE", "gate"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in the background of a shell, whose children inherit it
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that in the end nobody waits for it."""
    items.sort(key=lambda item: item.get_closest_marker("gate") is None)


GRACE_SECONDS = 5.0
"""Within which a process ends that notices by itself that whoever started it has ended."""


@pytest.fixture
def nothing_is_left(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Require that a test leaves no process, file, shared memory or descriptor behind; gives the mark it looks for."""
    mark, folder = secrets.token_hex(8), tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv(MARK, mark)
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)
    gc.collect()
    before = leftovers(mark, folder)
    yield mark
    gc.collect()
    end = time.monotonic() + GRACE_SECONDS
    while (after := leftovers(mark, folder)) != before and time.monotonic() < end:
        time.sleep(0.05)
    assert after == before


@pytest.fixture(scope="session")
def kernels() -> "native.Kernels":
    """Return the compiled kernels; the test is skipped where no compiler is at hand."""
    from nnfs_spec.fast import native  # here, so that tests are found even where the package cannot be imported
    from nnfs_spec.fast.build import NoCompilerError
    from tests.tools.kernels import built

    try:
        return native.load(built())
    except NoCompilerError as lacking:
        pytest.skip(str(lacking))


@pytest.fixture(params=["kernels", "no kernels"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a test twice: ``nnfs_spec.fast`` with its kernels, and without any."""
    from nnfs_spec.fast import native

    used = request.getfixturevalue("kernels") if request.param == "kernels" else native.NONE
    monkeypatch.setattr(native, "kernels", used)
