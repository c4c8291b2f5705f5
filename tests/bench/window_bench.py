"""The window: start and memory beside a bare PySide6 window; its event loop's gaps while it is busy."""

from __future__ import annotations

import atexit
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from forgeapp.app import build
from forgeapp.domain.chat import Role
from forgeapp.domain.table import Table
from forgeapp.ledger.artifacts import NewVersion, Origin
from tests.fakes.provider_server import FakeServer, Reply

RUNS = 7
_ROWS = 5_000
_PARAGRAPH = "A **lock** lifts boats: the gates close, the sluices open, and the chamber fills. " * 4


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        _prepare(Path(home))
        _starts(home)
    with tempfile.TemporaryDirectory() as home:
        _busy(home)


def _prepare(home: Path) -> None:
    """A last conversation of 200 messages, to be restored."""
    with build(home) as app:
        conversation = app.ledger.conversations.start("hello")
        for number in range(100):
            app.ledger.conversations.add_message(conversation, Role.USER, f"question {number}")
            app.ledger.conversations.add_message(conversation, Role.ASSISTANT, _PARAGRAPH, model="fake/large")
    (home / "window.json").write_text(f'{{"conversation": {conversation}}}')


def _starts(home: str) -> None:
    painted, restored, memory = [], [], []
    for run in range(RUNS + 1):
        plain = _moments(["bare"])
        ours = _moments(["ours", home])
        if run:
            painted.append(ours["painted"][0] / plain["painted"][0])
            restored.append(ours["restored"][0] / plain["painted"][0])
            memory.append((ours["memory"][1], plain["memory"][1]))
    print(f"{'painted and taking keys, beside a bare window':58} {statistics.median(painted):6.2f}x   target <= 3x")
    print(f"{'last conversation restored, beside a bare window':58} {statistics.median(restored):6.2f}x   target <= 6x")
    own, bare = (statistics.median(pair[side] for pair in memory) for side in (0, 1))
    print(
        f"{'resident memory, beside a bare window':58} {own:6.0f} MB {bare:6.0f} MB {own / bare:6.2f}x   target <= 3x"
    )


def _busy(home: str) -> None:
    reply = _PARAGRAPH * 300
    with FakeServer(Reply(reply[:100_000], piece_delay_s=0.0005)) as server:
        with build(home) as app:
            app.ledger.providers.add("fake", "openai-chat", server.base_url, ("large",), None, "none")
            rows = tuple(tuple(f"{row} {column}" for column in range(10)) for row in range(_ROWS))
            for title in ("First", "Second"):
                table = Table(title, tuple(f"Column {column}" for column in range(10)), rows)
                app.ledger.artifacts.add(NewVersion(table, Origin.IMPORTED, title))
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench.window_child", "busy", home],
            capture_output=True,
            text=True,
            check=True,
            env=_environment(),
        )
    gaps = sorted(float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("gap "))
    p99, worst = gaps[int(len(gaps) * 0.99)], gaps[-1]
    print(
        f"{'gaps of the event loop, a stream and two exports running':58} p99 {p99 * 1e3:5.1f} ms, worst "
        f"{worst * 1e3:5.1f} ms, over {sum(gaps):4.1f} s   target < 50, < 250"
    )


def _moments(arguments: list[str]) -> dict[str, tuple[float, float]]:
    """When each word was said, in seconds from the start of the process, and the value said with it."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.window_child", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    )
    assert process.stdout is not None
    moments = {}
    for line in process.stdout:
        word, *values = line.split()
        moments[word] = (time.perf_counter() - started, float(values[0]) if values else 0.0)
    process.wait()
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{arguments} ended with {process.returncode}")
    return moments


@cache
def _environment() -> dict[str, str]:
    """As on a user's computer, where Python keeps what it has compiled; here it may be told not to."""
    compiled = tempfile.TemporaryDirectory()
    atexit.register(compiled.cleanup)
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": compiled.name}


if __name__ == "__main__":
    main()
