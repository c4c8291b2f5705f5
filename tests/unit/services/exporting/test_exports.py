"""The queue: kept before anything else, two at a time, gone on with after a restart."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.errors import (
    StorageError,
    TargetNotWritable,
    UnknownArtifact,
    UnknownVersion,
    UnsupportedFormat,
    UsageError,
)
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportStatus
from tests.unit.services.exporting.desk import HEADER, WorkersHere, asked, disown, exports_over, names


def test_an_export_is_kept_before_it_runs_and_followed_to_its_end(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    request = asked(ledger, tmp_path / "planets.csv", options=ExportOptions(cover=True), may_replace=())
    export = service.enqueue(request)
    (row,) = service.history()
    assert (row.id, row.status, row.title, row.request) == (export, ExportStatus.QUEUED, "Planets", request)
    assert names(tmp_path) == set()
    shares: list[float] = []
    exported = service.run(export, CancelToken(), shares.append)
    assert HEADER in exported.path.read_text()
    assert exported.to_json() == {
        "path": str(tmp_path / "planets.csv"),
        "bytes": exported.path.stat().st_size,
        "ms": exported.duration_ms,
        "verified": True,
        "differences": [],
        "warnings": [],
    }
    assert shares[-1] == 1.0
    (row,) = service.history()
    assert (row.status, row.bytes, row.duration_ms) == (ExportStatus.COMPLETED, exported.bytes, exported.duration_ms)
    assert names(tmp_path) == {"planets.csv"}
    events = [(event.name, event.data["format"]) for event in ledger.events.all()]
    assert events == [("export_started", "csv"), ("export_completed", "csv")]


def test_fifty_at_once_run_two_at_a_time_and_all_of_them_are_done(ledger: Ledger, tmp_path: Path) -> None:
    workers = WorkersHere(pause_s=0.01)
    service = exports_over(ledger, workers)
    request = asked(ledger, tmp_path / "0.md")
    queued = [service.enqueue(ExportRequest(request.subject, tmp_path / f"{number}.md")) for number in range(50)]
    threads = [threading.Thread(target=service.run, args=(export, CancelToken())) for export in queued]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert workers.most == 2
    assert {row.status for row in service.history()} == {ExportStatus.COMPLETED}
    assert len(names(tmp_path)) == 50


def test_what_is_wrong_with_a_request_itself_is_told_before_it_is_queued(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    request = asked(ledger, tmp_path / "planets.pptx")
    with pytest.raises(UnsupportedFormat):
        service.enqueue(request)
    with pytest.raises(UsageError, match="Only code has files"):
        service.enqueue(asked(ledger, tmp_path, is_folder=True))
    with pytest.raises(UnknownVersion):
        service.enqueue(ExportRequest(ArtifactSubject(1, 9), tmp_path / "a.csv"))
    with pytest.raises(UnknownArtifact):
        service.enqueue(ExportRequest(ArtifactSubject(99, 1), tmp_path / "a.csv"))
    with pytest.raises(UsageError):
        service.enqueue(ExportRequest(ConversationSubject(99), tmp_path / "a.pdf"))
    conversation = ledger.conversations.start("Talk")
    with pytest.raises(UnsupportedFormat, match="conversation"):
        service.enqueue(ExportRequest(ConversationSubject(conversation), tmp_path / "a.xlsx"))
    with pytest.raises(TargetNotWritable, match="not Unicode"):
        service.enqueue(asked(ledger, tmp_path / "\udcff.csv"))
    assert service.history() == []


def test_a_file_that_stands_is_told_of_also_where_the_ledger_cannot_note_it(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError(reason="database or disk is full")

    monkeypatch.setattr(ledger.exports, "complete", refuse)
    exported = exports_over(ledger).export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert HEADER in exported.path.read_text()
    assert exported.bytes == exported.path.stat().st_size


def test_what_failed_is_done_again_as_it_was_asked_for(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    target = tmp_path / "later" / "a.csv"
    failed = service.enqueue(asked(ledger, target, options=ExportOptions(cover=True)))
    with pytest.raises(TargetNotWritable):
        service.run(failed, CancelToken())
    target.parent.mkdir()
    again = service.retry(failed)
    assert again != failed
    assert ledger.exports.get(again).request == ledger.exports.get(failed).request
    service.run(again, CancelToken())
    assert HEADER in target.read_text()
    assert [row.status for row in service.history()] == [ExportStatus.COMPLETED, ExportStatus.FAILED]
    assert service.clear_history() == 2
    assert service.history() == []
    assert target.exists()


def test_after_a_restart_what_was_queued_goes_on(ledger: Ledger, tmp_path: Path) -> None:
    before = exports_over(ledger)
    left = [before.enqueue(asked(ledger, tmp_path / name)) for name in ("a.csv", "b.csv")]
    assert before.unfinished() == []
    disown(ledger)
    after = exports_over(ledger)
    rows = after.unfinished()
    assert [row.id for row in rows] == left
    for row in rows:
        after.run(row.id, CancelToken())
    assert names(tmp_path) == {"a.csv", "b.csv"}


def test_a_conversation_is_exported_whole(ledger: Ledger, tmp_path: Path) -> None:
    from forgeapp.domain.chat import Role

    conversation = ledger.conversations.start("List the planets")
    ledger.conversations.add_message(conversation, Role.USER, "List the planets")
    ledger.conversations.add_message(conversation, Role.ASSISTANT, "Mars and Earth.")
    service = exports_over(ledger)
    exported = service.export(ExportRequest(ConversationSubject(conversation), tmp_path / "talk.md"), CancelToken())
    assert "Mars and Earth." in exported.path.read_text()
    assert service.history()[0].title == "List the planets"
    assert ledger.events.all("export_completed")[0].data["conversation"] == conversation
