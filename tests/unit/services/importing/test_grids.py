"""A table or a workbook exported by us and opened again, with and without a change made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, Position, Sheet, Values, Workbook
from forgeapp.errors import ForgeError, UnreadableFile
from forgeapp.services.comparing import compare
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.importing.job import ImportJob, import_task, imported, unpacked

TABLE = Table(
    "Umsätze",
    ("Id", "Kunde", "Betrag", "Anteil", "Am", "Telefon", "Notiz"),
    (
        ("00123", "Müller & Söhne", "1,240.00 €", "12 %", "2026-03-01", "+44 20 7946 0000", "=so, said 'he'"),
        ("00124", "小林商店", "35.50 €", "3 %", "2026-03-02", "-", "two\nlines"),
        ("", "", "", "", "", "", ""),
        ("7", "O’Neill", "1,000,000.00 €", "85 %", "2026-12-31", "", "x" * 300),
    ),
)
COMMAS = Table("Kosten", ("Posten", "Preis"), (("Tee", "1.240,50"), ("Kaffee", "18,50"), ("Rest", "-0,25")))

CELLS: dict[Position, Cell] = {
    (0, 0): Cell("Item"),
    (0, 1): Cell("Price"),
    (0, 2): Cell("Share"),
    (0, 3): Cell("When"),
    (0, 4): Cell("Ok"),
    (1, 0): Cell("Tea"),
    (1, 1): Cell("1,240.50", 1240.5, "#,##0.00"),
    (1, 2): Cell("=B2 / sum( $B$2:$B$3 )", None, "0.0%"),
    (1, 3): Cell("2026-03-01"),
    (1, 4): Cell("TRUE"),
    (2, 0): Cell("00123"),
    (2, 1): Cell("$ 12", 12, '"$"#,##0'),
    (2, 2): Cell("=B3/SUM($B$2:$B$3)", None, "0.0%"),
    (2, 3): Cell("2026-03-02", 46083, "yyyy-mm-dd"),
    (2, 4): Cell("=A1", None, TEXT_FORMAT),
    (4, 0): Cell("Total"),
    (4, 1): Cell("=SUM(B2:B3)"),
    (4, 2): Cell('=IF(B5>1000,"über; viel",TRUE)'),
}
WORKBOOK = Workbook(
    "Budget",
    (
        Sheet("Plan", CELLS, frozen_rows=1, frozen_columns=1, widths={0: 18.0, 6: 30.0}, row_count=9),
        Sheet("Ärger's", {(0, 0): Cell("=Plan!B5*2"), (1, 0): Cell("5 %", 0.05, "0%")}, has_header=False),
        Sheet("Empty"),
    ),
)
VALUES: Values = {
    "Plan": {(1, 2): 1240.5 / 1252.5, (2, 2): 12 / 1252.5, (4, 1): 1252.5, (4, 2): "über; viel"},
    "Ärger's": {(0, 0): 2505.0},
}


def exported(folder: Path, content: Table | Workbook, ending: str, values: Values) -> Path:
    path = folder / f"file.{ending}"
    path.unlink(missing_ok=True)
    export_task(ExportJob(content, content.title or "", values, path, Format(ending)), lambda _share: None)
    return path


def again(path: Path, base: Content, values: Values | None = None) -> Content:
    return imported(ImportJob(path, base, values or {})).content


@pytest.mark.parametrize("ending", ["xlsx", "csv", "md", "json", "docx", "html"])
@pytest.mark.parametrize(
    "table", [TABLE, COMMAS, Table("One", ("A",), (("1",),)), Table(None, ("A", ""), (("x", ""),))]
)
def test_a_table_that_was_not_changed_comes_back_as_it_was(tmp_path: Path, table: Table, ending: str) -> None:
    found = again(exported(tmp_path, table, ending, {}), table)
    if ending == "md" and table is TABLE:
        # Markdown has no line ends within cells.
        assert [hunk.before for hunk in compare(table, found).hunks] in ([], ["two\nlines"])
        return
    assert found == table


@pytest.mark.parametrize("ending", ["xlsx", "csv", "md", "json", "docx", "html"])
def test_a_workbook_that_was_not_changed_comes_back_as_it_was(tmp_path: Path, ending: str) -> None:
    assert again(exported(tmp_path, WORKBOOK, ending, VALUES), WORKBOOK, VALUES) == WORKBOOK


def test_formulas_that_give_times_come_back_from_a_csv_as_formulas(tmp_path: Path) -> None:
    cells = {
        (0, 0): Cell("=TIME(8,30,0)", None, "hh:mm"),
        (0, 1): Cell("=DATE(2024,2,29)+0.5", None, "yyyy-mm-dd hh:mm"),
    }
    book = Workbook("Times", (Sheet("Times", cells, has_header=False),))
    values: Values = {"Times": {(0, 0): 8.5 / 24, (0, 1): 45351.5}}
    path = exported(tmp_path, book, "csv", values)
    assert "08:30" in path.read_text("utf-8-sig")
    assert again(path, book, values) == book


def edited(path: Path, change: Callable[[Any], None]) -> Path:
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def test_one_changed_number_of_a_table_is_the_only_change_and_looks_like_its_neighbours(tmp_path: Path) -> None:
    path = edited(exported(tmp_path, TABLE, "xlsx", {}), lambda book: book.active.__setitem__("C3", 1300.5))
    (hunk,) = compare(TABLE, again(path, TABLE)).hunks
    assert (hunk.where, hunk.before, hunk.after) == ("C3", "35.50 €", "1,300.50 €")


def test_a_decimal_comma_stays_the_habit_of_a_table(tmp_path: Path) -> None:
    path = edited(exported(tmp_path, COMMAS, "xlsx", {}), lambda book: book.active.__setitem__("B3", 2345.75))
    (hunk,) = compare(COMMAS, again(path, COMMAS)).hunks
    assert (hunk.before, hunk.after) == ("18,50", "2.345,75") or hunk.after == "2345,75"


def test_rows_put_in_and_taken_out_leave_the_others_as_they_were(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book.active
        page.insert_rows(3)
        page["A3"], page["B3"] = "00200", "New"
        page.delete_rows(6)

    found = again(edited(exported(tmp_path, TABLE, "xlsx", {}), change), TABLE)
    assert isinstance(found, Table)
    assert found.rows[0] == TABLE.rows[0]
    assert found.rows[1] == ("00200", "New", "", "", "", "", "")
    assert found.rows[2] == TABLE.rows[1]
    assert len(found.rows) <= 4


def test_a_column_put_in_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book.active
        page.insert_cols(2)
        page["B1"], page["B2"] = "Land", "DE"

    found = again(edited(exported(tmp_path, TABLE, "xlsx", {}), change), TABLE)
    assert isinstance(found, Table)
    assert found.columns == ("Id", "Land", *TABLE.columns[1:])
    assert found.rows[0] == ("00123", "DE", *TABLE.rows[0][1:])
    assert found.rows[3] == ("7", "", *TABLE.rows[3][1:])


def test_a_formula_put_into_a_table_is_what_it_gave(tmp_path: Path) -> None:
    path = exported(tmp_path, TABLE, "xlsx", {})
    edited(path, lambda book: book.active.__setitem__("C3", "=C2*2"))
    found = again(path, TABLE)
    assert isinstance(found, Table)
    assert found.rows[1][2] == "=C2*2", "openpyxl computes nothing, so that its text is all there is"


def test_a_changed_cell_of_a_workbook_is_the_only_change(tmp_path: Path) -> None:
    path = exported(tmp_path, WORKBOOK, "xlsx", VALUES)
    edited(path, lambda book: book["Plan"].__setitem__("B2", 2000))
    found = again(path, WORKBOOK, VALUES)
    (hunk,) = compare(WORKBOOK, found).hunks
    assert (hunk.where, hunk.before, hunk.after) == ("Plan!B2", "1,240.50", "2,000.00")
    assert isinstance(found, Workbook)
    assert found.sheets[0].cells[1, 1] == Cell("2,000.00", 2000, "#,##0.00")


def test_a_changed_formula_format_width_and_frozen_pane_are_taken_over(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Plan"]
        page["B5"] = "=SUM(B2:B4)"
        page["B2"].number_format = "0.000"
        page.column_dimensions["A"].width = 40
        page.freeze_panes = "A3"

    found = again(edited(exported(tmp_path, WORKBOOK, "xlsx", VALUES), change), WORKBOOK, VALUES)
    assert isinstance(found, Workbook)
    sheet = found.sheets[0]
    assert [hunk.where for hunk in compare(WORKBOOK, found).hunks] == [
        'sheet "Plan" freeze',
        "Plan!column A width",
        "Plan!B2 format",
        "Plan!B5",
    ]
    assert sheet.cells[1, 1] == Cell("1,240.50", 1240.5, "0.000")
    assert sheet.widths[0] == pytest.approx(39.3, abs=0.1)
    assert (sheet.frozen_rows, sheet.frozen_columns) == (2, 0)


def test_sheets_renamed_added_and_taken_out_are_followed(tmp_path: Path) -> None:
    path = exported(tmp_path, WORKBOOK, "xlsx", VALUES)
    edited(path, lambda book: setattr(book["Plan"], "title", "Plan 2027"))
    found = again(path, WORKBOOK, VALUES)
    assert isinstance(found, Workbook)
    assert [sheet.name for sheet in found.sheets] == ["Plan 2027", "Ärger's", "Empty"]
    assert found.sheets[0] == replace(WORKBOOK.sheets[0], name="Plan 2027")

    def change(book: Any) -> None:
        del book["Empty"]
        book.create_sheet("Provenance")["A1"] = "ours"

    found = again(edited(exported(tmp_path, WORKBOOK, "xlsx", VALUES), change), WORKBOOK, VALUES)
    assert isinstance(found, Workbook)
    assert found.sheets == WORKBOOK.sheets[:2]


def test_a_csv_of_one_sheet_changes_that_sheet_and_leaves_formulas_and_the_others(tmp_path: Path) -> None:
    path = exported(tmp_path, WORKBOOK, "csv", VALUES)
    text = path.read_text("utf-8-sig")
    path.write_text(text.replace("1240.5", "1300.5"), "utf-8")
    found = again(path, WORKBOOK, VALUES)
    (hunk,) = compare(WORKBOOK, found).hunks
    assert (hunk.where, hunk.after) == ("Plan!B2", "1,300.50")


def test_a_spreadsheet_program_may_spell_a_csv_as_it_likes(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Id,Kunde,Betrag,Anteil,Am,Telefon,Notiz\n"
        "123,Müller & Söhne,1240,12.00%,2026-03-01,+44 20 7946 0000,\"'=so, said 'he'\"\n"
        '124,小林商店,35.5 €,0.03,2026-03-02,-,"two\nlines"\n'
        ",,,,,,\n"
        f"7,O’Neil,1000000,85%,2026-12-31,,{'x' * 300}\n",
        "utf-8",
    )
    (hunk,) = compare(TABLE, again(path, TABLE)).hunks
    assert (hunk.where, hunk.before, hunk.after) == ("B5", "O’Neill", "O’Neil")


def test_the_decimal_mark_of_a_csv_may_have_become_a_point(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("Posten;Preis\nTee;1240,5\nKaffee;18,5\nRest;-0,25\n", "utf-8")
    assert again(path, COMMAS) == COMMAS


def test_kinds_that_cannot_be_matched_say_how_to_open_the_file_instead(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("Only words.\n")
    for base in (TABLE, WORKBOOK):
        with pytest.raises(UnreadableFile) as caught:
            again(path, base)
        assert "no table" in caught.value.message
        assert "new artifact" in caught.value.hint


@pytest.mark.parametrize(
    "dates",
    [("15.01.2024", "1.2.2024"), ("1/15/2024", "12/5/2024"), ("15 Jan 2024", "3 Feb 2024"), ("May 3, 2024", "")],
)
def test_dates_come_back_as_they_were_written(tmp_path: Path, dates: tuple[str, str]) -> None:
    table = Table("T", ("Am", "Was"), ((dates[0], "Tee"), (dates[1], "Milch")))
    path = exported(tmp_path, table, "xlsx", {})
    book = openpyxl.load_workbook(path)
    assert book.active["A2"].is_date
    assert again(path, table) == table
    book.active["B2"] = "Kaffee"
    book.save(path)
    (hunk,) = compare(table, again(path, table)).hunks
    assert (hunk.where, hunk.after) == ("B2", "Kaffee")


@pytest.mark.parametrize("content", [TABLE, WORKBOOK, Document("T", "# T\n\ntext")])
def test_what_a_child_read_comes_through_json_whole(tmp_path: Path, content: Content) -> None:
    import json

    path = exported(tmp_path, content, "json", VALUES)  # type: ignore[arg-type]
    answer = json.loads(json.dumps(import_task(ImportJob(path), lambda _share: None)))
    assert unpacked(answer).content == content


def test_a_workbook_may_be_opened_as_a_table_and_a_table_as_a_spreadsheet(tmp_path: Path) -> None:
    one = Workbook("Plan", (WORKBOOK.sheets[0],))
    table = imported(ImportJob(exported(tmp_path, one, "xlsx", VALUES), kind=Kind.TABLE)).content
    assert isinstance(table, Table)
    assert table.columns == ("Item", "Price", "Share", "When", "Ok")
    assert table.rows[0] == ("Tea", "1,240.50", "99.0%", "2026-03-01", "TRUE")
    workbook = imported(ImportJob(exported(tmp_path, COMMAS, "csv", {}), kind=Kind.SPREADSHEET)).content
    assert isinstance(workbook, Workbook)
    assert workbook.sheets[0].cells[1, 1] == Cell("1.240,50", 1240.5, "#,##0.00")
    with pytest.raises(UnreadableFile) as caught:
        imported(ImportJob(exported(tmp_path, WORKBOOK, "xlsx", VALUES), kind=Kind.TABLE))
    assert "several sheets" in caught.value.message
    assert isinstance(caught.value, ForgeError)
