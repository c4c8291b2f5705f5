"""How numbers and dates look where their format leaves that open: the marks between digits, the parts of a date.

Codes of number formats are English in every file ('#,##0.00'); a program shows them as its user's country does:
1.234,56 in Germany. The marks of countries are those of Unicode's CLDR 44, but for two signs that every program and
font has: a hard blank for the narrow one, and dates with four-digit years.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Final

from forgeapp.domain.dates import ISO_FORMAT

_DATE: Final = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
DIGITS: Final = re.compile("[0-9][0-9.,'’\u00a0\u202f ]*[0-9]")
"""Those of a number with the marks between them, whatever the look."""
_ALIKE: Final = str.maketrans({"'": "’", "\u202f": "\u00a0", " ": "\u00a0"})


@dataclass(frozen=True)
class NumberLook:
    """`decimal` and `grouping`: the marks of 1,234.56. `dates`: the order of a date's parts and what stands between
    them, 'd.m.y'; '' where that is not known. `language`: of the names of months and days (BCP 47, without a region).
    """

    decimal: str = "."
    grouping: str = ","
    dates: str = ""
    language: str = "en"

    @property
    def decimal_comma(self) -> bool:
        return self.decimal == ","

    @property
    def date_mark(self) -> str:
        return self.dates[1] if self.dates else "/"

    @property
    def date_code(self) -> str:
        """The format code of a date in this look, shown alike wherever it is read: 'dd.mm.yyyy', 'mm\\/dd\\/yyyy'.
        That of ISO 8601 where the order is not known."""
        if not self.dates:
            return ISO_FORMAT
        parts = {"d": "dd", "m": "mm", "y": "yyyy"}
        mark = "\\/" if self.date_mark == "/" else self.date_mark
        return mark.join(parts[part] for part in self.dates[::2])

    def marked(self, number: str) -> str:
        """'1,234.56' in these marks."""
        return number if self.decimal == "." and self.grouping == "," else number.translate(self._table)

    def writes(self, text: str) -> bool:
        """Whether a number is written in these marks, or without any: '1.234,50 €' and '1234' in a look of commas."""
        if self._number.fullmatch(text):
            return True
        found = DIGITS.search(text)
        return found is None or self._digits.fullmatch(found[0].translate(_ALIKE)) is not None

    def read(self, digits: str) -> tuple[float, bool] | None:
        """What digits in these marks mean, and whether they are grouped; None where they are no such number."""
        digits = digits.translate(_ALIKE)
        match = self._digits.fullmatch(digits)
        if match is None:
            return None
        return float(digits.replace(self.grouping, "").replace(self.decimal, ".")), match["grouped"] is not None

    def iso_date(self, text: str) -> str | None:
        """'31.12.2026', a date as it is typed in this look, in the form of ISO 8601; None for anything else. What is
        no day of the calendar is not found out."""
        match = _DATE.fullmatch(text)
        if match is None or not self.dates or match[2] != self.date_mark:
            return None
        parts = dict(zip(self.dates[::2], match.group(1, 3, 4), strict=True))
        if len(parts["y"]) != 4 or len(parts["d"]) > 2 or len(parts["m"]) > 2:
            return None
        return f"{parts['y']}-{parts['m']:0>2}-{parts['d']:0>2}"

    def date_text(self, day: date) -> str:
        """A date as it is typed in this look; that of ISO 8601 where the order is not known."""
        parts = {"d": f"{day.day:02}", "m": f"{day.month:02}", "y": f"{day.year:04}"}
        return self.date_mark.join(parts[part] for part in self.dates[::2]) if self.dates else day.isoformat()

    @cached_property
    def _table(self) -> dict[int, str]:
        return str.maketrans({",": self.grouping, ".": self.decimal})

    @cached_property
    def _digits(self) -> re.Pattern[str]:
        grouping, decimal = re.escape(self.grouping), re.escape(self.decimal)
        # Two digits between marks as in India: 12,34,567.
        grouped = rf"[1-9]\d{{0,2}}(?:{grouping}\d{{2}})*{grouping}\d{{3}}(?:{grouping}\d{{3}})*"
        return re.compile(rf"(?:(?P<grouped>{grouped})|\d+)(?:{decimal}\d+)?", re.ASCII)

    @cached_property
    def _number(self) -> re.Pattern[str]:
        """Most numbers at one go: nothing but a currency or a sign around the digits."""
        return re.compile(rf"[^0-9.,'’]{{0,8}}{self._digits.pattern}[^0-9.,'’]{{0,8}}", re.ASCII)


ENGLISH: Final = NumberLook()
LOOKS: Final[Mapping[str, NumberLook]] = {
    "point": ENGLISH,
    "comma": NumberLook(",", ".", "d.m.y"),
    "space": NumberLook(",", "\u00a0", "d/m/y"),
    "apostrophe": NumberLook(".", "’", "d.m.y"),
}
"""1,234.56, 1.234,56, 1 234,56 and 1’234.56, by the names a setting has for them."""

_COUNTRIES: Final = """
1,234.56 m/d/y en es-US es-PR
1,234.56 d/m/y en-AU en-GB en-HK en-IE en-IN en-NZ en-SG ar es-DO es-GT es-HN es-MX es-NI es-PE es-SV hi ms th
1,234.56 y/m/d fa ja zh
1,234.56 y-m-d en-CA
1,234.56 y.m.d ko
1,234.56 d.m.y he
1.234,56 d.m.y bs da de hr mk ro sl sr tr
1.234,56 d/m/y ca el es gl id it nl-BE pt vi
1.234,56 d-m-y nl
1\u00a0234,56 d.m.y be bg cs et fi fr-CH hy ka kk lv nb nn no pl ru sk uk
1\u00a0234,56 d/m/y fr pt-PT
1\u00a0234,56 y-m-d fr-CA lt sv
1\u00a0234,56 y.m.d hu
1\u00a0234,56 y/m/d en-ZA
1’234.56 d.m.y de-CH de-LI it-CH
"""


@lru_cache(maxsize=1)
def _looks() -> Mapping[str, NumberLook]:
    found: dict[str, NumberLook] = {}
    for line in _COUNTRIES.strip().split("\n"):
        number, dates, *tags = line.split(" ")
        found |= {tag: NumberLook(number[5], number[1], dates, tag.partition("-")[0]) for tag in tags}
    return found


def look_of_language(tag: str) -> NumberLook | None:
    """That of 'de-AT', else of 'de'; None for a language whose numbers are not known."""
    return _looks().get(tag) or _looks().get(tag.partition("-")[0])


@dataclass(frozen=True, slots=True)
class NumberLooks:
    """What decides on the look of a content's numbers: all have `chosen`; without one the content says it itself, and
    where it does not, it is `usual`."""

    chosen: NumberLook | None = None
    usual: NumberLook = ENGLISH


BY_CONTENT: Final = NumberLooks()
"""On a system of no language."""
