"""How an artifact is laid out for export."""

from __future__ import annotations

from forgeapp.domain.document import TableBlock
from forgeapp.domain.table import Table
from forgeapp.services.exporting.publishing import publication


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
