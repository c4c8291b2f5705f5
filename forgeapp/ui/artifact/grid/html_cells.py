"""Cells as HTML: a table from another program, a spreadsheet or a page, and one for them.

Sources: the HTML clipboard formats of Excel (`mso-number-format`, `mso-data-placement`) and LibreOffice (`sdnum`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

Rows = Sequence[Sequence[str]]

MAX_HTML_CHARS = 16_000_000
_MAX_COLUMNS = 16_384
_MAX_CELLS = 2_000_000
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HEAD = '<meta charset="utf-8"><meta name="generator" content="ForgeApp">'
_EXACT = (_HEAD, "urn:schemas-microsoft-com:office:excel", "LibreOffice", "OpenOffice", "google-sheets-html-origin")
_HEAD_CHARS = 4_000
_BLOCKS = frozenset(("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = frozenset(("script", "style", "template"))
# What a spreadsheet would make a shorter number, a date or a power of ten of.
_MISREAD = re.compile(r"0\d.*|\d{12,}|\d{1,4}[-/]\d{1,4}|\d+[eE]\d+")
_AS_TEXT = '<td style="mso-number-format:\'\\@\'" sdnum="1033;0;@">'
_BREAK = '<br style="mso-data-placement:same-cell">'


def has_exact_text(source: str) -> bool:
    """Whether a spreadsheet, or we, made it: the tab-separated text beside it is exact, and faster to read."""
    head = source[:_HEAD_CHARS]
    return any(mark in head for mark in _EXACT)


def to_html(rows: Rows) -> str:
    """A table that spreadsheets take as it is: ids stay text, line breaks stay in their cell."""
    body = "".join(f"<tr>{''.join(map(_cell_html, row))}</tr>" for row in rows)
    return f"{_HEAD}<table>{body}</table>"


def _cell_html(text: str) -> str:
    if text.isalnum():
        return f"{_AS_TEXT if _MISREAD.fullmatch(text) else '<td>'}{text}</td>"
    start = _AS_TEXT if _MISREAD.fullmatch(text) else "<td>"
    text = escape(text)
    return f"{start}{text.replace(chr(10), _BREAK) if chr(10) in text else text}</td>"


def from_html(source: str) -> list[list[str]]:
    """The one table of the HTML, rows of equal width, spans filled with blanks; [] where there is none, or several.

    The texts are those displayed. Nothing is loaded, no script or style is read. Linear, bounded.
    """
    from lxml import etree

    if len(source) > MAX_HTML_CHARS or "<t" not in source.casefold():
        return []
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    outer = [table for table in root.iter("table") if next(table.iterancestors("table"), None) is None]
    return _rows_of(outer[0]) if len(outer) == 1 else []


def _rows_of(table: _Element) -> list[list[str]]:
    has_inner = next(table.iterdescendants("table"), None) is not None
    rows: list[list[str]] = []
    below: dict[int, int] = {}
    left = _MAX_CELLS
    for line in table.iter("tr"):
        if has_inner and next(line.iterancestors("table"), None) is not table:
            continue
        row: list[str] = []
        for cell in line.iterchildren("td", "th"):
            _skip(row, below)
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            across = min(across, _MAX_COLUMNS - len(row), left)
            if across <= 0:
                break
            if down > 1:
                below.update(dict.fromkeys(range(len(row), len(row) + across), down))
            row += [_text_of(cell), *[""] * (across - 1)]
            left -= across
        left -= len(below)
        below = {at: count - 1 for at, count in below.items() if count > 1}
        rows.append(row)
        if left <= 0:
            break
    width = max(map(len, rows), default=0)
    if not width or width * len(rows) > _MAX_CELLS:
        return []
    return [row + [""] * (width - len(row)) for row in rows]


def _skip(row: list[str], below: dict[int, int]) -> None:
    """Past the cells that reach down from above."""
    while len(row) in below:
        row.append("")


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name)
    return max(int(value), 1) if value and len(value) < 5 and value.isdecimal() else 1


def _text_of(cell: _Element) -> str:
    if not len(cell):
        return _SPACES.sub(" ", cell.text or "").strip(" \u00a0")
    parts: list[str] = [_SPACES.sub(" ", cell.text or "")]
    from lxml.etree import iterwalk

    unseen = 0
    for event, element in iterwalk(cell, events=("start", "end")):
        if element is cell:
            continue
        name = element.tag
        if event == "start":
            unseen += name in _UNSEEN
            if name == "br" or (name in _BLOCKS and any(part.strip() for part in parts[-2:])):
                parts.append("\n")
            if not unseen:
                parts.append(_SPACES.sub(" ", element.text or ""))
        else:
            unseen -= name in _UNSEEN
            if not unseen:
                parts.append(_SPACES.sub(" ", element.tail or ""))
    lines = "".join(parts).split("\n")
    return "\n".join(line.strip(" \u00a0") for line in lines).strip("\n")
