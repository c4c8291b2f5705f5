"""Code as files in a folder: safe names, nothing outside, nothing replaced unasked, each read again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.errors import Cancelled, ExportDiffers, TargetChanged, TargetNotWritable, UsageError, WouldReplace
from forgeapp.exporters.saving import Placing
from forgeapp.exporters.source import SourceExporter
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.services.exporting import saving_files
from forgeapp.services.exporting.exported import Exported
from forgeapp.services.exporting.saving_files import save_files

MARK = "0123456789abcdef"


def code(*names: str) -> Code:
    return Code("Totals", tuple(CodeFile(name, "", f"text of {number} é\n") for number, name in enumerate(names)))


def save(content: Content, folder: Path, cancel: CancelToken | None = None, **choices: Any) -> Exported:
    version = StoredVersion(1, 1, Kind.CODE, "Totals", content, Origin.GENERATED, {}, "")
    on_progress = choices.pop("on_progress", lambda _share: None)
    placing = Placing(MARK, **{"may_replace": (), **choices})
    return save_files(version, folder, placing, cancel or CancelToken(), on_progress)


def saved(content: Content, folder: Path, **choices: Any) -> list[str]:
    return [each.path.relative_to(folder).as_posix() for each in save(content, folder, **choices).files]


def test_each_file_stands_under_its_name_and_is_told_of_as_the_contract_says(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    shares: list[float] = []
    exported = save(code("main.py", "src/util.py", "../Makefile"), folder, on_progress=shares.append)
    assert [each.path for each in exported.files] == [
        folder / "main.py",
        folder / "src" / "util.py",
        folder / "Makefile",
    ]
    assert (folder / "src" / "util.py").read_bytes() == "text of 1 é\n".encode()
    assert exported.files[0].to_json() == {
        "path": str(folder / "main.py"), "bytes": 13, "ms": 0, "verified": True, "differences": [], "warnings": [],
    }  # fmt: skip
    assert (exported.path, exported.bytes) == (folder, 39)
    assert exported.warnings == ("../Makefile is called Makefile there",)
    assert shares == [pytest.approx(number / 3) for number in (1, 2, 3)]
    assert not list(folder.rglob(".forgeapp-*"))


@pytest.mark.security
def test_names_that_lead_out_of_the_folder_or_are_reserved_stay_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    names = ("../../a.py", "/etc/passwd", "C:\\b.py", "con.txt", "a.py", "A.py", ".gitignore", "", "x" * 300 + ".py")
    written = saved(code(*names), folder)
    assert written[:7] == ["a.py", "etc/passwd", "C/b.py", "_con.txt", "a (2).py", "A (3).py", ".gitignore"]
    assert len(set(written)) == len(names)
    assert {path.name for path in tmp_path.iterdir()} <= {"out", "home"}


@pytest.mark.security
@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_within_the_folder_is_not_followed_out_of_it(tmp_path: Path) -> None:
    folder, outside = tmp_path / "out", tmp_path / "outside"
    folder.mkdir()
    outside.mkdir()
    (folder / "src").symlink_to(outside)
    with pytest.raises(TargetNotWritable, match="src leads elsewhere"):
        saved(code("src/a.py"), folder)
    (outside / "b.py").write_text("theirs")
    (folder / "b.py").symlink_to(outside / "b.py")
    assert saved(code("b.py"), folder, may_replace=None) == ["b.py"]
    assert (outside / "b.py").read_text() == "theirs"
    assert not list(outside.glob("a.py"))


def test_files_in_the_way_are_named_and_left_unless_they_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine")
    with pytest.raises(WouldReplace, match=r"already holds a\.py") as refused:
        saved(code("a.py", "b.py"), tmp_path)
    assert "--yes" in refused.value.hint
    assert (tmp_path / "a.py").read_text() == "mine"
    assert not (tmp_path / "b.py").exists()
    assert saved(code("a.py", "b.py"), tmp_path, may_replace=None) == ["a.py", "b.py"]
    assert (tmp_path / "a.py").read_text() == "text of 0 é\n"


def test_where_one_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "b.py" / "inside").mkdir(parents=True)
    with pytest.raises(TargetNotWritable, match="it is a folder"):
        saved(code("a.py", "b.py", "c.py"), tmp_path, may_replace=None)
    assert [path.name for path in tmp_path.iterdir()] == ["b.py"]


def test_where_a_folder_for_one_cannot_be_made_none_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("mine")
    (tmp_path / "src").write_text("a file")
    with pytest.raises(TargetNotWritable):
        saved(code("a.py", "src/b.py"), tmp_path, may_replace=None)
    assert (tmp_path / "a.py").read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} <= {"a.py", "src", "home"}


def test_where_one_differs_none_is_put_in_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    differs = {"b.py": ["it has other bytes"]}
    monkeypatch.setattr(SourceExporter, "verify", lambda self, _publication, _path: differs.get(self._file.name, []))
    with pytest.raises(ExportDiffers, match="other bytes"):
        save(code("a.py", "b.py", "c.py"), tmp_path)
    assert list(tmp_path.iterdir()) == []
    exported = save(code("a.py", "b.py", "c.py"), tmp_path, keeps_differing=True)
    assert [each.to_json()["verified"] for each in exported.files] == [True, False, True]
    assert exported.differences == ("it has other bytes",)


def test_a_file_cannot_be_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(TargetNotWritable):
        saved(code("a.py"), tmp_path / "out")
    assert (tmp_path / "out").read_text() == "a file"


def test_stop_leaves_nothing(tmp_path: Path) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        save(code("a.py", "b.py"), tmp_path, cancel, on_progress=lambda _share: cancel.cancel())
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_wrote_there_meanwhile_stays_and_so_does_all_else(tmp_path: Path) -> None:
    def write_there(_share: float) -> None:
        (tmp_path / "b.py").write_text("theirs")

    with pytest.raises(TargetChanged):
        save(code("a.py", "b.py"), tmp_path, on_progress=write_there)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b.py": "theirs"}


def test_what_somebody_wrote_right_after_the_way_was_found_free_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = saving_files._check_the_way

    def look_and_write(*asked: Any) -> None:
        look(*asked)
        (tmp_path / "a.py").write_text("theirs")

    monkeypatch.setattr(saving_files, "_check_the_way", look_and_write)
    with pytest.raises(TargetChanged):
        save(code("a.py"), tmp_path)
    assert (tmp_path / "a.py").read_text() == "theirs"


def test_until_all_are_ready_their_names_bear_the_mark(tmp_path: Path) -> None:
    seen: list[set[str]] = []
    folder = tmp_path / "out"
    save(code("a.py", "b.py"), folder, on_progress=lambda _share: seen.append({path.name for path in folder.iterdir()}))
    first, second = f".forgeapp-{MARK}-0.part.py", f".forgeapp-{MARK}-1.part.py"
    assert seen == [{first}, {first, second}]


def test_what_is_no_code_has_no_files(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Only code"):
        saved(Table("t", ("a",)), tmp_path / "out")
