"""A workbook file that is opened and exported again: every cell has the format and the value it had."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forgeapp.domain.artifact import Format
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import save
from forgeapp.reading.files import read_file
from forgeapp.services.exporting.publishing import formulas_of, publication
from forgeapp.sheets.engine import evaluate

_FORMATS = (
    *("General", "0", "0.00", "#,##0", "#,##0.00", "0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??", "yyyy-mm-dd"),
    *("dd.mm.yyyy", "[h]:mm", "h:mm AM/PM", "@", '#,##0.00 "€"', "[$€-407] #,##0.00", "#,##0_);[Red](#,##0)"),
    *('_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)', "0,", "[>100]0;0.0"),
)


def again(path: Path) -> Any:
    content = read_file(path).content
    workbook = formulas_of(content)
    assert workbook is not None
    laid_out = publication(content, "x", evaluate(workbook), for_format=Format.XLSX)
    target = path.with_name("again.xlsx")
    save(exporter_for(Format.XLSX), laid_out, target, lambda share: None)
    return openpyxl.load_workbook(target)


@pytest.fixture
def book() -> Any:
    made = openpyxl.Workbook()
    page = made.active
    page.append(["Number", "Sum", "Text", "Truth", "Date"])
    for row, code in enumerate(_FORMATS, start=2):
        day = datetime.date(2026, 7, row)
        for column, value in enumerate(
            (row * 12.375, f"=AVERAGE(A2:A{row})", f"word {row}", row % 2 == 0, day), start=1
        ):
            cell = page.cell(row, column, value)
            if column != 5:
                cell.number_format = code
    page.append(["2026-07-01", "=A2>1", "=IF(A2>1,A2,E2)"])
    for cell in page[page.max_row]:
        cell.number_format = "General"
    return made


def test_every_cell_has_the_number_format_it_had(tmp_path: Path, book: Any) -> None:
    book.save(tmp_path / "x.xlsx")
    before, after = openpyxl.load_workbook(tmp_path / "x.xlsx").active, again(tmp_path / "x.xlsx").active
    cells = [cell for row in before for cell in row if cell.value is not None]
    assert len(cells) > 100
    # A formula or a truth value under the format of texts would be a text there.
    kept = [cell for cell in cells if cell.number_format != "@" or cell.data_type == "s"]
    assert {cell.coordinate: after[cell.coordinate].number_format for cell in kept} == {
        cell.coordinate: cell.number_format for cell in kept
    }
    assert {cell.coordinate: after[cell.coordinate].value for cell in cells} == {
        cell.coordinate: cell.value for cell in cells
    }


def test_what_is_hidden_filtered_and_frozen_is_so_again(tmp_path: Path, book: Any) -> None:
    page = book.active
    page.freeze_panes = "B2"
    page.auto_filter.ref = "A1:D9"
    page.column_dimensions["B"].width = 30
    page.column_dimensions["C"].hidden = True
    page.row_dimensions[4].hidden = page.row_dimensions[7].hidden = True
    secret = book.create_sheet("Secret", 0)
    secret["A1"] = "secret"
    secret.sheet_state = "hidden"
    book.active = 1
    book.save(tmp_path / "x.xlsx")
    after = again(tmp_path / "x.xlsx")
    assert [sheet.sheet_state for sheet in after.worksheets] == ["hidden", "visible"]
    assert after.active.title == "Sheet"
    page = after.active
    assert (page.freeze_panes, page.auto_filter.ref) == ("B2", "A1:D9")
    assert [number for number, row in page.row_dimensions.items() if row.hidden] == [4, 7]
    assert [name for name, column in page.column_dimensions.items() if column.hidden] == ["C"]
    assert page.column_dimensions["B"].width == pytest.approx(30, abs=0.2)
