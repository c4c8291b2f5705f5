"""Exports in the ledger: claimed by one process, counted by the minute, found again after a restart."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from forgeapp.domain.chat import Role
from forgeapp.domain.export_options import ExportOptions, Paper
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.standing import StandingFile
from forgeapp.domain.table import Table
from forgeapp.errors import ExportNotWaiting, UnknownExport
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.tables import exports

TABLE = Table("Planets", ("Name", "Moons"), (("Mars", "2"),))


@pytest.fixture
def artifact(ledger: Ledger) -> int:
    return ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets")).artifact


def queue(ledger: Ledger, artifact: int, target: Path, is_folder: bool = False) -> int:
    return ledger.exports.enqueue(ExportRequest(ArtifactSubject(artifact, 1), target, is_folder=is_folder), "Planets")


def run(ledger: Ledger, artifact: int, target: Path) -> int:
    export = queue(ledger, artifact, target)
    assert ledger.exports.claim(export) == 0
    return export


def disown(ledger: Ledger, *ids: int) -> None:
    """As if the process that holds them had died."""
    with ledger.database.writing() as connection:
        connection.execute(exports.update().where(exports.c.id.in_(ids)).values(owner=f"{2**22 + 1}:1"))


def age(ledger: Ledger, export: int, started_at: str) -> None:
    with ledger.database.writing() as connection:
        connection.execute(exports.update().where(exports.c.id == export).values(started_at=started_at))


def test_a_request_comes_back_as_it_was_asked_for(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    options = ExportOptions(paper=Paper.LETTER, cover=True)
    asked = ExportRequest(
        ArtifactSubject(artifact, 1),
        tmp_path / "a.PDF",
        options,
        keeps_differing=True,
        may_replace=(StandingFile("a.PDF", 12, 2**62, "ab"), StandingFile("b", 0, 1)),
        gives_way=True,
    )
    row = ledger.exports.get(ledger.exports.enqueue(asked, "Planets"))
    assert row.request == asked
    assert (row.title, row.format, row.status) == ("Planets", "pdf", ExportStatus.QUEUED)
    assert (row.started_at, row.completed_at, row.mark) == (None, None, None)
    conversation = ledger.conversations.start("Talk")
    asked = ExportRequest(ConversationSubject(conversation, shown=(3, 9)), tmp_path / "talk.zip", options)
    assert ledger.exports.get(ledger.exports.enqueue(asked, "Talk")).request == asked
    assert [row.title for row in ledger.exports.all()] == ["Talk", "Planets"]
    assert len(ledger.exports.all(limit=1)) == 1


def test_an_older_row_says_which_reply_was_shown_last(ledger: Ledger, tmp_path: Path) -> None:
    conversation = ledger.conversations.start("Talk")
    reply = ledger.conversations.add_message(conversation, Role.USER, "a")
    export = ledger.exports.enqueue(ExportRequest(ConversationSubject(conversation), tmp_path / "a.pdf"), "Talk")
    assert ledger.exports.get(export).subject == ConversationSubject(conversation)
    with ledger.database.writing() as connection:
        connection.execute(exports.update().values(leaf_id=reply))
    assert ledger.exports.get(export).subject == ConversationSubject(conversation, (reply,))


def test_an_export_is_followed_from_queue_to_end(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    first, second, third = (queue(ledger, artifact, tmp_path / name) for name in ("a.pdf", "a.csv", "a.md"))
    assert [ledger.exports.claim(export) for export in (first, second)] == [0, 0]
    row = ledger.exports.get(first)
    assert (row.status, bool(row.started_at), len(row.mark or "")) == (ExportStatus.RUNNING, True, 16)
    ledger.exports.complete(first, 1234, 56, ("no glyph for x",), ("row 2 is missing",))
    ledger.exports.fail(second, ExportStatus.FAILED, "export_differs", "it differs", ("cell A1",))
    waiting, failed, completed = ledger.exports.all()
    assert (completed.status, completed.bytes, completed.duration_ms) == (ExportStatus.COMPLETED, 1234, 56)
    assert (completed.warnings, completed.differences) == (("no glyph for x",), ("row 2 is missing",))
    assert (failed.status, failed.error_type, failed.error_message, failed.differences) == (
        ExportStatus.FAILED,
        "export_differs",
        "it differs",
        ("cell A1",),
    )
    assert waiting.id == third
    assert ledger.exports.cancel_queued(third)
    assert not ledger.exports.cancel_queued(third)
    assert ledger.exports.get(third).status is ExportStatus.CANCELLED


def test_of_many_that_claim_one_export_one_gets_it(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    export = queue(ledger, artifact, tmp_path / "a.csv")
    other = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    ready, won, lost = threading.Barrier(8), [], []

    def claim(through: Ledger) -> None:
        ready.wait()
        try:
            won.append(through.exports.claim(export))
        except ExportNotWaiting as error:
            lost.append(error.params["status"])

    racers = [threading.Thread(target=claim, args=(through,)) for through in (ledger, other) * 4]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    other.close()
    assert (won, lost) == ([0.0], ["running"] * 7)


def test_what_is_not_there_or_has_ended_cannot_be_claimed(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    export = run(ledger, artifact, tmp_path / "a.csv")
    ledger.exports.complete(export, 1, 1, ())
    with pytest.raises(ExportNotWaiting, match="completed"):
        ledger.exports.claim(export)
    with pytest.raises(UnknownExport):
        ledger.exports.claim(77)
    with pytest.raises(UnknownExport):
        ledger.exports.get(77)


def test_a_limit_says_how_long_to_wait_and_lets_no_more_begin(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    first, second = (queue(ledger, artifact, tmp_path / f"{number}.csv") for number in range(2))
    third = queue(ledger, artifact, tmp_path / "3.csv")
    assert ledger.exports.claim(first, per_minute=2) == 0
    assert ledger.exports.claim(second, per_minute=2) == 0
    assert 55 < ledger.exports.claim(third, per_minute=2) <= 60
    assert ledger.exports.get(third).status is ExportStatus.QUEUED
    age(ledger, first, "2026-01-01T00:00:00.000Z")
    assert ledger.exports.claim(third, per_minute=2) == 0


def test_what_was_begun_before_the_clock_was_set_back_makes_nobody_wait(
    ledger: Ledger, artifact: int, tmp_path: Path
) -> None:
    age(ledger, run(ledger, artifact, tmp_path / "1.csv"), "2999-01-01T00:00:00.000Z")
    assert ledger.exports.claim(queue(ledger, artifact, tmp_path / "2.csv"), per_minute=1) == 0
    assert 55 < ledger.exports.claim(queue(ledger, artifact, tmp_path / "3.csv"), per_minute=1) <= 60


def test_an_export_whose_process_died_is_marked_failed_and_one_that_runs_is_not(
    ledger: Ledger, artifact: int, tmp_path: Path
) -> None:
    done, died, lives = (run(ledger, artifact, tmp_path / name) for name in ("a.csv", "a.pdf", "a.md"))
    ledger.exports.complete(done, 1, 1, ())
    disown(ledger, done, died)
    seen: list[tuple[int, ExportStatus]] = []
    (row,) = ledger.exports.recover(lambda row: seen.append((row.id, ledger.exports.get(row.id).status)))
    assert seen == [(died, ExportStatus.RUNNING)]
    assert (row.id, bool(row.mark)) == (died, True)
    failed = ledger.exports.get(died)
    assert (failed.status, failed.error_type) == (ExportStatus.FAILED, "interrupted")
    assert ledger.exports.get(lives).status is ExportStatus.RUNNING
    assert ledger.exports.get(done).status is ExportStatus.COMPLETED
    assert ledger.exports.recover() == []


def test_queued_exports_of_a_dead_process_are_given_to_one_heir_the_oldest_first(
    ledger: Ledger, artifact: int, tmp_path: Path
) -> None:
    left = [queue(ledger, artifact, tmp_path / f"{number}.csv") for number in range(3)]
    mine = queue(ledger, artifact, tmp_path / "mine.csv")
    running = run(ledger, artifact, tmp_path / "running.csv")
    disown(ledger, *left, running)
    assert [row.id for row in ledger.exports.adopt()] == left
    assert ledger.exports.adopt() == []
    assert ledger.exports.get(mine).status is ExportStatus.QUEUED


def test_what_has_ended_stays_as_it_ended(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    export = run(ledger, artifact, tmp_path / "a.csv")
    disown(ledger, export)
    ledger.exports.recover()
    ledger.exports.complete(export, 1, 1, ())
    assert ledger.exports.get(export).error_type == "interrupted"


def test_a_cleared_history_forgets_no_file(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    done, failed = (run(ledger, artifact, tmp_path / name) for name in ("a.csv", "b.csv"))
    waiting, running = queue(ledger, artifact, tmp_path / "c.csv"), run(ledger, artifact, tmp_path / "d.csv")
    ledger.exports.complete(done, 1, 1, ())
    ledger.exports.fail(failed, ExportStatus.FAILED, "x", "x")
    assert ledger.exports.clear() == 2
    assert [row.id for row in ledger.exports.all()] == [running, waiting]
    assert ledger.exports.artifact_of(tmp_path / "a.csv") == artifact
    assert ledger.exports.clear() == 0


def test_a_path_leads_to_the_artifact_last_written_there(ledger: Ledger, artifact: int, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    second = ledger.artifacts.add(NewVersion(TABLE, Origin.GENERATED, "Planets")).artifact
    for each in (artifact, second):
        ledger.exports.complete(run(ledger, each, path), 1, 1, ())
    ledger.exports.fail(run(ledger, artifact, path), ExportStatus.FAILED, "x", "x")
    assert ledger.exports.artifact_of(path) == second
    assert ledger.exports.artifact_of(tmp_path / "sub" / ".." / "a.csv") == second
    assert ledger.exports.artifact_of(tmp_path / "b.csv") is None


def test_a_file_that_was_saved_into_a_folder_leads_to_its_artifact(
    ledger: Ledger, artifact: int, tmp_path: Path
) -> None:
    export = queue(ledger, artifact, tmp_path, is_folder=True)
    assert ledger.exports.get(export).format == "files"
    ledger.exports.claim(export)
    ledger.exports.complete(export, 1, 1, (), files=("src/main.py",))
    assert ledger.exports.artifact_of(tmp_path / "src" / "main.py") == artifact
    assert ledger.exports.artifact_of(tmp_path / "src" / "other.py") is None
    assert ledger.exports.artifact_of(tmp_path / "main.py") is None
