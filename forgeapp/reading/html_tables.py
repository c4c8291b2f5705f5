"""Tables written in HTML: tags of rows and cells by one pass of a regular expression, everything else is text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from forgeapp.reading.raised_text import on_the_line

MAX_COLUMNS = 512
MAX_CELLS = 200_000
"""Cells that spans and short rows may add to those that are written."""
_TAG = re.compile(
    r"<(?P<cell>t[dh]|T[DH])>(?P<text>[^<]*)</(?P=cell)>"
    r"|<(?P<closing>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)"
    r"(?P<attributes>[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*)*)>"
    r"|<!--[^<]*-->"
)
"""A tag, a comment, or all of a cell without attributes and tags within, as most are."""
_START = re.compile(r"<table\b[^<>]*>", re.IGNORECASE)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)
_RAISED, _RAISED_END = {"sup": "\1", "sub": "\2"}, "\3"
"""What stands for tags around raised and lowered text in a cell that is being read."""
_RAISED_STRETCH = re.compile("([\1\2])([^\1\2\3]*)\3")
_RAISED_SIGNS = dict.fromkeys((1, 2, 3))
_BREAKING = {"br", "p", "div", "li", "ul", "ol"}


@dataclass(frozen=True, slots=True)
class HtmlTable:
    """`rows`: all of one width, the header first. `start`, `end`: where the table stands in the text.

    `strays`: text in it that stands in no cell.
    """

    caption: str | None
    rows: tuple[tuple[str, ...], ...]
    start: int
    end: int
    closed: bool
    strays: tuple[str, ...] = ()


def read_html_tables(source: str) -> Iterator[HtmlTable]:
    """Every outermost table of `source`. Spans are filled in: down with the same text, across with blanks."""
    at = 0
    while start := _START.search(source, at):
        table = _read_table(source, start.start(), start.end())
        yield table
        at = max(table.end, start.end())


def outer_text(source: str) -> str:
    """HTML beside tables as plain text."""
    return _displayed([_TAG.sub(_space_for, source)])


def _space_for(tag: re.Match[str]) -> str:
    if tag["cell"]:
        return f" {tag['text']} "
    return "\0" if (tag["name"] or "").lower() in _BREAKING else " "


class _Rows:
    """Rows as they grow; cells that reach down from above are filled in."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.header_rows = 0
        self.written = self.added = 0
        self._down: dict[int, tuple[int, str]] = {}
        self._row: list[str] | None = None

    def open_row(self) -> None:
        self.close_row()
        self._row = []

    def close_row(self) -> None:
        if self._row is None:
            return
        self._fill_from_above(self._row)
        if self._row:
            self.rows.append(self._row)
        self._row = None

    def add(self, text: str, across: int, down: int) -> None:
        if self._row is None:
            self._row = []
        row = self._row
        self._fill_from_above(row)
        self.written += 1
        if across == down == 1:
            if len(row) < MAX_COLUMNS:
                row.append(text)
            return
        for number in range(across):
            if len(row) >= MAX_COLUMNS or (number and self.added >= MAX_CELLS):
                return
            value = text if number == 0 else ""
            if down > 1:
                self._down[len(row)] = (down - 1, value)
            row.append(value)
            self.added += number > 0

    def _fill_from_above(self, row: list[str]) -> None:
        while self._down and len(row) in self._down and self.added < MAX_CELLS:
            left, value = self._down.pop(len(row))
            if left > 1:
                self._down[len(row)] = (left - 1, value)
            row.append(value)
            self.added += 1


