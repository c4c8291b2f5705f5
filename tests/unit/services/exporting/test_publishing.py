"""How an artifact is laid out for export."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document, TableBlock
from forgeapp.domain.table import Table
from forgeapp.errors import ExportFailed
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
