"""A column of dates as people write them: 2024-01-15, 15.01.2024, 1/15/2024, 15 Jan 2024, January 15, 2024."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date

from forgeapp.domain.dates import ISO_FORMAT, serial_of

_EPOCH = date(1899, 12, 30).toordinal()
_MAX_CHARS = 32
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_DAY_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?[ -](?:de )?([^\W\d_]{3,10})\.?,?[ -](?:de )?(\d{4})")
_MONTH_DAY = re.compile(r"([^\W\d_]{3,10})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,10})\.?,?[ -](?:de )?(\d{4})")

# English, German, French, Spanish, Italian, Portuguese, Dutch; what begins one, from three letters on, is it.
_MONTHS = (
    "january januar jänner janvier enero gennaio janeiro januari",
    "february februar février fevrier febrero febbraio fevereiro februari",
    "march märz mrz mars marzo março maart",
    "april avril abril aprile",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho",
    "august août aout agosto augustus",
    "september septembre septiembre settembre setembro",
    "october oktober octobre octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december dezember décembre decembre diciembre dicembre dezembro",
)
_MONTH_OF = {
    name[:length]: number
    for number, names in enumerate(_MONTHS, 1)
    for name in names.split()
    for length in range(3, len(name) + 1)
}

Entry = tuple[int, str | None]


def read_dates(texts: Sequence[str]) -> dict[str, Entry] | None:
    """The serial (days since 30 December 1899) and the Excel format of each text, None where one is no date.

    Days and months in figures are told apart by the whole column: where 03/04/2024 could be either in all of it, it is
    no date. Only ISO dates have a format.
    """
    first = texts[0].strip()
    if len(first) > _MAX_CHARS:
        return None
    if _ISO.fullmatch(first):
        return _all(texts, _iso)
    if _YEAR_FIRST.fullmatch(first):
        return _all(texts, _year_first)
    if _YEAR_LAST.fullmatch(first):
        return _read_year_last(texts)
    return _all(texts, _worded) if _worded(first) is not None else None


def _all(texts: Sequence[str], read: Callable[[str], Entry | None]) -> dict[str, Entry] | None:
    found: dict[str, Entry] = {}
    for text in texts:
        if text not in found:
            entry = read(text.strip()) if len(text) <= _MAX_CHARS else None
            if entry is None:
                return None
            found[text] = entry
    return found


def _iso(text: str) -> Entry | None:
    serial = serial_of(text)
    return None if serial is None else (serial, ISO_FORMAT)


def _year_first(text: str) -> Entry | None:
    match = _YEAR_FIRST.fullmatch(text)
    return _dated(int(match[1]), int(match[3]), int(match[4])) if match else None


def _read_year_last(texts: Sequence[str]) -> dict[str, Entry] | None:
    parts: dict[str, tuple[int, int, int]] = {}
    mark = ""
    for text in texts:
        match = _YEAR_LAST.fullmatch(text.strip()) if len(text) <= _MAX_CHARS else None
        if match is None or (mark and match[2] != mark):
            return None
        mark = match[2]
        parts[text] = int(match[1]), int(match[3]), int(match[4])
    can_be_day_first = all(second <= 12 for _, second, _ in parts.values())
    can_be_month_first = all(first <= 12 for first, _, _ in parts.values())
    if mark == ".":  # nobody writes the month first with points
        can_be_month_first = False
    if can_be_day_first == can_be_month_first:
        return None
    found: dict[str, Entry] = {}
    for text, (first, second, year) in parts.items():
        day, month = (first, second) if can_be_day_first else (second, first)
        entry = _dated(year, month, day)
        if entry is None:
            return None
        found[text] = entry
    return found


def _worded(text: str) -> Entry | None:
    if match := _DAY_MONTH.fullmatch(text):
        day, name, year = match.groups()
    elif match := _MONTH_DAY.fullmatch(text):
        name, day, year = match.groups()
    elif match := _MONTH_YEAR.fullmatch(text):
        name, year = match.groups()
        day = "1"
    else:
        return None
    month = _MONTH_OF.get(name.casefold())
    return None if month is None else _dated(int(year), month, int(day))


def _dated(year: int, month: int, day: int) -> Entry | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH, None
    except ValueError:
        return None
