"""An export once more: the same place, and what stands there replaced only where nobody has touched it since."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.ledger import Ledger
from forgeapp.services.exporting.repeating import Earlier
from tests.unit.services.exporting.desk import TABLE, asked, exports_over

CODE = Code("Tool", (CodeFile("a.py", "python", "a = 1\n"), CodeFile("b.py", "python", "b = 2\n")))


def exported(ledger: Ledger, request: ExportRequest) -> int:
    """The artifact of a request that was done."""
    exports_over(ledger).export(request, CancelToken())
    assert isinstance(request.subject, ArtifactSubject)
    return request.subject.artifact


def earlier(ledger: Ledger, artifact: int, content: Content = TABLE) -> Earlier:
    found = exports_over(ledger).earlier(artifact, content)
    assert found is not None
    return found


def test_what_was_never_exported_has_no_earlier_one(ledger: Ledger, tmp_path: Path) -> None:
    artifact = asked(ledger, tmp_path / "a.csv").subject
    assert isinstance(artifact, ArtifactSubject)
    assert exports_over(ledger).earlier(artifact.artifact, TABLE) is None


def test_a_file_is_as_left_until_somebody_writes_there(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "planets.csv"
    artifact = exported(ledger, asked(ledger, target))
    exports_over(ledger).clear_history()
    assert earlier(ledger, artifact).request.target == target
    assert earlier(ledger, artifact).is_as_left
    written = target.read_bytes()
    target.write_bytes(written + b"x")
    assert not earlier(ledger, artifact).is_as_left, "longer"
    target.write_bytes(written[::-1])
    later = target.stat().st_mtime + 60
    os.utime(target, (later, later))
    assert not earlier(ledger, artifact).is_as_left, "as long, but written later"
    os.utime(target, (later - 600, later - 600))
    assert not earlier(ledger, artifact).is_as_left, "an older file put there"
    target.unlink()
    assert earlier(ledger, artifact).is_as_left, "nothing stands there"
    target.symlink_to(tmp_path / "nowhere")
    assert not earlier(ledger, artifact).is_as_left, "a link that leads nowhere is somebody's, too"


def test_the_newest_that_ended_well_counts(ledger: Ledger, tmp_path: Path) -> None:
    artifact = exported(ledger, asked(ledger, tmp_path / "first.csv"))
    exported(ledger, ExportRequest(ArtifactSubject(artifact, 1), tmp_path / "second.md"))
    exports_over(ledger).enqueue(ExportRequest(ArtifactSubject(artifact, 1), tmp_path / "waits.csv"))
    assert earlier(ledger, artifact).request.target == tmp_path / "second.md"


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


@pytest.mark.parametrize("is_touched", [False, True])
def test_files_of_code_are_as_left_only_all_of_them(ledger: Ledger, tmp_path: Path, is_touched: bool) -> None:
    target = tmp_path / "tool"
    artifact = exported(ledger, asked(ledger, target, CODE, is_folder=True))
    if is_touched:
        (target / "b.py").write_text("b = 3  # mine\n", encoding="utf-8")
    assert earlier(ledger, artifact, CODE).is_as_left is not is_touched
    more = Code("Tool", (*CODE.files, CodeFile("c.py", "python", "c = 3\n")))
    assert earlier(ledger, artifact, more).is_as_left is not is_touched
    (target / "c.py").write_text("mine", encoding="utf-8")
    assert not earlier(ledger, artifact, more).is_as_left, "a file of the user's stands where a new one is to go"
