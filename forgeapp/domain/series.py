"""Cells carried on: what a fill handle writes when a few cells are drawn out over others.

1, 2 goes on with 3, 4; Jan with Feb; a date with the next day; 'Item 9' with 'Item 10'. Formulas move along. All else
is repeated.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from forgeapp.domain.dates import date_of
from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, Position, Sheet
from forgeapp.domain.workbook_edits import moved_cell

_ENGLISH_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_ENGLISH_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_CYCLES = (
    tuple(name[:3] for name in _ENGLISH_MONTHS),
    tuple(_ENGLISH_MONTHS),
    tuple(name[:3] for name in _ENGLISH_DAYS),
    tuple(_ENGLISH_DAYS),
    tuple("Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()),  # noqa: SIM905
    tuple("Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split()),  # noqa: SIM905
    tuple("janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()),  # noqa: SIM905
    tuple("lundi mardi mercredi jeudi vendredi samedi dimanche".split()),  # noqa: SIM905
    ("Q1", "Q2", "Q3", "Q4"),
)
_NUMBERED = re.compile(r"(?P<before>.{0,200}?)(?P<number>\d{1,9})(?P<after>\D{0,40})", re.DOTALL)
_LAST_DAY = 2_958_465


class Area(NamedTuple):
    """Rows `top` to `bottom` and columns `left` to `right`, all within."""

    top: int
    left: int
    bottom: int
    right: int


def drawn_out(sheet: Sheet, source: Area, target: Area, look: NumberLook = ENGLISH) -> dict[Position, Cell | None]:
    """The cells of `target` outside of `source`, carried on from `source`; one of the two directions is drawn out.

    `look`: how the workbook's numbers are written.
    """
    is_down = (source.left, source.right) == (target.left, target.right)
    filled: dict[Position, Cell | None] = {}
    if is_down:
        for column in range(source.left, source.right + 1):
            cells = [sheet.cells.get((row, column)) for row in range(source.top, source.bottom + 1)]
            for row in (*range(target.top, source.top), *range(source.bottom + 1, target.bottom + 1)):
                filled[row, column] = _carried(cells, row - source.top, True, look)
        return filled
    for row in range(source.top, source.bottom + 1):
        cells = [sheet.cells.get((row, column)) for column in range(source.left, source.right + 1)]
        for column in (*range(target.left, source.left), *range(source.right + 1, target.right + 1)):
            filled[row, column] = _carried(cells, column - source.left, False, look)
    return filled


def _carried(cells: Sequence[Cell | None], place: int, is_down: bool, look: NumberLook) -> Cell | None:
    """The cell `place` steps from the first of `cells`, which may be before it."""
    own = place % len(cells)
    cell = cells[own]
    if cell is None:
        return None
    if cell.is_formula:
        by = place - own
        return moved_cell(cell, by if is_down else 0, 0 if is_down else by)
    if cell.number is not None:
        number = _number_at(cells, place)
        return cell if number is None else _numbered(cell, number, look)
    if cell.format == TEXT_FORMAT:
        return cell
    text = _text_at(cells, place, own)
    return replace(cell, text=text) if text else cell


def _number_at(cells: Sequence[Cell | None], place: int) -> float | int | None:
    """None where the numbers are no series and are repeated."""
    numbers = [cell.number for cell in cells if cell is not None and cell.number is not None]
    if len(numbers) != len(cells):
        return None
    days = [number for number in numbers if isinstance(number, int)]
    are_dates = len(days) == len(cells) and all(_is_dated(cell) for cell in cells)
    if are_dates and (day := _date_at(days, place)) is not None:
        return day
    if len(numbers) == 1:
        return numbers[0] + place if are_dates else None
    step = numbers[1] - numbers[0]
    is_even = all(
        abs((after - before) - step) <= 1e-9 * max(abs(after), abs(before), 1) for before, after in pairwise(numbers)
    )
    if not is_even:
        return None
    found = numbers[0] + step * place
    return found if isinstance(found, int) else float(f"{found:.12g}")


def _is_dated(cell: Cell | None) -> bool:
    code = cell.format if cell else None
    return bool(code) and "y" in str(code).casefold()


def _date_at(days: Sequence[int], place: int) -> int | None:
    """The same day of the months that follow; None where the dates do not go by months."""
    if len(days) < 2 or not all(61 <= day <= _LAST_DAY for day in days):
        return None
    dates = [date_of(day) for day in days]
    months = [each.year * 12 + each.month - 1 for each in dates]
    step = months[1] - months[0]
    ends = [each.day == calendar.monthrange(each.year, each.month)[1] for each in dates]
    is_same_day = len({each.day for each in dates}) == 1
    if not step or not (is_same_day or all(ends)):
        return None
    if any(after - before != step for before, after in pairwise(months)):
        return None
    year, month = divmod(months[0] + step * place, 12)
    if not 1901 <= year <= 9999:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    day = min(dates[0].day, last) if is_same_day else last
    return days[0] + (date(year, month + 1, day) - dates[0]).days


def _numbered(cell: Cell, number: float | int, look: NumberLook) -> Cell:
    if _is_dated(cell) and isinstance(number, int) and 61 <= number <= _LAST_DAY:
        return replace(cell, text=date_of(number).isoformat(), number=number)
    text = f"{number:.15g}"
    if cell.format and "%" in cell.format:
        text = f"{number * 100:.12g}%"
    return replace(cell, text=look.marked(text), number=number)


def _text_at(cells: Sequence[Cell | None], place: int, own: int) -> str | None:
    texts = [cell.text if cell is not None else "" for cell in cells]
    for cycle in _CYCLES:
        folded = [name.casefold() for name in cycle]
        if all(text.casefold() in folded for text in texts):
            places = [folded.index(text.casefold()) for text in texts]
            step = (places[1] - places[0]) % len(cycle) if len(places) > 1 else 1
            if all((b - a) % len(cycle) == step for a, b in pairwise(places)):
                return _cased(cycle[(places[0] + step * place) % len(cycle)], texts[0])
            return None
    matches = [_NUMBERED.fullmatch(text) for text in texts]
    found = [match for match in matches if match is not None]
    if len(found) != len(texts) or len({(match["before"], match["after"]) for match in found}) != 1:
        return _numbered_alone(matches[own], place, own, len(texts))
    numbers = [int(match["number"]) for match in found]
    step = numbers[1] - numbers[0] if len(numbers) > 1 else 1
    if any(b - a != step for a, b in pairwise(numbers)):
        return None
    return _worded(found[0], numbers[0] + step * place)


def _numbered_alone(match: re.Match[str] | None, place: int, own: int, count: int) -> str | None:
    """Texts of several kinds: each goes on by itself."""
    return _worded(match, int(match["number"]) + (place - own) // count) if match is not None else None


def _worded(match: re.Match[str], number: int) -> str:
    digits = match["number"]
    width = len(digits) if digits.startswith("0") else 1
    return f"{match['before']}{abs(number):0{width}d}{match['after']}"


def _cased(name: str, like: str) -> str:
    if like.isupper():
        return name.upper()
    return name.lower() if like.islower() else name
