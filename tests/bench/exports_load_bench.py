"""Exports under load: fifty at once and a PDF of 100 MB, begun by the window; memory and the window's longest gap."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO

import psutil

_CHILD = [sys.executable, "-m", "tests.bench.exports_load_child"]


def main() -> None:
    for name, what in (("fifty", "fifty exports at once"), ("large", "a PDF of 100 MB")):
        with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
            subprocess.run([*_CHILD, name, home, folder], check=True)
            _report(what, home, Path(folder))


def _report(what: str, home: str, folder: Path) -> None:
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        window_mb, child_mb, together_mb = _peaks(home, output)
        took_s = time.perf_counter() - began
        output.seek(0)
        words = [line.split() for line in output]
    gaps = sorted(float(value) for word, value in words if word == "gap")
    completed = next(value for word, value in words if word == "completed")
    written_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    print(f"{what + ': completed, written, in all':58} {completed:>4} {written_mb:6.0f} MB {took_s:7.1f} s")
    print(
        f"{what + ': most memory':58} window {window_mb:4.0f} MB, a child {child_mb:4.0f} MB, all {together_mb:4.0f} MB"
        "   target < 600 together"
    )
    p99, worst = gaps[int(len(gaps) * 0.99)], gaps[-1]
    print(f"{what + ': gaps of the event loop':58} p99 {p99 * 1e3:5.1f} ms, worst {worst * 1e3:5.1f} ms")


def _peaks(home: str, output: IO[str]) -> tuple[float, float, float]:
    """The most that is resident while it runs, in MB: of the window, of any one child, and of all together."""
    window_mb = child_mb = together_mb = 0.0
    with subprocess.Popen([*_CHILD, "window", home], stdout=output) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                own = watched.memory_info().rss / 1e6
                others = [each.memory_info().rss / 1e6 for each in watched.children(recursive=True)]
                window_mb = max(window_mb, own)
                child_mb = max(child_mb, *others, 0.0)
                together_mb = max(together_mb, own + sum(others))
            time.sleep(0.02)
    if process.returncode:
        raise RuntimeError(f"the window ended with {process.returncode}")
    return window_mb, child_mb, together_mb


if __name__ == "__main__":
    main()
