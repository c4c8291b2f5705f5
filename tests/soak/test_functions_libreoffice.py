"""The cases of tests/data/functions.jsonl, computed by LibreOffice.

Left out are functions that came after its version 7.4, and the cases in which it differs from Excel's documentation;
those say why in `libreoffice_differs`.
"""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Any

from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.sheets.engine import evaluate
from tests.soak.test_xlsx_libreoffice import is_same, publication, pytestmark, recalculated
from tests.unit.sheets.test_functions import AT, CASES, expected_of, sheet_of

__all__ = ["pytestmark"]

NEWER = frozenset(
    (
        *("DROP", "FILTER", "HSTACK", "LAMBDA", "LET", "SEQUENCE", "SORT", "SORTBY", "TAKE", "TEXTAFTER", "TEXTBEFORE"),
        *("TEXTSPLIT", "UNIQUE", "VSTACK", "XLOOKUP", "XMATCH"),
    )
)
"""Of 24.8 and later; 7.4, which Debian 12 has, does not know them."""


def is_asked(case: dict[str, Any]) -> bool:
    return case["function"] not in NEWER and "libreoffice_differs" not in case


def test_libreoffice_gives_what_excel_documents(tmp_path: Path) -> None:
    asked = [case for case in CASES if is_asked(case)]
    sheets = tuple(Sheet(f"C{number}", sheet_of(case).cells) for number, case in enumerate(asked))
    workbook = Workbook("Functions", sheets)
    path = tmp_path / "functions.xlsx"
    EXPORTER.write(publication(workbook, evaluate(workbook)), path, lambda _share: None)
    found = recalculated(path, tmp_path)
    wrong = []
    for number, case in enumerate(asked):
        for row, line in enumerate(expected_of(case)):
            for column, expected in enumerate(line):
                value = found[f"C{number}"].get((AT[0] + row, AT[1] + column))
                if not agrees(value, expected):
                    wrong.append((case["formula"], expected, value))
    assert not wrong, "\n".join(map(str, wrong))


def agrees(value: Any, expected: Any) -> bool:
    """Which error it is, files of LibreOffice often do not say: most are '#VALUE!' there."""
    if isinstance(expected, dict):
        return isinstance(value, str) and value.startswith("#")
    if isinstance(value, time):
        value = (value.hour * 3600 + value.minute * 60 + value.second) / 86_400
    return is_same(expected, value) or (expected == "" and value is None)
