"""What a verb says: its result on standard output, one JSON document or text; notices on standard error."""

from __future__ import annotations

import contextlib
import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from forgeapp.cli.columns import aligned
from forgeapp.errors import BlockedError, ForgeError, TargetNotWritable

_DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Overrides and isolates, which can make a line read as what it is not."""


class Output:
    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json

    def result(self, data: Any, text: str | Iterable[str] = "") -> None:
        """The verb's one result: `data` with --json, else `text` (a line or several)."""
        if self.as_json:
            self.line(data)
        else:
            _write(_printable(line) for line in ([text] if isinstance(text, str) else text))

    def line(self, data: Any) -> None:
        """One of several JSON lines, for batches."""
        _write([json.dumps(data, ensure_ascii=False)])

    def table(self, data: Any, columns: Sequence[str], rows: Sequence[Sequence[object]], if_empty: str) -> None:
        """The verb's one result: `data` with --json, else `rows` in aligned columns, cut to the width of a terminal."""
        if not rows:
            self.result(data, if_empty)
            return
        texts = [columns, *([_one_line(cell) for cell in row] for row in rows)]
        is_terminal = sys.stdout is not None and sys.stdout.isatty()
        self.result(data, aligned(texts, shutil.get_terminal_size().columns if is_terminal else None))

    def notice(self, text: str) -> None:
        """Progress and remarks; never part of the result."""
        print(_printable(text), file=sys.stderr, flush=True)

    def failure(self, error: ForgeError, text: Iterable[str] = (), **done: Any) -> None:
        """The end of a failing verb; `done`, or `text` for a person, is what it has done all the same."""
        status = "blocked" if isinstance(error, BlockedError) else "failed"
        # Where nothing more can be written the reason is told all the same.
        with contextlib.suppress(TargetNotWritable):
            self.result({"status": status, "error": error.to_json(), **done}, text)
        self.notice(f"forgeapp: {error.message}")
        if error.hint:
            self.notice(error.hint)


def _write(lines: Iterable[str]) -> None:
    """To standard output. Raises TargetNotWritable, where that is a file on a full disk."""
    try:
        for line in lines:
            print(line)
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        # What is still in its buffer would be tried once more at the end.
        sys.stdout = None
        raise TargetNotWritable(path="Standard output", reason=error.strerror or str(error)) from error


def _one_line(cell: object) -> str:
    return "" if cell is None else " ".join(_printable(str(cell)).split())


def _printable(text: str) -> str:
    """Model output and file names must not steer the terminal: no control, direction or half characters."""
    return "".join(character if character in "\n\t" or _is_harmless(character) else "\ufffd" for character in text)


def _is_harmless(character: str) -> bool:
    return character not in _DIRECTIONS and unicodedata.category(character) not in ("Cc", "Cs")
