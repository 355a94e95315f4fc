"""``make bench``: measures with one thread and with all, each in a process, and writes JSON and a page of Markdown.

``--quick`` leaves out the largest shapes and most of the rounds; peers that are not installed are left out and named.
"""

import os
import platform
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from nnfs_spec.adapters.peers.registry import PEERS, missing, versions
from nnfs_spec.checking.batch import cores
from nnfs_spec.support.files import write_whole
from tests import ROOT
from tests.tools.benchmarks.speed.memory import peaks
from tests.tools.benchmarks.speed.record import Record, Run, run_from, to_json
from tests.tools.benchmarks.speed.table import page
from tests.tools.kernels import use

FOLDER = ROOT / "build" / "bench"
"""Git does not see it."""

SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def run(threads: int, quick: bool) -> Run:
    """Measure in a new process with ``threads`` threads; it may use no more processors than that."""
    allowed = os.sched_getaffinity(0) if sys.platform == "linux" else set[int]()
    environment = {**os.environ, **dict.fromkeys(SETTINGS, str(threads))}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.json"
        command = [sys.executable, "-m", "tests.tools.benchmarks.speed.measure", str(threads), str(path)]
        if sys.platform == "linux":  # JAX asks for nothing else
            os.sched_setaffinity(0, sorted(allowed)[-threads:])
        try:
            subprocess.run([*command, *(["--quick"] if quick else [])], env=environment, check=True)
        finally:
            if sys.platform == "linux":
                os.sched_setaffinity(0, allowed)
        return run_from(path.read_text(encoding="utf-8"))


def machine() -> dict[str, str]:
    """Return what the figures were measured on."""
    return {
        "processor": processor(),
        "cores": str(cores()),
        "system": f"{platform.system()} {platform.machine()}",
        "Python": platform.python_version(),
        "kernels": use(),
    }


def processor() -> str:
    """Return the model of the processor, where the system tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    """Measure and write."""
    quick = "--quick" in sys.argv[1:]
    present = [name for name in PEERS if not missing(name)]
    record = Record(
        quick,
        machine(),
        {"nnfs-spec": version("nnfs-spec"), **{k: v for name in present for k, v in versions(name).items()}},
        {name: missing(name) for name in PEERS if name not in present},
        peaks(),
        tuple(run(threads, quick) for threads in dict.fromkeys((1, cores()))),
    )
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = page(record)
    for suffix, content in (("json", to_json(record)), ("md", text)):
        write_whole(FOLDER / f"{'quick' if quick else 'full'}.{suffix}", content)
    print(text)


if __name__ == "__main__":
    main()
