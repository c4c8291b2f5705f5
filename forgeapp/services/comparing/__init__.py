"""What changed between two contents, what becomes of them when only some of it is taken, and what of it still fits a
content that moved on."""

from __future__ import annotations

from forgeapp.services.comparing.comparison import Comparison, Fitted, compare, fitted
from forgeapp.services.comparing.hunks import (
    CellChange,
    Change,
    ColumnsChange,
    ColumnsOrderChange,
    FileChange,
    FormatChange,
    FreezeChange,
    HeaderChange,
    Hunk,
    KindChange,
    LanguageChange,
    LinesChange,
    OrderChange,
    RowsChange,
    RowsOrderChange,
    SheetChange,
    Span,
    TitleChange,
    WidthChange,
)
from forgeapp.services.comparing.words import Segment, Turn, words

__all__ = [
    "CellChange",
    "Change",
    "ColumnsChange",
    "ColumnsOrderChange",
    "Comparison",
    "FileChange",
    "Fitted",
    "FormatChange",
    "FreezeChange",
    "HeaderChange",
    "Hunk",
    "KindChange",
    "LanguageChange",
    "LinesChange",
    "OrderChange",
    "RowsChange",
    "RowsOrderChange",
    "Segment",
    "SheetChange",
    "Span",
    "TitleChange",
    "Turn",
    "WidthChange",
    "compare",
    "fitted",
    "words",
]
