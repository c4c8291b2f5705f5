"""Cells as other programs take and give them: tab-separated text, and an HTML table beside it.

A text that another program would run as a formula is given with an apostrophe before it, as in CSV (S2); beside it
stand the very cells, for ourselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from forgeapp.ui.artifact.grid.html_cells import from_html, has_exact_text, to_html

Rows = Sequence[Sequence[str]]
ROWS_MIME = "application/x-forgeapp-rows+json"
MAX_COPIED = 10_000_000
"""The most cells, blank ones among them, that are copied."""
_MAX_HTML_CELLS = 200_000
_MAX_OWN_BYTES = 64_000_000
_MAY_RUN = tuple("=+-@\t\r\n＝＋－＠")


def to_tsv(rows: Rows) -> str:
    """One line a row; a cell with a tab, a line break or a quote at its start is quoted, as spreadsheets do."""
    return "\n".join(_line(row) for row in rows)


def _line(row: Sequence[str]) -> str:
    line = "\t".join(row)
    if '"' in line or "\n" in line or "\r" in line or line.count("\t") >= len(row):
        return "\t".join(_quoted(cell) for cell in row)
    return line


def _quoted(cell: str) -> str:
    if cell.startswith('"') or "\t" in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def from_tsv(text: str) -> list[list[str]]:
    """Rows of equal width; what follows a closing quote other than a tab or a line's end makes it plain text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.endswith("\n"):
        text = text[:-1]
    if not text:
        return []
    if '"' not in text:
        rows = [line.split("\t") for line in text.split("\n")]
    else:
        rows = _read_quoted(text)
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def _read_quoted(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while True:
        cell, stop = _quoted_cell(text, at) if text.startswith('"', at) else (None, at)
        if cell is None:
            breaks = [place for place in (text.find("\t", at), text.find("\n", at)) if place >= 0]
            stop = min(breaks, default=end)
            cell = text[at:stop]
        rows[-1].append(cell)
        if stop >= end:
            return rows
        if text[stop] == "\n":
            rows.append([])
        at = stop + 1


def _quoted_cell(text: str, at: int) -> tuple[str | None, int]:
    """The cell that begins with the quote at `at` and where it ends; None where no quote closes it."""
    place = at + 1
    while True:
        place = text.find('"', place)
        if place < 0:
            return None, at
        if text.startswith('""', place):
            place += 2
            continue
        stop = place + 1
        if stop == len(text) or text[stop] in "\t\n":
            return text[at + 1 : place].replace('""', '"'), stop
        return None, at


def guarded_rows(rows: Rows) -> Rows:
    """The rows with what a spreadsheet would run guarded; `rows` itself where there is none."""
    from forgeapp.exporters.csv import guarded

    if not any(cell.startswith(_MAY_RUN) and guarded(cell) != cell for row in rows for cell in row):
        return rows
    return [[guarded(cell) if cell.startswith(_MAY_RUN) else cell for cell in row] for row in rows]


def put_rows(rows: Rows, own: Mapping[str, bytes] | None = None) -> None:
    """On the clipboard, as TSV and, unless they are very many, as HTML.

    `own`: the same cells in formats of ours, for rows that are safe for other programs already; without it `rows` are
    guarded here.
    """
    data = QMimeData()
    safe = guarded_rows(rows) if own is None else rows
    if safe is not rows:
        data.setData(ROWS_MIME, json.dumps([list(row) for row in rows]).encode())
    for name, content in (own or {}).items():
        data.setData(name, content)
    data.setText(to_tsv(safe))
    if sum(len(row) for row in safe) <= _MAX_HTML_CELLS:
        data.setHtml(to_html(safe))
    QGuiApplication.clipboard().setMimeData(data)


@dataclass(frozen=True, slots=True)
class Taken:
    """What the clipboard holds, not read yet: any thread may read it. `own`: the very cells, where they are our own."""

    text: str = ""
    html: str = ""
    own: bytes = b""

    @property
    def size(self) -> int:
        return len(self.text) + len(self.html) + len(self.own)

    def rows(self) -> list[list[str]]:
        """The very cells, else what other programs give; [] for nothing that is text.

        The table of a page is read from its HTML, for its text has lost which cell is which; spreadsheets give exact
        text.
        """
        if self.own and (own := _own_rows(self.own)):
            return own
        if self.html and not (self.text and has_exact_text(self.html)):
            rows = from_html(self.html)
            if rows and (not self.text or len(rows) * len(rows[0]) > 1):
                return rows
        return from_tsv(self.text)


def take(with_own: bool = True) -> Taken:
    """From the clipboard; `with_own`: also the very cells a table put there."""
    data: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if data is None:  # of a clipboard that was emptied
        return Taken()
    is_own = with_own and data.hasFormat(ROWS_MIME)
    return Taken(
        data.text() if data.hasText() else "",
        data.html() if data.hasHtml() else "",
        bytes(data.data(ROWS_MIME).data()) if is_own else b"",
    )


def _own_rows(data: bytes) -> list[list[str]] | None:
    """None for anything else than `put_rows` gives: other programs can fill the clipboard."""
    if len(data) > _MAX_OWN_BYTES:
        return None
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return None
    if len({len(row) for row in rows}) != 1 or not rows[0]:
        return None
    return rows if all(isinstance(cell, str) for row in rows for cell in row) else None
