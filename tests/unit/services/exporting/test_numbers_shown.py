"""A German workbook in every format: all pages show its numbers and dates alike, data files hold them as before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from lxml import html

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.number_look import BY_CONTENT, LOOKS, NumberLooks
from forgeapp.domain.workbook import Cell, Sheet, Values, Workbook
from forgeapp.services.exporting.copying import copied
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.importing.job import ImportJob, imported

EUR = '#,##0.00 "EUR"'
CELLS = {
    **{(0, column): Cell(name) for column, name in enumerate(("Posten", "Menge", "Preis", "Betrag", "Datum"))},
    (1, 0): Cell("Beratung"),
    (1, 1): Cell("12", 12),
    (1, 2): Cell("95", 95, EUR),
    (1, 3): Cell("=B2*C2", None, EUR),
    (1, 4): Cell("2026-03-19", 46100, "d. mmmm yyyy"),
    (2, 0): Cell("Wartung"),
    (2, 1): Cell("1.5", 1.5),
    (2, 2): Cell("1140.25", 1140.25, EUR),
    (2, 3): Cell("=B3*C3", None, EUR),
    (2, 4): Cell("2026-04-19", 46131, "dd/mm/yyyy"),
    (3, 0): Cell("Summe"),
    (3, 3): Cell("=SUM(D2:D3)", None, EUR),
}
OFFER = Workbook("Angebot", (Sheet("Angebot", CELLS),))
VALUES: Values = {"Angebot": {(1, 3): 1140, (2, 3): 1710.375, (3, 3): 2850.375}}
SHOWN = [
    ["Posten", "Menge", "Preis", "Betrag", "Datum"],
    ["Beratung", "12", "95,00 EUR", "1.140,00 EUR", "19. März 2026"],
    ["Wartung", "1,5", "1.140,25 EUR", "1.710,38 EUR", "19.04.2026"],
    ["Summe", "", "", "2.850,38 EUR", ""],
]


def exported(
    folder: Path, ending: str, looks: NumberLooks = BY_CONTENT, options: ExportOptions | None = None
) -> tuple[Path, dict[str, Any]]:
    path = folder / f"offer.{ending}"
    job = ExportJob(OFFER, "Angebot", VALUES, path, Format(ending), options=options or ExportOptions(), looks=looks)
    return path, export_task(job, lambda _share: None)


def test_markdown_and_html_show_amounts_and_dates_the_german_way(tmp_path: Path) -> None:
    path, told = exported(tmp_path, "md")
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip(" *") for cell in row.strip("|").split("|")] for row in rows]
    assert [row for row in cells if "---" not in row[0]] == SHOWN
    assert told["differences"] == []
    path, told = exported(tmp_path, "html")
    table = html.fromstring(path.read_bytes()).find(".//table")
    assert table is not None
    assert [[cell.text_content().strip() for cell in row] for row in table.iter("tr")] == SHOWN
    assert told["differences"] == []


def test_pdf_and_docx_show_them_the_german_way(tmp_path: Path) -> None:
    path, told = exported(tmp_path, "pdf")
    with pypdfium2.PdfDocument(path) as document:  # type: ignore[no-untyped-call]
        text = document[0].get_textpage().get_text_range()
    assert [shown for row in SHOWN for shown in row if shown not in text] == []
    assert told["differences"] == []
    import docx

    path, told = exported(tmp_path, "docx")
    (table,) = docx.Document(str(path)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == SHOWN
    assert told["differences"] == []


@pytest.mark.parametrize("name", [*LOOKS])
def test_what_is_chosen_holds_on_every_page_and_is_verified(name: str, tmp_path: Path) -> None:
    look = LOOKS[name]
    for ending in ("html", "pdf"):
        path, told = exported(tmp_path, ending, NumberLooks(look))
        assert told["differences"] == []
        if ending == "html":
            assert look.marked("2,850.38") in html.fromstring(path.read_bytes()).text_content()


def test_data_files_are_the_same_in_every_look(tmp_path: Path) -> None:
    files: dict[str, set[bytes]] = {"csv": set(), "json": set()}
    for name, look in LOOKS.items():
        for ending, found in files.items():
            (tmp_path / name).mkdir(exist_ok=True)
            found.add(exported(tmp_path / name, ending, NumberLooks(look))[0].read_bytes())
        path, _ = exported(tmp_path / name, "xlsx", NumberLooks(look))
        sheet = openpyxl.load_workbook(path).active
        assert [(sheet[at].value, sheet[at].number_format) for at in ("B3", "C3", "D3")] == [
            (1.5, "General"),
            (1140.25, EUR),
            ("=B3*C3", EUR),
        ]
    assert {ending: len(found) for ending, found in files.items()} == {"csv": 1, "json": 1}
    assert b"1.5,1140.25,1710.375" in next(iter(files["csv"]))
    assert json.loads(next(iter(files["json"])))["sheets"][0]["cells"]["C3"]


def test_csv_as_it_is_shown_and_cells_on_the_clipboard_have_the_look(tmp_path: Path) -> None:
    path, _ = exported(tmp_path, "csv", options=ExportOptions(as_shown=True))
    assert '"1.140,25 EUR"' in path.read_text(encoding="utf-8-sig")
    rows = copied(OFFER, "Angebot", VALUES, "tsv").text.splitlines()
    assert [row.split("\t") for row in rows] == SHOWN
    assert "1 140,25 EUR" in copied(OFFER, "A", VALUES, "tsv", NumberLooks(LOOKS["space"])).text.replace("\u00a0", " ")


@pytest.mark.parametrize("ending", ["html", "md", "docx", "csv"])
def test_what_was_shown_the_german_way_comes_back_as_it_was(ending: str, tmp_path: Path) -> None:
    path, _ = exported(tmp_path, ending)
    assert imported(ImportJob(path, OFFER, VALUES)).content == OFFER
    text = path.read_text(encoding="utf-8") if ending in ("html", "md") else ""
    if text:
        path.write_text(text.replace("1.140,25", "2.000,75"), encoding="utf-8")
        changed = imported(ImportJob(path, OFFER, VALUES)).content
        assert isinstance(changed, Workbook)
        assert changed.sheets[0].cells[2, 2].number == 2000.75


def test_numbers_in_full_of_a_german_workbook_come_back_with_their_points(tmp_path: Path) -> None:
    path, _ = exported(tmp_path, "csv")
    path.write_text(path.read_text(encoding="utf-8-sig").replace("1140.25", "2.345"), encoding="utf-8")
    changed = imported(ImportJob(path, OFFER, VALUES)).content
    assert isinstance(changed, Workbook)
    assert changed.sheets[0].cells[2, 2].number == 2.345
