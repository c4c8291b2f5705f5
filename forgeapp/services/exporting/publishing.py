"""An artifact's content laid out for export: one tree of blocks, one workbook, its files."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import Final

from forgeapp.domain.alignment import are_figures, figure_columns
from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code
from forgeapp.domain.column_types import decimal_marks
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Document,
    Heading,
    Inlines,
    Paragraph,
    Picture,
    Run,
    TableBlock,
)
from forgeapp.domain.export_options import USUAL, ExportOptions, honoured
from forgeapp.domain.image import Image
from forgeapp.domain.number_look import BY_CONTENT, NumberLook, NumberLooks
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.totals import rows_that_stand_out
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Values, Workbook, valid_sheet_name
from forgeapp.errors import ExportFailed
from forgeapp.exporters.front import listed_headings, title_heading
from forgeapp.services.exporting.hidden import hidden_warnings, seen_lines, seen_sheets
from forgeapp.services.exporting.properties import properties_of, property_warnings
from forgeapp.services.exporting.table_sheets import TableSheets, sheet_of_rows, table_sheets
from forgeapp.services.number_looks import look_of

_LAID_OUT: Final = (Format.PDF, Format.DOCX, Format.HTML, Format.XLSX, Format.CSV)
"""Made from blocks or sheets alone."""
_MAY_BE_FORMULA: Final = re.compile(r"[|\n][^A-Za-z0-9\n|]*[=&]")
"""A cell of a table in Markdown whose text could begin with '=', behind marks or as an entity."""


def workbook_of(content: Content) -> Workbook | None:
    """The sheets an artifact has or can be shown as: a table as one, a document's tables one each; None for others."""
    match content:
        case Workbook():
            from forgeapp.sheets.grid import with_formats

            return with_formats(content)
        case Table(title=title, columns=columns, rows=rows):
            return Workbook(title, (sheet_of_rows(valid_sheet_name(title or "Table"), [columns, *rows]),))
        case Document(title=title, markdown=markdown):
            return Workbook(title, tuple(table_sheets(_parsed(markdown)).sheets))
        case Code() | Image():
            return None


def has_formulas(table: Table) -> bool:
    """Whether anything in a table would be computed once it is a sheet."""
    return any(cell.startswith("=") for row in (table.columns, *table.rows) for cell in row)


def formulas_of(content: Content) -> Workbook | None:
    """The sheets of which values are to be computed; None where there is no formula, most often found at a glance."""
    match content:
        case Table() if not has_formulas(content):
            return None
        case Document(markdown=markdown) if "|" not in markdown or not _MAY_BE_FORMULA.search(f"\n{markdown}"):
            return None
    return workbook_of(content)


def publication(
    content: Content,
    title: str,
    values: Values,
    appendix: Blocks = (),
    options: ExportOptions = USUAL,
    for_format: Format | None = None,
    looks: NumberLooks = BY_CONTENT,
) -> Publication:
    """What exporters are given; `values` are those of `workbook_of(content)`. `looks`: of a workbook's numbers.

    It is created now, where the user is, unless its front matter says otherwise: what is written and what is verified
    name one day. `appendix`: what stands behind the content: blocks, and as sheets the tables in them. `for_format`:
    what files of it are not made from is left out, for of a large table it takes more memory than the table does.
    Raises ExportFailed where XLSX is asked for and there is no table.
    """
    has_sheets = for_format in (None, Format.XLSX, Format.CSV)
    has_blocks = for_format not in (Format.XLSX, Format.CSV, Format.JSON) or (
        for_format is Format.CSV and options.as_shown and isinstance(content, Workbook)
    )
    tables = TableSheets()
    workbook = None
    if isinstance(content, Document) and has_sheets:
        tables = table_sheets(_parsed(content.markdown))
        workbook = Workbook(content.title, tuple(tables.sheets))
    elif has_sheets or (has_blocks and isinstance(content, Workbook)):
        workbook = workbook_of(content)
    if for_format is Format.XLSX and workbook is not None and not workbook.sheets:
        raise ExportFailed(path=title, reason="the document has no tables", remedy="Choose PDF or DOCX.")
    look = look_of(content, looks)
    blocks = _blocks_of(content, title, workbook, values, look) if has_blocks else ()
    appendix = _chapter(appendix, blocks)
    if appendix and workbook is not None:
        taken = tuple(sheet.name for sheet in workbook.sheets)
        workbook = replace(workbook, sheets=(*workbook.sheets, *table_sheets(appendix, taken).sheets))
    return Publication(
        title=title,
        kind=kind_of(content),
        content=Document(title, "") if for_format in _LAID_OUT else content,
        blocks=(*blocks, *appendix),
        workbook=workbook,
        values=values,
        files=content.files if isinstance(content, Code) else (),
        properties={
            "created": datetime.now().astimezone().isoformat(timespec="seconds"),
            **properties_of(content),
        },
        appendix=appendix,
        options=options,
        warnings=tuple(_warnings(content, tables, (*blocks, *appendix), for_format, options)),
        look=look,
        links=tables.links,
    )


