"""Workbooks in replies: cells where the formulas expect them."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.workbook import Sheet, Workbook, position
from forgeapp.reading import Reader, Reading


def read(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


def sheets(text: str, kind: Kind | None = Kind.SPREADSHEET, request: str = "") -> tuple[Sheet, ...]:
    (workbook,) = read(text, kind, request).artifacts
    assert isinstance(workbook, Workbook)
    return workbook.sheets


def text_at(sheet: Sheet, address: str) -> str:
    cell = sheet.cells.get(position(address))
    return cell.text if cell else ""


def number_at(sheet: Sheet, address: str) -> float | int | None:
    return sheet.cells[position(address)].number


ROWS = '[["Item", "Cost"], ["Bus", 12.5], ["Sum", "=SUM(B2:B2)"]]'


@pytest.mark.parametrize(
    "value",
    [
        f'{{"sheets": [{{"name": "Trip", "rows": {ROWS}}}]}}',
        f'{{"sheets": [{{"title": "Trip", "data": {ROWS}}}]}}',
        f'{{"workbook": {{"title": "All", "worksheets": [{{"name": "Trip", "values": {ROWS}}}]}}}}',
        f'{{"sheets": {{"Trip": {ROWS}}}}}',
        f'{{"Trip": {ROWS}}}',
        f'[{{"name": "Trip", "rows": {ROWS}}}]',
        f'{{"name": "Trip", "rows": {ROWS}}}',
        '{"sheets": [{"name": "Trip", "headers": ["Item", "Cost"], "rows": [["Bus", 12.5], ["Sum", "=SUM(B2:B2)"]]}]}',
        '{"sheets": [{"name": "Trip", "columns": ["Item", "Cost"], '
        '"rows": [{"Item": "Bus", "Cost": 12.5}, {"Item": "Sum", "Cost": "=SUM(B2:B2)"}]}]}',
        '{"sheets": [{"name": "Trip", '
        '"rows": [{"Item": "Bus", "Cost": 12.5}, {"Item": "Sum", "Cost": "=SUM(B2:B2)"}]}]}',
        '{"sheets": [{"name": "Trip", "rows": [{"cells": ["Item", "Cost"]}, {"cells": ["Bus", {"value": 12.5}]}, '
        '{"cells": ["Sum", {"formula": "SUM(B2:B2)", "value": 12.5}]}]}]}',
        '{"sheets": [{"name": "Trip", "cells": {"A1": "Item", "B1": "Cost", "A2": "Bus", "B2": 12.5, '
        '"A3": "Sum", "B3": "=SUM(B2:B2)"}}]}',
        '{"sheets": [{"name": "Trip", "cells": [{"cell": "A1", "value": "Item"}, {"cell": "B1", "value": "Cost"}, '
        '{"cell": "A2", "value": "Bus"}, {"cell": "B2", "value": 12.5}, {"cell": "A3", "value": "Sum"}, '
        '{"cell": "B3", "formula": "=SUM(B2:B2)"}]}]}',
    ],
)
@pytest.mark.parametrize("kind", [None, Kind.SPREADSHEET])
def test_json_workbooks_are_read_in_any_shape(value: str, kind: Kind | None) -> None:
    (sheet,) = sheets(f"Here it is.\n\n```json\n{value}\n```\n\nGood trip!", kind)
    assert sheet.name == "Trip"
    assert (sheet.row_count, sheet.column_count) == (3, 2)
    assert text_at(sheet, "B3") == "=SUM(B2:B2)"
    assert (text_at(sheet, "B2"), number_at(sheet, "B2")) == ("12.5", 12.5)


def test_blank_rows_and_short_rows_keep_their_place() -> None:
    (sheet,) = sheets(
        '```json\n{"sheets":[{"name":"A","rows":[["Rate",0.1],[],[""],["x","",null,"=B1"],[null]]}]}\n```'
    )
    assert (sheet.row_count, sheet.column_count) == (5, 4)
    assert text_at(sheet, "D4") == "=B1"
    assert text_at(sheet, "B4") == ""
    assert not sheet.has_header


def test_formulas_of_a_markdown_table_lose_their_wrapping_only() -> None:
    (sheet,) = sheets(
        "| Item | A | B | C |\n|---|---|---|---|\n| x | `=B2*C2*2` | **=SUM(B2:B3)** | =B2*C2*D2 |\n"
        '| y | **`=IF(B2>1,"a","b")`** | =B2\\*C2 | `=A2&"\\|"` |'
    )
    assert [text_at(sheet, address) for address in ("B2", "C2", "D2")] == ["=B2*C2*2", "=SUM(B2:B3)", "=B2*C2*D2"]
    assert [text_at(sheet, a) for a in ("B3", "C3", "D3")] == ['=IF(B2>1,"a","b")', "=B2*C2", '=A2&"|"']


def test_several_tables_are_sheets_named_by_what_stands_above() -> None:
    found = sheets(
        "Two sheets:\n\n### 📥 Sheet 1: Income\n\n| Month | Amount |\n|---|---|\n| Jan | 1,200 |\n\n"
        '**Sheet 2 – "Summary"**\n\n| Item | Value |\n|---|---|\n| Total | =Income!B2 |\n\nBye'
    )
    assert [sheet.name for sheet in found] == ["Income", "Summary"]
    assert number_at(found[0], "B2") == 1200


def test_a_sheet_gets_the_name_formulas_use_for_it() -> None:
    found = sheets(
        "### The guest list\n\n| Who | Count |\n|---|---|\n| We | 4 |\n\n### Costs\n\n"
        "| What | EUR |\n|---|---|\n| Food | ='Guest List'!B2*30 |"
    )
    assert [sheet.name for sheet in found] == ["Guest List", "Costs"]


def test_several_csv_fences_and_sections_within_one_are_sheets() -> None:
    one = "# Income\nMonth,Amount\nJan,100\n\n# Costs\nItem,Amount\nRent,=Income!B2/2"
    assert [sheet.name for sheet in sheets(f"```csv\n{one}\n```")] == ["Income", "Costs"]
    two = "**Income**\n```csv\nMonth,Amount\nJan,100\n```\n**Costs**\n```csv\nItem,Amount\nRent,=Income!B2/2\n```"
    assert [sheet.name for sheet in sheets(two)] == ["Income", "Costs"]


def test_a_nameless_sheet_is_sheet1() -> None:
    assert [sheet.name for sheet in sheets("```csv\na,b\n1,=A2\n```")] == ["Sheet1"]


def test_a_table_that_explains_the_cells_is_not_a_sheet() -> None:
    reading = read(
        "| Item | Cost |\n|---|---|\n| A | 5 |\n| Sum | =SUM(B2:B2) |\n\n**How it works**\n\n"
        "| Cell | Formula |\n|---|---|\n| B3 | `=SUM(B2:B2)` |"
    )
    assert reading.kind is Kind.SPREADSHEET
    assert len(reading.artifacts[0].sheets) == 1  # type: ignore[union-attr]
    assert "| Cell | Formula |" in reading.chat_text


def test_drawn_column_letters_and_row_numbers_are_no_cells() -> None:
    (sheet,) = sheets(
        "| | A | B |\n|---|---|---|\n| **1** | Name | Tips |\n| **2** | Ana | 40 |\n| **3** | Sum | =SUM(B2:B2) |"
    )
    assert text_at(sheet, "A1") == "Name"
    assert text_at(sheet, "B3") == "=SUM(B2:B2)"


def test_unquoted_formulas_keep_their_commas() -> None:
    (sheet,) = sheets(
        '```csv\nName,Sales,Bonus\nAnn,1200,=IF(B2>1000,ROUND(B2*0.1,2),0)\nBo,9,=IF(B3>1,"a,b","c")\n```'
    )
    assert text_at(sheet, "C2") == "=IF(B2>1000,ROUND(B2*0.1,2),0)"
    assert text_at(sheet, "C3") == '=IF(B3>1,"a,b","c")'


def test_quotes_nobody_escaped_within_a_formula_are_understood() -> None:
    (sheet,) = sheets(
        '```json\n{"sheets":[{"name":"G","rows":[["n","ok"],\n[61,"=IF(A2>=50,"yes","no")"], // first\n'
        '[32,"=A3&"x""],\n]}]}\n```'
    )
    assert text_at(sheet, "B2") == '=IF(A2>=50,"yes","no")'
    assert text_at(sheet, "B3") == '=A3&"x"'


@pytest.mark.parametrize(
    ("rows", "address", "number"),
    [
        ("Pain;0,85;=B2\nTarte;12,50;=B3", "B2", 0.85),
        ("Miete;1.250,00 €;=B2", "B2", 1250),
        ("Rent;1,250.00;=B2\nTea;3.5;=B3", "B2", 1250),
        ("Quote;12 %;=B2", "B2", 0.12),
        ("Id;00123;=B2", "B2", None),
        ("Tag;2026-01-05;=B2", "B2", None),
    ],
)
def test_numbers_are_read_with_the_sheets_own_decimal_mark(rows: str, address: str, number: float | None) -> None:
    (sheet,) = sheets(f"```csv\nItem;Value;Copy\n{rows}\n```")
    assert number_at(sheet, address) == number


def test_grouped_thousands_follow_the_language_around_them() -> None:
    table = "| Filiale | Umsatz |\n|---|---|\n| Mitte | 12.400 |\n| Summe | =SUM(B2:B2) |"
    (german,) = sheets(f"Hier ist die Tabelle für die Filialen und das Jahr.\n\n{table}")
    (english,) = sheets(f"Here is the sheet for the branches and the year.\n\n{table}")
    assert number_at(german, "B2") == 12400
    assert number_at(english, "B2") == 12.4


def test_a_workbook_that_breaks_off_keeps_its_whole_rows() -> None:
    reading = read('```json\n{"sheets":[{"name":"A","rows":[\n["x","y"],\n[1,"=A2"],\n[2,"=A3*')
    assert reading.kind is Kind.SPREADSHEET
    (sheet,) = reading.artifacts[0].sheets  # type: ignore[union-attr]
    assert text_at(sheet, "B2") == "=A2"
    assert text_at(sheet, "B3") == ""
    assert reading.warnings


def test_formulas_typed_in_german_are_translated_and_said_to_be() -> None:
    reader = Reader()
    reader.feed(
        "Die Abrechnung:\n\n```csv\nPosten;Netto;MwSt\nFahrt;86,40;=RUNDEN(B2*0,19;2)\nSumme;=SUMME(B2:B2);\n```"
    )
    reading = reader.finish()
    (workbook,) = reading.artifacts
    assert isinstance(workbook, Workbook)
    cells = workbook.sheets[0].cells
    assert (cells[1, 2].text, cells[2, 1].text) == ("=ROUND(B2*0.19,2)", "=SUM(B2:B2)")
    assert cells[1, 1].number == 86.4
    assert reading.warnings == ("Formulas were translated from German into the form all spreadsheets read.",)


def test_english_formulas_stay_as_written_without_a_warning() -> None:
    reader = Reader(Kind.SPREADSHEET)
    reader.feed("| a | b |\n|---|---|\n| 1 | =ROUND(A2*1.5, 2) |")
    reading = reader.finish()
    (workbook,) = reading.artifacts
    assert isinstance(workbook, Workbook)
    assert workbook.sheets[0].cells[1, 1].text == "=ROUND(A2*1.5, 2)"
    assert reading.warnings == ()
