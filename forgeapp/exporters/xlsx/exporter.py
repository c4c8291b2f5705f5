"""XLSX through XlsxWriter: typed cells, formulas with their computed values, formats, fitted widths, frozen header.

Rows go to disk as they are written, so a large sheet takes no memory; texts therefore stand in the cells themselves and
not in a shared table. Formulas are spelled for the file by `domain.formulas` and checked there.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import IO, Any, cast

from xlsxwriter import Workbook as Book
from xlsxwriter.exceptions import FileCreateError

from forgeapp.domain.alignment import is_dated
from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import Paper
from forgeapp.domain.formulas import file_formula
from forgeapp.domain.grid_cells import Entry
from forgeapp.domain.publication import Progress, Publication, Share
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Position, address, is_formula
from forgeapp.exporters.front import created_at
from forgeapp.exporters.xlsx.cells import (
    MAX_LINKS,
    MAX_TEXT_UNITS,
    MAX_WIDTH,
    cached,
    in_rows,
    is_boolean,
    is_written_formula,
    lines_of,
    pages_across,
    take_spill,
    text_cell,
    units,
    web_link,
    writable,
)
from forgeapp.exporters.xlsx.formats import file_format
from forgeapp.exporters.xlsx.mixed import told_of_mixed_columns
from forgeapp.exporters.xlsx.page import Page, style_of
from forgeapp.exporters.xlsx.sheets import PlannedSheet, planned
from forgeapp.exporters.xlsx.verify import differences
from forgeapp.exporters.xlsx.widths import Widths

FOOTER = "&L&8&A&R&8&P / &N"
"""The sheet's name, the page and how many there are, in 8 point (18.3.1.46)."""
_PAPERS = {Paper.LETTER: 1, Paper.A4: 9}
_PORTRAIT_CHARACTERS = 95
"""About what fits across a portrait page; wider sheets are printed in landscape."""
_REPORT_EVERY_ROWS = 500
_HEADER = {"bold": True, "bg_color": "#E8EEF7", "bottom": 1, "bottom_color": "#9AA8BD", "valign": "vcenter"}
_FIGURE_INDENT, _BUTTON_INDENT = 1, 2
"""Steps of three blanks from the right: of figures, which else would touch what begins the next column, and of their
name beneath a filter's button."""
_TOTAL = {"bold": True, "top": 1, "top_color": "#9AA8BD"}
_LINK = {"font_color": "#1F5FBF", "underline": 1}
_LOOKS: Mapping[str, Mapping[str, Any]] = {
    "header": _HEADER,
    "total": _TOTAL,
    "outstanding": {"bold": True},
    "link": _LINK,
}


