"""What stands beside the cells of an XLSX file: widths, panes, filter, table, links, page."""

from __future__ import annotations

from collections.abc import Iterator

from forgeapp.domain.export_options import Paper
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Position, address, column_letters
from forgeapp.exporters.xlsx.cells import MAX_LINKS, pages_across, web_link
from forgeapp.exporters.xlsx.found import FoundBook, FoundSheet
from forgeapp.exporters.xlsx.sheets import PlannedSheet
from forgeapp.exporters.xlsx.widths import Widths

_PIXELS = 1 / 7
"""Of a character: what a width may be off by, as files count in pixels (18.3.1.13)."""


class Expected:
    """What is gathered about a sheet while its cells are compared."""

    def __init__(self, plan: PlannedSheet) -> None:
        self.plan = plan
        self.widths = Widths(plan)
        self.links = {address(at): target for at, target in plan.links.items()}

    def look_for_link(self, at: Position, text: str) -> None:
        if text[0] != "h" or len(self.links) >= MAX_LINKS or (at[0] == 0 and self.plan.sheet.has_header):
            return
        if at not in self.plan.links and (target := web_link(text)):
            self.links[address(at)] = target


def layout_differences(
    publication: Publication, expected: Expected, sheet: FoundSheet, book: FoundBook
) -> Iterator[str]:
    """`sheet`: all of its cells were read."""
    plan = expected.plan
    name = plan.sheet.name
    if (name in book.hidden_sheets) is not plan.hides_sheet:
        yield f"{name} is {'not ' if plan.hides_sheet else ''}hidden"
    for difference in (
        *_width_differences(expected, sheet),
        *_pane_differences(plan, sheet),
        *_filter_differences(plan, sheet, book),
        *_link_differences(expected, sheet),
        *_page_differences(publication, expected, sheet, book.repeated_rows(name)),
    ):
        yield f"{name}: {difference}"


def _width_differences(expected: Expected, sheet: FoundSheet) -> Iterator[str]:
    for column, width in sorted(expected.widths.columns.items()):
        # A file's width holds 5 pixels of padding, too.
        found = sheet.columns.get(column, 0)
        if abs(found - width - 5 * _PIXELS) > _PIXELS:
            yield f"column {column_letters(column)} is {found:.2f} wide, not {width:.2f}"
    wanted = expected.plan.sheet.hidden
    for column in sorted(sheet.hidden_columns ^ wanted.columns):
        yield f"column {column_letters(column)} is {'' if column in sheet.hidden_columns else 'not '}hidden"
    for row in sorted(sheet.hidden_rows ^ wanted.rows):
        yield f"row {row + 1} is {'' if row in sheet.hidden_rows else 'not '}hidden"


def _pane_differences(plan: PlannedSheet, sheet: FoundSheet) -> Iterator[str]:
    is_frozen = sheet.pane.get("state") in ("frozen", "frozenSplit")
    found = (int(sheet.pane.get("ySplit", 0)), int(sheet.pane.get("xSplit", 0))) if is_frozen else (0, 0)
    wanted = (plan.frozen_rows, plan.sheet.frozen_columns)
    if found != wanted:
        yield f"{found[0]} rows and {found[1]} columns are frozen, not {wanted[0]} and {wanted[1]}"
    if sheet.is_right_to_left != plan.is_right_to_left:
        yield "it runs the other way" if sheet.has_view else "it has no view"


def _filter_differences(plan: PlannedSheet, sheet: FoundSheet, book: FoundBook) -> Iterator[str]:
    wanted = plan.filter
    reference = wanted.reference if wanted is not None and wanted.table is None else None
    if sheet.filter != reference:
        yield f"the filter is over {sheet.filter}, not {reference}"
    if len(sheet.tables) != (wanted is not None and wanted.table is not None):
        yield f"there are {len(sheet.tables)} tables"
        return
    for part in sheet.tables:
        assert wanted is not None
        table = book.table(part)
        if table.reference != wanted.reference or table.filter != wanted.reference:
            yield f"the table is {table.reference}, not {wanted.reference}"
        if table.name != wanted.table:
            yield f"the table is called {table.name!r}, not {wanted.table!r}"
        if table.columns != wanted.columns:
            yield f"the table's columns are {[*table.columns[:5]]}, not {[*wanted.columns[:5]]}"


def _link_differences(expected: Expected, sheet: FoundSheet) -> Iterator[str]:
    for where in sorted({*sheet.links, *expected.links}):
        if sheet.links.get(where) != expected.links.get(where):
            yield f"{where} leads to {sheet.links.get(where)}, not to {expected.links.get(where)}"


def _page_differences(
    publication: Publication, expected: Expected, sheet: FoundSheet, repeated: str | None
) -> Iterator[str]:
    paper = 1 if publication.options.paper is Paper.LETTER else 9
    if int(sheet.page.get("paperSize", 0)) != paper:
        yield f"it is not printed on {publication.options.paper}"
    pages = pages_across(expected.widths.columns.values())
    fitted = (int(sheet.page.get("fitToWidth", 1)), int(sheet.page.get("fitToHeight", 1)))
    if not sheet.is_fitted or fitted != (pages, 0):
        yield f"it is not printed on the width of {'a page' if pages == 1 else f'{pages} pages'}"
    if "&N" not in sheet.footer.rpartition("&R")[2]:
        yield "its pages have no numbers"
    wanted = f"$1:${expected.plan.frozen_rows}" if expected.plan.frozen_rows else None
    if repeated != wanted:
        yield f"{wanted or 'nothing'} is not repeated on its pages"
