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

from forgeapp.domain.guarding import guarded
from forgeapp.domain.tab_separated import from_tsv, to_tsv
from forgeapp.ui.artifact.grid.html_cells import from_html, has_exact_text, to_html

Rows = Sequence[Sequence[str]]
ROWS_MIME = "application/x-forgeapp-rows+json"
MAX_COPIED = 10_000_000
"""The most cells, blank ones among them, that are copied."""
_MAX_HTML_CELLS = 200_000
_MAX_OWN_BYTES = 64_000_000


def guarded_rows(rows: Rows) -> Rows:
    """The rows with what a spreadsheet would run guarded; `rows` itself where there is none."""
    if not any(guarded(cell) != cell for row in rows for cell in row):
        return rows
    return [[guarded(cell) for cell in row] for row in rows]


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
