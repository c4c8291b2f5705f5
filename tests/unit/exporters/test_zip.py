from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.publication import Publication
from forgeapp.exporters.source import SourceExporter
from forgeapp.exporters.zip import EXPORTER, plain_member, safe_paths


def _publication(*files: CodeFile) -> Publication:
    return Publication("C", Kind.CODE, Code("C", files), files=files)


_FILES = (CodeFile("src/main.py", "python", "print('ü')\n"), CodeFile("README.md", "markdown", "# x\r\n"))


def test_files_keep_their_folders_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    assert EXPORTER.write(_publication(*_FILES), path, lambda share: None) == []
    assert EXPORTER.verify(_publication(*_FILES), path) == []
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["src/main.py", "README.md"]
        assert archive.read("README.md") == b"# x\r\n"


@pytest.mark.security
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("/abs/f.py", "abs/f.py"),
        ("a\ud800.py", "a.py"),
        ("C:\\temp\\x.py", "C/temp/x.py"),
        ("con.txt", "_con.txt"),
        (".gitignore", ".gitignore"),
        (".github/workflows/ci.yml", ".github/workflows/ci.yml"),
        ("", "untitled"),
        ("..", "untitled"),
        ("a\x00b\u202e.py", "a b.py"),
    ],
)
def test_names_stay_in_their_folder(name: str, path: str) -> None:
    assert safe_paths([name]) == [path]


def test_no_two_files_share_a_name_whatever_its_case() -> None:
    names = ["a.py", "A.py", "a.py", "lib", "lib/x", ".env", ".env"]
    assert safe_paths(names) == ["a.py", "A (2).py", "a (3).py", "lib", "lib (2)/x", ".env", ".env (2)"]


@pytest.mark.security
@given(st.lists(st.text(st.sampled_from("aA./\\: \x00ü") | st.characters(), max_size=14), max_size=8))
def test_paths_are_relative_safe_and_different(names: list[str]) -> None:
    paths = safe_paths(names)
    assert len({path.casefold() for path in paths}) == len(names)
    files = {path.casefold() for path in paths}
    for path in paths:
        pure = PurePosixPath(path)
        assert not pure.is_absolute()
        assert ".." not in pure.parts
        assert "\\" not in path
        assert not any(str(parent).casefold() in files for parent in pure.parents)


def test_a_changed_name_is_said(tmp_path: Path) -> None:
    warnings = EXPORTER.write(_publication(CodeFile("../x.py", "python", "")), tmp_path / "x.zip", lambda share: None)
    assert warnings == ["../x.py is called x.py in the archive."]


def test_missing_added_changed_and_damaged_files_are_named(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, data in (("src/main.py", b"print()"), ("extra", b"")):
            archive.writestr(plain_member(name), data, zipfile.ZIP_STORED)
    assert EXPORTER.verify(_publication(*_FILES), path) == [
        "README.md is missing",
        "extra was added",
        "src/main.py holds something else",
    ]
    data = path.read_bytes().replace(b"print()", b"prinT()")
    path.write_bytes(data)
    assert EXPORTER.verify(_publication(*_FILES), path) == ["src/main.py is damaged in the archive"]
    path.write_bytes(b"no zip")
    assert "cannot be opened again" in EXPORTER.verify(_publication(*_FILES), path)[0]


def test_an_empty_artifact_is_an_empty_archive(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    EXPORTER.write(_publication(), path, lambda share: None)
    assert EXPORTER.verify(_publication(), path) == []


def test_one_file_is_written_byte_for_byte(tmp_path: Path) -> None:
    path = tmp_path / "main.py"
    exporter = SourceExporter(_FILES[0])
    assert exporter.write(_publication(*_FILES), path, lambda share: None) == []
    assert path.read_bytes() == "print('ü')\n".encode()
    assert exporter.verify(_publication(*_FILES), path) == []
    path.write_bytes(b"print()")
    assert exporter.verify(_publication(*_FILES), path) == ["src/main.py has 7 bytes that are not the 12 written"]


def test_lone_surrogates_in_code_are_said_to_be_lost(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    exporter = SourceExporter(CodeFile("x.py", "python", "a\ud800"))
    assert exporter.write(_publication(), path, lambda share: None) == [
        "Characters of x.py that UTF-8 cannot hold became '?'."
    ]
    assert exporter.verify(_publication(), path) == []
