"""Faults planted in archives of code: none passes, and each is named."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.publication import Publication
from forgeapp.exporters.zip import EXPORTER, plain_member

FILES = (
    CodeFile("src/main.py", "python", "print('ü')\n"),
    CodeFile("README.md", "markdown", "# x\r\n"),
    CodeFile("run.sh", "bash", "ls\n"),
)
CONTENT = Publication("C", Kind.CODE, Code("C", FILES), files=FILES)
Members = list[tuple[zipfile.ZipInfo, bytes]]


def _written(path: Path) -> Path:
    EXPORTER.write(CONTENT, path, lambda share: None)
    return path


def _found(tmp_path: Path, fault: Callable[[Members], Members]) -> list[str]:
    path = _written(tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, data in fault(members):
            archive.writestr(info, data)
    return EXPORTER.verify(CONTENT, path)


def _executable(members: Members) -> Members:
    members[2][0].external_attr = 0o100755 << 16
    return members


def _link(members: Members) -> Members:
    members[0][0].external_attr = 0o120777 << 16
    return members


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (lambda members: members[1:], "src/main.py is missing"),
        (lambda members: [*members, (plain_member("more.txt"), b"")], "more.txt was added"),
        (lambda members: [(members[0][0], b"print()"), *members[1:]], "src/main.py holds something else"),
        (lambda members: [(members[0][0], members[0][1].strip()), *members[1:]], "src/main.py holds something else"),
        (
            lambda members: [(members[0][0], members[1][1]), (members[1][0], members[0][1]), members[2]],
            "README.md holds",
        ),
        (lambda members: [members[1], members[0], members[2]], "the files stand in another order"),
        (lambda members: [(plain_member("src/Main.py"), members[0][1]), *members[1:]], "src/Main.py was added"),
        (lambda members: [(plain_member("../x"), b""), *members], "../x was added"),
        (_executable, "run.sh is no plain file"),
        (_link, "src/main.py is no plain file"),
    ],
)
def test_a_changed_archive_is_found_out(tmp_path: Path, fault: Callable[[Members], Members], said: str) -> None:
    found = _found(tmp_path, fault)
    assert any(difference.startswith(said) for difference in found), found


def test_an_unchanged_one_is_not(tmp_path: Path) -> None:
    assert _found(tmp_path, lambda members: members) == []


def test_a_file_that_is_there_twice_is_found_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(plain_member("run.sh"), b"ls\n")
    assert "run.sh is there twice" in EXPORTER.verify(CONTENT, path)


def test_half_an_archive_is_found_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.zip")
    data = path.read_bytes()
    for cut in range(0, len(data), 7):
        path.write_bytes(data[:cut])
        assert EXPORTER.verify(CONTENT, path), cut


def test_a_bit_that_has_turned_is_found_out(tmp_path: Path) -> None:
    path = _written(tmp_path / "a.zip")
    data = path.read_bytes()
    start = data.index(b"src/main.py") + len("src/main.py")
    for place in range(start, start + 12):
        path.write_bytes(data[:place] + bytes((data[place] ^ 0x10,)) + data[place + 1 :])
        assert EXPORTER.verify(CONTENT, path), place


def test_the_same_files_give_the_same_bytes_and_no_file_may_be_run(tmp_path: Path) -> None:
    one, other = _written(tmp_path / "a.zip"), _written(tmp_path / "b.zip")
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert {info.external_attr >> 16 for info in archive.infolist()} == {0o100644}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
