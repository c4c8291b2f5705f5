"""An artifact in words and figures: the ARTIFACT object of the command line, and plain text for a terminal."""

from __future__ import annotations

from typing import Any

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.services.calculation import Calculation


class Describing:
    def __init__(self, calculation: Calculation) -> None:
        self._calculation = calculation

    def describe(self, content: Content) -> dict[str, Any]:
        """The ARTIFACT object: a workbook with its computed values, a document with its outline's counts."""
        data = to_json(content, self._values(content))
        if isinstance(content, Document):
            from forgeapp.reading.markdown import parse_document
            from forgeapp.reading.outline import outline

            data |= outline(parse_document(content.markdown))
        return data

    def as_text(self, content: Content, looks: NumberLooks = BY_CONTENT) -> str:
        """What a terminal can show of it; `looks`: of a workbook's numbers."""
        match content:
            case Document(markdown=markdown):
                return markdown
            case Code(files=files):
                return "\n\n".join(f"# {file.name}\n{file.text}" for file in files)
            case Table(columns=columns, rows=rows):
                return _aligned([list(columns), *(list(row) for row in rows)])
            case Workbook():
                from forgeapp.services.number_looks import look_of
                from forgeapp.sheets.grid import rendered

                grids = rendered(content, self._values(content), look_of(content, looks))
                return "\n\n".join(
                    f"{sheet.name}\n{_aligned(rows)}" for sheet, rows in zip(content.sheets, grids, strict=True)
                )
            case Image(width=width, height=height, data=picture, alt=alt):
                facts = f"{content.format_name}, {width:,} x {height:,} pixels, {len(picture):,} bytes"
                return f"{facts}\n{alt}" if alt else facts

    def _values(self, content: Content) -> Values:
        """A workbook that cannot be computed is still shown, without computed values."""
        if not isinstance(content, Workbook):
            return {}
        try:
            return self._calculation.values(content, CancelToken())
        except WorkerFailed:
            return {}


def _aligned(rows: list[list[str]]) -> str:
    """In columns; a line's end within a cell is a sign, so that a row stays one line."""
    rows = [["\u21b5".join(cell.splitlines()) for cell in row] for row in rows]
    columns = max((len(row) for row in rows), default=0)
    widths = [max(len(row[column]) if column < len(row) else 0 for row in rows) for column in range(columns)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in rows
    )
