"""Texts that look like formulas, in files as a person opens them in LibreOffice: they stay the texts they are (S2)."""

from __future__ import annotations

import csv
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import Delimiter, ExportOptions
from forgeapp.domain.guarding import guarded
from forgeapp.domain.table import Table
from forgeapp.services.exporting.job import ExportJob, export_task
from tests.unit.exporters.test_injection import PAYLOADS, UNHARMED

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.security,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]
# LibreOffice 7.4 reads '_x003D_' as the text it is, and saves it as the escape of '='.
TRIED = tuple(text.replace("\r", "\n") for text in PAYLOADS if text != "_x003D_1+1")
CONTENT = Table("=1+1", ("=Text", "@x"), tuple((text, "y") for text in (*TRIED, *UNHARMED)))
_AS_IT_IS_OPENED = "--infilter=Text - txt - csv (StarCalc):{delimiter},34,76,1,,0,false,true,false,false,true,,true"
"""Numbers and dates are looked for, blanks around texts left out, and formulas computed, which is off by itself."""


def opened(path: Path, *filters: str) -> Path:
    folder = path.parent / "opened"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [
        str(SOFFICE),
        profile,
        "--headless",
        *filters,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(folder),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.xlsx"


def texts(path: Path) -> list[str]:
    cells = [row[0] for row in load_workbook(path).worksheets[0].iter_rows()]
    assert {cell.data_type for cell in cells} <= {"s", "n"}, "one became a formula"
    return [str(cell.value) for cell in cells]


def test_a_workbook_holds_texts(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    export_task(ExportJob(CONTENT, "T", {}, path, Format.XLSX), lambda share: None)
    assert texts(opened(path)) == texts(path)


@pytest.mark.parametrize("delimiter", Delimiter)
def test_no_field_of_a_csv_file_is_computed(tmp_path: Path, delimiter: Delimiter) -> None:
    path = tmp_path / "x.csv"
    options = ExportOptions(delimiter=delimiter)
    export_task(ExportJob(CONTENT, "T", {}, path, Format.CSV, options=options), lambda share: None)
    found = texts(opened(path, _AS_IT_IS_OPENED.format(delimiter=ord(delimiter.value))))
    with path.open(encoding="utf-8-sig", newline="") as file:
        written = [row[0] for row in csv.reader(file, delimiter=delimiter.value)]
    assert len(found) == len(written) == len(CONTENT.rows) + 1
    for field, text in zip(written[1 : len(TRIED) + 1], found[1:], strict=False):
        # An apostrophe before a text is taken for the mark of one, and goes.
        assert text.strip() in (field.strip(), field.strip().removeprefix("'").strip(), guarded(text).strip())


def test_a_field_that_is_not_guarded_would_be_computed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"=1+1,y\r\n")
    page = load_workbook(opened(path, _AS_IT_IS_OPENED.format(delimiter=ord(",")))).worksheets[0]
    assert page["A1"].data_type == "f"
