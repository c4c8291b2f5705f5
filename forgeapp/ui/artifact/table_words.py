"""What types, sorting and filtering of columns are called, and the icons they have."""

from __future__ import annotations

from typing import Final

from forgeapp.domain.column_types import ColumnType
from forgeapp.ui.wording import tr

TYPE_ICONS: Final[dict[ColumnType, str]] = {
    ColumnType.TEXT: "type",
    ColumnType.INTEGER: "hash",
    ColumnType.DECIMAL: "decimals-arrow-right",
    ColumnType.CURRENCY: "banknote",
    ColumnType.PERCENT: "percent",
    ColumnType.DATE: "calendar",
}


def type_words(kind: ColumnType) -> str:
    return {
        ColumnType.TEXT: tr("Text"),
        ColumnType.INTEGER: tr("Whole numbers"),
        ColumnType.DECIMAL: tr("Decimal numbers"),
        ColumnType.CURRENCY: tr("Amounts of money"),
        ColumnType.PERCENT: tr("Percentages"),
        ColumnType.DATE: tr("Dates"),
    }[kind]


def sort_words(kind: ColumnType, is_descending: bool) -> str:
    """What the rows are like after it."""
    if kind is ColumnType.DATE:
        return tr("Newest first") if is_descending else tr("Oldest first")
    if kind.is_number:
        return tr("Largest first") if is_descending else tr("Smallest first")
    return tr("Z to A") if is_descending else tr("A to Z")
