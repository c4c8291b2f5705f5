"""What stands at a place, and whether it is still what may be replaced there."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from forgeapp.domain.standing import Standing, StandingFile


def standing_at(place: Path, name: str = "") -> Standing:
    """What a look shows, no file is read; also () for a place that cannot be looked at, which no file can go to."""
    try:
        found = place.lstat()
    except (OSError, ValueError):
        return ()
    return (StandingFile(name or place.name, found.st_size, found.st_mtime_ns),)


def written_file(part: Path, name: str) -> StandingFile:
    """One of ours, as it will stand under its name. Raises OSError."""
    found = part.stat()
    return StandingFile(name, found.st_size, found.st_mtime_ns, _digest(part))


def is_any_of(place: Path, may_replace: Iterable[StandingFile]) -> bool:
    """Whether one of these stands there, or nothing: what was removed is in nobody's way."""
    try:
        found = place.lstat()
        alike = [file for file in may_replace if file.size == found.st_size]
        if any(not file.digest and file.modified_ns == found.st_mtime_ns for file in alike):
            return True
        digests = {file.digest for file in alike if file.digest}
        return bool(digests) and stat.S_ISREG(found.st_mode) and _digest(place) in digests
    except OSError:
        return not os.path.lexists(place)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
