"""What a card shows of a version without reading its content: how much there is, and its first lines."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.front_matter import front_matter_end
from forgeapp.domain.image import Image
from forgeapp.domain.table import Table
from forgeapp.domain.word_count import count_words, read_text
from forgeapp.domain.workbook import Sheet, Workbook

MAX_EXCERPT_ROWS = 3
MAX_EXCERPT_CELLS = 4
MAX_TEXT_CHARS = 80
_READ_CHARS = 400
"""What is looked at of a text to get its first MAX_TEXT_CHARS without runs of blanks."""

_HEADING = re.compile(r" {0,3}#{1,6}(?=\s|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_NO_PARAGRAPH = re.compile(r"\s*(?:$|[#>|]|[-*+] |\d{1,9}[.)] |`{3}|~{3})")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Glance:
    """`measures`: counts by name. 'rows', 'columns' of a table; 'sheets' and 'rows', 'columns' of the first in sight;
    'words', 'headings' of a document; 'files', 'lines' of code; 'width', 'height', 'bytes' of an image.

    `excerpt`: the first rows, a table's header among them, or the first lines, each a row of one text; of an image what
    it shows, in words.
    """

    measures: Mapping[str, int]
    excerpt: tuple[tuple[str, ...], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"measures": dict(self.measures), "excerpt": [list(row) for row in self.excerpt]}

    @classmethod
    def from_json(cls, data: Any) -> Glance:
        """Raises ValueError for what `to_json` does not give."""
        match data:
            case {"measures": dict(measures), "excerpt": list(rows)} if all(
                isinstance(count, int) for count in measures.values()
            ) and all(isinstance(row, list) and all(isinstance(text, str) for text in row) for row in rows):
                return cls(measures, tuple(tuple(row) for row in rows))
        raise ValueError("not a glance")


def glance(content: Content) -> Glance:
    match content:
        case Table(columns=columns, rows=rows):
            first = [columns, *rows[: MAX_EXCERPT_ROWS - 1]]
            return Glance({"rows": len(rows), "columns": len(columns)}, tuple(_row(row) for row in first))
        case Workbook(sheets=sheets):
            hidden = content.hidden_sheets
            sheet = next((sheet for sheet in sheets if sheet not in hidden), Sheet(""))
            measures = {"sheets": len(sheets), "rows": sheet.row_count, "columns": sheet.column_count}
            return Glance(measures, _first_cells(sheet))
        case Document(title=title, markdown=markdown):
            markdown = markdown[front_matter_end(markdown) :]
            lines = tuple((text,) for text in islice(_said_lines(markdown, title), MAX_EXCERPT_ROWS))
            return Glance({"words": count_words(markdown), "headings": sum(1 for _ in _headings(markdown))}, lines)
        case Code(files=files):
            text = files[0].text if files else ""
            shown = (line.rstrip()[:MAX_TEXT_CHARS] for line in text[: _READ_CHARS * 10].splitlines() if line.strip())
            lines = tuple((line,) for line in islice(shown, MAX_EXCERPT_ROWS))
            return Glance({"files": len(files), "lines": sum(len(file.text.splitlines()) for file in files)}, lines)
        case Image(width=width, height=height, data=data, alt=alt):
            said = _short(alt)
            return Glance({"width": width, "height": height, "bytes": len(data)}, ((said,),) if said else ())


def _row(cells: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_short(cell) for cell in cells[:MAX_EXCERPT_CELLS])


def _first_cells(sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    """What was typed in the first rows that can be seen; what formulas give is not known here."""
    columns = _first_seen(sheet.column_count, sheet.hidden.columns, MAX_EXCERPT_CELLS)
    rows: list[tuple[str, ...]] = []
    for row in _first_seen(sheet.row_count, sheet.hidden.rows, MAX_EXCERPT_ROWS):
        cells = (sheet.cells.get((row, column)) for column in columns)
        rows.append(tuple("" if cell is None or cell.is_formula else _short(cell.text) for cell in cells))
    return tuple(rows)


def _first_seen(count: int, hidden: Container[int], most: int) -> list[int]:
    return list(islice((line for line in range(count) if line not in hidden), most))


def _short(text: str) -> str:
    return " ".join(text[:_READ_CHARS].split())[:MAX_TEXT_CHARS]


def _said_lines(markdown: str, title: str | None) -> Iterator[str]:
    """Lines with words in them, without a heading's marks and without the title, which a card shows anyway."""
    for written in markdown.splitlines():
        line = _LINK.sub(r"\1", read_text(written))
        heading = _HEADING.match(line)
        text = _short(line[heading.end() :].rstrip("# \t") if heading else line)
        if any(character.isalnum() for character in text) and text != title:
            yield text


def _headings(markdown: str) -> Iterator[str]:
    """Heading lines outside code: those with '#' marks, and those underlined."""
    fence, before = "", ""
    for line in markdown.splitlines():
        mark = _FENCE.match(line)
        if fence:
            if mark and mark["fence"].startswith(fence) and not line.strip(" `~"):
                fence = ""
            before = ""
        elif mark:
            fence, before = mark["fence"], ""
        elif _HEADING.match(line):
            yield line
            before = ""
        elif _UNDERLINE.fullmatch(line) and not _NO_PARAGRAPH.match(before):
            yield before
            before = ""
        else:
            before = line
