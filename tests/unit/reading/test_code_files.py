"""Code files and archives of them, opened as code."""

from __future__ import annotations

import contextlib
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.code import Code, CodeFile
from forgeapp.errors import ForgeError, TooLarge, UnreadableFile
from forgeapp.reading import code_files
from forgeapp.reading.code_files import inner_path
from forgeapp.reading.files import CODE_ENDINGS, ENDINGS, read_file


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("script.py", "python"),
        ("app.TS", "typescript"),
        ("style.css", "css"),
        ("query.sql", "sql"),
        ("deploy.yml", "yaml"),
        ("pom.xml", "xml"),
        ("Makefile", "make"),
        ("Dockerfile", "docker"),
        ("main.cc", "cpp"),
        ("page.php", "php"),
    ],
)
def test_a_file_named_as_code_is_code(tmp_path: Path, name: str, language: str) -> None:
    (tmp_path / name).write_bytes(b"\xef\xbb\xbfone\r\n  two\r\n")
    found = read_file(tmp_path / name)
    assert found.content == Code(Path(name).stem, (CodeFile(name, language, "one\n  two\n"),))
    assert found.lost == ()


def test_letters_of_an_unnamed_encoding_are_read_and_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "alt.sql").write_bytes("select 'Käse', 'Größe';\n".encode("cp1252"))
    found = read_file(tmp_path / "alt.sql")
    assert isinstance(found.content, Code)
    assert found.content.files[0].text == "select 'Käse', 'Größe';\n"
    assert "cp1252" in found.lost[0]


def test_web_pages_rows_and_prose_are_no_code_and_notebooks_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>Hi</h1><p>There</p>")
    assert not isinstance(read_file(tmp_path / "page.html").content, Code)
    (tmp_path / "notes.txt").write_text("Notes")
    assert not isinstance(read_file(tmp_path / "notes.txt").content, Code)
    (tmp_path / "lab.ipynb").write_text("{}")
    with pytest.raises(UnreadableFile, match="not known"):
        read_file(tmp_path / "lab.ipynb")


def test_the_endings_a_dialog_offers_are_read(tmp_path: Path) -> None:
    assert not set(ENDINGS) & set(CODE_ENDINGS)
    for ending in CODE_ENDINGS:
        (tmp_path / f"file{ending}").write_text("x = 1\n")
        assert isinstance(read_file(tmp_path / f"file{ending}").content, Code), ending


def test_what_is_no_text_or_is_too_large_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\0\1\2" * 100)
    with pytest.raises(UnreadableFile, match="not a text file"):
        read_file(tmp_path / "a.py")
    (tmp_path / "b.py").write_bytes(b"x" * 20_000_001)
    with pytest.raises(TooLarge):
        read_file(tmp_path / "b.py")


def test_the_text_files_of_an_archive_are_files_of_code_and_the_rest_is_said(tmp_path: Path) -> None:
    members = {
        "src/Main.java": b"class Main {}\n",
        "src/": b"",
        "logo.png": b"\x89PNG\0\0\0",
        "__MACOSX/._Main.java": b"\0\0",
        "README.md": b"# Hi\n",
        "empty/__init__.py": b"",
        "..\\..\\evil.sh": b"ls\n",
    }
    found = read_file(packed(tmp_path / "tools.zip", members))
    assert found.content == Code(
        "tools",
        (
            CodeFile("src/Main.java", "java", "class Main {}\n"),
            CodeFile("README.md", "markdown", "# Hi\n"),
            CodeFile("empty/__init__.py", "python", ""),
            CodeFile("evil.sh", "bash", "ls\n"),
        ),
    )
    assert found.lost == ("logo.png is not a text file and was left out.",)


@pytest.mark.security
def test_names_that_differ_by_case_alone_are_files_of_their_own(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("Makefile", "all:\n\ttrue\n")
        archive.writestr("makefile", "none:\n\tfalse\n")
    code = read_file(tmp_path / "a.zip").content
    assert isinstance(code, Code)
    assert [(file.name, file.text.split(":")[0]) for file in code.files] == [("Makefile", "all"), ("makefile", "none")]


@pytest.mark.security
def test_a_damaged_member_is_told_and_no_crash(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.py", "".join(f"x{number} = {number}\n" for number in range(500)))
    data = bytearray((tmp_path / "a.zip").read_bytes())
    data[200:220] = bytes(20)
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(UnreadableFile, match="damaged"):
        read_file(tmp_path / "a.zip")


def test_archives_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge):
        read_file(packed(tmp_path / "bomb.zip", {"a.py": b" " * 30_000_000}))
    half = random.Random(7).randbytes(200_000).hex().encode()
    with pytest.raises(TooLarge, match="bytes of text"):
        read_file(packed(tmp_path / "large.zip", {"a.py": half, "b.py": half}), max_bytes=len(half) + 5)
    monkeypatch.setattr(code_files, "MAX_FILES", 3)
    with pytest.raises(TooLarge, match="files"):
        read_file(packed(tmp_path / "many.zip", {f"{number}.py": b"x" for number in range(4)}))


@pytest.mark.parametrize(
    ("members", "reason"),
    [({}, "damaged"), ({"logo.png": b"\0\0"}, "no text file"), ({"[Content_Types].xml": b"<x/>"}, "office")],
)
def test_an_archive_without_code_says_so(tmp_path: Path, members: dict[str, bytes], reason: str) -> None:
    with pytest.raises(UnreadableFile, match=reason):
        read_file(packed(tmp_path / "a.zip", members))


@given(st.text(max_size=40))
def test_no_member_s_name_leads_out_of_a_folder(name: str) -> None:
    path = inner_path(name)
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    assert "\\" not in path


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.zip", "a.py"):
        (folder / name).write_bytes(b"PK\x03\x04" * (name == "a.zip") + data)
        with contextlib.suppress(ForgeError):
            assert isinstance(read_file(folder / name).content, Code)
