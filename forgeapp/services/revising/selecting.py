"""Finds what a user names of an artifact: words as they stand there, or cells by their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address, position
from forgeapp.errors import SelectionNotFound

_RANGE = re.compile(
    r"(?:(?P<sheet>'[^']+'|[^!]+)!)?(?P<first>[A-Za-z]{1,3}[0-9]{1,7})(?::(?P<last>[A-Za-z]{1,3}[0-9]{1,7}))?"
)
_QUOTED_CHARS = 60
_Grid = tuple[str, dict[tuple[int, int], str]]
"""A sheet's name, '' for a table, and its texts."""


def selection_of(content: Content, title: str, words: str) -> Selection:
    """`words`: 'B2:C9', 'Budget!B2', or text that stands in the artifact. Raises SelectionNotFound."""
    match content:
        case Table() | Workbook():
            found = _in_grids(content, words)
        case Document() | Code():
            found = _in_texts(content, words)
        case Image():
            found = None
    if found is None:
        quoted = words if len(words) <= _QUOTED_CHARS else words[:_QUOTED_CHARS] + "…"
        raise SelectionNotFound(title=title, selection=quoted)
    return found


def _in_texts(content: Document | Code, words: str) -> Selection | None:
    texts = [("", content.markdown)] if isinstance(content, Document) else [(f.name, f.text) for f in content.files]
    for name, text in texts:
        at = text.find(words)
        if at >= 0 and words.strip():
            first = text.count("\n", 0, at) + 1
            last = first + words.rstrip("\n").count("\n")
            lines = f"line {first}" if first == last else f"lines {first}-{last}"
            return Selection(words, f"{name} {lines}".strip())
    return None


def _in_grids(content: Table | Workbook, words: str) -> Selection | None:
    grids = list(_grids(content))
    match = _RANGE.fullmatch(words.strip())
    if match:
        sheet = (match["sheet"] or "").strip("'")
        named = [grid for grid in grids if not sheet or grid[0].casefold() == sheet.casefold()]
        try:
            corners = position(match["first"]), position(match["last"] or match["first"])
        except ValueError:
            named = []
        if named:
            name, cells = named[0]
            (top, left), (bottom, right) = (
                (min(ends) for ends in zip(*corners, strict=True)),
                (max(ends) for ends in zip(*corners, strict=True)),
            )
            inside = [at for at in cells if top <= at[0] <= bottom and left <= at[1] <= right]
            if inside:
                return Selection(_tsv(cells, inside), _where(name, (top, left), (bottom, right)))
    for name, cells in grids:
        for at, text in cells.items():
            if text == words:
                return Selection(words, _where(name, at, at))
    return None


def _grids(content: Table | Workbook) -> Iterator[_Grid]:
    if isinstance(content, Table):
        rows = (content.columns, *content.rows)
        yield "", {(row, column): text for row, cells in enumerate(rows) for column, text in enumerate(cells)}
    else:
        for sheet in content.sheets:
            yield sheet.name, {at: cell.text for at, cell in sorted(sheet.cells.items())}


def _tsv(cells: dict[tuple[int, int], str], inside: list[tuple[int, int]]) -> str:
    top, left = min(row for row, _ in inside), min(column for _, column in inside)
    bottom, right = max(row for row, _ in inside), max(column for _, column in inside)
    return "\n".join(
        "\t".join(cells.get((row, column), "") for column in range(left, right + 1)) for row in range(top, bottom + 1)
    )


def _where(sheet: str, first: tuple[int, int], last: tuple[int, int]) -> str:
    cells = address(first) if first == last else f"{address(first)}:{address(last)}"
    return f"{sheet}!{cells}" if sheet else cells
