"""The queue: kept before anything else, two at a time, stopped without a trace, with differences told."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from forgeapp.domain.artifact import FORMATS, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ArtifactSubject, ConversationSubject, ExportRequest
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import (
    Cancelled,
    ExportDiffers,
    ExportNotWaiting,
    StorageError,
    TargetChanged,
    TargetNotWritable,
    UnknownArtifact,
    UnknownExport,
    UnknownVersion,
    UnsupportedFormat,
    UsageError,
    WorkerDied,
)
from forgeapp.exporters.csv import exporter as csv
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services import workers as workers_module
from forgeapp.services.workers import Workers
from tests.unit.services.exporting.desk import (
    WorkersHere,
    asked,
    command,
    disown,
    exports_over,
    names,
    until,
    write_on_a_full_disk,
)

LINES = "Name,Moons"


def status(ledger: Ledger, export: int) -> ExportStatus:
    return ledger.exports.get(export).status


@pytest.fixture
def _lossy_csv(monkeypatch: pytest.MonkeyPatch) -> None:
    """A CSV that is found to differ."""
    monkeypatch.setattr(csv.EXPORTER, "verify", lambda _publication, _path: ["row 2 is missing", "B3 is '1', not '2'"])


def test_an_export_is_kept_before_it_runs_and_followed_to_its_end(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    request = asked(ledger, tmp_path / "planets.csv", options=ExportOptions(cover=True), may_replace=())
    export = service.enqueue(request)
    (row,) = service.history()
    assert (row.id, row.status, row.title, row.request) == (export, ExportStatus.QUEUED, "Planets", request)
    assert names(tmp_path) == set()
    shares: list[float] = []
    exported = service.run(export, CancelToken(), shares.append)
    assert LINES in exported.path.read_text()
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


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nowhere/a.csv", "folder does not exist"),
        ("folder.csv", "it is a folder"),
        ("file/a.csv", "its folder is a file"),
        ("x" * 300 + ".csv", "too long"),
        ("nul\0.csv", "null"),
    ],
)
def test_a_place_no_file_can_stand_at_fails_with_a_reason_and_leaves_nothing(
    ledger: Ledger, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "folder.csv" / "inside").mkdir(parents=True)
    (tmp_path / "file").write_text("theirs")
    service = exports_over(ledger)
    with pytest.raises(TargetNotWritable, match=reason) as told:
        service.export(asked(ledger, tmp_path / name), CancelToken())
    (row,) = service.history()
    assert (row.status, row.error_type) == (ExportStatus.FAILED, told.value.key)
    assert reason in (row.error_message or "")
    assert names(tmp_path) == {"folder.csv", "file"}


@pytest.mark.skipif(sys.platform == "win32", reason="names are bounded in another way there")
def test_a_name_as_long_as_names_can_be_is_a_name(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / ("表" * 83 + "aa.csv")
    assert len(target.name.encode()) == 255
    assert exports_over(ledger).export(asked(ledger, target), CancelToken()).path == target
    assert names(tmp_path) == {target.name}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_nowhere_is_told_and_one_that_leads_to_a_file_stays_a_link(
    ledger: Ledger, tmp_path: Path
) -> None:
    for name in ("away", "links"):
        (tmp_path / name).mkdir()
    (tmp_path / "away" / "old.csv").write_text("old")
    for name, to in (("good.csv", "away/old.csv"), ("bad.csv", "nowhere/new.csv"), ("loop.csv", "links/loop.csv")):
        (tmp_path / "links" / name).symlink_to(tmp_path / to)
    service = exports_over(ledger)
    service.export(asked(ledger, tmp_path / "links" / "good.csv"), CancelToken())
    assert (tmp_path / "links" / "good.csv").is_symlink()
    assert LINES in (tmp_path / "away" / "old.csv").read_text()
    for name, reason in (("bad.csv", "No such file"), ("loop.csv", "symbolic links")):
        with pytest.raises(TargetNotWritable, match=reason):
            service.export(asked(ledger, tmp_path / "links" / name), CancelToken())
    assert {path.name for path in (tmp_path / "away").iterdir()} == {"old.csv"}


def test_a_folder_that_goes_while_a_file_is_written_is_told(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()

    def remove(_publication: Publication, _path: Path) -> list[str]:
        shutil.rmtree(folder)
        return []

    monkeypatch.setattr(csv.EXPORTER, "verify", remove)
    service = exports_over(ledger)
    with pytest.raises(TargetNotWritable, match="No such file or directory"):
        service.export(asked(ledger, folder / "a.csv"), CancelToken())
    assert service.history()[0].status is ExportStatus.FAILED


def test_a_name_with_a_line_break_is_a_name(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    target = tmp_path / "two\nlines 表.csv"
    assert service.export(asked(ledger, target), CancelToken()).path == target
    assert service.history()[0].path == str(target)
    assert ledger.exports.artifact_of(target) == 1


def test_a_file_that_another_program_holds_stays_as_it_is(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, _target: Path) -> Path:
        # As Windows refuses for a file that is open elsewhere.
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    (tmp_path / "a.csv").write_text("old")
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(TargetNotWritable, match="used by another process"):
        exports_over(ledger).export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert (tmp_path / "a.csv").read_text() == "old"
    assert names(tmp_path) == {"a.csv"}


@pytest.mark.parametrize("old", [None, "old"])
def test_what_somebody_wrote_to_the_place_meanwhile_stays(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str | None
) -> None:
    target = tmp_path / "a.csv"
    if old:
        target.write_text(old)
    verify = csv.EXPORTER.verify

    def write_there(publication: Publication, path: Path) -> list[str]:
        target.write_text("what the user has just written")
        return verify(publication, path)

    monkeypatch.setattr(csv.EXPORTER, "verify", write_there)
    service = exports_over(ledger)
    with pytest.raises(TargetChanged, match=r"a\.csv was changed by another program") as told:
        service.export(asked(ledger, target), CancelToken())
    assert "Export again to replace it" in told.value.hint
    assert target.read_text() == "what the user has just written"
    assert names(tmp_path) == {"a.csv"}
    assert service.history()[0].error_type == "target_changed"


def test_what_was_removed_from_the_place_meanwhile_is_in_nobodys_way(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")
    verify = csv.EXPORTER.verify

    def remove(publication: Publication, path: Path) -> list[str]:
        target.unlink()
        return verify(publication, path)

    monkeypatch.setattr(csv.EXPORTER, "verify", remove)
    exports_over(ledger).export(asked(ledger, target), CancelToken())
    assert LINES in target.read_text()


def test_two_exports_into_one_file_leave_the_one_asked_for_last(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    asks = [asked(ledger, tmp_path / "a.csv", Table("T", (name,), ((name,),))) for name in ("one", "two", "three")]
    queued = [service.enqueue(request) for request in asks]
    threads = [threading.Thread(target=service.run, args=(export, CancelToken())) for export in reversed(queued)]
    with service._turns.turn(0, tmp_path / "a.csv", CancelToken()):
        for thread in threads:
            thread.start()
        until(lambda: len(service._turns._waiting) == 3)
    for thread in threads:
        thread.join()
    assert {row.status for row in service.history()} == {ExportStatus.COMPLETED}
    assert "three" in (tmp_path / "a.csv").read_text()


@pytest.mark.integration
@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files there")
def test_a_full_disk_is_told_and_the_old_file_stays(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "_command", lambda: command("be_child_on_a_full_disk"))
    (tmp_path / "a.json").write_text("old")
    service = exports_over(ledger, Workers())
    with pytest.raises(TargetNotWritable, match="File too large"):
        service.export(asked(ledger, tmp_path / "a.json"), CancelToken())
    assert (tmp_path / "a.json").read_text() == "old"
    assert names(tmp_path) == {"a.json"}
    assert service.history()[0].error_type == "target_not_writable"


@pytest.mark.integration
@pytest.mark.skipif(sys.platform == "win32", reason="there is no limit on the size of files there")
def test_every_format_tells_of_a_full_disk_in_the_same_words(tmp_path: Path) -> None:
    script = f"import sys; from {write_on_a_full_disk.__module__} import write_on_a_full_disk as f; f(sys.argv[1])"
    root = Path(__file__).parents[4]
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=root, capture_output=True, text=True, check=True
    )
    told = dict(line.split(" ", 1) for line in done.stdout.splitlines())
    assert told == {each.value: "target_not_writable File too large" for each in FORMATS[Kind.TABLE]}
    assert names(tmp_path) == set()


def test_a_file_that_stands_is_told_of_also_where_the_ledger_cannot_note_it(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise StorageError(reason="database or disk is full")

    monkeypatch.setattr(ledger.exports, "complete", refuse)
    exported = exports_over(ledger).export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    assert LINES in exported.path.read_text()
    assert exported.bytes == exported.path.stat().st_size


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
    assert LINES in exported.path.read_text()
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
    assert LINES in target.read_text()
    assert [row.status for row in service.history()] == [ExportStatus.COMPLETED, ExportStatus.FAILED]
    assert service.clear_history() == 2
    assert service.history() == []
    assert target.exists()


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


def test_code_goes_into_a_folder_as_one_export(ledger: Ledger, tmp_path: Path) -> None:
    code = Code("Totals", (CodeFile("main.py", "python", "x = 1\n"), CodeFile("../src/b.py", "python", "y = 2\n")))
    service = exports_over(ledger)
    exported = service.export(asked(ledger, tmp_path / "out", code, is_folder=True), CancelToken())
    assert [file.path.relative_to(tmp_path / "out").as_posix() for file in exported.files] == ["main.py", "src/b.py"]
    assert exported.warnings == ("../src/b.py is called src/b.py there",)
    (row,) = service.history()
    assert (row.format, row.status, row.bytes) == ("files", ExportStatus.COMPLETED, 12)
    assert ledger.exports.artifact_of(tmp_path / "out" / "src" / "b.py") == 1


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
