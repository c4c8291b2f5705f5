"""What changed between two contents, what becomes of them when only some of it is taken, and what of it still fits a
content that moved on."""

from __future__ import annotations

from forgeapp.services.comparing.comparison import Comparison, Fitted, compare, fitted
from forgeapp.services.comparing.hunks import (
    Block,
    CellChange,
    Change,
    ColumnsChange,
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
    SheetChange,
    Span,
    TitleChange,
    WidthChange,
)
from forgeapp.services.comparing.words import Segment, Turn, words

__all__ = [
    "Block",
    "CellChange",
    "Change",
    "ColumnsChange",
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
