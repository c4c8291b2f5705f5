from __future__ import annotations

import sys
import threading
import time

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.workbook import Cell, CellError, Sheet, Workbook
from forgeapp.errors import Cancelled, WorkerFailed
from forgeapp.services import workers as workers_module
from forgeapp.services.calculation import Calculation
from forgeapp.services.workers import Limits, Workers

LIMITS = Limits(memory_mb=1500, timeout_s=30)


def workbook(**cells: str) -> Workbook:
    from forgeapp.domain.workbook import position

    return Workbook(None, (Sheet("S", {position(at): Cell(text) for at, text in cells.items()}),))


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
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    started = time.monotonic()
    with pytest.raises(WorkerFailed, match="longer than"):
        Workers().run("evaluate", None, Limits(100, 0.3), CancelToken())
    assert time.monotonic() - started < 10


def test_stop_ends_the_child_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", "import time; time.sleep(60)"])
    cancel = CancelToken()
    threading.Timer(0.3, cancel.cancel).start()
    started = time.monotonic()
    with pytest.raises(Cancelled):
        Workers().run("export", None, LIMITS, cancel)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("import os; os._exit(7)", "code 7"),
        ("print('noise'); print('[1]'); raise SystemExit(3)", "code 3"),
        ("import sys; sys.exit('gone wrong')", "gone wrong"),
    ],
)
def test_a_child_that_dies_is_told_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, script: str, reason: str
) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    with pytest.raises(WorkerFailed, match=reason):
        Workers().run("evaluate", "x" * 1_000_000, LIMITS, CancelToken())
