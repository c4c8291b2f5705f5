"""Exports among processes: one row is run by one of them; a killed one leaves no half file and no child."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from forgeapp.app import build
from forgeapp.domain.cancel import CancelToken
from forgeapp.ledger.exports import ExportStatus
from tests.unit.services.exporting.desk import asked, names, until

pytestmark = pytest.mark.integration
_ROOT = Path(__file__).parents[4]


@contextmanager
def program(function: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    script = f"import sys; from tests.unit.services.exporting.desk import {function} as f; f(*sys.argv[1:])"
    command = [sys.executable, "-c", script, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=_ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_of_two_programs_that_run_the_same_export_one_writes_it(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with build(home) as app:
        export = app.exports.enqueue(asked(app.ledger, folder / "a.csv"))
        with program("run_program", home, export) as one, program("run_program", home, export) as other:
            for each in (one, other):
                assert each.stdin is not None
                each.stdin.write("go\n")
                each.stdin.flush()
            told = sorted((each.communicate()[0] or "").split()[0] for each in (one, other))
        assert told == ["completed", "export_not_waiting"]
        assert [row.status for row in app.exports.history()] == [ExportStatus.COMPLETED]
    assert names(folder) == {"a.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
def test_a_program_killed_in_the_middle_leaves_nothing_half_done_and_its_queue_goes_on(
    home: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.csv").write_text("old")
    (folder / ".forgeapp-0123456789abcdef.part.csv").write_text("of another program")
    with program("be_stuck_program", home, folder / "a.csv") as stuck:
        until(lambda: any(path.read_text() == "half" for path in folder.glob(".forgeapp-*")))
        children = psutil.Process(stuck.pid).children()
        assert len(children) == 1
        stuck.kill()
        stuck.wait()
        until(lambda: not any(child.is_running() for child in children))
    assert (folder / "a.csv").read_text() == "old"
    with build(home) as app:
        waiting, died = app.exports.history()
        assert (died.status, died.error_type) == (ExportStatus.FAILED, "interrupted")
        assert waiting.status is ExportStatus.QUEUED
        assert names(folder) == {"a.csv", ".forgeapp-0123456789abcdef.part.csv"}
        for row in app.exports.unfinished():
            app.exports.run(row.id, CancelToken())
        app.exports.run(app.exports.retry(died.id), CancelToken())
        assert "Mars" in (folder / "a.csv.md").read_text()
        assert "Mars" in (folder / "a.csv").read_text()
