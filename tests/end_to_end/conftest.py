"""The program as other programs call it: a process with arguments, standard streams and an exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from forgeapp.cli import main
from tests.fakes.provider_server import FakeServer, Reply

TIMEOUT_S = 120


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `forgeapp ARGUMENTS` in an empty folder of the test's own."""
    folder = tmp_path / "work"
    folder.mkdir()

    def call(*arguments: object, stdin: str | bytes = "", env: dict[str, str] | None = None) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "forgeapp", *(str(argument) for argument in arguments)],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            capture_output=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **(env or {})},
            timeout=TIMEOUT_S,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return call


@pytest.fixture
def run_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """As `run`, but within this process, which is ten times as fast: for what needs no process of its own."""
    folder = tmp_path / "work"
    folder.mkdir(exist_ok=True)

    def call(*arguments: object, stdin: str | bytes = "", env: dict[str, str] | None = None) -> Ran:
        given = io.TextIOWrapper(io.BytesIO(stdin.encode() if isinstance(stdin, str) else stdin), "utf-8")
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        with monkeypatch.context() as patch:
            patch.chdir(folder)
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            try:
                code = main([str(argument) for argument in arguments])
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            out.flush()
            err.flush()
        return Ran(code, out.buffer.getvalue().decode("utf-8"), err.buffer.getvalue().decode("utf-8"))

    return call


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[FakeServer]:
    """A provider on loopback; parametrised indirectly with its replies."""
    replies = getattr(request, "param", None) or [Reply("Hello.")]
    with FakeServer(*replies) as fake:
        yield fake


@pytest.fixture
def impatient(home: Path) -> None:
    """No waits between attempts."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.json").write_text(json.dumps({"retry_waits_s": [0, 0]}))
