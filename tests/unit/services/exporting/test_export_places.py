"""Where exports go: places no file can stand at, links, disks that are full, and what somebody wrote there."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from forgeapp.domain.artifact import FORMATS, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.errors import TargetChanged, TargetNotWritable, WouldReplace
from forgeapp.exporters.csv import exporter as csv
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportStatus
from forgeapp.ledger.tables import exports
from forgeapp.services import workers as workers_module
from forgeapp.services.exporting.leftovers import remove_leftovers
from forgeapp.services.workers import Workers
from tests.unit.services.exporting.desk import (
    HEADER,
    asked,
    command,
    disown,
    exports_over,
    names,
    until,
    write_on_a_full_disk,
)


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


def test_a_name_with_a_line_break_is_a_name(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    target = tmp_path / "two\nlines 表.csv"
    assert service.export(asked(ledger, target), CancelToken()).path == target
    assert service.history()[0].path == str(target)
    assert ledger.exports.artifact_of(target) == 1


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
    assert HEADER in (tmp_path / "away" / "old.csv").read_text()
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


def test_what_came_to_the_place_while_the_export_waited_stays_and_retry_replaces_it(
    ledger: Ledger, tmp_path: Path
) -> None:
    target = tmp_path / "a.csv"
    service = exports_over(ledger)
    waiting = service.enqueue(asked(ledger, target))
    disown(ledger)
    target.write_text("came before its turn")
    (row,) = exports_over(ledger).unfinished()
    with pytest.raises(TargetChanged):
        service.run(row.id, CancelToken())
    assert target.read_text() == "came before its turn"
    service.run(service.retry(waiting), CancelToken())
    assert HEADER in target.read_text(), "the user was told of it, and asked again"


def test_retry_replaces_nothing_that_came_after_the_user_was_told(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    service = exports_over(ledger)
    done = service.enqueue(asked(ledger, target))
    service.run(done, CancelToken())
    service.run(service.retry(done), CancelToken())
    target.write_text("edited since")
    with pytest.raises(TargetChanged):
        service.run(service.retry(done), CancelToken())
    target.write_text("edited once more")
    changed = service.history()[0].id
    with pytest.raises(TargetChanged):
        service.run(service.retry(changed), CancelToken())
    assert target.read_text() == "edited once more"


@pytest.mark.parametrize("is_edited", [False, True])
def test_after_a_process_died_retry_replaces_what_stood_there_and_not_what_somebody_wrote_before_the_next_start(
    ledger: Ledger, tmp_path: Path, is_edited: bool
) -> None:
    target = tmp_path / "a.csv"
    target.write_text("old")
    service = exports_over(ledger)
    died = service.enqueue(asked(ledger, target))
    ledger.exports.claim(died)
    disown(ledger)
    if is_edited:
        target.write_text("edited while the program was gone")
    assert [row.id for row in ledger.exports.recover(remove_leftovers)] == [died]
    again = service.retry(died)
    if is_edited:
        with pytest.raises(TargetChanged):
            service.run(again, CancelToken())
        assert target.read_text() == "edited while the program was gone"
        again = service.retry(again)
    service.run(again, CancelToken())
    assert HEADER in target.read_text(), "the user was told of it, and asked again"


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_was_exported_on_another_machine_replaces_nothing_here(
    ledger: Ledger, tmp_path: Path, is_folder: bool
) -> None:
    code = Code("Tool", (CodeFile("main.py", "python", "x = 1\n"),))
    target = tmp_path / "out" if is_folder else tmp_path / "main.py"
    service = exports_over(ledger)
    came = service.enqueue(asked(ledger, target, code, is_folder=is_folder))
    service.run(came, CancelToken())
    with ledger.database.writing() as connection:
        # As from an archive, which does not say it.
        connection.execute(exports.update().values(may_replace_json=None))
    file = target / "main.py" if is_folder else target
    file.write_text("somebody's here")
    with pytest.raises(WouldReplace if is_folder else TargetChanged):
        service.run(service.retry(came), CancelToken())
    assert file.read_text() == "somebody's here"


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
    assert HEADER in target.read_text()


def test_one_that_waited_longer_does_not_replace_what_was_asked_for_later(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    earlier, later = (
        exports_over(ledger).enqueue(asked(ledger, target, Table("T", (name,), ((name,),))))
        for name in ("earlier", "later")
    )
    # In another process, such as the command line beside the window.
    exports_over(ledger).run(later, CancelToken())
    with pytest.raises(TargetChanged):
        exports_over(ledger).run(earlier, CancelToken())
    assert "later" in target.read_text()


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


def test_code_goes_into_a_folder_as_one_export(ledger: Ledger, tmp_path: Path) -> None:
    code = Code("Totals", (CodeFile("main.py", "python", "x = 1\n"), CodeFile("../src/b.py", "python", "y = 2\n")))
    service = exports_over(ledger)
    exported = service.export(asked(ledger, tmp_path / "out", code, is_folder=True), CancelToken())
    assert [file.path.relative_to(tmp_path / "out").as_posix() for file in exported.files] == ["main.py", "src/b.py"]
    assert exported.warnings == ("../src/b.py is called src/b.py there",)
    (row,) = service.history()
    assert (row.format, row.status, row.bytes) == ("files", ExportStatus.COMPLETED, 12)
    assert ledger.exports.artifact_of(tmp_path / "out" / "src" / "b.py") == 1
