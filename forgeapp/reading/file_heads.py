"""The first bytes of a file, of what is a file only."""

from __future__ import annotations

import stat
from pathlib import Path

from forgeapp.errors import UnreadableFile


def read_head(path: Path, most: int) -> bytes:
    """At most so many bytes. Raises UnreadableFile."""
    try:
        # What is no file may have no end, or make the reader wait for one.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(source=str(path), reason="it is not a file", remedy="Choose a file.")
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise UnreadableFile(
            source=str(path),
            reason=error.strerror or "it cannot be opened",
            remedy="Check that the file is there and that you may read it.",
        ) from error
