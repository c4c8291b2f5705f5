"""Folders for what is put aside for a moment, among the system's temporary files.

Each is named after the process that made it and can be read by its user only. Whoever makes one removes it; what killed
processes left behind goes at the next start.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from forgeapp.errors import StorageError
from forgeapp.processes import current_owner, is_alive

_NAME: Final = re.compile(r"forgeapp-([0-9]+)-([0-9]+)-")
_REMEDY: Final = "Make sure there is such a folder and its disk has free space, or name another in TMPDIR."


def make_scratch() -> Path:
    """A folder that the caller removes. Raises StorageError."""
    try:
        return Path(tempfile.mkdtemp(prefix=f"forgeapp-{current_owner().replace(':', '-')}-"))
    except OSError as error:
        raise StorageError(path=_shared(), reason=error.strerror or str(error), remedy=_REMEDY) from error


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes with the context. Raises StorageError."""
    folder = make_scratch()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned() -> None:
    """Removes the folders of this user's processes that have ended; a few milliseconds, and nothing is raised."""
    try:
        with os.scandir(tempfile.gettempdir()) as entries:
            found = [entry for entry in entries if _is_abandoned(entry)]
    except OSError:
        return
    for entry in found:
        shutil.rmtree(entry.path, ignore_errors=True)


def _is_abandoned(entry: os.DirEntry[str]) -> bool:
    named = _NAME.match(entry.name)
    if named is None or not entry.is_dir(follow_symlinks=False):
        return False
    # Whoever is another user's is not ours to judge, though its name may be.
    is_own = os.name == "nt" or entry.stat(follow_symlinks=False).st_uid == os.getuid()
    return is_own and not is_alive(f"{named[1]}:{named[2]}")


def _shared() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "The folder for temporary files"
