"""How an artifact is laid out for export."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import etree, html

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document, Heading, Run, TableBlock, plain_text
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Workbook
from forgeapp.errors import ExportFailed
from forgeapp.exporters.registry import exporter_for
from forgeapp.services.exporting.publishing import formulas_of, publication


def alignments(table: Table) -> dict[str, str | None]:
    (block,) = (block for block in publication(table, "", {}).blocks if isinstance(block, TableBlock))
    return dict(zip(table.columns, block.alignments, strict=True))


def test_columns_of_figures_stand_right_and_ids_dates_and_words_left() -> None:
    rows = (
        ("00123", "1.240,00 €", "10115", "15.01.2024", "12 %", "Tee"),
        ("00124", "35,50 €", "80331", "1.2.2024", "k. A.", "7"),
    )
    assert alignments(Table(None, ("Id", "Betrag", "PLZ", "Am", "Anteil", "Was"), rows)) == {
        "Id": None,
        "Betrag": "right",
        "PLZ": None,
        "Am": None,
        "Anteil": "right",
        "Was": None,
    }


def test_the_decimal_mark_of_the_other_columns_says_what_a_column_means() -> None:
    table = Table(None, ("Satz", "Menge"), (("1,25", "1.240"), ("0,50", "3.500")))
    assert set(alignments(table).values()) == {"right"}


@pytest.mark.parametrize(
    "cell", ["=1+1", "**=1+1**", "_=1+1_", "`=1+1`", "[=1+1](https://x)", "&#61;1+1", "\\=1+1", "&equals;2"]
)
def test_wherever_a_table_in_a_document_holds_a_formula_it_is_computed(cell: str) -> None:
    for text in (f"| a | b |\n|---|---|\n| 1 | {cell} |", f"a | b\n---|---\n{cell} | 1"):
        workbook = formulas_of(Document("T", text))
        assert workbook is not None
        assert any(each.is_formula for each in workbook.sheets[0].cells.values()), text


def test_what_holds_no_formula_is_not_laid_out_to_find_that() -> None:
    assert formulas_of(Document("T", "# Words\n\n| a | b |\n|---|---|\n| 1 | x = y |\n")) is None
    assert formulas_of(Document("T", "=1+1")) is None
    assert formulas_of(Table("T", ("a",), (("1",),))) is None
    assert formulas_of(Table("T", ("a",), (("=1",),))) is not None
    assert formulas_of(Code("T", (CodeFile("a.py", "python", "|=1"),))) is None


def test_a_document_without_tables_is_no_workbook() -> None:
    with pytest.raises(ExportFailed, match="the document has no tables"):
        publication(Document("T", "Words."), "T", {}, for_format=Format.XLSX)


def test_a_file_of_code_without_a_name_has_no_empty_heading() -> None:
    blocks = publication(
        Code("Script", (CodeFile("", "python", "x = 1"), CodeFile("b.py", "python", "y"))), "Script", {}
    )
    headings = [plain_text(block.inlines) for block in blocks.blocks if isinstance(block, Heading)]
    assert headings == ["Script", "b.py"]


@pytest.mark.parametrize("file_format", [Format.PDF, Format.DOCX, Format.XLSX, Format.HTML])
def test_every_file_says_when_it_was_made_and_names_no_author_who_is_none(tmp_path: Path, file_format: Format) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = publication(Table("T", ("A",), (("1",),)), "T", {}, for_format=file_format)
    path = tmp_path / f"a.{file_format}"
    exporter_for(file_format).write(made, path, lambda share: None)
    said = {
        Format.PDF: _of_pdf, Format.DOCX: _of_package, Format.XLSX: _of_package, Format.HTML: _of_html
    }[file_format](path)  # fmt: skip
    assert before <= said["created"] <= datetime.now(UTC)
    assert not said["author"]


def _of_package(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        root = etree.fromstring(archive.read("docProps/core.xml"))
    found = {etree.QName(element).localname: element.text or "" for element in root}
    return {"created": datetime.fromisoformat(found["created"]), "author": found.get("creator", "")}


def _of_html(path: Path) -> dict[str, Any]:
    root = html.fromstring(path.read_bytes())
    found = {element.get("name"): element.get("content", "") for element in root.iter("meta")}
    return {"created": datetime.fromisoformat(found["dcterms.created"]), "author": found.get("author", "")}


def _of_pdf(path: Path) -> dict[str, Any]:
    with pypdfium2.PdfDocument(path) as document:
        found = document.get_metadata_dict()
    date = found["CreationDate"].removeprefix("D:").replace("'", "").replace("Z", "+0000")
    return {"created": datetime.strptime(date[:19], "%Y%m%d%H%M%S%z"), "author": found["Author"]}


def test_what_stands_behind_a_text_with_a_title_is_a_chapter_like_the_others() -> None:
    appendix = (Heading(1, (Run("Provenance"),)), Heading(2, (Run("Calls"),)))

    def levels(markdown: str) -> list[int]:
        laid_out = publication(Document("T", markdown), "T", {}, appendix)
        assert laid_out.blocks[-2:] == laid_out.appendix
        return [block.level for block in laid_out.blocks if isinstance(block, Heading)]

    assert levels("# Title\n\n## One\n\n## Two\n") == [1, 2, 2, 2, 3]
    assert levels("# One\n\n# Two\n") == [1, 1, 1, 2]
    assert levels("Text\n") == [1, 2]


def test_columns_stand_where_most_of_their_cells_do() -> None:
    rows = (("a", "€ 5.00", "7", "2026-07-01"), ("b", "$6.00", "8", "2026-07-02"), ("c", "7.00", "2026-07-03", "9"))
    (_, table) = publication(Table("T", ("What", "Paid", "Count", "Due"), rows), "T", {}).blocks
    assert isinstance(table, TableBlock)
    assert table.alignments == (None, "right", "right", None)


def test_the_totals_and_sections_of_a_sheet_are_bold_and_hidden_rows_do_not_shift_them() -> None:
    texts = [("Item", "Sum"), ("Income", ""), ("gone", "5"), ("a", "1"), ("b", "2"), ("Total", "=SUM(B3:B5)")]
    cells = {(row, column): Cell(text) for row, pair in enumerate(texts) for column, text in enumerate(pair) if text}
    workbook = Workbook("T", (Sheet("S", cells, hidden=Hidden(rows=frozenset({2}))),))
    (table,) = (
        block for block in publication(workbook, "T", {"S": {(5, 1): 8}}).blocks if isinstance(block, TableBlock)
    )
    bold = [plain_text(row[0]) for row in table.rows if all(run.bold for cell in row for run in cell)]
    assert bold == ["Income", "Total"]


def test_a_workbook_of_a_texts_tables_says_that_the_text_is_not_in_it() -> None:
    table = "| a |\n|---|\n| 1 |\n"
    around = publication(Document("Report", f"# Report\n\nDear Bo,\n\n{table}"), "Report", {}, for_format=Format.XLSX)
    assert around.warnings == ("Only the tables of the document are in the file, not what stands around them.",)
    alone = publication(Document("Report", f"# Report\n\n{table}"), "Report", {}, for_format=Format.XLSX)
    assert alone.warnings == ()


@pytest.mark.parametrize(("text", "is_told"), [("# Report\n\n## One", True), ("# Report\n\n## One\n\n## Two", False)])
@pytest.mark.parametrize("file_format", [Format.PDF, Format.DOCX, Format.HTML])
def test_contents_that_too_few_headings_have_are_told(text: str, is_told: bool, file_format: Format) -> None:
    options = ExportOptions(contents=True)
    told = publication(Document("Report", text), "Report", {}, options=options, for_format=file_format).warnings
    assert [warning.startswith("Contents are left out") for warning in told] == [True] * is_told
