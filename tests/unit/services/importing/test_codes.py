"""Code exported by us and opened again, as files or packed, with and without a change made elsewhere."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.errors import UnreadableFile
from forgeapp.services.comparing import compare
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.importing.job import ImportJob, imported

CODE = Code(
    "Tools",
    (
        CodeFile("src/a.py", "python", "a = 1\n\n\ndef f():\n    return '\x0c'\n"),
        CodeFile("b.py", "python", "b = 1\nc = 2"),
        CodeFile("c: d?.sql", "sql", "select 1;\n"),
        CodeFile("index.html", "html", "<p>Hi</p>\n"),
    ),
)


def exported(folder: Path, code: Code) -> Path:
    path = folder / "tools.zip"
    path.unlink(missing_ok=True)
    export_task(ExportJob(code, code.title or "", {}, path, Format.ZIP), lambda _share: None)
    return path


def again(path: Path, base: Content) -> Content:
    return imported(ImportJob(path, base)).content


def edited(path: Path, old: bytes, new: bytes) -> Path:
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def repacked(path: Path, old: bytes, new: bytes, without: str = "") -> Path:
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist() if name != without}
    with zipfile.ZipFile(path, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data.replace(old, new))
    return path


def test_a_file_changed_in_one_line_comes_back_into_its_place_as_one_hunk(tmp_path: Path) -> None:
    for file in CODE.files[:2]:
        path = tmp_path / Path(file.name).name
        path.write_text(file.text)
        assert again(path, CODE) == CODE
        (hunk,) = compare(CODE, again(edited(path, b" = 1", b" = 10"), CODE)).hunks
        assert (hunk.where, hunk.after) == (f"{file.name} line 1", f"{path.stem} = 10")


def test_line_ends_and_encodings_of_other_editors_make_no_difference(tmp_path: Path) -> None:
    code = Code("T", (CodeFile("a.py", "python", "x = 'ä'\ny = 2"),))
    for data in ("x = 'ä'\r\ny = 2\r\n".encode("utf-8-sig"), "x = 'ä'\ny = 2\n".encode("utf-16")):
        (tmp_path / "a.py").write_bytes(data)
        assert again(tmp_path / "a.py", code) == code


def test_a_file_of_another_name_is_the_only_one_else_it_is_added_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "a (1).py").write_text("a = 2\n")
    (tmp_path / "new.js").write_text("f()\n")
    only = replace(CODE, files=CODE.files[1:2])
    assert again(tmp_path / "a (1).py", only) == replace(CODE, files=(CodeFile("b.py", "python", "a = 2"),))
    assert again(tmp_path / "new.js", only) == replace(CODE, files=(CodeFile("new.js", "javascript", "f()"),))
    read = imported(ImportJob(tmp_path / "new.js", CODE))
    assert read.content == replace(CODE, files=(*CODE.files, CodeFile("new.js", "javascript", "f()\n")))
    assert read.lost == ("new.js was added: no file of the artifact is named like it.",)


def test_an_archive_comes_back_as_it_was_and_with_one_changed_line_as_one_hunk(tmp_path: Path) -> None:
    path = exported(tmp_path, CODE)
    assert again(path, CODE) == CODE
    (hunk,) = compare(CODE, again(repacked(path, b"select 1", b"select 2"), CODE)).hunks
    assert (hunk.where, hunk.before, hunk.after) == ("c: d?.sql line 1", "select 1;", "select 2;")
    (hunk,) = compare(CODE, again(repacked(exported(tmp_path, CODE), b"", b"", without="b.py"), CODE)).hunks
    assert hunk.where == 'file "b.py"'


def test_files_of_an_archive_whose_names_differ_by_case_alone_all_come_back(tmp_path: Path) -> None:
    base = Code("Make", (CodeFile("makefile", "make", "old:"), CodeFile("Readme", "text", "here")))
    with zipfile.ZipFile(tmp_path / "make.zip", "w") as archive:
        for name, text in (("Makefile", "new:"), ("makefile", "old: changed"), ("README", "here")):
            archive.writestr(name, text)
    found = again(tmp_path / "make.zip", base)
    assert isinstance(found, Code)
    assert [(file.name, file.text) for file in found.files] == [
        ("makefile", "old: changed"),
        ("Readme", "here"),
        ("Makefile", "new:"),
    ]


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "a\r\nb", "a\r\nb\nc\n"])
def test_line_ends_the_artifact_has_stay(tmp_path: Path, text: str) -> None:
    code = Code("Ends", (CodeFile("a.bat", "bat", text), CodeFile("b.py", "python", "x = 1\n")))
    path = exported(tmp_path, code)
    assert again(path, code) == code


def test_a_line_that_is_added_ends_as_the_others_do(tmp_path: Path) -> None:
    code = Code("Ends", (CodeFile("a.bat", "bat", "a\r\nb\r\n"),))
    found = again(repacked(exported(tmp_path, code), b"b", b"b\r\nc"), code)
    assert isinstance(found, Code)
    assert found.files[0].text == "a\r\nb\r\nc\r\n"


def test_a_json_export_comes_back_whole(tmp_path: Path) -> None:
    path = tmp_path / "tools.json"
    export_task(ExportJob(CODE, "Tools", {}, path, Format.JSON), lambda _share: None)
    assert again(edited(path, b"select 1", b"select 3"), CODE).files[2].text == "select 3;\n"  # type: ignore[union-attr]


def test_what_is_no_code_is_refused_with_a_way_on(tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n")
    with pytest.raises(UnreadableFile, match="no code") as caught:
        again(tmp_path / "report.pdf", CODE)
    assert "src/a.py" in caught.value.hint


@pytest.mark.parametrize("base", [Table("T", ("a",), (("1",),)), Document("D", "# D\n\ntext")])
@pytest.mark.parametrize("name", ["a.py", "tools.zip"])
def test_code_is_no_version_of_a_table_or_a_document(tmp_path: Path, base: Content, name: str) -> None:
    exported(tmp_path, CODE)
    (tmp_path / "a.py").write_text("a = 1\n")
    with pytest.raises(UnreadableFile):
        again(tmp_path / name, base)