def _warnings(
    content: Content, tables: TableSheets, blocks: Blocks, for_format: Format | None, options: ExportOptions
) -> Iterable[str]:
    if isinstance(content, Workbook):
        yield from hidden_warnings(content, for_format, options.as_shown)
    yield from property_warnings(content, for_format)
    if for_format in (Format.XLSX, Format.CSV):
        yield from tables.warnings(for_format)
    heard = honoured(kind_of(content), for_format) if for_format is not None else ()
    if options.contents and "contents" in heard and not listed_headings(blocks):
        yield Text("no_contents", "Contents are left out: besides the title there are fewer than two headings.")


def _chapter(appendix: Blocks, blocks: Blocks) -> Blocks:
    """What stands behind a text that has one title is a chapter like the others."""
    if not appendix or title_heading(blocks) is None:
        return appendix
    return tuple(replace(block, level=block.level + 1) if isinstance(block, Heading) else block for block in appendix)


def _blocks_of(content: Content, title: str, workbook: Workbook | None, values: Values, look: NumberLook) -> Blocks:
    match content:
        case Document(markdown=markdown):
            return _parsed(markdown)
        case Table():
            return (*_titled(title), _table_of(content.columns, content.rows))
        case Workbook():
            assert workbook is not None
            return tuple(_workbook_blocks(workbook, title, values, look))
        case Code(files=files):
            parts: list[Block] = [*_titled(title)]
            for file in files:
                if file.name.strip():
                    parts.append(Heading(2, (Run(file.name),)))
                parts.append(CodeBlock(file.language, file.text.rstrip("\r\n")))
            return tuple(parts)
        case Image():
            return _picture_page(content)


def _parsed(markdown: str) -> Blocks:
    from forgeapp.reading.markdown import parse_document

    return parse_document(markdown)


def _picture_page(image: Image) -> Blocks:
    """The picture, and beneath it what it shows. Its title is the file's: on the page it would say nothing."""
    source = f"data:{image.media_type};base64,{base64.b64encode(image.data).decode('ascii')}"
    picture = Paragraph((Picture(source, image.alt),))
    return (picture, Paragraph((Run(image.alt, italic=True),))) if image.alt.strip() else (picture,)


def _titled(title: str) -> Blocks:
    return (Heading(1, (Run(title),)),) if title else ()


def _workbook_blocks(workbook: Workbook, title: str, values: Values, look: NumberLook) -> Iterable[Block]:
    from forgeapp.sheets.grid import rendered

    yield from _titled(title)
    seen = seen_sheets(workbook)
    for sheet, rows in zip(workbook.sheets, rendered(workbook, values, look), strict=True):
        if sheet not in seen:
            continue
        if len(workbook.sheets) > 1:
            yield Heading(2, (Run(sheet.name),))
        figures = figure_columns(sheet, values.get(sheet.name, {}))
        columns = [column for column in range(len(rows[0]) if rows else 0) if column not in sheet.hidden.columns]
        lines = seen_lines(rows, sheet.hidden)
        if lines and columns:
            numbers = [row for row in range(len(rows)) if row not in sheet.hidden.rows]
            outstanding = rows_that_stand_out(sheet)
            bold = {number for number, row in enumerate(numbers[1:]) if row in outstanding}
            yield _table(lines[0], lines[1:], [column in figures for column in columns], bold)


def _table_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> TableBlock:
    columns = [[row[column] for row in rows] for column in range(len(header))]
    marks = [decimal_marks(texts) for texts in columns]
    has_comma = sum(commas for commas, _ in marks) > sum(points for _, points in marks)
    figures = [are_figures(texts, name, has_comma) for name, texts in zip(header, columns, strict=True)]
    return _table(header, rows, figures)


def _table(
    header: Sequence[str], rows: Sequence[Sequence[str]], are_figures: Sequence[bool], bold: Set[int] = frozenset()
) -> TableBlock:
    return TableBlock(
        header=tuple(_cell(text) for text in header),
        rows=tuple(tuple(_cell(text, bold=number in bold) for text in row) for number, row in enumerate(rows)),
        alignments=tuple("right" if is_right else None for is_right in are_figures),
    )


def _cell(text: str, *, bold: bool = False) -> Inlines:
    return (Run(text, bold=bold),) if text else ()
