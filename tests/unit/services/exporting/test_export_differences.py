"""Differences found in a written file: told everywhere, and kept only where that is asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import ExportDiffers, ExportNotWaiting, UnknownExport, UsageError
from forgeapp.exporters.csv import exporter as csv
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services import workers as workers_module
from forgeapp.services.workers import Workers
from tests.unit.services.exporting.desk import HEADER, asked, exports_over


@pytest.fixture
def _lossy_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CSV that is found to differ."""
    monkeypatch.setattr(csv.EXPORTER, "verify", lambda _publication, _path: ["row 2 is missing", "B3 is '1', not '2'"])


@pytest.mark.usefixtures("_lossy_csv")
def test_differences_keep_the_old_file_and_are_told_everywhere(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(ExportDiffers, match="row 2 is missing; B3 is '1', not '2'") as told:
        service.export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert told.value.params["differences"] == ("row 2 is missing", "B3 is '1', not '2'")
    assert "keep the file with its differences" in told.value.hint
    assert (tmp_path / "a.csv").read_text() == "old"
    (row,) = service.history()
    assert (row.status, row.error_type) == (ExportStatus.FAILED, "export_differs")
    assert row.differences == ("row 2 is missing", "B3 is '1', not '2'")
    assert "row 2 is missing" in (row.error_message or "")
    (event,) = ledger.events.all("export_failed")
    assert (event.data["difference"], event.data["differences"]) == ("row 2 is missing", 2)


@pytest.mark.usefixtures("_lossy_csv")
def test_a_file_that_differs_is_delivered_when_it_is_to_be_kept_anyway(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    failed = service.enqueue(asked(ledger, tmp_path / "a.csv"))
    with pytest.raises(ExportDiffers):
        service.run(failed, CancelToken())
    kept = service.keep_anyway(failed)
    exported = service.run(kept, CancelToken())
    assert HEADER in exported.path.read_text()
    assert (exported.to_json()["verified"], len(exported.differences)) == (False, 2)
    row = ledger.exports.get(kept)
    assert (row.status, row.differences) == (ExportStatus.COMPLETED, exported.differences)
    assert ledger.exports.get(service.retry(kept)).request.keeps_differing


@pytest.mark.integration
def test_differences_come_whole_out_of_a_child(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = (
        "from forgeapp.exporters.csv import exporter;"
        "exporter.EXPORTER.verify = lambda *_: [f'row {n}' for n in range(300)];"
        "from forgeapp.services.workers import serve; serve()"
    )
    monkeypatch.setattr(workers_module, "_command", lambda: [sys.executable, "-c", script])
    service = exports_over(ledger, Workers())
    with pytest.raises(ExportDiffers, match="row 4; and 196 more") as told:
        service.export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert told.value.params["differences"][-2:] == ("row 199", "and 100 more")
    assert len(service.history()[0].differences) == 201


def test_only_what_failed_by_differences_can_be_kept_anyway(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    waiting = service.enqueue(asked(ledger, tmp_path / "a.csv"))
    for ask in (service.keep_anyway, service.retry):
        with pytest.raises(ExportNotWaiting, match="queued"):
            ask(waiting)
        with pytest.raises(UnknownExport):
            ask(99)
    service.run(waiting, CancelToken())
    with pytest.raises(UsageError, match="did not fail by differences"):
        service.keep_anyway(waiting)
