"""Exports that are stopped, killed, or wait for a limit: no file, no part and no child stays."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import Cancelled, WorkerDied
from forgeapp.exporters.csv import exporter as csv
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services import workers as workers_module
from forgeapp.services.workers import Workers
from tests.unit.services.exporting.desk import asked, command, exports_over, names, until


def status(ledger: Ledger, export: int) -> ExportStatus:
    return ledger.exports.get(export).status


def test_one_that_was_taken_out_of_the_queue_does_not_run(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    export = service.enqueue(asked(ledger, tmp_path / "a.csv"))
    assert service.cancel_queued(export)
    with pytest.raises(Cancelled):
        service.run(export, CancelToken())
    assert status(ledger, export) is ExportStatus.CANCELLED
    assert names(tmp_path) == set()


def test_one_that_waits_for_its_turn_can_be_stopped_and_stays_for_the_next_start(
    ledger: Ledger, tmp_path: Path
) -> None:
    service = exports_over(ledger)
    waiting, unwanted = service.enqueue(asked(ledger, tmp_path / "a.csv")), asked(ledger, tmp_path / "b.csv")
    cancel = CancelToken()
    with ExitStack() as held:
        for number in range(2):
            held.enter_context(service._turns.turn(number, tmp_path / str(number), CancelToken()))
        threading.Timer(0.1, cancel.cancel).start()
        with pytest.raises(Cancelled):
            service.run(waiting, cancel)
        assert status(ledger, waiting) is ExportStatus.QUEUED
        with pytest.raises(Cancelled):
            service.export(unwanted, cancel)
    assert service.history()[0].status is ExportStatus.CANCELLED


def test_a_limit_makes_an_export_wait_visibly_until_there_is_room(ledger: Ledger, tmp_path: Path) -> None:
    from forgeapp.ledger.database import utc_after
    from tests.unit.ledger.test_export_rows import age

    service = exports_over(ledger, per_minute=1)
    first = service.enqueue(asked(ledger, tmp_path / "a.csv"))
    service.run(first, CancelToken())
    age(ledger, first, utc_after(-59.5))
    told: list[float] = []
    service.export(asked(ledger, tmp_path / "b.csv"), CancelToken(), on_waiting=told.append)
    assert told
    assert all(0 < seconds <= 0.5 for seconds in told)
    assert (tmp_path / "b.csv").exists()


def test_one_that_waits_for_a_limit_can_be_stopped_at_once_or_taken_out(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger, per_minute=1)
    service.export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    waiting, unwanted = (service.enqueue(asked(ledger, tmp_path / name)) for name in ("b.csv", "c.csv"))
    cancel = CancelToken()

    def take_out(_seconds: float) -> None:
        service.cancel_queued(unwanted)

    with pytest.raises(Cancelled):
        service.run(waiting, cancel, on_waiting=lambda _seconds: cancel.cancel())
    assert status(ledger, waiting) is ExportStatus.QUEUED
    with pytest.raises(Cancelled):
        service.run(unwanted, CancelToken(), on_waiting=take_out)
    assert names(tmp_path) == {"a.csv"}


@pytest.mark.integration
@pytest.mark.parametrize("old", [None, "old"])
def test_stop_in_the_middle_leaves_no_file_no_part_and_no_child(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str | None
) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: command("be_stuck_child"))
    target = tmp_path / "a.csv"
    if old:
        target.write_text(old)
    service, cancel = exports_over(ledger, Workers()), CancelToken()
    with pytest.raises(Cancelled):
        service.export(asked(ledger, target), cancel, on_progress=lambda _share: cancel.cancel())
    assert names(tmp_path) == ({"a.csv"} if old else set())
    assert service.history()[0].status is ExportStatus.CANCELLED


@pytest.mark.integration
def test_stop_while_formulas_are_computed_ends_those_too(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psutil

    monkeypatch.setattr(workers_module, "_command", lambda: command("be_child_of_stuck_formulas"))
    service, cancel = exports_over(ledger, Workers()), CancelToken()
    sums = Workbook("Sums", (Sheet("Plan", {(0, 0): Cell("=1+1")}, has_header=False),))
    export = service.enqueue(asked(ledger, tmp_path / "a.csv", sums))
    ended: list[type[Exception]] = []

    def run() -> None:
        try:
            service.run(export, cancel)
        except Cancelled as error:
            ended.append(type(error))

    thread = threading.Thread(target=run)
    thread.start()
    until(lambda: len(psutil.Process().children(recursive=True)) == 2)
    children = psutil.Process().children(recursive=True)
    cancel.cancel()
    thread.join(20)
    assert ended == [Cancelled]
    until(lambda: not any(child.is_running() for child in children))
    assert names(tmp_path) == set()


@pytest.mark.integration
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal there")
def test_a_child_that_is_killed_fails_its_export_and_leaves_nothing(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psutil

    monkeypatch.setattr(workers_module, "_command", lambda: command("be_stuck_child"))
    service = exports_over(ledger, Workers())

    def kill(_share: float) -> None:
        for child in psutil.Process().children():
            child.kill()

    with pytest.raises(WorkerDied, match="code -9"):
        service.export(asked(ledger, tmp_path / "a.csv"), CancelToken(), on_progress=kill)
    assert names(tmp_path) == set()
    assert service.history()[0].error_type == "worker_died"


def test_a_fault_of_our_own_leaves_no_export_running(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv.EXPORTER, "write", lambda *_: 1 // 0)
    service = exports_over(ledger)
    with pytest.raises(ZeroDivisionError):
        service.export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert (service.history()[0].status, service.history()[0].error_type) == (ExportStatus.FAILED, "crashed")
