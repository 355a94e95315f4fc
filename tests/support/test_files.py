"""Reports are written whole, and never in the place of what is no plain file."""

import os
import threading
from pathlib import Path

from nnfs_spec.support.files import write_whole


def test_a_file_is_replaced_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    """The temporary name is gone."""
    path = tmp_path / "report.json"
    path.write_text("old")
    write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    """And what it leads to is written."""
    path, link = tmp_path / "report.json", tmp_path / "latest.json"
    link.symlink_to(path)
    for text in ("first", "second"):
        write_whole(link, text)
        assert link.is_symlink()
        assert path.read_text(encoding="utf-8") == text


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    """As a device does: a user who may rename over /dev/null must not lose it."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=write_whole, args=(pipe, "told"), daemon=True)
    writer.start()
    assert pipe.read_text(encoding="utf-8") == "told"
    writer.join()
    assert pipe.is_fifo()
