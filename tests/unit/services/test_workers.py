from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.publication import Share
from forgeapp.domain.workbook import Cell, CellError, Sheet, Workbook
from forgeapp.errors import Cancelled, OutOfMemory, WorkerDied, WorkerFailed
from forgeapp.services import workers as workers_module
from forgeapp.services.calculation import Calculation
from forgeapp.services.workers import Limits, Workers
from tests.pace import ends_within

LIMITS = Limits(memory_mb=1500, timeout_s=120)


def workbook(**cells: str) -> Workbook:
    from forgeapp.domain.workbook import position

    return Workbook(None, (Sheet("S", {position(at): Cell(text) for at, text in cells.items()}),))


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_workbook_is_computed_in_a_child() -> None:
    values = Calculation(Workers(), LIMITS).values(
        workbook(A1="=6*7", A2='="a"&"b"', A3="=1/0", A4="=1=1"), CancelToken()
    )
    assert values["S"][0, 0] == 42
    assert values["S"][1, 0] == "ab"
    assert values["S"][2, 0] == CellError("#DIV/0!")
    assert values["S"][3, 0] is True


def test_a_workbook_without_formulas_needs_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module.subprocess, "Popen", None)
    assert Calculation(Workers(), LIMITS).values(workbook(A1="Rent"), CancelToken()) == {}


@pytest.mark.security
@pytest.mark.skipif(sys.platform != "linux", reason="the cap is set by the system on Linux only")
def test_a_formula_that_eats_memory_ends_its_child_and_nothing_else() -> None:
    cells = {"A1": "x" * 1000} | {f"A{row}": f"=A{row - 1}&A{row - 1}" for row in range(2, 45)}
    with pytest.raises(WorkerFailed):
        Calculation(Workers(), Limits(memory_mb=600, timeout_s=30)).values(workbook(**cells), CancelToken())
    assert Calculation(Workers(), LIMITS).values(workbook(A1="=1+1"), CancelToken())["S"][0, 0] == 2


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(600)"])
    with ends_within(60), pytest.raises(WorkerFailed, match="longer than"):
        Workers().run("evaluate", None, Limits(100, 0.3), CancelToken())


def test_stop_ends_the_child_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(600)"])
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    with ends_within(60), pytest.raises(Cancelled):
        Workers().run("export", None, Limits(memory_mb=1500, timeout_s=600), cancel)


def test_what_was_done_before_stop_is_told_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    script = 'import time; print(\'{"progress": 1.0}\\n{"result": 7}\', flush=True); time.sleep(600)'
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    cancel = CancelToken()

    def stop(_share: float) -> None:
        threading.Timer(0.3, cancel.cancel).start()

    assert Workers().run("export", None, LIMITS, cancel, stop) == 7
    assert cancel.is_cancelled


def test_a_child_tells_how_far_it_is_and_where(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [
        {"progress": 0.25},
        {"progress": 0.5, "at": ["row", 4, 8]},
        {"progress": 0.75, "at": ["row", "8"]},
        {"result": 7},
    ]
    script = f"print({chr(10).join(map(json.dumps, said))!r})"
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    told: list[float] = []
    assert Workers().run("export", None, LIMITS, CancelToken(), told.append) == 7
    assert told == [0.25, 0.5, 0.75]
    places = [(share.unit, share.number, share.count) for share in told if isinstance(share, Share)]
    assert places == [("row", 4, 8)], "what is no place is left out"


@pytest.mark.parametrize("words", ["MemoryError", "memory allocation of 8 bytes failed", "std::bad_alloc"])
def test_a_child_that_ran_out_of_memory_says_so_and_what_to_do(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", f"import sys; sys.exit({words!r})"])
    with pytest.raises(OutOfMemory, match="more than the 1500 MB") as told:
        Workers().run("export", None, LIMITS, CancelToken())
    assert "worker_memory_mb" in told.value.hint


def test_where_the_system_sets_no_bound_a_child_that_grows_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_SYSTEM_BOUNDS_MEMORY", False)
    script = "import time; held = b'x' * 120_000_000; time.sleep(600)"
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    with ends_within(60), pytest.raises(OutOfMemory):
        Workers().run("export", None, Limits(memory_mb=100, timeout_s=600), CancelToken())


def test_where_the_system_sets_no_bound_a_child_within_it_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_SYSTEM_BOUNDS_MEMORY", False)
    assert Calculation(Workers(), LIMITS).values(workbook(A1="=1+1"), CancelToken())["S"][0, 0] == 2


def test_what_a_child_put_aside_on_disk_goes_with_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(workers_module.tempfile, "tempdir", None)
    aside = (
        "import json, tempfile; tempfile.mkstemp(); from pathlib import Path;"
        "print(json.dumps({'result': [path.name for path in Path(tempfile.gettempdir()).iterdir()]}))"
    )
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", aside])
    assert len(Workers().run("export", None, LIMITS, CancelToken())) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.integration
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
def test_a_killed_parent_leaves_no_child_behind(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    script = "import sys; from tests.unit.services.slow_task import be_parent; be_parent(sys.argv[1])"
    parent = subprocess.Popen([sys.executable, "-c", script, str(note)], cwd=Path(__file__).parents[3])
    try:
        until(lambda: note.exists() and note.read_text() != "")
        child = int(note.read_text())
        assert psutil.pid_exists(child)
    finally:
        parent.kill()
        parent.wait()
    until(lambda: not psutil.pid_exists(child))


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import os; os._exit(7)", "code 7"),
        ("print('noise'); print('[1]'); raise SystemExit(3)", "code 3"),
        ("import sys; sys.exit('gone wrong')", "gone wrong"),
        ("import os; os.kill(os.getpid(), 9)", "code -9.*want of memory"),
        ("import sys; sys.exit('x' * 5_000_000 + ' at last')", "code 1.*at last"),
        ("print('{\"progress\": null}'); print('{\"progress\": [1]}'); raise SystemExit(3)", "code 3"),
    ],
)
def test_a_child_that_dies_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, script: str, reason: str
) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    with pytest.raises(WorkerDied, match=reason) as told:
        Workers().run("evaluate", "x" * 1_000_000, LIMITS, CancelToken())
    assert "logs" in told.value.hint
    assert "a child process (evaluate) ended with code" in caplog.text