class XlsxExporter:
    format = Format.XLSX

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Writes the workbook. Warns of what was cut, is text instead of a formula or has no value; raises as `planned`
        does."""
        plans = planned(publication, target)
        with tempfile.TemporaryDirectory() as folder:
            options = {"constant_memory": True, "tmpdir": folder}
            book = Book(target, {**options, "default_format_properties": {"valign": "top"}})
            book.use_zip64()
            book.set_properties({"title": writable(publication.title), **_properties(publication)})
            writer = _Writer(book, publication, progress, sum(plan.sheet.row_count for plan in plans))
            try:
                for plan in plans:
                    writer.write(plan)
                _open_at(book, next(number for number, plan in enumerate(plans) if not plan.hides_sheet))
                writer.tell_formats()
            except BaseException:
                _close(book)
                raise
            try:
                book.close()
            except FileCreateError as error:
                raise (error.args[0] if isinstance(error.args[0], OSError) else OSError(str(error))) from error
        return writer.warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:
        """Reads the file again and names every cell, value, format and sheet that is not as it should be."""
        return differences(publication, path)


EXPORTER = XlsxExporter()


def _close(book: Book) -> None:
    """Lets go of the files of rows not yet packed."""
    for page in book.worksheets():
        file: IO[str] | None = page.row_data_fh
        if file is not None:
            file.close()


def _open_at(book: Book, number: int) -> None:
    """The sheet the file is opened at: the first that can be seen."""
    if number:
        page = book.worksheets()[number]
        page.activate()
        page.set_first_sheet()


def _properties(publication: Publication) -> dict[str, Any]:
    said = publication.properties
    texts = {key: writable(said[key]) for key in ("author", "subject", "keywords") if key in said}
    return {**texts, "created": created_at(publication).astimezone(UTC)}


_Key = tuple[str | None, str, bool, int, bool]
"""What makes a style: format, look, whether it is wrapped, indent, whether dates stand at the left."""


class _Writer:
    def __init__(self, book: Book, publication: Publication, progress: Progress, rows: int) -> None:
        self._book = book
        self._publication = publication
        self._progress = progress
        self._rows = max(rows, 1)
        self._rows_done = 0
        self._styles: dict[_Key, str] = {}
        self._aligns_dates = True
        self._unread_formats: dict[str, None] = {}
        self.warnings: list[str] = []

    def write(self, plan: PlannedSheet) -> None:
        sheet, values, free, figures = plan.sheet, plan.values, set(plan.spilled), plan.figures
        page = cast(Page, self._book.add_worksheet(sheet.name, worksheet_class=Page))
        page.span(*plan.extent)
        page.hide_rows(sheet.hidden.rows)
        widths = Widths(plan)
        names_columns = plan.filter is not None and plan.filter.table is not None
        is_computed = plan.is_computed
        next_report, links = 0, len(plan.links)
        for place, address_there in plan.links.items():
            page.link(*place, address_there)
        role, role_row = "", -1
        told = _Told()
        heading_indent = _FIGURE_INDENT if plan.filter is None else _BUTTON_INDENT
        self._aligns_dates = not plan.is_right_to_left
        for at, text, number, format_code in _with_blanks(in_rows(sheet, plan.spilled), plan.blanks):
            row, column = at
            if row >= next_report:
                self._tell_row(self._rows_done + row)
                next_report = row + _REPORT_EVERY_ROWS
            if row != role_row:
                role, role_row = plan.role(row), row
            indent = (heading_indent if role == "header" else _FIGURE_INDENT) if column in figures else 0
            if number is not None:
                widths.take_value(at, number, format_code)
                page.put_number(row, column, number, self._style(format_code, role, False, indent))
            elif not text:
                value = cached(plan.spilled.get(at))
                widths.take_value(at, value, None)
                self._write_value(page, at, value, self._style(None, role, False, indent))
            elif text[0] == "=" and is_computed and is_written_formula(text, format_code):
                value = cached(values.get(at))
                self._write_formula(page, at, text, self._style(format_code, role, False, indent), value, free)
                widths.take_value(at, value, format_code)
                if value == "" and at not in values and at not in plan.circles:
                    told.unread.append(at)
            elif is_computed and is_boolean(text, format_code):
                widths.take_value(at, text == "TRUE", None)
                page.put_boolean(row, column, text == "TRUE", self._style(format_code, role))
            else:
                if text[0] == "=" and is_computed and is_formula(text, number, format_code):
                    self._warn_unreadable(sheet.name, at, text)
                is_link = at in plan.links
                target = web_link(text) if text[0] == "h" and role != "header" and not is_link else None
                if len(text) > MAX_TEXT_UNITS // 2 and units(text) > MAX_TEXT_UNITS:
                    told.cut.append(at)
                text, width = text_cell(text)
                widths.take_text(at, width)
                look = "link" if is_link else role
                if target is not None:
                    links += 1
                    if links <= MAX_LINKS:
                        page.link(row, column, target)
                        look = "link"
                is_wrapped = at not in plan.notes and (width > MAX_WIDTH or (width < len(text) and "\n" in text))
                style = self._style(format_code, look, is_wrapped, indent if role == "header" else 0)
                if names_columns and role == "header":
                    page.put_heading(row, column, text, style)
                elif text:
                    page.put_text(row, column, text, style)
                if is_wrapped:
                    page.raise_row(lines_of(text, sheet.widths.get(column, MAX_WIDTH)))
        self._rows_done += sheet.row_count
        self._tell_row(self._rows_done)
        self._lay_out(page, plan, widths.columns)
        self._tell(plan, told, links)

    def _tell_row(self, row: int) -> None:
        self._progress(Share(row / self._rows, "row", row, self._rows))

    def _warn_unreadable(self, name: str, at: Position, formula: str) -> None:
        from forgeapp.domain.formulas import fault

        reason = fault(formula) or "it is too long as files spell it"
        self.warnings.append(
            Text(
                "xlsx_formula_as_text",
                "{cell} is written as text, not as a formula: {reason}.",
                cell=f"{name}!{address(at)}",
                reason=reason,
            )
        )

    def _write_formula(
        self,
        page: Page,
        at: Position,
        formula: str,
        style: str,
        value: float | int | str | bool,
        free: set[Position],
    ) -> None:
        spelled = file_formula(writable(formula))
        last = take_spill(formula, at, free)
        if spelled.is_dynamic or last != at:
            page.put_array_formula(*at, last, spelled.text, style, value)
        else:
            page.put_formula(*at, spelled.text, style, value)

    def _write_value(self, page: Page, at: Position, value: float | int | str | bool, style: str) -> None:
        if isinstance(value, bool):
            page.put_boolean(*at, value, style)
        elif not isinstance(value, str):
            page.put_number(*at, value, style)
        elif value:
            page.put_text(*at, value, style)
        elif style:
            page.put_blank(*at, style)

    def _style(self, format_code: str | None, look: str, is_wrapped: bool = False, indent: int = 0) -> str:
        """`look`: 'header', 'total', 'outstanding', 'link' or ''. `indent`: from the right, where it is set there."""
        key = (format_code, look, is_wrapped, indent, self._aligns_dates)
        found = self._styles.get(key)
        if found is not None:
            return found
        wanted: dict[str, Any] = dict(_LOOKS.get(look, {}))
        if indent:
            wanted |= {"align": "right", "indent": indent}
        if code := file_format(format_code):
            wanted["num_format"] = code
            if self._aligns_dates and is_dated(format_code):
                # At the right they would touch what begins the next column.
                wanted |= {"align": "left", "indent": 0}
        elif format_code is not None and format_code.casefold() != "general":
            self._unread_formats.setdefault(format_code)
        if is_wrapped:
            wanted["text_wrap"] = True
        style = self._styles[key] = style_of(self._book.add_format(wanted)) if wanted else ""
        return style

    def _lay_out(self, page: Page, plan: PlannedSheet, widths: Mapping[int, float]) -> None:
        sheet = plan.sheet
        for column, width in sorted(widths.items()):
            page.set_column(column, column, width, None, {"hidden": column in sheet.hidden.columns})
        if plan.hides_sheet:
            page.hide()
        if plan.frozen_rows or sheet.frozen_columns:
            page.freeze_panes(plan.frozen_rows, sheet.frozen_columns)
        if plan.filter is not None and plan.filter.table is not None:
            page.make_table(plan.filter)
        elif plan.filter is not None:
            over = plan.filter
            page.autofilter(over.first_row, over.first_column, over.last_row, over.last_column)
        if plan.is_right_to_left:
            page.right_to_left()
        page.set_paper(_PAPERS[self._publication.options.paper])
        page.set_footer(FOOTER, {"scale_with_doc": False})
        pages = pages_across(widths.values())
        page.fit_to_pages(pages, 0)
        if sum(widths.values()) > _PORTRAIT_CHARACTERS:
            page.set_landscape()
        if pages > 1:
            page.repeat_columns(0, max(sheet.frozen_columns - 1, 0))
        if plan.frozen_rows:
            page.repeat_rows(0, plan.frozen_rows - 1)
        page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})

    def tell_formats(self) -> None:
        self.warnings += [
            Text(
                "xlsx_format_left_out",
                "The number format {code} cannot be read and was left out.",
                code=repr(code[:40]),
            )
            for code in self._unread_formats
        ]

    def _tell(self, plan: PlannedSheet, told: _Told, links: int) -> None:
        name = plan.sheet.name
        if told.cut:
            template = "{sheet}: {cells} cut to {most} characters, the most a cell can hold."
            most = f"{MAX_TEXT_UNITS:,}"
            self.warnings.append(Text("xlsx_cut", template, sheet=name, cells=_listed(told.cut), most=most))
        if told.unread:
            template = "{sheet}: {cells} get their values only when the file is opened."
            self.warnings.append(Text("xlsx_no_values", template, sheet=name, cells=_listed(told.unread)))
        if plan.circles:
            template = "{sheet}: {cells} go round in a circle and are written without a value."
            self.warnings.append(Text("xlsx_circle", template, sheet=name, cells=_listed(sorted(plan.circles))))
        self.warnings += told_of_mixed_columns(plan.sheet)
        if links > MAX_LINKS:
            template = "{sheet}: {count} addresses are text only: a sheet holds {most}."
            count, most = f"{links - MAX_LINKS:,}", f"{MAX_LINKS:,}"
            self.warnings.append(Text("xlsx_too_many_links", template, sheet=name, count=count, most=most))


@dataclass(slots=True)
class _Told:
    """Cells the user is told of: texts that were cut, formulas without a value."""

    cut: list[Position] = field(default_factory=list)
    unread: list[Position] = field(default_factory=list)


def _with_blanks(entries: Iterator[Entry], blanks: list[Position]) -> Iterator[Entry]:
    """Both in the order of the sheet; a blank one has no text."""
    waiting = blanks[::-1]
    for entry in entries:
        while waiting and waiting[-1] < entry[0]:
            yield waiting.pop(), "", None, None
        yield entry
        if not waiting:
            break
    yield from entries
    for at in reversed(waiting):
        yield at, "", None, None


def _listed(positions: Sequence[Position]) -> str:
    shown = ", ".join(map(address, positions[:5]))
    return shown if len(positions) <= 5 else f"{shown} and {len(positions) - 5:,} more"
