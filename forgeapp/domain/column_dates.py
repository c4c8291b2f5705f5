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

_MARKS = {"-": "-", ".": ".", "/": "\\/"}
"""A bare slash stands for whatever parts a date where the file is read."""
_IN_ENGLISH = "[$-409]"
_LETTERS = re.compile(r"[^\W\d_]+")
_FIRST_SURE = 61

Entry = tuple[int, str | None]


def read_dates(texts: Sequence[str]) -> dict[str, Entry] | None:
    """The serial (days since 30 December 1899) and the Excel format of each text, None where one is no date.

    Days and months in figures are told apart by the whole column: where 03/04/2024 could be either in all of it, it is
    no date. A format shows the date as written, whatever the language of the program that reads it; none is for months
    named in other languages than English, and for days before 1 March 1900, on which spreadsheets disagree.
    """
    first = texts[0].strip()
    if len(first) > _MAX_CHARS:
        return None
    if _ISO.fullmatch(first):
        return _all(texts, _iso)
    if _YEAR_FIRST.fullmatch(first):
        return _read_year_first(texts)
    if _YEAR_LAST.fullmatch(first):
        return _read_year_last(texts)
    return _all(texts, _worded) if _worded(first) is not None else None


def looks_dated(text: str) -> bool:
    """Whether it is a date by itself, if perhaps one of which nobody can say which figures are the month."""
    text = text.strip()
    if len(text) > _MAX_CHARS:
        return False
    return bool(_YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text)) or _worded(text) is not None


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


def _read_year_first(texts: Sequence[str]) -> dict[str, Entry] | None:
    parts: dict[str, re.Match[str]] = {}
    for text in texts:
        match = _YEAR_FIRST.fullmatch(text.strip()) if len(text) <= _MAX_CHARS else None
        if match is None:
            return None
        parts[text] = match
    is_padded = any("0" in (month[0], day[0]) for _, _, month, day in (match.groups() for match in parts.values()))
    found: dict[str, Entry] = {}
    for text, match in parts.items():
        year, mark, month, day = match.groups()
        form = f"yyyy{_MARKS[mark]}{_figures('m', month, is_padded)}{_MARKS[mark]}{_figures('d', day, is_padded)}"
        entry = _dated(int(year), int(month), int(day), form)
        if entry is None:
            return None
        found[text] = entry
    return found


def _figures(letter: str, digits: str, is_padded: bool) -> str:
    return letter * 2 if is_padded and len(digits) == 2 else letter


def _read_year_last(texts: Sequence[str]) -> dict[str, Entry] | None:
    parts: dict[str, tuple[str, str, str]] = {}
    mark = ""
    for text in texts:
        match = _YEAR_LAST.fullmatch(text.strip()) if len(text) <= _MAX_CHARS else None
        if match is None or (mark and match[2] != mark):
            return None
        mark = match[2]
        parts[text] = match[1], match[3], match[4]
    can_be_day_first = all(int(second) <= 12 for _, second, _ in parts.values())
    can_be_month_first = all(int(first) <= 12 for first, _, _ in parts.values())
    is_padded = any("0" in (first[0], second[0]) for first, second, _ in parts.values())
    if mark == ".":  # nobody writes the month first with points
        can_be_month_first = False
    if can_be_day_first == can_be_month_first:
        return None
    found: dict[str, Entry] = {}
    for text, (first, second, year) in parts.items():
        day, month = (first, second) if can_be_day_first else (second, first)
        letters = "dm" if can_be_day_first else "md"
        figures = [_figures(letter, digits, is_padded) for letter, digits in zip(letters, (first, second), strict=True)]
        entry = _dated(int(year), int(month), int(day), _MARKS[mark].join((*figures, "yyyy")))
        if entry is None:
            return None
        found[text] = entry
    return found


def _worded(text: str) -> Entry | None:
    for pattern, order in ((_DAY_MONTH, "dmy"), (_MONTH_DAY, "mdy"), (_MONTH_YEAR, "my")):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        part = dict(zip(order, match.groups(), strict=True))
        month = _MONTH_OF.get(part["m"].casefold())
        if month is None:
            return None
        codes = {
            "d": "dd" if part.get("d", "").startswith("0") else "d",
            "m": _name_code(part["m"], month),
            "y": "yyyy",
        }
        form, end = _IN_ENGLISH, 0
        for group, letter in enumerate(order, 1):
            form += _LETTERS.sub(r'"\g<0>"', text[end : match.start(group)]) + codes[letter]
            end = match.end(group)
        return _dated(int(part["y"]), month, int(part.get("d", 1)), form if codes["m"] else None)
    return None


def _name_code(name: str, month: int) -> str:
    """'' for one that English spreadsheets write otherwise."""
    english = _MONTHS[month - 1].partition(" ")[0].capitalize()
    return "mmmm" if name == english else "mmm" if name == english[:3] else ""


def _dated(year: int, month: int, day: int, form: str | None) -> Entry | None:
    try:
        serial = date(year, month, day).toordinal() - _EPOCH
    except ValueError:
        return None
    return serial, form if serial >= _FIRST_SURE else None
