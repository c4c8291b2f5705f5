"""An artifact on the clipboard: as rich text, as Markdown, or its cells as tab-separated text.

For a worker thread: parsing and computing take their time. The window puts what comes of it on the clipboard.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from forgeapp.domain.artifact import Format
from forgeapp.domain.cell_block import Block
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks, Document, Heading, TableBlock, walk
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.tab_separated import to_tsv
from forgeapp.domain.table import Table
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import TooLarge, UsageError

MAX_RICH_CELLS: Final = 100_000
"""The most cells of rich text or Markdown: more is nothing a mail or a chat program takes."""
MAX_CELLS: Final = 10_000_000
_TAB_SEPARATED_REMEDY = Text("copy_as_cells", "Copy it as cells (TSV), or export it as a file.")


CopyForm = Literal["rich", "markdown", "tsv"]


@dataclass(frozen=True, slots=True)
class Copied:
    """`html`: for programs with rich text, beside `text`; None where there is to be none."""

    html: str | None
    text: str


def copied(content: Content, title: str, values: Values, form: CopyForm, looks: NumberLooks = BY_CONTENT) -> Copied:
    """The whole of an artifact; `values` are those of `publishing.workbook_of(content)`. Numbers are copied as they
    look, for that is how the other programs on this system read them.

    Its title stands in no copy but that of a document which says it itself. Raises TooLarge, UsageError for cells of
    what has none.
    """
    if form == "tsv":
        return Copied(None, _cells(content, title, values, looks))
    count = _cell_count(content)
    if count > MAX_RICH_CELLS:
        raise TooLarge(
            source=title or "The table",
            reason=Text(
                "copy_cells",
                "it has {count} cells, and as text {limit} can be copied",
                count=f"{count:,}",
                limit=f"{MAX_RICH_CELLS:,}",
            ),
            remedy=_TAB_SEPARATED_REMEDY,
        )
    if form == "markdown" and isinstance(content, Document):
        return Copied(None, content.markdown)
    return copied_blocks(_blocks(content, values, looks), form)


def cells_of(
    workbook: Workbook, values: Values, sheet: str, blocks: Sequence[Block], looks: NumberLooks = BY_CONTENT
) -> Table:
    """What stands in the blocks of a sheet, as it is displayed; what lies between them is left out, or blank.

    The first row becomes the names of the columns.
    """
    from forgeapp.services.exporting.publishing import workbook_of
    from forgeapp.services.number_looks import look_of
    from forgeapp.sheets.grid import rendered

    laid_out = workbook_of(workbook)
    assert laid_out is not None
    place = next(place for place, each in enumerate(laid_out.sheets) if each.name == sheet)
    texts = rendered(laid_out, values, look_of(workbook, looks))[place]
    rows = sorted({row for block in blocks for row in range(block.top, block.bottom + 1)})
    columns = sorted({column for block in blocks for column in range(block.left, block.right + 1)})
    lines: dict[int, dict[int, str]] = {row: {} for row in rows}
    for block in blocks:
        for row in range(block.top, min(block.bottom + 1, len(texts))):
            lines[row].update(enumerate(texts[row][block.left : block.right + 1], block.left))
    header, *others = (tuple(line.get(column, "") for column in columns) for line in lines.values())
    return Table(None, header, tuple(others))


def copied_blocks(blocks: Blocks, form: CopyForm = "rich") -> Copied:
    """A piece of a document, such as what is selected, as rich text or Markdown."""
    if form == "markdown":
        from forgeapp.domain.markdown_blocks import blocks_markdown

        return Copied(None, blocks_markdown(blocks))
    from forgeapp.exporters.html.fragment import fragment
    from forgeapp.exporters.plain import plain

    return Copied(fragment(blocks), plain(blocks))


def _blocks(content: Content, values: Values, looks: NumberLooks) -> Blocks:
    from forgeapp.services.exporting.publishing import publication

    blocks = publication(content, "", values, for_format=Format.HTML, looks=looks).blocks
    if isinstance(content, Code) and len(content.files) == 1:
        # One file needs no name above it.
        return tuple(block for block in blocks if not isinstance(block, Heading))
    return blocks


def _cell_count(content: Content) -> int:
    match content:
        case Table(columns=columns, rows=rows):
            return len(columns) * (len(rows) + 1)
        case Workbook(sheets=sheets):
            return sum(sheet.row_count * sheet.column_count for sheet in sheets)
        case _:
            return 0


def _cells(content: Content, title: str, values: Values, looks: NumberLooks) -> str:
    """Tables one below the other, a blank line between them; formulas by their values. What is hidden is left out."""
    if _cell_count(content) > MAX_CELLS:
        raise TooLarge(
            source=title or "The table",
            reason=Text("copy_limit", "at most {limit} cells can be copied", limit=f"{MAX_CELLS:,}"),
            remedy=Text("export_instead", "Export it as a file."),
        )
    tables = list(_tables(content, values, looks))
    if not tables:
        raise UsageError(reason=Text("no_cells", "There is no table in it to be copied as cells."))
    return "\n\n".join(to_tsv(_guarded(rows)) for rows in tables)


def _tables(content: Content, values: Values, looks: NumberLooks) -> Iterator[Sequence[Sequence[str]]]:
    match content:
        case Table(columns=columns, rows=rows):
            yield [columns, *rows]
        case Workbook():
            from forgeapp.services.exporting.hidden import seen_lines, seen_sheets
            from forgeapp.services.exporting.publishing import workbook_of
            from forgeapp.services.number_looks import look_of
            from forgeapp.sheets.grid import rendered

            workbook = workbook_of(content)
            assert workbook is not None
            seen = seen_sheets(workbook)
            for sheet, texts in zip(workbook.sheets, rendered(workbook, values, look_of(content, looks)), strict=True):
                if sheet in seen and (shown := seen_lines(texts, sheet.hidden)):
                    yield shown
        case Document(markdown=markdown):
            from forgeapp.exporters.plain import rows_of
            from forgeapp.reading.markdown import parse_document

            yield from (rows_of(block) for block in walk(parse_document(markdown)) if isinstance(block, TableBlock))
        case _:
            pass


def _guarded(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """What a spreadsheet would run gets an apostrophe before it (S2)."""
    from forgeapp.exporters.csv.exporter import guarded

    return [
        [guarded(cell) if cell.startswith(_MAY_RUN) else cell for cell in row]
        if any(cell.startswith(_MAY_RUN) for cell in row)
        else row
        for row in rows
    ]


_MAY_RUN: Final = tuple("=+-@\t\r\n＝＋－＠")
