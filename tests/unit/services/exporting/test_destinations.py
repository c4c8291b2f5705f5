from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.table import Table
from forgeapp.errors import TargetNotWritable, UnsupportedFormat, UsageError
from forgeapp.ledger.artifacts import Origin, StoredVersion
from forgeapp.services.exporting.destinations import check_place, destination, proposed_path

MAIN = CodeFile("src/main.py", "python", "main")
UTIL = CodeFile("util.py", "python", "util")
PAGE = CodeFile("index.html", "html", "<p>")


def test_a_code_artifacts_own_file_is_found_by_its_name() -> None:
    code = Code("C", (MAIN, UTIL, PAGE))
    assert destination(Kind.CODE, code, Path("x/util.py")) == (None, UTIL)
    assert destination(Kind.CODE, code, Path("x/MAIN.py")) == (None, MAIN)
    assert destination(Kind.CODE, code, Path("x/Index.html")) == (None, PAGE)
    assert destination(Kind.CODE, Code("c", (PAGE,)), Path("x/other.html")) == (None, PAGE)
    assert destination(Kind.CODE, code, Path("x/all.zip")) == (Format.ZIP, None)


def test_a_format_holds_all_files_though_one_of_them_ends_like_it() -> None:
    code = Code("C", (MAIN, PAGE, CodeFile("package.json", "json", "{}"), CodeFile("README.md", "markdown", "# C")))
    for file_format in (Format.HTML, Format.JSON, Format.MD):
        assert destination(Kind.CODE, code, Path(f"x/C.{file_format.value}")) == (file_format, None)
    assert destination(Kind.CODE, code, Path("x/package.json")) == (None, code.files[2])


def test_a_name_that_could_mean_several_files_is_asked_about() -> None:
    with pytest.raises(UsageError, match=r"src/main\.py, util\.py"):
        destination(Kind.CODE, Code("C", (MAIN, UTIL)), Path("program.py"))


@pytest.mark.parametrize("name", ["t.pptx", "t", "t.zip"])
def test_a_format_that_a_kind_does_not_go_into_is_refused_also_before_there_is_one(name: str) -> None:
    for content in (Table("T", ("a",)), None):
        with pytest.raises(UnsupportedFormat) as refused:
            destination(Kind.TABLE, content, Path(name))
        assert "xlsx" in refused.value.hint


def test_any_extension_may_belong_to_code_that_is_not_written_yet() -> None:
    assert destination(Kind.CODE, None, Path("a.rs")) == (None, None)


def test_a_place_no_file_can_stand_at_is_told(tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    for target in (tmp_path / "folder.pdf", tmp_path / "no" / "t.pdf"):
        with pytest.raises(TargetNotWritable):
            check_place(target)
    check_place(tmp_path / "new.pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="there are none")
def test_a_pipe_is_no_place_for_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(TargetNotWritable, match="no file"):
        check_place(tmp_path / "pipe.csv")


def test_what_the_user_has_write_protected_is_not_replaced(tmp_path: Path) -> None:
    final = tmp_path / "final.pdf"
    final.write_text("signed")
    final.chmod(0o444)
    with pytest.raises(TargetNotWritable, match="write-protected"):
        check_place(final)
    final.chmod(0o644)
    check_place(final)


def test_a_proposed_name_is_safe_free_and_of_the_usual_format(tmp_path: Path) -> None:
    version = StoredVersion(1, 1, Kind.TABLE, "A/B: *?", Table("x", ("a",)), Origin.GENERATED, {}, "")
    first = proposed_path(version, None, tmp_path)
    assert first.parent == tmp_path
    assert first.suffix == ".xlsx"
    first.touch()
    second = proposed_path(version, None, tmp_path)
    assert second != first
    assert proposed_path(version, Format.PDF, tmp_path).suffix == ".pdf"
