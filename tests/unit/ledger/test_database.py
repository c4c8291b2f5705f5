from __future__ import annotations

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from forgeapp.errors import DatabaseDamaged, DatabaseTooNew, HomeNotWritable
from forgeapp.ledger import Ledger, migrations
from forgeapp.ledger.backup import back_up
from forgeapp.ledger.database import Database
from forgeapp.ledger.tables import metadata, projects


def open_ledger(folder: Path) -> Ledger:
    return Ledger(folder / "forgeapp.db", folder / "backups")


def test_the_file_is_private_and_in_wal_mode_with_foreign_keys(tmp_path: Path, ledger: Ledger) -> None:
    assert stat.S_IMODE((tmp_path / "forgeapp.db").stat().st_mode) == 0o600
    with ledger.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_migrations_lead_to_the_schema_of_today(ledger: Ledger) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with ledger.database.reading() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
        # SQLAlchemy does not see ON DELETE of references that came with a later column: they are compared below.
        assert [item for item in differences if item[0] not in ("add_fk", "remove_fk")] == []
        assert migrations.version_of(connection) == migrations.NEWEST
        for table in metadata.sorted_tables:
            wanted = {
                (key.parent.name, key.column.table.name, key.ondelete or "NO ACTION") for key in table.foreign_keys
            }
            rows = connection.exec_driver_sql(f"PRAGMA foreign_key_list({table.name})")
            assert {(row[3], row[2], row[6]) for row in rows} == wanted, table.name


def test_opening_a_current_file_does_not_import_alembic(tmp_path: Path) -> None:
    import subprocess
    import sys

    open_ledger(tmp_path).close()
    script = (
        "import sys; from pathlib import Path; from forgeapp.ledger import Ledger;"
        "Ledger(Path(sys.argv[1]), Path(sys.argv[2])).close(); print('alembic' in sys.modules)"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path / "forgeapp.db"), str(tmp_path / "backups")]
    assert subprocess.run(arguments, capture_output=True, text=True, check=True).stdout.strip() == "False"


def test_an_older_file_is_backed_up_and_checked_before_it_is_migrated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_ledger(tmp_path)
    conversation = first.conversations.start("keep me")
    first.close()
    upgraded: list[int] = []
    monkeypatch.setattr(migrations, "NEWEST", migrations.NEWEST + 1)
    monkeypatch.setattr(migrations, "upgrade", lambda connection: upgraded.append(migrations.version_of(connection)))
    open_ledger(tmp_path).close()
    (backup,) = (tmp_path / "backups").iterdir()
    assert upgraded == [migrations.NEWEST - 1]
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with sqlite3.connect(backup) as copy:
        assert copy.execute("SELECT title FROM conversations WHERE id = ?", (conversation,)).fetchone() == ("keep me",)


def test_a_failing_migration_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_ledger(tmp_path).close()

    def fail(connection: object) -> None:
        connection.exec_driver_sql("DROP TABLE journal")  # type: ignore[attr-defined]
        raise RuntimeError("broken migration")

    with monkeypatch.context() as patch:
        patch.setattr(migrations, "NEWEST", migrations.NEWEST + 1)
        patch.setattr(migrations, "upgrade", fail)
        with pytest.raises(RuntimeError):
            open_ledger(tmp_path)
    ledger = open_ledger(tmp_path)
    with ledger.database.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM journal").scalar() == 0
    ledger.close()


def test_a_file_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_ledger(tmp_path).close()
    with sqlite3.connect(tmp_path / "forgeapp.db") as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(DatabaseTooNew) as failure:
        open_ledger(tmp_path)
    assert "newer" in str(failure.value)


def test_a_damaged_file_is_recognised_and_the_backups_are_named(tmp_path: Path) -> None:
    (tmp_path / "forgeapp.db").write_bytes(b"this is no database, " * 500)
    with pytest.raises(DatabaseDamaged) as failure:
        open_ledger(tmp_path)
    assert str(tmp_path / "backups") in failure.value.hint
    assert (tmp_path / "forgeapp.db").read_bytes().startswith(b"this is no database")


def test_a_folder_that_is_missing_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(HomeNotWritable):
        Database(tmp_path / "nowhere" / "forgeapp.db", tmp_path / "backups")


def test_a_backup_of_a_damaged_file_is_not_kept(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    for number in range(200):
        ledger.conversations.start(f"conversation {number} " * 20)
    ledger.close()
    damaged = bytearray((tmp_path / "forgeapp.db").read_bytes())
    damaged[8192:20000] = b"\xff" * (20000 - 8192)
    (tmp_path / "forgeapp.db").write_bytes(damaged)
    with pytest.raises(DatabaseDamaged):
        back_up(tmp_path / "forgeapp.db", tmp_path / "backups" / "copy.db")
    assert list((tmp_path / "backups").iterdir()) == []


@pytest.mark.load
def test_fifty_threads_that_read_and_then_write_never_lose_an_update(ledger: Ledger) -> None:
    with ledger.database.writing() as connection:
        connection.execute(projects.insert().values(name="0", created_at=""))

    def count_up() -> None:
        with ledger.database.writing() as connection:
            number = int(connection.execute(select(projects.c.name)).scalar_one())
            connection.execute(projects.update().values(name=str(number + 1)))

    threads = [threading.Thread(target=count_up) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ledger.database.reading() as connection:
        assert connection.execute(select(projects.c.name)).scalar_one() == "50"


def test_a_failed_transaction_leaves_nothing_behind(ledger: Ledger) -> None:
    with pytest.raises(RuntimeError), ledger.database.writing() as connection:
        connection.execute(projects.insert().values(name="half", created_at=""))
        raise RuntimeError
    with ledger.database.reading() as connection:
        assert connection.execute(select(projects)).all() == []


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells which files are open")
@pytest.mark.parametrize("fault", ["damaged", "newer", "migration"])
def test_a_file_that_cannot_be_opened_is_not_held_open(
    tmp_path: Path, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "forgeapp.db"
    if fault == "damaged":
        path.write_bytes(b"this is no database, " * 500)
    elif fault == "newer":
        open_ledger(tmp_path).close()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 999")
    else:
        path.touch()
        monkeypatch.setattr(migrations, "upgrade", lambda _connection: 1 / 0)
    with pytest.raises((DatabaseDamaged, DatabaseTooNew, ZeroDivisionError)) as failure:
        open_ledger(tmp_path)
    # The exception still holds the frames of what failed.
    assert failure.tb
    held = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [name for name in held if name.startswith(str(path))]
