"""Archives packed with gzip: the same rows, and nothing that fills a disk or breaks off unnoticed."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.errors import UnreadableFile, UsageError
from forgeapp.ledger import Ledger
from forgeapp.services.archive import packing
from forgeapp.services.archive.recognition import require_archive
from tests.unit.ledger.archive.homes import fill, rows_of
from tests.unit.services.archive.files import archive_of, take


@pytest.fixture
def other(tmp_path: Path) -> Ledger:
    folder = tmp_path / "other"
    folder.mkdir()
    return Ledger(folder / "forgeapp.db", folder / "backups")


@pytest.mark.integration
def test_everything_goes_out_packed_and_comes_back(tmp_path: Path) -> None:
    target = tmp_path / "All.JSON.GZ"
    with build(tmp_path / "one") as app, build(tmp_path / "two") as there:
        fill(app.ledger)
        written = app.archives.export_all(target)
        assert written.bytes == target.stat().st_size
        document = json.loads(gzip.decompress(target.read_bytes()))
        assert len(document["messages"]) == written.rows["messages"]
        there.archives.import_file(target)
        assert rows_of(there.ledger) == rows_of(app.ledger)
        for name in ("all.gz", "all.zip", "all"):
            with pytest.raises(UsageError, match=r"\.json, or \.json\.gz"):
                app.archives.export_all(tmp_path / name)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["All.JSON.GZ", "one", "two"]


def test_a_packed_one_is_known_by_its_beginning_whatever_it_is_called(
    ledger: Ledger, other: Ledger, tmp_path: Path
) -> None:
    fill(ledger)
    plain = archive_of(ledger, tmp_path / "all.json").read_bytes()
    (tmp_path / "all.backup").write_bytes(gzip.compress(plain))
    require_archive(tmp_path / "all.backup")
    take(other, tmp_path / "all.backup")
    assert rows_of(other) == rows_of(ledger)


@pytest.mark.parametrize("share", [0.3, 0.9, 0.999])
def test_one_that_breaks_off_is_refused_and_nothing_changes(
    ledger: Ledger, other: Ledger, tmp_path: Path, share: float
) -> None:
    fill(ledger)
    data = gzip.compress(archive_of(ledger, tmp_path / "all.json").read_bytes())
    (tmp_path / "cut.json.gz").write_bytes(data[: int(len(data) * share)])
    before = rows_of(other)
    with pytest.raises(UnreadableFile) as told:
        take(other, tmp_path / "cut.json.gz")
    assert "Nothing here was changed" in told.value.hint
    assert rows_of(other) == before


@pytest.mark.parametrize("place", [30, 500, -5])
def test_one_with_a_changed_byte_is_refused(ledger: Ledger, other: Ledger, tmp_path: Path, place: int) -> None:
    fill(ledger)
    data = bytearray(gzip.compress(archive_of(ledger, tmp_path / "all.json").read_bytes()))
    data[place] ^= 0xFF
    (tmp_path / "changed.json.gz").write_bytes(data)
    before = rows_of(other)
    with pytest.raises(UnreadableFile):
        take(other, tmp_path / "changed.json.gz")
    assert rows_of(other) == before


@pytest.mark.security
def test_one_that_unpacks_to_a_hundred_times_its_size_is_given_up(
    other: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "_UNBOUNDED_BYTES", 1_000_000)
    bomb = b'{"forgeapp": "1", "format": 1, "schema": 1, "projects": [' + b" " * 30_000_000 + b"]}"
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(bomb))
    with pytest.raises(UnreadableFile, match="more than 100 times its size"):
        take(other, tmp_path / "bomb.json.gz")


def test_what_is_packed_but_no_archive_is_refused_at_once(tmp_path: Path) -> None:
    for data in (gzip.compress(b"words"), b"\x1f\x8bwords"):
        (tmp_path / "a.json.gz").write_bytes(data)
        with pytest.raises(UnreadableFile):
            require_archive(tmp_path / "a.json.gz")
