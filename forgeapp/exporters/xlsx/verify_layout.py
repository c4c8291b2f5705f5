"""What stands beside the cells of an XLSX file, as openpyxl read it: widths, panes, filter, table, links, page."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import dirname, join, normpath
from typing import Any

from forgeapp.domain.export_options import Paper
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Position, address, column_letters
from forgeapp.exporters.xlsx.cells import MAX_LINKS, pages_across, web_link
from forgeapp.exporters.xlsx.sheets import PlannedSheet, column_widths

_PIXELS = 1 / 7
"""Of a character: what a width may be off by, as files count in pixels (18.3.1.13)."""


class Expected:
    """What is gathered about a sheet while its cells are compared."""

    def __init__(self, plan: PlannedSheet) -> None:
        self.plan = plan
        self.widths: dict[int, int] = {}
        self.links: dict[str, str] = {}
        self.has_formulas = False

    def widen(self, at: Position, width: int) -> None:
        row, column = at
        if not row:
            width += self.plan.header_extra
        if width > self.widths.get(column, 0):
            self.widths[column] = width

    @property
    def column_widths(self) -> dict[int, float]:
        return column_widths(self.plan, self.widths)

    def look_for_link(self, at: Position, text: str) -> None:
        if text[0] != "h" or len(self.links) >= MAX_LINKS or (at[0] == 0 and self.plan.sheet.has_header):
            return
        if target := web_link(text):
            self.links[address(at)] = target


def layout_differences(publication: Publication, expected: Expected, reading: Any, book: Any) -> Iterator[str]:
    """`reading`: openpyxl's parser of the sheet, all of whose rows were read."""
    plan = expected.plan
    name = plan.sheet.name
    related = _related(book, book[name]._worksheet_path)
    for difference in (
        *_width_differences(expected, reading),
        *_pane_differences(plan, reading),
        *_filter_differences(plan, reading, related, book),
        *_link_differences(expected, reading, related),
        *_page_differences(publication, expected, reading, book),
    ):
        yield f"{name}: {difference}"


def _width_differences(expected: Expected, reading: Any) -> Iterator[str]:
    found: dict[int, float] = {}
    for column in reading.column_dimensions.values():
        if column.get("hidden") in ("1", "true"):
            yield f"column {column['index']} is hidden"
        for number in range(int(column["min"]), min(int(column["max"]), int(column["min"]) + 16_384) + 1):
            found[number - 1] = float(column.get("width", 0))
    for column, width in sorted(expected.column_widths.items()):
        # A file's width holds 5 pixels of padding, too.
        if abs(found.get(column, 0) - width - 5 * _PIXELS) > _PIXELS:
            yield f"column {column_letters(column)} is {found.get(column, 0):.2f} wide, not {width:.2f}"
    if any(row.get("hidden") in ("1", "true") for row in reading.row_dimensions.values()):
        yield "a row is hidden"


def _pane_differences(plan: PlannedSheet, reading: Any) -> Iterator[str]:
    views = reading.views.sheetView if hasattr(reading, "views") else []
    pane: Any = views[0].pane if views else None
    is_frozen = pane is not None and pane.state in ("frozen", "frozenSplit")
    found = (int(pane.ySplit or 0), int(pane.xSplit or 0)) if is_frozen else (0, 0)
    wanted = (plan.frozen_rows, plan.sheet.frozen_columns)
    if found != wanted:
        yield f"{found[0]} rows and {found[1]} columns are frozen, not {wanted[0]} and {wanted[1]}"
    if bool(views and views[0].rightToLeft) != plan.is_right_to_left:
        yield "it runs the other way" if views else "it has no view"


def _filter_differences(plan: PlannedSheet, reading: Any, related: dict[str, str], book: Any) -> Iterator[str]:
    from openpyxl.worksheet.table import Table
    from openpyxl.xml.functions import fromstring

    wanted = plan.filter
    reference = wanted.reference if wanted is not None and wanted.table is None else None
    found = reading.auto_filter.ref if hasattr(reading, "auto_filter") else None
    if found != reference:
        yield f"the filter is over {found}, not {reference}"
    parts = reading.tables.tablePart
    if len(parts) != (wanted is not None and wanted.table is not None):
        yield f"there are {len(parts)} tables"
        return
    for part in parts:
        assert wanted is not None
        if part.id not in related:
            yield "the table's part is missing"
            return
        table: Any = Table.from_tree(fromstring(book._archive.read(related[part.id])))
        if table.ref != wanted.reference or table.autoFilter is None or table.autoFilter.ref != wanted.reference:
            yield f"the table is {table.ref}, not {wanted.reference}"
        if table.displayName != wanted.table:
            yield f"the table is called {table.displayName!r}, not {wanted.table!r}"
        names = [column.name for column in table.tableColumns]
        if names != list(wanted.columns):
            yield f"the table's columns are {names[:5]}, not {list(wanted.columns[:5])}"


def _link_differences(expected: Expected, reading: Any, related: dict[str, str]) -> Iterator[str]:
    found: dict[str, str] = {}
    for link in reading.hyperlinks.hyperlink:
        target = related.get(link.id, "")
        found[link.ref] = target + (f"#{link.location}" if link.location else "")
    for where in sorted({*found, *expected.links}):
        if found.get(where) != expected.links.get(where):
            yield f"{where} leads to {found.get(where)}, not to {expected.links.get(where)}"


def _page_differences(publication: Publication, expected: Expected, reading: Any, book: Any) -> Iterator[str]:
    plan = expected.plan
    setup = getattr(reading, "page_setup", None)
    paper = 1 if publication.options.paper is Paper.LETTER else 9
    if setup is None or int(setup.paperSize or 0) != paper:
        yield f"it is not printed on {publication.options.paper}"
    pages = pages_across(expected.column_widths.values())
    if setup is None or setup.fitToHeight is None or int(setup.fitToHeight) or int(setup.fitToWidth or 1) != pages:
        yield f"it is not printed on the width of {'a page' if pages == 1 else f'{pages} pages'}"
    footer = getattr(reading, "HeaderFooter", None)
    if footer is None or "&N" not in (footer.oddFooter.right.text or ""):
        yield "its pages have no numbers"
    repeated = f"$1:${plan.frozen_rows}" if plan.frozen_rows else None
    if _repeated_rows(book, plan.sheet.name) != repeated:
        yield f"{repeated or 'nothing'} is not repeated on its pages"


def _repeated_rows(book: Any, name: str) -> str | None:
    """The rows a sheet's name for them says (18.2.5); openpyxl's read-only sheets do not know it."""
    from openpyxl.xml.functions import fromstring

    number = str(book.sheetnames.index(name))
    for each in fromstring(book._archive.read("xl/workbook.xml")).iter("{*}definedName"):
        if each.get("name") == "_xlnm.Print_Titles" and each.get("localSheetId") == number:
            return str(each.text).rpartition("!")[2]
    return None


def _related(book: Any, part: str) -> dict[str, str]:
    """What a part refers to, by id (part 2, 9.3): the name of another part, or an address outside."""
    from openpyxl.xml.functions import fromstring

    folder, name = dirname(part), part.rpartition("/")[2]
    try:
        markup = book._archive.read(f"{folder}/_rels/{name}.rels")
    except KeyError:
        return {}
    found: dict[str, str] = {}
    for each in fromstring(markup):
        target = each.get("Target", "")
        is_outside = each.get("TargetMode") == "External"
        found[each.get("Id", "")] = target if is_outside else normpath(join(folder, target)).lstrip("/")
    return found
