"""A copy of the database that is known to be sound."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from forgeapp.errors import DatabaseDamaged, HomeNotWritable


def back_up(database: Path, target: Path) -> Path:
    """Copies a database that may be in use, checks the copy, then gives it its name.

    Raises DatabaseDamaged when the copy does not pass SQLite's integrity check, HomeNotWritable when it can't be kept.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600))
    except OSError as error:
        raise HomeNotWritable(path=target.parent, reason=error.strerror or error) from error
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(part)) as copy:
            source.backup(copy)
            findings = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        if findings != ["ok"]:
            raise DatabaseDamaged(path=database, reason="; ".join(findings), backups=target.parent)
        part.replace(target)
    except sqlite3.DatabaseError as error:
        raise DatabaseDamaged(path=database, reason=error, backups=target.parent) from error
    finally:
        part.unlink(missing_ok=True)
    return target
