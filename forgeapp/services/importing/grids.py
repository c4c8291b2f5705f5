"""A table or a workbook that comes back from a file: what reads the same keeps the text it had.

A file says less than the artifact it was exported from: '1,240.00 €' is a number under a format there, a formula has
lost its spaces, a CSV file holds one sheet of several. So the file is laid beside what was written into it, and where
the two mean the same the artifact's own cells are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from forgeapp.domain import columns
from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import kind_of
from forgeapp.domain.document import Document, Heading, Rule, TableBlock
from forgeapp.domain.image import Image
from forgeapp.domain.number_look import BY_CONTENT, NumberLook, NumberLooks
from forgeapp.domain.table import Table
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Position, Sheet, Value, Values, Workbook, valid_sheet_name
from forgeapp.errors import UnreadableFile
from forgeapp.reading.cells import Grid, sheet_of
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.typed_columns import by_columns
from forgeapp.services.exporting.publishing import workbook_of
from forgeapp.services.importing.hidden_lines import leaves_out_hidden, seen_part
from forgeapp.services.importing.sheets import sheet_over, table_over
from forgeapp.services.importing.texts import TextGrid, grids_in, sheet_over_text, table_over_text
from forgeapp.services.number_looks import look_of, typed_look
from forgeapp.sheets.grid import rendered

_OWN_SHEETS = ("provenance", "versions", "calls")
"""What an export may hold behind the content; it is no part of it."""
_NEVER_LOST = ("lost_looks", "lost_excel_tables", "lost_excel_tables_many")
_SAMPLE_ROWS = 5_000
"""As many are looked at for the decimal mark."""
_REMEDY = "Open it as a new artifact: without --as-version-of, or with 'Open a file' in the window."


def carried_over(
    base: Table | Workbook,
    read: FileReading,
    source: str,
    values: Values,
    looks: NumberLooks = BY_CONTENT,
    *,
    is_one_sheet: bool = False,
) -> FileReading:
    """What was read as the next version of `base`: of its kind, with its title, and its own cells where they stand for
    what was read.

    `values`: the computed ones of `base`. `source`: the file's name. `looks`: of the numbers it was exported with.
    `is_one_sheet`: the file can hold no more than one, so that the others are not missing from it. Raises
    UnreadableFile where the kinds cannot be matched.
    """
    # The base has no colours that could be lost, and programs put theirs on files that had none; tables are ours.
    read = replace(read, lost=tuple(text for text in read.lost if getattr(text, "key", "") not in _NEVER_LOST))
    # Pages hold texts, also where several tables of one would make a workbook.
    match read.document if isinstance(read.content, Workbook) and read.document is not None else read.content:
        case Workbook() as workbook:
            if isinstance(base, Table):
                return _table_of_sheets(base, _written(base), workbook, read)
            look = look_of(base, looks)
            return replace(read, content=_workbook_over(base, _written(base), workbook, look, is_one_sheet), values={})
        case Table(title=title, columns=header, rows=rows):
            grids = [TextGrid(title, (header, *rows))]
        case Document(markdown=markdown):
            from forgeapp.reading.markdown import parse_document

            blocks = parse_document(markdown)
            grids = [grid for grid in grids_in(blocks) if grid.rows[0]]
            if grids and any(not isinstance(block, Heading | TableBlock | Rule) for block in blocks):
                words = Text("lost_words", "The words around its tables were left out.")
                read = replace(read, lost=(*read.lost, words))
        case Code() | Image():
            grids = []
    if not grids:
        raise UnreadableFile(
            source=source, reason=f"there is no table in it for {kind_of(base).with_article}", remedy=_REMEDY
        )
    if isinstance(base, Workbook):
        look = look_of(base, looks)
        return replace(read, content=_workbook_over_text(base, _written(base), values, grids, look), values={})
    chosen = next((grid for grid in grids if grid.name == base.title), grids[0])
    others = [grid for grid in grids if grid is not chosen and (grid.name or "").casefold() not in _OWN_SHEETS]
    sample = [text for row in base.rows[:_SAMPLE_ROWS] for text in row]
    content = table_over_text(base, chosen, columns.writes_decimal_comma(sample))
    return replace(read, content=content, lost=(*read.lost, *_left_out(len(others))))


def as_kind(read: FileReading, kind: Kind, source: str, looks: NumberLooks = BY_CONTENT) -> FileReading:
    """What was read as a table or a spreadsheet; `looks`: of the numbers of a sheet that becomes a table. Raises
    UnreadableFile where it is neither, or several sheets."""
    match read.content, kind:
        case (Table(), Kind.TABLE) | (Workbook(), Kind.SPREADSHEET):
            return read
        case Table(title=title, columns=header, rows=rows), Kind.SPREADSHEET:
            sheet, notes = by_columns(sheet_of(Grid((header, *rows)), valid_sheet_name(title or "Table")))
            return replace(read, content=Workbook(title, (sheet,)), lost=(*read.lost, *notes))
        case Workbook() as workbook, Kind.TABLE:
            filled = [sheet for sheet in workbook.sheets if sheet.cells]
            if len(filled) > 1:
                names = ", ".join(sheet.name for sheet in filled)
                raise UnreadableFile(
                    source=source,
                    reason=f"it has several sheets ({names}), and a table is one",
                    remedy="Open it as a spreadsheet: with --as spreadsheet, or without --as.",
                )
            return replace(
                read, content=_table_of(workbook.title, filled[0], read.values, look_of(workbook, looks)), values={}
            )
    raise UnreadableFile(
        source=source, reason=f"it holds no {kind.value}", remedy="Open it without saying what it should become."
    )


def _written(base: Table | Workbook) -> Workbook:
    """The sheets as they stand in an XLSX file of ours."""
    from forgeapp.exporters.xlsx.columns import typed

    workbook = workbook_of(base)
    assert workbook is not None
    return replace(workbook, sheets=tuple(map(typed, workbook.sheets))) if isinstance(base, Table) else workbook


def _table_of(title: str | None, sheet: Sheet, values: Values, look: NumberLook) -> Table:
    """The sheet as it is shown; a formula of no known value by its text."""
    known = values.get(sheet.name, {})
    rows = rendered(Workbook(None, (sheet,)), {sheet.name: known}, look)[0]
    for (row, column), cell in sheet.cells.items():
        if cell.is_formula and (row, column) not in known:
            rows += [[] for _ in range(row + 1 - len(rows))]
            rows[row] += [""] * (column + 1 - len(rows[row]))
            rows[row][column] = cell.text
    width = max(map(len, rows))
    header, *body = (tuple(row + [""] * (width - len(row))) for row in rows if any(row))
    return Table(title, header, tuple(body))


def _table_of_sheets(base: Table, written: Workbook, read: Workbook, reading: FileReading) -> FileReading:
    filled = [sheet for sheet in read.sheets if sheet.cells]
    name = written.sheets[0].name.casefold()
    sheet = next((sheet for sheet in filled if sheet.name.casefold() == name), filled[0])
    others = [each for each in filled if each is not sheet and each.name.casefold() not in _OWN_SHEETS]
    values = reading.values.get(sheet.name, {})
    # A table is its texts: a new number is written as those beside it are.
    content = table_over(base, written.sheets[0], sheet, values, typed_look(written))
    return replace(reading, content=content, lost=(*reading.lost, *_left_out(len(others))))


def _left_out(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (
        Text("lost_tables", "Only one table became the next version; {count} others were left out.", count=count)
        if count > 1
        else Text("lost_table", "Only one table became the next version; another was left out."),
    )


def _workbook_over(base: Workbook, written: Workbook, read: Workbook, look: NumberLook, is_one_sheet: bool) -> Workbook:
    pairs = _paired(base.sheets, read.sheets, is_one_sheet)
    by_name = {sheet.name: sheet for sheet in written.sheets}
    sheets: list[Sheet] = []
    for was, now in pairs:
        if now is None:
            assert was is not None
            sheets.append(was)
        elif was is None:
            sheets.append(now)
        else:
            name = was.name if is_one_sheet or now.name.casefold() == was.name.casefold() else now.name
            sheets.append(replace(sheet_over(was, by_name[was.name], now, look), name=name))
    return Workbook(base.title, tuple(sheets))


def _paired(
    base: Sequence[Sheet], read: Sequence[Sheet], is_one_sheet: bool
) -> list[tuple[Sheet | None, Sheet | None]]:
    """Sheets by their names, then those left in their order; in the order of the file."""
    if is_one_sheet:
        target = _sheet_named(base, read[0].name)
        return [(sheet, read[0] if sheet is target else None) for sheet in base]
    by_name = {sheet.name.casefold(): sheet for sheet in base}
    found: dict[str, Sheet | None] = {sheet.name: by_name.pop(sheet.name.casefold(), None) for sheet in read}
    own = [sheet for sheet in read if found[sheet.name] is None and sheet.name.casefold() in _OWN_SHEETS]
    if any(sheet.name.casefold() == _OWN_SHEETS[0] for sheet in own):
        read = [sheet for sheet in read if sheet not in own]
    new = [sheet for sheet in read if found[sheet.name] is None]
    # Where as many came as went, they were renamed; else they are new, and the others were taken out.
    if len(new) == len(by_name):
        found |= {now.name: was for now, was in zip(new, by_name.values(), strict=True)}
    return [(found[sheet.name], sheet) for sheet in read]


def _sheet_named(sheets: Sequence[Sheet], name: str | None) -> Sheet:
    """The sheet of this name, else the one a CSV file of ours holds. `sheets`: one at least."""
    folded = (name or "").casefold()
    found = next(
        (sheet for sheet in sheets if sheet.name.casefold() == folded), Workbook(None, tuple(sheets)).main_sheet
    )
    assert found is not None
    return found


def _sheet_over_text(
    base: Sheet, shown: list[list[str]], values: Mapping[Position, Value], read: TextGrid, look: NumberLook
) -> Sheet:
    """With what the file left out because it is hidden."""
    if not leaves_out_hidden(base, shown, read.rows):
        return sheet_over_text(base, shown, values, read, look)
    part = seen_part(base, shown, values)
    return part.put_back(sheet_over_text(part.sheet, part.shown, part.values, read, look))


def _workbook_over_text(
    base: Workbook, written: Workbook, values: Values, grids: list[TextGrid], look: NumberLook
) -> Workbook:
    """A grid under the name of a sheet is that sheet, another the first that is left; sheets without one stay."""
    shown = dict(zip((sheet.name for sheet in base.sheets), rendered(written, values, look), strict=True))
    names = {sheet.name.casefold() for sheet in base.sheets}
    taken: dict[str, TextGrid] = {}
    for grid in sorted(grids, key=lambda grid: (grid.name or "").casefold() not in names):
        left = [sheet for sheet in base.sheets if sheet.name not in taken]
        if left and (not taken or (grid.name or "").casefold() in names):
            taken[_sheet_named(left, grid.name).name] = grid
    return Workbook(
        base.title,
        tuple(
            _sheet_over_text(sheet, shown[sheet.name], values.get(sheet.name, {}), taken[sheet.name], look)
            if sheet.name in taken
            else sheet
            for sheet in base.sheets
        ),
    )
