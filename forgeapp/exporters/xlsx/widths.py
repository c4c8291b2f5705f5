"""How wide columns are: as wide as what is shown in them, numbers under their formats; in characters.

Sections, literals and placeholders are those of ECMA-376 part 1, 18.8.31. Not here: the very text of a number
(`sheets.display`), which the widths of a million cells cannot wait for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from forgeapp.domain.workbook import GENERAL, Position
from forgeapp.exporters.xlsx.cells import MAX_WIDTH, text_width
from forgeapp.exporters.xlsx.sheets import PlannedSheet

_MIN_WIDTH = 8
_MAX_ASKED_WIDTH = 255
_BUTTON = 3
"""Characters that a filter's button takes from the name of a column."""
_BOLDER = _WITH_SIGNS = 1.05
"""So much wider are bold letters, and currencies and signs than the digits that widths are counted in."""

_GENERAL_CHARS = 11
_BOOLEAN_CHARS = 5
_LONGEST_PLAIN = 1e15
"""Larger numbers have no more digits than a file holds, but their places count."""
_PIECE = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*.|\[\$(?P<symbol>[^\]-]*)[^\]]*\]|\[(?P<elapsed>[hms]+)\]'
    r"|\[(?P<condition>[<>=][^\]]*)\]|\[[^\]]*\]|(?P<general>general)|(?P<ampm>am/pm|a/p)|(?P<date>y+|m+|d+|h+|s+)"
    r"|(?P<exponent>e[+-])|(?P<digits>[0#?]+)|(?P<end>;)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NAMES = {"mmm": 3, "mmmm": 9, "ddd": 3, "dddd": 9}
_ELAPSED_CHARS = 7


class Widths:
    """Of the columns of a sheet, gathered cell by cell."""

    def __init__(self, plan: PlannedSheet) -> None:
        self._plan = plan
        self._widest: dict[int, int] = {}
        self._numbers: dict[int, int] = {}

    def take_text(self, at: Position, width: int) -> None:
        if at not in self._plan.notes:
            self._take(at, width, self._widest)

    def take_value(self, at: Position, value: float | int | str | bool, format_code: str | None) -> None:
        """One that was typed or computed."""
        width = shown_width(value, format_code)
        self._take(at, width, self._widest)
        if format_code is not None and not isinstance(value, str | bool):
            self._take(at, width, self._numbers)

    def _take(self, at: Position, width: int, widest: dict[int, int]) -> None:
        row, column = at
        if self._plan.role(row):
            width = ceil(width * _BOLDER)
        if row == 0 and width and self._plan.filter is not None:
            width += _BUTTON
        if width > widest.get(column, 0):
            widest[column] = width

    @property
    def columns(self) -> dict[int, float]:
        """Those the sheet asks for, where no number would be hidden behind '###', the others fitted to what is widest
        in them."""
        sheet = self._plan.sheet
        widths: dict[int, float] = dict.fromkeys(sheet.hidden.columns, _MIN_WIDTH)
        for column, width in self._widest.items():
            widths[column] = max(_fitted(width, column in self._plan.figures), _MIN_WIDTH)
        for column, asked in sheet.widths.items():
            needed = _fitted(self._numbers[column], True) if column in self._numbers else 1
            widths[column] = max(min(asked, _MAX_ASKED_WIDTH), needed)
        return widths


def _fitted(width: int, is_figures: bool) -> int:
    """Figures stand a little in from the right."""
    wide = ceil(width * _WITH_SIGNS) + 1 if is_figures else width
    return min(wide + 1, MAX_WIDTH)


@dataclass(slots=True)
class _Section:
    """`around`: characters beside the digits; `marks`: points and commas; `places`: digits that are always shown before
    the point."""

    around: int = 0
    marks: int = 0
    places: int = 0
    decimals: int = 0
    percents: int = 0
    is_grouped: bool = False
    is_general: bool = False
    is_dated: bool = False
    is_conditional: bool = False
    has_digits: bool = False
    has_fraction: bool = False
    has_exponent: bool = False

    def width(self, value: float | int) -> int:
        """Without a sign."""
        if self.is_dated or not (self.has_digits or self.is_general):
            return self.around + self.marks
        if self.is_general:
            return self.around + _general_width(value)
        if self.has_exponent:
            return self.around + max(self.places, 1) + (self.decimals + 1 if self.decimals else 0)
        size = abs(value) * 100**self.percents
        if size >= _LONGEST_PLAIN:
            digits = len(f"{size:.0f}") if size < float("inf") else 1
        else:
            digits = len(f"{size:.{self.decimals}f}") - (self.decimals + 1 if self.decimals else 0)
        digits = digits + self.places if self.has_fraction else max(digits, self.places)
        commas = (digits - 1) // 3 if self.is_grouped else 0
        return self.around + digits + commas + (self.decimals + 1 if self.decimals else 0)


def shown_width(value: float | int | str | bool, format_code: str | None) -> int:
    """About as many characters as a typed or computed value is shown with."""
    if isinstance(value, bool):
        return _BOOLEAN_CHARS
    if isinstance(value, str):
        return text_width(value)
    if format_code is None or format_code == GENERAL:
        return _general_width(value)
    sections = _sections(format_code)
    if any(section.is_conditional for section in sections):
        return 1 + max(section.width(value) for section in sections)
    if value < 0 and len(sections) > 1:
        return sections[1].width(value)
    if value == 0 and len(sections) > 2:
        return sections[2].width(value)
    return sections[0].width(value) + (value < 0)


def _general_width(value: float | int) -> int:
    return min(len(f"{value}"), _GENERAL_CHARS + (value < 0))


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    sections = [_Section()]
    is_behind_point = False
    for match in _PIECE.finditer(code):
        section, text = sections[-1], match[0]
        match match.lastgroup:
            case "quoted" | "escaped" | "symbol":
                section.around += text_width(match[match.lastgroup])
            case "space":
                section.around += 1
            case "condition":
                section.is_conditional = True
            case "general":
                section.is_general = True
            case "elapsed":
                section.is_dated = True
                section.around += _ELAPSED_CHARS
            case "ampm":
                section.is_dated = True
                section.around += 2
            case "date":
                section.is_dated = True
                section.around += _NAMES.get(text.casefold(), 4 if text[0] in "yY" and len(text) > 2 else 2)
            case "exponent":
                section.has_exponent = True
                section.around += 3
            case "digits":
                section.has_digits = True
                if section.is_dated or section.has_fraction:
                    section.around += len(text)
                elif is_behind_point:
                    section.decimals += len(text)
                else:
                    section.places += len(text) - text.count("#")
            case "end":
                sections.append(_Section())
                is_behind_point = False
            case "other":
                is_behind_point = is_behind_point or text == "."
                section.is_grouped = section.is_grouped or text == ","
                section.has_fraction = section.has_fraction or text == "/"
                section.percents += text == "%"
                section.marks += text in ".,"
                section.around += text not in ".,"
            case _:
                pass
    return tuple(sections)