def _read_table(source: str, start: int, at: int) -> HtmlTable:
    rows = _Rows()
    text: list[str] | None = None
    across = down = depth = 1
    heads_down = 1
    in_header = closed = False
    caption: str | None = None
    strays: list[str] = []
    end = len(source)

    def close_cell() -> None:
        nonlocal text
        if text is not None:
            rows.add(_displayed(text), across, down)
            text = None

    def begin_cell(name: str, rows_down: int) -> None:
        """The cell before it ends, and the header reaches as far down as the cells of the first row do."""
        nonlocal heads_down
        close_cell()
        if name == "th" and not rows.rows:
            heads_down = max(heads_down, rows_down)
        elif name == "td" and len(rows.rows) < heads_down:
            heads_down = 1

    position = at
    for match in _TAG.finditer(source, at):
        if text is not None:
            text.append(source[position : match.start()])
        elif match.start() > position and (stray := source[position : match.start()].strip()):
            strays.append(_displayed([stray]))
        position = match.end()
        if cell := match["cell"]:
            if depth == 1:
                begin_cell(cell.lower(), 1)
                rows.add(_displayed([match["text"]]), 1, 1)
            elif text is not None:
                text.append(f" {match['text']} ")
            elif stray := match["text"].strip():
                strays.append(_displayed([stray]))
            continue
        closing, name = match["closing"] == "/", (match["name"] or "").lower()
        if name == "table":
            depth += -1 if closing else 1
            if depth == 0:
                end, closed = match.end(), True
                break
        if depth > 1 or not name:
            if text is not None and name in ("tr", "td", "th", "table"):
                text.append("\0" if name == "tr" else " ")
            continue
        match name, closing:
            case (("td" | "th"), False):
                said = _SPAN.findall(match["attributes"]) if match["attributes"] else ()
                spans = {way.lower(): int(count) for way, count in said}
                begin_cell(name, max(1, spans.get("row", 1)))
                across, down = max(1, min(spans.get("col", 1), MAX_COLUMNS)), max(1, spans.get("row", 1))
                text = []
            case (("td" | "th"), True):
                close_cell()
            case "tr", _:
                close_cell()
                if closing:
                    rows.close_row()
                else:
                    rows.open_row()
            case "thead", False:
                in_header = True
            case ("thead", True) | ("tbody", False):
                close_cell()
                rows.close_row()
                if in_header:
                    rows.header_rows, in_header = len(rows.rows), False
            case "caption", False:
                text, across, down = [], 1, 1
            case "caption", True:
                caption = _displayed(text or []) or None
                text = None
            case (("sup" | "sub"), _):
                if text is not None:
                    text.append(_RAISED_END if closing else _RAISED[name])
            case _:
                if text is not None and name in _BREAKING and (name == "br" or closing):
                    text.append("\0")
    else:
        if text is not None:
            text.append(source[position:])
        elif stray := _displayed([source[position:]]):
            strays.append(stray)
    close_cell()
    rows.close_row()
    if not rows.header_rows and heads_down < len(rows.rows):
        rows.header_rows = heads_down
    return HtmlTable(caption, _rectangle(rows), start, end, closed, tuple(strays))


def _displayed(parts: list[str]) -> str:
    text = parts[0] if len(parts) == 1 else "".join(parts)
    if "&" in text:
        text = html.unescape(text)
    if _RAISED_END in text:
        text = _RAISED_STRETCH.sub(_on_the_line, text)
        text = text.translate(_RAISED_SIGNS)
    if "\0" not in text:
        return " ".join(text.split())
    lines = text.split("\0")
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _on_the_line(stretch: re.Match[str]) -> str:
    position = "superscript" if stretch[1] == _RAISED["sup"] else "subscript"
    return on_the_line(stretch[2], position)[0]


def _rectangle(rows: _Rows) -> tuple[tuple[str, ...], ...]:
    """All rows of the widest one's width; several header rows become one, 'Sales / Q1'."""
    if not rows.rows:
        return ()
    width = max(len(row) for row in rows.rows)
    width = min(width, max(1, (4 * rows.written + MAX_CELLS) // len(rows.rows)))
    full = [tuple(row if len(row) == width else (row + [""] * width)[:width]) for row in rows.rows]
    if rows.header_rows > 1:
        heads, body = full[: rows.header_rows], full[rows.header_rows :]
        spread: list[list[str]] = []
        for head in heads[:-1]:
            last = ""
            spread.append([last := cell or last for cell in head])
        columns = zip(*spread, heads[-1], strict=True)
        full = [tuple(" / ".join(dict.fromkeys(part for part in column if part)) for column in columns), *body]
    return tuple(full)
