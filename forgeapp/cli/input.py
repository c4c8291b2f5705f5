"""What a verb is given: text from a file or, for '-', from standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from forgeapp.errors import TooLarge, UnreadableFile

MAX_TEXT_BYTES = 64 * 1024 * 1024


def read_text(source: str) -> str:
    """UTF-8 text. Raises UnreadableFile, TooLarge."""
    name = "Standard input" if source == "-" else source
    if source == "-" and sys.stdin is None:
        raise UnreadableFile(source=name, reason="it is closed", remedy="Pipe the text in, or name a file.")
    try:
        if source == "-":
            data = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)
        else:
            with Path(source).open("rb") as file:
                data = file.read(MAX_TEXT_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(
            source=name, reason=error.strerror or str(error), remedy="Check the path and its permissions."
        ) from error
    if len(data) > MAX_TEXT_BYTES:
        raise TooLarge(source=name, reason=f"more than {MAX_TEXT_BYTES // (1024 * 1024)} MB of text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(source=name, reason="it is not UTF-8 text", remedy="Save it as UTF-8.") from error
