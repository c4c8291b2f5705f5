from __future__ import annotations

import os
import stat
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.document import Document
from forgeapp.domain.publication import Progress, Publication, Share
from forgeapp.domain.standing import StandingFile
from forgeapp.errors import ExportDiffers, TargetChanged, TargetNotWritable, UnsafeContent
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import Placing, save
from forgeapp.exporters.standing import standing_at

_PUBLICATION = Publication("T", Kind.DOCUMENT, Document("T", "new"))


class _Exporter:
    """Writes 'new'; fails where it is told to."""

    format = Format.MD

    def __init__(self, fault: Exception | None = None, differences: list[str] | None = None) -> None:
        self._fault, self._differences = fault, differences or []
        self.seen: list[Path] = []

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        assert not target.exists()
        target.write_text("new")
        self.seen.append(target)
        if self._fault:
            raise self._fault
        progress(1.0)
        return ["a warning"]

    def verify(self, publication: Publication, path: Path) -> list[str]:
        assert path.read_text() == "new"
        return self._differences


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "out.md"
    path.write_text("old")
    return path


def test_a_good_file_takes_the_place_of_the_old_one(target: Path) -> None:
    shares: list[float] = []
    saved = save(_Exporter(), _PUBLICATION, target, shares.append)
    assert (saved.path, saved.bytes, saved.warnings) == (target, 3, ("a warning",))
    assert target.read_text() == "new"
    assert shares == [0.7, 0.7, 1.0]
    assert _names(target.parent) == ["out.md"]


def test_progress_tells_where_it_is_and_that_the_file_is_read_again(target: Path) -> None:
    class Paged(_Exporter):
        def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
            progress(Share(0.5, "page", 3, 6))
            return super().write(publication, target, lambda share: None)

    told: list[float] = []
    save(Paged(), _PUBLICATION, target, told.append)
    places = [(share.unit, share.number, share.count) for share in told if isinstance(share, Share)]
    assert places == [("page", 3, 6), ("check", 0, 0)]
    assert told == [0.35, 0.7, 1.0]


def test_it_is_written_beside_its_target(target: Path) -> None:
    exporter = _Exporter()
    save(exporter, _PUBLICATION, target, lambda share: None)
    assert exporter.seen[0].parent == target.parent
    assert exporter.seen[0].name.startswith(".forgeapp-")
    assert exporter.seen[0].suffix == ".md"


@pytest.mark.parametrize("name", ["表" * 80 + ".md", "x" * 250 + ".md", "x." + "y" * 250])
def test_a_name_as_long_as_the_system_allows_is_no_obstacle(tmp_path: Path, name: str) -> None:
    saved = save(_Exporter(), _PUBLICATION, tmp_path / name, lambda share: None)
    assert _names(tmp_path) == [name]
    assert saved.bytes == 3


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_one_and_leads_to_the_new_file(target: Path, tmp_path: Path) -> None:
    folder, exporter = tmp_path / "links", _Exporter()
    folder.mkdir()
    link = folder / "to.md"
    link.symlink_to(target)
    assert save(exporter, _PUBLICATION, link, lambda share: None).path == link
    assert link.readlink() == target
    assert target.read_text() == "new"
    assert exporter.seen[0].parent == target.parent
    assert exporter.seen[0].suffix == ".md"
    assert _names(folder) == ["to.md"]


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_who_may_read_the_old_file_may_read_the_new_one_and_nobody_else(target: Path) -> None:
    target.chmod(0o600)
    save(_Exporter(), _PUBLICATION, target, lambda share: None)
    assert target.stat().st_mode & 0o777 == 0o600
    target.chmod(0o664)
    save(_Exporter(), _PUBLICATION, target, lambda share: None)
    assert target.stat().st_mode & 0o777 == 0o664


