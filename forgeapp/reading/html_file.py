"""HTML files as Markdown documents, or as tables where they hold nothing else. Style sheets are not read.

Nothing is loaded and nothing is run: scripts, frames and films go. Pictures stay where the file holds them, and those
that lie beside it are taken in.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from forgeapp.domain.content import Content
from forgeapp.domain.document import Block, Blocks, Document, Heading, Inlines, LineBreak, TableBlock, plain_text
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.workbook import Sheet, Workbook, valid_sheet_name
from forgeapp.errors import UnreadableFile
from forgeapp.reading.cells import Grid, sheet_of, table_of
from forgeapp.reading.document_losses import told
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.html_blocks import HtmlBlocks
from forgeapp.reading.html_tree import parse_html
from forgeapp.reading.neighbours import Neighbours

_WRAPPED_NAME = re.compile(r"\s+")


def read_html(text: str, name: str, neighbours: Neighbours | None = None) -> FileReading:
    """The content of an HTML file; `name` is the file's, `neighbours` lie beside it.

    Raises UnreadableFile where it holds nothing.
    """
    root, is_flattened = parse_html(text)
    reader = HtmlBlocks(root, is_flattened, neighbours)
    blocks = reader.read()
    if not blocks:
        raise UnreadableFile(
            source=name,
            reason="it holds no text",
            remedy="Pages that are made by a script hold nothing; save what the browser shows instead.",
        )
    first = blocks[0]
    top = first if isinstance(first, Heading) else next((b for b in blocks if _is_title(b)), None)
    title = _line(top.inlines) if isinstance(top, Heading) else reader.title
    document = Document(title or None, blocks_markdown(blocks))
    tables = _tables(blocks, reader.title or PurePath(name).stem)
    if tables is not None:
        return FileReading(tables, told(reader.losses), is_rewritten=True, document=document)
    return FileReading(document, told(reader.losses), is_rewritten=True)


def _is_title(block: Block) -> bool:
    return isinstance(block, Heading) and block.level == 1


def _tables(blocks: Blocks, title: str) -> Content | None:
    """A table or a workbook; None where there is more than tables and their names."""
    named: list[tuple[str, TableBlock]] = []
    headings: list[str] = []
    for block in blocks:
        if isinstance(block, TableBlock):
            named.append((headings.pop() if headings else "", block))
            if headings:
                title = headings[0]
                headings = []
        elif isinstance(block, Heading) and len(headings) < (1 if named else 2):
            headings.append(_line(block.inlines))
        else:
            return None
    if not named or headings:
        return None
    if len(named) == 1:
        name, table = named[0]
        return table_of(Grid(_rows(table)), name or title)[0]
    sheets: list[Sheet] = []
    for number, (name, table) in enumerate(named, 1):
        grid = Grid(_rows(table))
        taken = tuple(sheet.name for sheet in sheets)
        sheets.append(sheet_of(grid, valid_sheet_name(name or f"Table {number}", taken)))
    return Workbook(title, tuple(sheets))


def _rows(table: TableBlock) -> tuple[tuple[str, ...], ...]:
    rows = (table.header, *table.rows) if any(table.header) else table.rows
    return tuple(tuple(_text(cell) for cell in row) for row in rows)


def _text(cell: Inlines) -> str:
    return "".join("\n" if isinstance(inline, LineBreak) else plain_text((inline,)) for inline in cell).strip()


def _line(inlines: Inlines) -> str:
    return _WRAPPED_NAME.sub(" ", plain_text(inlines)).strip()
