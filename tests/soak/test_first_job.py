"""The main job's files as a client opens them: LibreOffice computes the same numbers and reads the same text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.soak.test_xlsx_libreoffice import SOFFICE, is_same, recalculated

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    request = "household budget: salary 2900, bonus income 350.50, rent 1140, internet 36.90, food 420 and insurance 85"
    targets = ["budget.xlsx", "budget.docx", "budget.pdf"]
    command = [sys.executable, "-m", "forgeapp", "forge", request, "--kind", "spreadsheet", "--yes", "--to", *targets]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    return tmp_path


def test_the_workbook_recalculates_to_the_values_it_was_saved_with(files: Path) -> None:
    saved = load_workbook(files / "budget.xlsx", data_only=True)
    formulas = load_workbook(files / "budget.xlsx")
    found = recalculated(files / "budget.xlsx", files)
    computed = 0
    for page in formulas:
        for row in page:
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    value = saved[page.title].cell(cell.row, cell.column).value
                    again = found[page.title].get((cell.row - 1, cell.column - 1))
                    assert is_same(value or "", again or ""), cell.coordinate
                    computed += 1
    assert computed >= 15
    values = {row[0].value: row[1].value for row in saved["Budget"]}
    assert values["Total income"] == pytest.approx(3250.5)
    assert values["Total expenses"] == pytest.approx(1681.9)
    assert values["Result"] == pytest.approx(1568.6)


def test_the_document_opens_and_shows_the_totals(files: Path) -> None:
    command = [
        str(SOFFICE),
        "--headless",
        f"-env:UserInstallation={(files / 'profile').as_uri()}",
        "--convert-to",
        "txt",
    ]
    subprocess.run([*command, "--outdir", files, files / "budget.docx"], check=True, capture_output=True, timeout=180)
    text = (files / "budget.txt").read_text(encoding="utf-8-sig")
    for word in ("Total income", "3,250.50", "Total expenses", "1,681.90", "Result", "1,568.60"):
        assert word in text