def test_a_folder_that_cannot_be_flushed_is_no_failure(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flush = os.fsync

    def refuse(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)
    assert save(_Exporter(), _PUBLICATION, target, lambda share: None).bytes == 3
    assert target.read_text() == "new"


def test_only_what_may_be_replaced_is(target: Path) -> None:
    stood = standing_at(target)
    same = Placing(may_replace=(*stood, StandingFile("x", 99, 1)))
    assert save(_Exporter(), _PUBLICATION, target, lambda share: None, same).path == target
    with pytest.raises(TargetChanged):
        save(_Exporter(), _PUBLICATION, target, lambda share: None, Placing(may_replace=stood))
    with pytest.raises(TargetChanged):
        save(_Exporter(), _PUBLICATION, target, lambda share: None, Placing(may_replace=()))
    assert _names(target.parent) == ["out.md"]


def test_bytes_that_an_export_left_are_known_again_whatever_their_time(target: Path) -> None:
    exporter = _Exporter()
    left = save(exporter, _PUBLICATION, target, lambda share: None).file
    os.utime(target, (1, 1))
    save(exporter, _PUBLICATION, target, lambda share: None, Placing(may_replace=(left,)))
    left = replace(left, modified_ns=target.stat().st_mtime_ns)
    target.write_text("odd")
    os.utime(target, ns=(left.modified_ns, left.modified_ns))
    with pytest.raises(TargetChanged):
        save(exporter, _PUBLICATION, target, lambda share: None, Placing(may_replace=(left,)))


@pytest.mark.skipif(sys.platform == "win32", reason="renaming replaces nothing there")
@pytest.mark.parametrize("has_links", [True, False])
@pytest.mark.parametrize("gives_way", [True, False])
def test_what_comes_in_the_last_moment_to_a_place_where_nothing_stood_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool, gives_way: bool
) -> None:
    target = tmp_path / "out.md"
    link = Path.hardlink_to

    def come_first(self: Path, part: Path) -> None:
        if self == target:
            target.write_text("theirs")
        if not has_links:
            raise PermissionError(1, "Operation not permitted")
        link(self, part)

    monkeypatch.setattr(Path, "hardlink_to", come_first)
    placing = Placing(may_replace=(), gives_way=gives_way)
    if gives_way:
        saved = save(_Exporter(), _PUBLICATION, target, lambda share: None, placing)
        assert saved.path == tmp_path / "out (2).md"
        assert saved.file.name == "out (2).md"
    else:
        with pytest.raises(TargetChanged):
            save(_Exporter(), _PUBLICATION, target, lambda share: None, placing)
    assert target.read_text() == "theirs"
    assert len(_names(tmp_path)) == 1 + gives_way


@pytest.mark.parametrize(
    ("exporter", "error"),
    [
        (_Exporter(UnsafeContent(where="A1", reason="DDE")), UnsafeContent),
        (_Exporter(OSError(28, "No space left on device")), TargetNotWritable),
        (_Exporter(ZeroDivisionError()), ZeroDivisionError),
        (_Exporter(differences=["row 2 is missing"]), ExportDiffers),
    ],
)
def test_whatever_fails_the_old_file_stays_and_nothing_else(
    target: Path, exporter: _Exporter, error: type[Exception]
) -> None:
    with pytest.raises(error):
        save(exporter, _PUBLICATION, target, lambda share: None)
    assert target.read_text() == "old"
    assert _names(target.parent) == ["out.md"]


def test_differences_are_named_in_the_error(target: Path) -> None:
    with pytest.raises(ExportDiffers, match="row 2 is missing"):
        save(_Exporter(differences=["row 2 is missing"]), _PUBLICATION, target, lambda share: None)


def test_a_full_disk_is_named(target: Path) -> None:
    with pytest.raises(TargetNotWritable, match="No space left on device"):
        save(_Exporter(OSError(28, "No space left on device")), _PUBLICATION, target, lambda share: None)


@pytest.mark.parametrize("folder", ["missing", "file"])
def test_a_folder_that_is_none_is_a_fault_of_the_target(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TargetNotWritable):
        save(_Exporter(), _PUBLICATION, tmp_path / folder / "x.md", lambda share: None)


def test_a_target_that_is_a_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x.md" / "inside").mkdir(parents=True)
    with pytest.raises(TargetNotWritable):
        save(_Exporter(), _PUBLICATION, tmp_path / "x.md", lambda share: None)
    assert _names(tmp_path) == ["x.md"]


def test_a_folder_one_may_not_write_to_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    if os.geteuid() == 0:
        # Root may write anywhere: the refusal of the system is played.
        def refuse(self: Path, *_: object) -> int:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "write_text", refuse)
    else:
        folder.chmod(0o500)
    with pytest.raises(TargetNotWritable, match="Permission denied") as caught:
        save(_Exporter(), _PUBLICATION, folder / "x.md", lambda share: None)
    assert "folder you may write to" in caught.value.hint
    assert _names(folder) == []


@pytest.mark.parametrize("file_format", [Format.DOCX, Format.MD, Format.JSON, Format.ZIP])
def test_the_registered_exporters_save(tmp_path: Path, file_format: Format) -> None:
    exporter = exporter_for(file_format)
    assert exporter.format is file_format
    saved = save(exporter, _PUBLICATION, tmp_path / "x", lambda share: None)
    assert saved.bytes == (tmp_path / "x").stat().st_size
