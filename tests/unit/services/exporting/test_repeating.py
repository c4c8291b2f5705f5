"""An export once more: the same place, and what stands there replaced only where nobody has touched it since."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.ledger import Ledger
from forgeapp.services.exporting.exported import Exported
from tests.unit.services.exporting.desk import TABLE, asked, exports_over

CODE = Code("Tool", (CodeFile("a.py", "python", "a = 1\n"), CodeFile("b.py", "python", "b = 2\n")))


def exported(ledger: Ledger, request: ExportRequest) -> int:
    """The artifact of a request that was done."""
    exports_over(ledger).export(request, CancelToken())
    assert isinstance(request.subject, ArtifactSubject)
    return request.subject.artifact


def earlier(ledger: Ledger, artifact: int, content: Content = TABLE) -> ExportRequest:
    found = exports_over(ledger).earlier(artifact, content)
    assert found is not None
    return found


def repeated(ledger: Ledger, artifact: int, content: Content = TABLE) -> Exported:
    return exports_over(ledger).export(earlier(ledger, artifact, content), CancelToken())


def test_what_was_never_exported_has_no_earlier_one(ledger: Ledger, tmp_path: Path) -> None:
    artifact = asked(ledger, tmp_path / "a.csv").subject
    assert isinstance(artifact, ArtifactSubject)
    assert exports_over(ledger).earlier(artifact.artifact, TABLE) is None


def _lengthen(target: Path) -> None:
    target.write_bytes(target.read_bytes() + b"x")


def _turn_round(target: Path) -> None:
    """As long as before, and at the same time by the file's word."""
    found = target.stat()
    target.write_bytes(target.read_bytes()[::-1])
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def _lead_nowhere(target: Path) -> None:
    target.unlink()
    target.symlink_to(target.with_name("nowhere"))


def _make_a_folder(target: Path) -> None:
    target.unlink()
    target.mkdir()


def _protect(target: Path) -> None:
    target.chmod(0o400)


@pytest.mark.parametrize("change", [_lengthen, _turn_round, _lead_nowhere, _make_a_folder, _protect])
def test_what_is_not_as_it_was_left_stays_and_the_new_one_goes_beside(
    ledger: Ledger, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    target = tmp_path / "planets.csv"
    artifact = exported(ledger, asked(ledger, target))
    (tmp_path / "planets (2).csv").write_text("somebody else's")
    change(target)
    stood = target.lstat()
    written = repeated(ledger, artifact)
    assert written.path == tmp_path / "planets (3).csv"
    assert "Name,Moons" in written.path.read_text()
    assert "planets.csv is not as the last export left it" in written.warnings[-1]
    assert (target.lstat().st_ino, target.lstat().st_mtime_ns) == (stood.st_ino, stood.st_mtime_ns)
    assert (tmp_path / "planets (2).csv").read_text() == "somebody else's"
    assert exports_over(ledger).history()[0].path == str(written.path)
    assert repeated(ledger, artifact).path == written.path, "from now on that is where it goes"


def test_what_is_as_it_was_left_is_replaced_also_when_its_time_is_another(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "planets.csv"
    artifact = exported(ledger, asked(ledger, target))
    exports_over(ledger).clear_history()
    os.utime(target, (1, 1))
    assert repeated(ledger, artifact).path == target
    target.unlink()
    assert repeated(ledger, artifact).path == target
    assert [path.name for path in tmp_path.glob("planets*")] == ["planets.csv"]


def test_what_is_edited_while_it_waits_in_the_queue_stays_also_after_a_restart(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "planets.csv"
    artifact = exported(ledger, asked(ledger, target))
    queued = exports_over(ledger).enqueue(earlier(ledger, artifact))
    target.write_text("edited meanwhile")
    written = exports_over(ledger).run(queued, CancelToken())
    assert target.read_text() == "edited meanwhile"
    assert written.path == tmp_path / "planets (2).csv"


def test_two_that_wait_for_one_place_leave_the_one_asked_for_last(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "planets.csv"
    artifact = exported(ledger, asked(ledger, target))
    service = exports_over(ledger)
    queued = [service.enqueue(earlier(ledger, artifact)) for _ in range(2)]
    assert [service.run(export, CancelToken()).path for export in queued] == [target, target]


def test_the_newest_that_ended_well_counts(ledger: Ledger, tmp_path: Path) -> None:
    artifact = exported(ledger, asked(ledger, tmp_path / "first.csv"))
    exported(ledger, ExportRequest(ArtifactSubject(artifact, 1), tmp_path / "second.md"))
    exports_over(ledger).enqueue(ExportRequest(ArtifactSubject(artifact, 1), tmp_path / "waits.csv"))
    assert earlier(ledger, artifact).target == tmp_path / "second.md"


def test_a_folder_that_has_gone_and_a_file_the_content_no_longer_goes_into_are_no_places(
    ledger: Ledger, tmp_path: Path
) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    artifact = exported(ledger, asked(ledger, folder / "planets.csv"))
    assert exports_over(ledger).earlier(artifact, CODE) is None
    (folder / "planets.csv").unlink()
    folder.rmdir()
    assert exports_over(ledger).earlier(artifact, TABLE) is None


def test_files_of_code_are_replaced_where_all_of_them_are_as_they_were_left(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "tool"
    artifact = exported(ledger, asked(ledger, folder, CODE, is_folder=True, may_replace=()))
    assert repeated(ledger, artifact, CODE).path == folder
    (folder / "b.py").write_text("b = 3  # mine\n", encoding="utf-8")
    written = repeated(ledger, artifact, CODE)
    assert written.path == tmp_path / "tool (2)"
    assert [file.path.name for file in written.files] == ["a.py", "b.py"]
    assert (folder / "b.py").read_text() == "b = 3  # mine\n"
    assert "stand in a folder beside it" in written.warnings[-1]
    (tmp_path / "tool (2)" / "b.py").unlink()
    assert repeated(ledger, artifact, CODE).path == tmp_path / "tool (2)"


def test_a_folder_that_stands_where_a_file_of_code_was_stays(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "tool"
    artifact = exported(ledger, asked(ledger, folder, CODE, is_folder=True, may_replace=()))
    (folder / "b.py").unlink()
    (folder / "b.py" / "inside").mkdir(parents=True)
    assert repeated(ledger, artifact, CODE).path == tmp_path / "tool (2)"
    assert (folder / "b.py" / "inside").is_dir()


def test_a_file_of_the_users_where_a_new_one_of_the_code_is_to_go_stays(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "tool"
    artifact = exported(ledger, asked(ledger, folder, CODE, is_folder=True, may_replace=()))
    (folder / "c.py").write_text("mine", encoding="utf-8")
    from forgeapp.ledger.artifacts import NewVersion, Origin

    more = Code("Tool", (*CODE.files, CodeFile("c.py", "python", "c = 3\n")))
    ledger.artifacts.add(NewVersion(more, Origin.EDITED, "Tool", artifact=artifact))
    found = earlier(ledger, artifact, more)
    request = ExportRequest(
        ArtifactSubject(artifact, 2), folder, is_folder=True, may_replace=found.may_replace, gives_way=found.gives_way
    )
    written = exports_over(ledger).export(request, CancelToken())
    assert written.path == tmp_path / "tool (2)"
    assert (folder / "c.py").read_text() == "mine"
