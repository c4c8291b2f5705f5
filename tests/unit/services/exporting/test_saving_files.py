"""Code as files in a folder: safe names, nothing outside, nothing replaced unasked, each read again."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled, TargetNotWritable, UsageError, WouldReplace
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.ledger.exports import ExportStatus
from forgeapp.services.exporting.saving_files import SavingFiles


def stored(ledger: Ledger, content: Content) -> StoredVersion:
    conversation = ledger.conversations.start("c")
    new = NewVersion(content, Origin.GENERATED, "Totals", None, conversation)
    return ledger.artifacts.version(ledger.artifacts.add(new).artifact)


def code(*names: str) -> Code:
    return Code("Totals", tuple(CodeFile(name, "", f"text of {number} é\n") for number, name in enumerate(names)))


def saved(ledger: Ledger, content: Content, folder: Path, replaces: bool = False) -> list[str]:
    written = SavingFiles(ledger).save(stored(ledger, content), folder, CancelToken(), replaces)
    return [each.path.relative_to(folder).as_posix() for each in written]


def test_each_file_stands_under_its_name_and_is_told_of_as_the_contract_says(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    version = stored(ledger, code("main.py", "src/util.py", "Makefile"))
    written = list(SavingFiles(ledger).save(version, folder, CancelToken()))
    assert [each.path for each in written] == [folder / "main.py", folder / "src" / "util.py", folder / "Makefile"]
    assert (folder / "src" / "util.py").read_bytes() == "text of 1 é\n".encode()
    told = written[0].to_json()
    assert told == {
        "path": str(folder / "main.py"), "bytes": 13, "ms": told["ms"], "verified": True, "differences": [],
    }  # fmt: skip
    assert {(row.path, row.status) for row in ledger.exports.all()} == {
        (str(each.path), ExportStatus.COMPLETED) for each in written
    }
    assert not list(folder.rglob(".forgeapp-*"))


@pytest.mark.security
def test_names_that_lead_out_of_the_folder_or_are_reserved_stay_in_it(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    names = ("../../a.py", "/etc/passwd", "C:\\b.py", "con.txt", "a.py", "A.py", ".gitignore", "", "x" * 300 + ".py")
    written = saved(ledger, code(*names), folder)
    assert written[:7] == ["a.py", "etc/passwd", "C/b.py", "_con.txt", "a (2).py", "A (3).py", ".gitignore"]
    assert len(set(written)) == len(names)
    assert {path.name for path in tmp_path.iterdir()} - {"forgeapp.db", "backups"} <= {
        "out", "forgeapp.db-wal", "forgeapp.db-shm", "home",
    }  # fmt: skip


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_within_the_folder_is_not_followed_out_of_it(ledger: Ledger, tmp_path: Path) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "src").symlink_to(outside)
    with pytest.raises(TargetNotWritable, match="src leads elsewhere"):
        saved(ledger, code("src/a.py"), folder)
    (outside / "b.py").write_text("theirs")
    (folder / "b.py").symlink_to(outside / "b.py")
    assert saved(ledger, code("b.py"), folder, replaces=True) == ["b.py"]
    assert (outside / "b.py").read_text() == "theirs"
    assert not list(outside.glob("a.py"))


def test_files_in_the_way_are_named_and_left_unless_they_may_be_replaced(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine")
    with pytest.raises(WouldReplace, match=r"already holds a\.py") as refused:
        saved(ledger, code("a.py", "b.py"), tmp_path)
    assert "--yes" in refused.value.hint
    assert (tmp_path / "a.py").read_text() == "mine"
    assert not (tmp_path / "b.py").exists()
    assert saved(ledger, code("a.py", "b.py"), tmp_path, replaces=True) == ["a.py", "b.py"]
    assert (tmp_path / "a.py").read_text() == "text of 0 é\n"


def test_those_before_a_failing_one_are_kept_and_the_failure_is_noted(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "b.py").mkdir()
    with pytest.raises(TargetNotWritable):
        saved(ledger, code("a.py", "b.py", "c.py"), tmp_path, replaces=True)
    assert (tmp_path / "a.py").is_file()
    assert not (tmp_path / "c.py").exists()
    assert {row.status for row in ledger.exports.all()} == {ExportStatus.COMPLETED, ExportStatus.FAILED}
    assert not list(tmp_path.glob(".forgeapp-*"))


def test_a_file_cannot_be_the_folder(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(TargetNotWritable):
        saved(ledger, code("a.py"), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file"


def test_stop_leaves_what_was_written_and_writes_no_more(ledger: Ledger, tmp_path: Path) -> None:
    cancel = CancelToken()
    written = SavingFiles(ledger).save(stored(ledger, code("a.py", "b.py")), tmp_path / "out", cancel)
    next(written)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(written)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.py"]


def test_what_is_no_code_has_no_files(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Only code"):
        saved(ledger, Table("t", ("a",)), tmp_path / "out")


def test_all_of_them_are_told_as_one(ledger: Ledger, tmp_path: Path) -> None:
    shares: list[float] = []
    version = stored(ledger, code("a.py", "../b.py"))
    exported = SavingFiles(ledger).save_all(version, tmp_path / "out", CancelToken(), on_progress=shares.append)
    assert (exported.path, exported.bytes, shares) == (tmp_path / "out", 26, [0.5, 1.0])
    assert exported.warnings == ("../b.py is called b.py there",)
