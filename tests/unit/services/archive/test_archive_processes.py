"""While an archive is taken over, other programs go on writing."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.document import Document
from forgeapp.ledger import Ledger
from forgeapp.ledger import archive as archive_module
from forgeapp.ledger.archive import merging
from forgeapp.ledger.artifacts import NewVersion, Origin
from tests.unit.services.archive.files import archive_of, take

pytestmark = pytest.mark.integration
_ROOT = Path(__file__).parents[4]
_WRITER = """
import sys
from pathlib import Path
from forgeapp.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]), Path(sys.argv[2]))
while True:
    ledger.events.record("other_requested")
    print("wrote", flush=True)
"""


def test_another_program_writes_while_an_import_brings_its_pieces(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(1)
    for number in range(4):
        text = "\n".join("".join(chance.choices("abcdefgh ", k=80)) for _ in range(2_000))
        ledger.artifacts.add(NewVersion(Document("D", text), Origin.EDITED, f"D{number}"))
    path = archive_of(ledger, tmp_path / "all.json")
    home = tmp_path / "other"
    home.mkdir()
    other = Ledger(home / "forgeapp.db", home / "backups")
    seen: list[int] = []

    def written() -> int:
        return len(other.events.all())

    bring, merge = archive_module.bring_chunks, archive_module.merge

    def watched_bring(*given: Any) -> Any:
        seen.append(written())
        return bring(*given)

    def watched_merge(*given: Any) -> Any:
        seen.append(written())
        return merge(*given)

    monkeypatch.setattr(merging, "PORTION", 4)
    monkeypatch.setattr(archive_module, "_PAUSE_S", 0.05)
    monkeypatch.setattr(archive_module, "bring_chunks", watched_bring)
    monkeypatch.setattr(archive_module, "merge", watched_merge)
    command = [sys.executable, "-c", _WRITER, str(other.database.path), str(home / "backups")]
    with subprocess.Popen(command, cwd=_ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        try:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "wrote\n"
            take(other, path)
            assert writer.poll() is None, "it fails where the database is locked for too long"
        finally:
            writer.kill()
    assert seen[-1] > seen[0] > 0
    assert len(other.artifacts.all()) == 4
    other.close()


def test_an_import_that_breaks_off_between_its_pieces_shows_nothing_and_is_taken_up_again(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n".join(f"line {number} " * 9 for number in range(2_000))
    ledger.artifacts.add(NewVersion(Document("D", text), Origin.EDITED, "D"))
    path = archive_of(ledger, tmp_path / "all.json")
    home = tmp_path / "other"
    home.mkdir()
    other = Ledger(home / "forgeapp.db", home / "backups")
    with monkeypatch.context() as broken:
        broken.setattr(archive_module, "merge", lambda *_: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            take(other, path)
    assert other.artifacts.all() == []
    taken = take(other, path)
    assert (taken["added"]["chunks"], taken["added"]["artifacts"]) == (0, 1)
    assert other.artifacts.version(1).content == ledger.artifacts.version(1).content
    other.close()


def test_a_kept_reply_comes_along_but_is_not_given_again(ledger: Ledger, tmp_path: Path) -> None:
    from sqlalchemy import select

    from forgeapp.ledger.tables import calls
    from tests.unit.ledger.archive.homes import fill

    fill(ledger)
    with ledger.database.writing() as connection:
        connection.execute(calls.update().values(cache_key="k"))
    home = tmp_path / "other"
    home.mkdir()
    other = Ledger(home / "forgeapp.db", home / "backups")
    take(other, archive_of(ledger, tmp_path / "all.json"))
    with other.database.reading() as connection:
        rows = connection.execute(select(calls.c.cache_key, calls.c.reply)).all()
    assert {row.cache_key for row in rows} == {None}
    assert any(row.reply for row in rows)
    other.close()
