"""Our XLSX files against ECMA-376: schema, relations, content types, as openxml-audit checks them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openxml_audit import FileFormat, OpenXmlValidator

from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, CellError, Sheet, Values, Workbook
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.services.exporting.publishing import publication
from forgeapp.sheets.engine import evaluate
from tests.soak.test_xlsx_libreoffice import BUDGET, CHECKS, COSTS, MONTHS, typed
from tests.unit.exporters.test_injection import PAYLOADS
from tests.unit.exporters.xlsx.test_faults import book, report, table

FORMULAS = Workbook("t", (BUDGET, typed("Checks", [[formula] for formula in CHECKS]), typed("It's 100 %", [["fine"]])))
ODD = Workbook(
    "t",
    (
        Sheet("Circle", {(0, 0): Cell("=B1"), (0, 1): Cell("=A1+1")}, has_header=False),
        Sheet("Formats", {(0, 0): Cell("1", 1, "0 kg"), (1, 0): Cell("1", 1, '0"x'), (2, 0): Cell("1", 1, "0 件")}),
        Sheet("Errors", {(0, 0): Cell("=SEQUENCE(2)"), (0, 1): Cell("=LET(x,1,x/0)"), (0, 2): Cell("=A1#")}),
        Sheet("Nothing"),
        Sheet("Control", {(0, 0): Cell("a\x00b\x07"), (1, 0): Cell("\ud800"), (2, 0): Cell("x" * 40_000)}),
    ),
)
ODD_VALUES: Values = {"Errors": {(0, 0): 1, (1, 0): 2, (0, 1): CellError("#DIV/0!"), (0, 2): CellError("#SPILL!")}}
SAMPLES: dict[str, Publication] = {
    "table": table,
    "spreadsheet": book,
    "document": report,
    "costs": publication(COSTS, "Costs", {}),
    "months": publication(MONTHS, "Months", {}),
    "odd header": publication(Table("T", ("a", "A", "", "<r>x</r>"), (("1", "2", "3", "4"),)), "T", {}),
    "payloads": publication(Table("T", ("Text",), tuple((text,) for text in PAYLOADS)), "T", {}),
    "odd": publication(ODD, "t", ODD_VALUES),
}


@pytest.fixture(scope="module")
def checker() -> OpenXmlValidator:
    return OpenXmlValidator(file_format=FileFormat.MICROSOFT_365)


_IS_NO_FAULT = "inline-string cell(s)"
"""18.3.1.53 has them; told is that Excel writes them elsewhere when it saves."""


def findings(checker: OpenXmlValidator, path: Path) -> list[str]:
    return [str(each) for each in checker.validate(path).errors if _IS_NO_FAULT not in each.description]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_is_as_the_specification_has_it(checker: OpenXmlValidator, tmp_path: Path, name: str) -> None:
    EXPORTER.write(SAMPLES[name], tmp_path / "x.xlsx", lambda share: None)
    assert findings(checker, tmp_path / "x.xlsx") == []


def test_formulas_of_every_kind_are_as_the_specification_has_them(checker: OpenXmlValidator, tmp_path: Path) -> None:
    EXPORTER.write(publication(FORMULAS, "t", evaluate(FORMULAS)), tmp_path / "x.xlsx", lambda share: None)
    assert findings(checker, tmp_path / "x.xlsx") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b' t="inlineStr"', b' t="inline"'),
        (b"<sheetData>", b"<sheetDat/><sheetData>"),
        (b"numFmtId=", b"numFmt="),
        (b"<pageMargins", b"<pageMargin"),
    ],
)
def test_the_checker_finds_faults(checker: OpenXmlValidator, tmp_path: Path, before: bytes, after: bytes) -> None:
    EXPORTER.write(table, tmp_path / "x.xlsx", lambda share: None)
    with zipfile.ZipFile(tmp_path / "x.xlsx") as package, zipfile.ZipFile(tmp_path / "y.xlsx", "w") as again:
        for name in package.namelist():
            again.writestr(name, package.read(name).replace(before, after))
    assert findings(checker, tmp_path / "y.xlsx")
