"""Figures that stay text: a column of amounts of which some cannot be read as numbers is no sum in a spreadsheet."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from forgeapp.domain.column_dates import looks_dated
from forgeapp.domain.column_types import TEXT, Doubt, doubt_of, has_digit, is_blank, read_column
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.packed_cells import entries
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Position, Sheet, address, column_letters, is_formula

_SAMPLED_CELLS: Final = 100_000
_LOOKED_AT: Final = 200
"""Texts of a column by which it is seen whether they are figures at all."""
_FEWEST: Final = 3
"""Figures that make a column of them."""
_MOST_COLUMNS: Final = 5
_NAMED: Final = 3
_LONGEST_FIGURE: Final = 24
"""Characters; a longer text says more than a figure."""
_CHARS: Final = 24
_ABOUT: Final = re.compile(
    r"\s*(?:ca\.?|approx\.?|about|around|etwa|rund|ab|bis|env\.?|from|up to|[~≈<>≤≥+-])?\s*(?:[$€£]|[A-Z]{3})?\s*"
    r"\d[\d.,'’ \u00a0\u202f]*\s*[^\d]{0,8}",
    re.IGNORECASE,
)
"""'ca. 300', '950 EUR', '4 pcs': a figure with a little around it."""


class _Entry(NamedTuple):
    at: Position
    text: str


def told_of_mixed_columns(sheet: Sheet) -> Iterator[Text]:
    """Of each column that is mostly figures, the cells that stay text. Codes and dates are text on purpose."""
    texts: dict[int, list[_Entry]] = {}
    numbers: Counter[int] = Counter()
    header: dict[int, str] = {}
    for at, text, number, format_code in islice(entries(sheet.cells), _SAMPLED_CELLS):
        if number is not None:
            numbers[at[1]] += 1
        elif at[0] == 0 and sheet.has_header:
            header[at[1]] = text
        elif text and not is_formula(text, number, format_code):
            texts.setdefault(at[1], []).append(_Entry(at, text))
    told = 0
    for column, cells in sorted(texts.items()):
        name = header.get(column, "")
        odd = _odd_ones(cells, numbers[column], name)
        if odd and told < _MOST_COLUMNS:
            told += 1
            yield _words(sheet, column, name, odd, is_text=not numbers[column])


def _odd_ones(texts: Sequence[_Entry], numbers: int, name: str) -> list[_Entry]:
    """Those that keep figures text, or are text among numbers; [] where nothing is to be said."""
    if numbers:
        odd = [cell for cell in texts if _is_figure_like(cell.text)]
        return odd if len(odd) <= numbers else []
    if sum(map(_is_read, texts[:_LOOKED_AT])) * 2 < len(texts[:_LOOKED_AT]):
        return []
    cells = [cell for cell in texts if not is_blank(cell.text)]
    read = {cell.at for cell in cells if _is_read(cell)}
    doubt = doubt_of([cell.text for cell in cells], name)
    is_on_purpose = doubt is not None and doubt[0] in (Doubt.CODES, Doubt.DATES)
    # A phone number, a postcode: the name of the column says so.
    is_named_so = read_column(("1",), name) is TEXT
    if len(cells) < _FEWEST or len(read) * 2 < len(cells) or is_on_purpose or is_named_so:
        return []
    if len(read) < len(cells):
        return [cell for cell in cells if cell.at not in read]
    if doubt is not None:
        return [cell for cell in cells if cell.text == doubt[1]]
    shares = [cell for cell in cells if "%" in cell.text]
    return shares if len(shares) * 2 < len(cells) else [cell for cell in cells if "%" not in cell.text]


def _is_read(cell: _Entry) -> bool:
    text = cell.text
    return has_digit(text) and bool(parse_number(text) or parse_number(text, decimal_comma=True))


def _is_figure_like(text: str) -> bool:
    return len(text) <= _LONGEST_FIGURE and _ABOUT.fullmatch(text) is not None and not looks_dated(text)


def _words(sheet: Sheet, column: int, name: str, odd: Sequence[_Entry], *, is_text: bool) -> Text:
    listed = ", ".join(f"{address(cell.at)} '{cell.text[:_CHARS]}'" for cell in odd[:_NAMED])
    more = len(odd) - _NAMED
    shown = f"{listed} and {more:,} more" if more > 0 else listed
    where = f"{column_letters(column)} ({name[:_CHARS]})" if name else column_letters(column)
    if not is_text:
        template = "{sheet}: in column {column} these cells are text, not numbers: {cells}."
        return Text("xlsx_text_among_numbers", template, sheet=sheet.name, column=where, cells=shown)
    template = "{sheet}: column {column} is text, for not all of it can be read as numbers in one way: {cells}."
    return Text("xlsx_column_of_text", template, sheet=sheet.name, column=where, cells=shown)
