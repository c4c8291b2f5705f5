"""`export-all` and `import`: everything of a home in one file, and back."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from forgeapp.app import build
from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import Cancelled
from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


@pytest.fixture
def archive(run_here: Run, tmp_path: Path) -> Path:
    (tmp_path / "staff.csv").write_text("name,amount\nAnna,12.50\n")
    assert run_here("open", tmp_path / "staff.csv").code == 0
    target = tmp_path / "all.json"
    ran = run_here("export-all", "--to", target)
    assert (ran.code, ran.out.splitlines()[1]) == (0, "In it: conversations 1, artifacts 1, versions 1")
    return target


def test_another_home_takes_it_over_once(run_here: Run, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    ran = run_here("import", archive, "--home", other, "--json")
    assert (ran.code, ran.json["added"]["versions"], ran.json["present"]["versions"]) == (0, 1, 0)
    shown = [run_here("artifacts", "show", 1, "--json", *where).json for where in ((), ("--home", other))]
    assert shown[0] == shown[1]
    again = run_here("import", archive, "--home", other)
    assert again.out.splitlines() == [
        "Added: nothing",
        "Here already, and left as they are: conversations 1, artifacts 1, versions 1",
    ]
    assert len(run_here("artifacts", "--home", other, "--json").json) == 1
    assert not list(other.glob("importing-*"))


def test_the_archive_is_its_owners_only_and_tells_what_it_is(run_here: Run, archive: Path) -> None:
    document = json.loads(archive.read_text("utf-8"))
    assert list(document)[:4] == ["forgeapp", "format", "schema", "made_at"]
    assert list(document)[-1] == "sections"
    if os.name != "nt":
        assert archive.stat().st_mode & 0o777 == 0o600
    ran = run_here("export-all", "--to", archive, "--json")
    assert ran.json == {
        "path": str(archive),
        "bytes": archive.stat().st_size,
        "verified": True,
        "rows": {name: told["rows"] for name, told in document["sections"].items()},
    }


def test_what_cannot_be_taken_is_told_and_nothing_changes(run_here: Run, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    run_here("artifacts", "--home", other)
    archive.write_bytes(archive.read_bytes()[:-300])
    ran = run_here("import", archive, "--home", other, "--json")
    assert (ran.code, ran.json["error"]["type"]) == (1, "unreadable_file")
    assert "Nothing here was changed" in ran.json["error"]["hint"]
    assert run_here("artifacts", "--home", other, "--json").json == []
    assert not list(other.glob("importing-*"))
    assert run_here("import", tmp_path / "nowhere.json", "--json").json["error"]["type"] == "unreadable_file"


def test_where_it_cannot_be_written_what_stood_there_stays(run_here: Run, archive: Path, tmp_path: Path) -> None:
    assert run_here("export-all", "--to", tmp_path / "all.zip", "--json").code == 2
    ran = run_here("export-all", "--to", tmp_path / "no" / "all.json", "--json")
    assert (ran.code, ran.json["error"]["type"]) == (1, "target_not_writable")
    (tmp_path / "folder.json").mkdir()
    assert run_here("export-all", "--to", tmp_path / "folder.json", "--json").json["error"]["type"] == (
        "target_not_writable"
    )
    assert not list(tmp_path.rglob("*.part*"))


def test_a_stopped_import_leaves_nothing_behind(archive: Path, tmp_path: Path) -> None:
    with build(tmp_path / "other") as app:
        cancel = CancelToken()
        with pytest.raises(Cancelled):
            app.archives.import_file(archive, cancel, lambda _share: cancel.cancel())
        assert app.ledger.conversations.all() == []
        assert not list((tmp_path / "other").glob("importing-*"))


def test_what_a_killed_import_left_goes_with_the_next(archive: Path, tmp_path: Path) -> None:
    with build(tmp_path / "other") as app:
        left = tmp_path / "other" / f"importing-{2**22 + 1}-1-abcd.db"
        sqlite3.connect(left).close()
        left.touch()
        app.archives.import_file(archive)
        assert not left.exists()
