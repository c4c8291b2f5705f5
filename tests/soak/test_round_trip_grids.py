"""Tables and workbooks exported, changed in one cell by LibreOffice, and opened again: that change and nothing else.

LibreOffice reads the exported file into its own form (flat ODS, plain XML), one cell is changed there, and it writes
the file anew in the format it came in: what comes back is all LibreOffice's spelling.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from lxml import etree

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Position, Sheet, Values, Workbook
from forgeapp.services.comparing import Comparison, compare
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.exporting.publishing import workbook_of
from forgeapp.services.importing.job import ImportJob, imported
from forgeapp.sheets.engine import evaluate

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_CALC_EXT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"


@dataclass(frozen=True)
class Change:
    """One cell of a sheet (by number) is given a number, or else a text."""

    sheet: int
    at: Position
    value: float | str


def convert(source: Path, target: Path, profile: Path, out_filter: str, in_filter: str | None = None) -> Path:
    """`source` as LibreOffice writes it into the folder of `target`, which it names."""
    command = [str(SOFFICE), "--headless", "--norestore", f"-env:UserInstallation={profile.as_uri()}"]
    command += [f"--infilter={in_filter}"] if in_filter else []
    command += ["--convert-to", f"{target.suffix[1:]}:{out_filter}", "--outdir", str(target.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert target.exists(), f"LibreOffice wrote no {target.name}"
    return target


def change_cell(flat: Path, change: Change) -> None:
    """Changes one cell of a flat ODS file as a person would have in the program."""
    tree = etree.parse(str(flat))
    page = list(tree.iter(f"{{{_TABLE}}}table"))[change.sheet]
    rows = list(page.iter(f"{{{_TABLE}}}table-row"))
    cell = _single(_single(rows, change.at[0], "rows"), change.at[1], "columns")
    for child in list(cell):
        cell.remove(child)
    for name in list(cell.attrib):
        if not str(name).endswith("style-name"):
            del cell.attrib[name]
    if isinstance(change.value, str):
        cell.set(f"{{{_OFFICE}}}value-type", "string")
        cell.set(f"{{{_CALC_EXT}}}value-type", "string")
    else:
        cell.set(f"{{{_OFFICE}}}value-type", "float")
        cell.set(f"{{{_OFFICE}}}value", repr(change.value))
    etree.SubElement(cell, f"{{{_TEXT}}}p").text = str(change.value)
    tree.write(str(flat), encoding="UTF-8", xml_declaration=True)


def _single(holder: object, index: int, what: str) -> etree._Element:
    """The row or cell at this place; what stands for several alike is taken apart."""
    repeated = f"{{{_TABLE}}}number-{what}-repeated"
    elements = holder if isinstance(holder, list) else [c for c in holder if str(c.tag).endswith("table-cell")]  # type: ignore[attr-defined]
    at = 0
    for element in elements:
        count = int(element.get(repeated, "1"))
        if at + count > index:
            if count > 1:
                parent = element.getparent()
                assert parent is not None
                place = parent.index(element)
                single = etree.fromstring(etree.tostring(element))
                del single.attrib[repeated]
                before, after = index - at, count - (index - at) - 1
                new = [single]
                if before:
                    head = etree.fromstring(etree.tostring(element))
                    head.set(repeated, str(before))
                    new.insert(0, head)
                if after:
                    tail = etree.fromstring(etree.tostring(element))
                    tail.set(repeated, str(after))
                    new.append(tail)
                parent[place : place + 1] = new
                return single
            return element
        at += count
    raise AssertionError(f"no {what} {index}")


_FILTERS = {
    "xlsx": ("Calc MS Excel 2007 XML", None),
    # 44,34,76,1: commas, quotes, UTF-8, from the first line on; 'detect special numbers' as the dialog's English.
    "csv": ('"Text - txt - csv (StarCalc)":44,34,76,1'.replace('"', ""), "CSV:44,34,76,1"),
    "html": ("HTML (StarCalc)", "HTML (StarCalc)"),
}


def came_back(folder: Path, base: Table | Workbook, ending: str, change: Change | None, values: Values) -> Content:
    """`base` exported, opened, changed and saved by LibreOffice, and opened as its next version."""
    profile, there = folder.parent / "profile", folder / "there"
    there.mkdir(parents=True)
    path = folder / f"file.{ending}"
    export_task(ExportJob(base, base.title or "", values, path, Format(ending)), lambda _share: None)
    out_filter, in_filter = _FILTERS[ending]
    flat = convert(path, there / "file.fods", profile, "OpenDocument Spreadsheet Flat XML", in_filter)
    if change is not None:
        change_cell(flat, change)
    again = convert(flat, there / f"file.{ending}", profile, out_filter)
    return imported(ImportJob(again, base, values)).content


TABLE = Table(
    "Umsätze 2026",
    ("Id", "Kunde", "Betrag", "Anteil", "Am", "Stück", "Preis", "Telefon", "Notiz"),
    (
        ("00123", "Müller & Söhne", "1,240.00 €", "12 %", "2026-03-01", "1,200", "$ 0.50", "+44 20 7946 0000", "=so"),
        ("00124", "小林商店", "35.50 €", "3 %", "2026-03-02", "15", "$ 12.25", "-", "a 'quoted' \"word\""),
        ("00007", "Ωmega – naïve", "1,000.00 €", "85 %", "2026-12-31", "7", "$ 1.00", "", "x" * 400),
        (
            "00008",
            "O’Neill",
            "-12.00 €",
            "0 %",
            "2024-02-29",
            "-3",
            "$ 3.00",
            "(none)",
            "https://example.org/a?b=1&c=2",
        ),
    ),
)
COMMAS = Table(
    "Kosten",
    ("Posten", "Preis", "Anteil"),
    (("Tee", "1.240,50 €", "12,5 %"), ("Kaffee", "18,50 €", "7,5 %"), ("Rest", "0,25 €", "80 %")),
)


def _sheet(name: str, rows: list[list[Cell | str | None]], **more: object) -> Sheet:
    cells = {
        (row, column): cell if isinstance(cell, Cell) else Cell(cell)
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
        if cell
    }
    return Sheet(name, cells, **more)  # type: ignore[arg-type]


WORKBOOK = Workbook(
    "Budget",
    (
        _sheet(
            "Plan",
            [
                ["Item", "Price", "Qty", "Total", "Share", "Due", "Ok", "Note"],
                ["Tea", Cell("1,240.50", 1240.5, "#,##0.00"), Cell("3", 3), "=B2 * c2", Cell("=D2/D$5", None, "0.0%"),
                 Cell("2026-03-01"), "TRUE", "Grün"],
                ["00123", Cell("$12", 12, '"$"#,##0'), Cell("2", 2), "=B3*C3", Cell("=D3/D$5", None, "0.0%"),
                 Cell("2026-04-01", 46113, "yyyy-mm-dd"), "FALSE", "long " * 60],
                ["Ω", Cell("28,5 €", 28.5, '#,##0.00 "€"'), Cell("0.1", 0.1), "=B4*C4", Cell("=D4/D$5", None, "0.0%"),
                 Cell("46000.75", 46000.75, "dd.mm.yyyy hh:mm"), "TRUE", "=A1"],
                ["Total", None, None, "=SUM(D2:D4)", "=SUM( E2:E4 )",
                 '=IF(D5>10,"over; all",1.50)', "=1/0", "=UPPER(A2)"],
            ],
            frozen_rows=1,
            frozen_columns=1,
            widths={0: 22.0, 7: 30.0},
        ),
        _sheet(
            "It's 100 %",
            [["=Plan!D5*19%", "=VLOOKUP(\"Tea\",Plan!A2:D4,4,FALSE)", "='It''s 100 %'!A1&\" ok\""],
             ["=STDEV.S(Plan!D2:D4)", '=TEXTJOIN("-",TRUE,"a","","b")', "=SUMPRODUCT(Plan!B2:B4,Plan!C2:C4)"]],
            has_header=False,
        ),
        Sheet("Empty"),
    ),
)  # fmt: skip


def values_of(workbook: Workbook) -> Values:
    shown = workbook_of(workbook)
    assert shown is not None
    return evaluate(shown)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round")


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    return [(hunk.where, hunk.before, hunk.after) for hunk in comparison.hunks]


TABLE_CHANGES = [
    (TABLE, "xlsx", Change(0, (2, 2), 99.75), ("C3", "35.50 €", "99.75 €")),
    (TABLE, "xlsx", Change(0, (1, 1), "Müller GmbH"), ("B2", "Müller & Söhne", "Müller GmbH")),
    (TABLE, "csv", Change(0, (3, 1), "Omega"), ("B4", "Ωmega – naïve", "Omega")),
    (TABLE, "csv", Change(0, (2, 5), 16.0), ("F3", "15", "16")),
    # One row further down: LibreOffice puts the page's heading into the sheet.
    (COMMAS, "html", Change(0, (3, 0), "Cocoa"), ("A3", "Kaffee", "Cocoa")),
    (COMMAS, "xlsx", Change(0, (2, 1), 1019.5), ("B3", "18,50 €", "1.019,50 €")),
]


@pytest.mark.parametrize(("table", "ending", "change", "hunk"), TABLE_CHANGES)
def test_one_cell_of_a_table_changed_there_is_all_that_is_changed(
    folder: Path, table: Table, ending: str, change: Change, hunk: tuple[str, str, str]
) -> None:
    name = f"{table.title}-{ending}-{change.at}"
    assert told(compare(table, came_back(folder / name, table, ending, change, {}))) == [hunk]


WORKBOOK_CHANGES = [
    ("xlsx", Change(0, (1, 1), 2000.0), ("Plan!B2", "1,240.50", "2,000.00")),
    ("xlsx", Change(0, (3, 7), "plain"), ("Plan!H4", "=A1", "plain")),
    ("xlsx", Change(1, (0, 1), "none"), ("It's 100 %!B1", '=VLOOKUP("Tea",Plan!A2:D4,4,FALSE)', "none")),
    ("csv", Change(0, (2, 2), 5.0), ("Plan!C3", "2", "5")),
]


@pytest.mark.parametrize(("ending", "change", "hunk"), WORKBOOK_CHANGES)
def test_one_cell_of_a_workbook_changed_there_is_all_that_is_changed(
    folder: Path, ending: str, change: Change, hunk: tuple[str, str, str]
) -> None:
    found = came_back(folder / f"{ending}-{change}", WORKBOOK, ending, change, values_of(WORKBOOK))
    assert told(compare(WORKBOOK, found)) == [hunk]
    assert isinstance(found, Workbook)
    for was, now in zip(WORKBOOK.sheets, found.sheets, strict=True):
        assert now.widths == was.widths
        assert (now.frozen_rows, now.frozen_columns) == (was.frozen_rows, was.frozen_columns)
        changed = {at for at in was.cells if was.cells[at] != now.cells.get(at)}
        assert changed <= ({change.at} if was is WORKBOOK.sheets[change.sheet] else set())
