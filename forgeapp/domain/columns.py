"""The columns of a table: taken out of it, put in order, added up. What type they have says `column_types`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from math import fsum
from operator import itemgetter
from typing import Any

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.column_types import ColumnType, TypedColumn, decimal_marks, has_digit, is_blank, read_column
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.table import Table

_MAX_SORTED_CHARS = 200
_DIGITS = re.compile(r"\d+")
_RUN = 5_000
_REST_S = 0.001
_SAMPLED_ROWS = 200


@dataclass(frozen=True, slots=True)
class Tally:
    """What some cells come to. `cells` counts those with text, `numbers` those that are numbers.

    `decimals` is the most any of them is written with; `is_percent`: all are percentages, and `total` the sum of what
    they mean (12 % is 0.12).
    """

    cells: int
    numbers: int
    total: float
    decimals: int = 0
    is_percent: bool = False

    def __add__(self, other: Tally) -> Tally:
        """Of both: percentages only where all of both are."""
        kinds = {each.is_percent for each in (self, other) if each.numbers}
        return Tally(
            self.cells + other.cells,
            self.numbers + other.numbers,
            fsum((self.total, other.total)),
            max(self.decimals, other.decimals),
            kinds == {True},
        )

    @property
    def average(self) -> float:
        """0 where there is no number."""
        return self.total / self.numbers if self.numbers else 0.0


def writes_decimal_comma(texts: Iterable[str]) -> bool:
    """Whether ',' is the decimal mark, by the numbers that can be read in one way only."""
    commas, points = decimal_marks(texts)
    return commas > points


def tally(texts: Sequence[str], decimal_comma: bool | None = None) -> Tally:
    """Of cells that may come from several columns; the decimal mark is found out where it is not given."""
    comma = writes_decimal_comma(texts) if decimal_comma is None else decimal_comma
    filled = decimals = percents = 0
    values: list[float | int] = []
    for text in texts:
        if not text:
            continue
        filled += 1
        number = parse_number(text, comma)
        if number is None:
            continue
        values.append(number.value)
        form = number.format or ""
        percents += form.endswith("%")
        fraction = form.partition(".")[2]
        decimals = max(decimals, fraction.count("0"))
    return Tally(filled, len(values), fsum(values), decimals, bool(values) and percents == len(values))


class TableColumns:
    """The columns of one table, each taken out of its rows once: what is typed, sorted or filtered by reads these.

    Belongs to that very table; may be read by several threads. `kept`: columns known to be the same in another table.
    """

    def __init__(self, table: Table, kept: TableColumns | None = None, changed: Collection[int] = ()) -> None:
        self.table = table
        self._texts: dict[int, tuple[str, ...]] = {}
        self._typed: dict[int, TypedColumn] = {}
        self._guessed: dict[int, TypedColumn] = {}
        self._comma_habit: bool | None = None
        if kept is not None:
            self._comma_habit = kept._comma_habit
            self._texts.update({at: texts for at, texts in kept._texts.items() if at not in changed})
            self._typed.update({at: typed for at, typed in kept._typed.items() if at not in changed})
            self._guessed.update({at: typed for at, typed in kept._guessed.items() if at not in changed})

    def texts(self, column: int) -> tuple[str, ...]:
        found = self._texts.get(column)
        if found is None:
            found = self._texts[column] = tuple(map(itemgetter(column), self.table.rows))
        return found

    def typed(self, column: int) -> TypedColumn:
        """By all of its cells; for a long column the work of a tenth of a second."""
        found = self._typed.get(column)
        if found is None:
            found = read_column(self.texts(column), self.table.columns[column], self._writes_comma())
            self._typed[column] = self._guessed[column] = found
        return found

    def type_of(self, column: int) -> ColumnType:
        """At once: by some cells from all over the column, unless all of them were looked at already."""
        found = self._guessed.get(column)
        if found is None:
            if len(self.table.rows) <= _SAMPLED_ROWS:
                return self.typed(column).type
            texts = [row[column] for row in self._sampled(_SAMPLED_ROWS)]
            found = self._guessed[column] = read_column(texts, self.table.columns[column], self._writes_comma())
        return found.type

    def _sampled(self, count: int) -> list[tuple[str, ...]]:
        rows = self.table.rows
        head = rows[: count // 2]
        rest = len(rows) - len(head)
        return [*head, *rows[len(head) :: max(rest // (count // 2), 1)]]

    def _writes_comma(self) -> bool:
        """The decimal mark of a column that does not say is that of the others."""
        if self._comma_habit is None:
            cells = (cell for row in self._sampled(_SAMPLED_ROWS // 4) for cell in row)
            self._comma_habit = writes_decimal_comma(cells)
        return self._comma_habit


def sorted_order(
    texts: Sequence[str],
    descending: bool = False,
    column: TypedColumn | None = None,
    rows: Sequence[int] | None = None,
    cancel: CancelToken | None = None,
) -> list[int]:
    """Positions in their sorted order: figures by value, then words, letter case and accents aside, blanks last.

    Equal ones keep their order. Descending turns figures and words around, and leaves the blanks at the end. Digits in
    words count by value ('item 2' before 'item 10'). `column`: what is known of it; without it all are words or
    numbers as they come. `rows`: these positions only. With `cancel` it rests between its pieces, so that another
    thread can go on; raises Cancelled.
    """
    known = read_column(texts) if column is None else column
    figures: list[int] = []
    words: list[int] = []
    blanks: list[int] = []
    values = known.values or _values_among_words(texts)
    for row in range(len(texts)) if rows is None else rows:
        if values and values[row] is not None:
            figures.append(row)
        elif not texts[row].strip() or (known.values and is_blank(texts[row])):
            blanks.append(row)
        else:
            words.append(row)
    _sort(figures, values, descending, cancel)
    _sort(words, {row: _word_key(texts[row]) for row in words}, descending, cancel)
    return [*words, *figures, *blanks] if descending else [*figures, *words, *blanks]


def _values_among_words(texts: Sequence[str]) -> Sequence[float | int | None]:
    """Numbers between words still come by value, where everything with a digit is one; () where that is not so."""
    comma = writes_decimal_comma(texts)
    values: list[float | int | None] = []
    has_words = False
    for text in texts:
        if not has_digit(text):
            values.append(None)
            has_words = has_words or not is_blank(text)
            continue
        number = parse_number(text, comma)
        if number is None:
            return ()
        values.append(number.value)
    return values if has_words else ()


def _sort(rows: list[int], keys: Any, descending: bool, cancel: CancelToken | None) -> None:
    """In runs that are merged bit by bit: sorting all at once would hold up every other thread."""
    key = keys.__getitem__
    if cancel is None or len(rows) <= _RUN:
        rows.sort(key=key, reverse=descending)
        return
    runs: list[list[int]] = []
    for start in range(0, len(rows), _RUN):
        runs.append(sorted(rows[start : start + _RUN], key=key, reverse=descending))
        cancel.wait(_REST_S)
    merged = merge(*runs, key=key, reverse=descending)
    for start in range(0, len(rows), _RUN):
        rows[start : start + _RUN] = islice(merged, _RUN)
        cancel.wait(_REST_S)


def _word_key(text: str) -> str:
    text = folded(text[:_MAX_SORTED_CHARS])
    return _DIGITS.sub(_padded, text) if _DIGITS.search(text) else text


def _padded(digits: re.Match[str]) -> str:
    plain = digits[0].lstrip("0")
    return f"{len(plain):03}{plain}"


def folded(text: str) -> str:
    """The text without letter case and accents, to be compared."""
    text = text.strip()
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()
