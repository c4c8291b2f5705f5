"""The tables of a text as sheets, one a sheet, and what of them no cell holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import (
    Blocks,
    FootnoteMark,
    Heading,
    InlineMath,
    Inlines,
    Picture,
    Run,
    TableBlock,
    plain_text,
    walk,
)
from forgeapp.domain.grid_cells import GridCells
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Position, Sheet, valid_sheet_name
from forgeapp.exporters.links import web_address
from forgeapp.exporters.xlsx.cells import MAX_LINK_CHARS

_LINKS = "links"
_TOLD: Mapping[str, str] = {
    _LINKS: "Cells that are more than one link do not say where it leads: {count}.",
    "formulas": "Formulas in cells are written as TeX: {count}.",
    "marks": "Footnote marks in cells are left out: {count}.",
    "pictures": "Pictures in cells became their words: {count}.",
}
_ALL_LINKS = "Where links in cells lead is not in a CSV file: {count}."


@dataclass
class TableSheets:
    """`links`: where cells lead to that are just a link, by sheet name. `lost`: how much of what no cell holds.

    `stands_in_text`: whether the text has anything but tables and the headings their sheets are named after.
    """

    sheets: list[Sheet] = field(default_factory=list)
    links: dict[str, dict[Position, str]] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    stands_in_text: bool = False

    def warnings(self, file_format: Format | None) -> Iterator[Text]:
        if self.stands_in_text and file_format is Format.XLSX:
            yield Text("only_tables", "Only the tables of the document are in the file, not what stands around them.")
        for what, template in _TOLD.items():
            count = self.lost[what]
            if what == _LINKS and file_format is Format.CSV:
                count, template = count + sum(map(len, self.links.values())), _ALL_LINKS
            if count:
                yield Text(f"cells_without_{what}", template, count=count)


def sheet_of_rows(name: str, rows: Sequence[Sequence[str]]) -> Sheet:
    """A sheet of texts under the names in its first row."""
    return Sheet(name, GridCells(rows), frozen_rows=1, row_count=len(rows))


def table_sheets(blocks: Blocks, others: Sequence[str] = ()) -> TableSheets:
    """One sheet a table, named after the heading above it, beside `others`."""
    found = TableSheets()
    name, taken = "Table", list(others)
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines):
                name = plain_text(inlines)
            case TableBlock(header=header, rows=rows):
                sheet_name = valid_sheet_name(name, tuple(taken))
                taken.append(sheet_name)
                links: dict[Position, str] = {}
                for row, cells in enumerate((header, *rows)):
                    for column, cell in enumerate(cells):
                        # Nearly all hold one run without a link.
                        if cell and (len(cell) > 1 or type(cell[0]) is not Run or cell[0].link is not None):
                            _look(found.lost, links, (row, column), cell)
                if links:
                    found.links[sheet_name] = links
                texts = [[plain_text(cell) for cell in row] for row in (header, *rows)]
                found.sheets.append(sheet_of_rows(sheet_name, texts))
            case _:
                found.stands_in_text = True
    return found


def _look(lost: Counter[str], links: dict[Position, str], at: Position, cell: Inlines) -> None:
    """Names of columns lead nowhere: a click on one is to sort."""
    targets = dict.fromkeys(inline.link for inline in cell if isinstance(inline, Run) and inline.link)
    is_one = len(targets) == 1 and all(isinstance(inline, Run) and inline.link for inline in cell)
    address = web_address(next(iter(targets))) if is_one and at[0] else None
    if address is not None and len(address) <= MAX_LINK_CHARS:
        links[at] = address
    else:
        lost[_LINKS] += bool(targets)
    lost["formulas"] += sum(isinstance(inline, InlineMath) for inline in cell)
    lost["marks"] += sum(isinstance(inline, FootnoteMark) for inline in cell)
    lost["pictures"] += sum(isinstance(inline, Picture) for inline in cell)
