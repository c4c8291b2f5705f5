"""What the texts of a column say: whether they are numbers, in which order they come, what they add up to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import fsum

from forgeapp.domain.numbers import parse_number

NO_FIGURE = frozenset(("-", "–", "—", "n/a", "N/A", "n. a.", "k. A.", "?", "…"))
"""What stands for 'no figure' among figures."""
_SAMPLE = 60
_MOSTLY = 0.8
_MAX_SORTED_CHARS = 200
_COMMA = re.compile(r"\D*\d+(?:[. \u00a0\u202f'’]\d{3})*,(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:\.\d{3})+,\d+\D*")
_POINT = re.compile(r"\D*\d+(?:[, \u00a0\u202f'’]\d{3})*\.(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:,\d{3})+\.\d+\D*")
_MAX_NUMBER_CHARS = 64


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


def is_numeric(texts: Iterable[str]) -> bool:
    """Whether a column is one of numbers: most of its first filled cells are."""
    filled = list(islice((text for text in texts if text and text not in NO_FIGURE), _SAMPLE))
    if not filled:
        return False
    numbers = sum(parse_number(text) is not None or parse_number(text, True) is not None for text in filled)
    return numbers >= len(filled) * _MOSTLY


def writes_decimal_comma(texts: Iterable[str]) -> bool:
    """Whether ',' is the decimal mark, by the numbers that can be read in one way only."""
    commas = points = 0
    for text in texts:
        if len(text) <= _MAX_NUMBER_CHARS:
            if "," in text and _COMMA.fullmatch(text):
                commas += 1
            elif "." in text and _POINT.fullmatch(text):
                points += 1
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


def sorted_order(texts: Sequence[str], descending: bool = False) -> tuple[int, ...]:
    """Positions in their sorted order: numbers by value, then words, letter case and accents aside, blanks last.

    Equal ones keep their order. Descending turns numbers and words around, and leaves the blanks at the end.
    """
    comma = writes_decimal_comma(texts)
    numbers: list[tuple[float, int]] = []
    words: list[tuple[str, int]] = []
    blanks: list[int] = []
    for place, text in enumerate(texts):
        if not text.strip():
            blanks.append(place)
            continue
        number = parse_number(text, comma)
        if number is not None:
            numbers.append((number.value, place))
        else:
            words.append((_plain(text), place))
    numbers.sort(key=lambda entry: entry[0], reverse=descending)
    words.sort(key=lambda entry: entry[0], reverse=descending)
    kinds = ([place for _, place in words], [place for _, place in numbers])
    first, second = kinds if descending else reversed(kinds)
    return (*first, *second, *blanks)


def _plain(text: str) -> str:
    text = text[:_MAX_SORTED_CHARS].strip()
    if text.isascii():
        return text.casefold()
    apart = unicodedata.normalize("NFKD", text)
    return "".join(character for character in apart if not unicodedata.combining(character)).casefold()
