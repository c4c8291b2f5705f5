"""How Excel shows a value under a number format.

The codes are those of ECMA-376 part 1, 18.8.31, in the English spelling files use; the width of a cell is not regarded.
What they leave open is the `NumberLook`'s: the marks between digits, what a bare '/' parts a date with, and the names
of months and days, where the code names no language ('[$-407]') itself. Not here: the calendars and digits of other
locales.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.domain.workbook import CellError, Value
from forgeapp.sheets.date_names import day_name, language_of_locale, month_name
from forgeapp.sheets.fractions import FractionCode, fraction_code, fraction_text

_MAX_CODE_CHARS = 255
_PIECE = re.compile(
    r"""(?P<text>"[^"]*"|\\.|_.|\*.)
    |(?P<bracket>\[[^\]]*\])
    |(?P<general>general)
    |(?P<ampm>am/pm|a/p)
    |(?P<date>y+|m+|d+|h+|s+)
    |(?P<exponent>e[+-])
    |(?P<digits>[0#?]+)
    |(?P<at>@)
    |(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_COLORS = re.compile(r"\[(?:black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]", re.IGNORECASE)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)\]")
_EXCEL_EPOCH = datetime(1899, 12, 30)
_LAST_DAY = 2_958_466
"""The serial after 9999-12-31."""
_EXACT = Context(prec=309 + 3 * _MAX_CODE_CHARS, rounding=ROUND_HALF_UP)
"""Digits for the largest number under the longest code: two more for each '%', one for each decimal."""


def display(value: Value, format_code: str | None, look: NumberLook = ENGLISH) -> str:
    """The text Excel shows for `value`: 1234.5 under '#,##0.00' is '1,234.50'. A broken code counts as General.

    `look`: as an Excel shows it that is set to a country which writes 1.234,50.
    """
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _text(value, format_code)
    if not abs(value) <= sys.float_info.max:
        return "#NUM!"
    sections = _sections(format_code) if format_code else ()
    if not sections:
        return look.marked(general(value))
    section, shown = _section_for(value, sections)
    if section is None:
        return "#" * 8
    if section.kind == "general":
        sign = "-" if shown < 0 else ""
        return sign + section.text_around(look.marked(general(abs(shown))))
    if section.kind == "date":
        return _date(shown, section, look)
    if section.kind == "text":
        return section.text_around(look.marked(general(value)))
    if section.fraction is not None:
        return look.marked(fraction_text(_exact(abs(shown)), shown < 0, section.fraction))
    return _number(shown, section, look)


def general(value: float | int) -> str:
    """A number under General: 1/3 is '0.333333333', 1e11 is '1E+11'.

    It has at most eleven characters beside its sign, twelve where the exponent has three digits.
    """
    if value == 0:
        return "0"
    size = abs(value)
    sign = "-" if value < 0 else ""
    magnitude = Decimal(repr(float(size))).adjusted() if size < 1e300 else 300
    if isinstance(value, int) and magnitude <= 10:
        return f"{value}"
    size = float(size)
    if -4 <= magnitude <= -1:
        text = _trimmed(f"{size:.{10 + magnitude}g}")
    elif abs(magnitude) <= 9:
        text = _trimmed(f"{size:.12f}")
        if len(text) > 11:
            text = _trimmed(f"{size:.10g}")
        if len(text) > 11 or "e" in text:
            text = f"{size:.5e}"
    elif magnitude == 10:
        text = f"{size:.0f}"
        text = text if len(text) <= 11 else f"{size:.5e}"
    else:
        text = f"{size:.5e}"
    return sign + _scientific(text) if "e" in text else sign + text


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text


def _scientific(text: str) -> str:
    """'1.23400e-05' -> '1.234E-05'."""
    mantissa, _, exponent = text.partition("e")
    return f"{_trimmed(mantissa)}E{int(exponent):+03d}"


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the parts a code is cut into by ';'. `pieces`: (kind, text), literals already without their quotes.
    `language`: the one it names itself, else ''."""

    kind: str
    pieces: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None = None
    fraction: FractionCode | None = None
    language: str = ""

    @property
    def is_for_negatives(self) -> bool:
        """Whether its condition says already that a number is negative."""
        if self.condition is None:
            return False
        operator, limit = self.condition
        return (operator == "<" and limit <= 0) or (operator in ("<=", "=") and limit < 0)

    def text_around(self, shown: str) -> str:
        return "".join(shown if kind in ("general", "at") else text for kind, text in self.pieces)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    """The sections of a code, () where it is General or cannot be read."""
    if len(code) > _MAX_CODE_CHARS or not code.strip() or code.strip().casefold() == "general":
        return ()
    sections: list[list[tuple[str, str]]] = [[]]
    for match in _PIECE.finditer(code):
        kind, text = match.lastgroup or "other", match[0]
        if kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].append((kind, text))
    if len(sections) > 4:
        return ()
    return tuple(_section(pieces) for pieces in sections)


def _section(raw: list[tuple[str, str]]) -> _Section:
    pieces: list[tuple[str, str]] = []
    condition: tuple[str, float] | None = None
    language = ""
    for kind, text in raw:
        if kind == "text":
            if text[0] == '"':
                pieces.append(("literal", text[1:-1]))
            elif text[0] == "\\":
                pieces.append(("literal", text[1:]))
            elif text[0] == "_":
                pieces.append(("literal", " "))
        elif kind == "bracket":
            match = _CONDITION.fullmatch(text)
            if match:
                condition = (match[1], float(match[2]))
            elif re.fullmatch(r"\[(?:h+|m+|s+)\]", text, re.IGNORECASE):
                pieces.append(("elapsed", text[1:-1].lower()))
            elif text.startswith("[$"):
                symbol, _, locale = text[2:-1].partition("-")
                pieces.append(("literal", symbol))
                language = language_of_locale(locale) or language
            elif not _COLORS.fullmatch(text):
                pieces.append(("literal", text))
        else:
            pieces.append((kind, text))
    kinds = {kind for kind, _ in pieces}
    if ("other", "/") in pieces and "digits" in kinds and not kinds & {"date", "elapsed"}:
        fraction = fraction_code(pieces)
        whole = _Section("general", (("general", ""),), condition)
        return whole if fraction is None else _Section("fraction", tuple(pieces), condition, fraction)
    if kinds & {"date", "elapsed", "ampm"}:
        return _Section("date", tuple(_with_minutes(pieces)), condition, language=language)
    if "general" in kinds:
        return _Section("general", tuple(pieces), condition)
    if "at" in kinds:
        return _Section("text", tuple(pieces), condition)
    return _Section("number", tuple(pieces), condition)


def _with_minutes(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """'m' after hours or before seconds means minutes."""
    result = [(kind, text.lower() if kind == "date" else text) for kind, text in pieces]
    times = [i for i, (kind, _) in enumerate(result) if kind in ("date", "elapsed")]
    for order, index in enumerate(times):
        if result[index] in (("date", "m"), ("date", "mm")):
            before = result[times[order - 1]][1] if order else ""
            after = result[times[order + 1]][1] if order + 1 < len(times) else ""
            if before.startswith("h") or after.startswith("s"):
                result[index] = ("minutes", result[index][1])
    return result


def _section_for(value: float | int, sections: tuple[_Section, ...]) -> tuple[_Section | None, float | int]:
    """The section a number falls into, and the number as that section shows it: two sections show size alone."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or _holds(value, *section.condition):
                return section, abs(value) if section.is_for_negatives else value
        return None, value
    count = len([section for section in sections if section.kind != "text"]) if len(sections) > 1 else 1
    if value < 0 and count >= 2:
        return sections[1], -value
    if value == 0 and count >= 3:
        return sections[2], value
    return sections[0], value


def _holds(value: float | int, operator: str, limit: float) -> bool:
    match operator:
        case "<":
            return value < limit
        case ">":
            return value > limit
        case "<=":
            return value <= limit
        case ">=":
            return value >= limit
        case "=":
            return value == limit
        case _:
            return value != limit


def _text(value: str, format_code: str | None) -> str:
    sections = _sections(format_code) if format_code else ()
    for section in sections[-1:] if len(sections) in (1, 4) else sections:
        if section.kind == "text":
            return section.text_around(value)
    return "" if len(sections) == 4 and not sections[3].pieces else value


def _number(value: float | int, section: _Section, look: NumberLook) -> str:
    pieces = section.pieces
    first = next((i for i, (kind, _) in enumerate(pieces) if kind == "digits"), None)
    if first is None:
        sign = "-" if value < 0 else ""
        return sign + "".join(text for kind, text in pieces if kind != "exponent")
    last = max(i for i, (kind, _) in enumerate(pieces) if kind == "digits")
    point = next((i for i in range(len(pieces)) if pieces[i] == ("other", ".")), None)
    scale = sum(1 for piece in pieces if piece == ("other", "%")) * 2
    after_last = last + 1
    while after_last < len(pieces) and pieces[after_last] == ("other", ","):
        scale -= 3
        after_last += 1
    exponent = next((i for i, (kind, _) in enumerate(pieces) if kind == "exponent"), None)
    end_of_mantissa = exponent if exponent is not None else len(pieces)
    whole = "".join(
        text
        for i, (kind, text) in enumerate(pieces[:end_of_mantissa])
        if kind == "digits" and (point is None or i < point)
    )
    fraction = "".join(
        text
        for i, (kind, text) in enumerate(pieces[:end_of_mantissa])
        if kind == "digits" and point is not None and i > point
    )
    is_grouped = any(pieces[i] == ("other", ",") for i in range(first, point if point is not None else last))
    size = _exact(abs(value)).scaleb(scale)
    power = ""
    if exponent is not None:
        size, power = _normalized(size, whole, len(fraction), pieces, exponent)
    rounded = _rounded(size, len(fraction))
    digits, _, decimals = f"{rounded:f}".partition(".")
    body = look.marked(_whole(digits, whole, is_grouped))
    decimals = _decimals(decimals, fraction)
    groups = _spread(
        body,
        [
            text
            for i, (kind, text) in enumerate(pieces[:end_of_mantissa])
            if kind == "digits" and (point is None or i < point)
        ],
    )
    shown: list[str] = []
    has_fraction = False
    for i, (kind, text) in enumerate(pieces):
        if kind == "digits" and exponent is not None and i > exponent:
            continue
        if kind == "digits":
            if point is None or i < point:
                shown.append(groups.pop(0))
            else:
                shown.append("" if has_fraction else decimals)
                has_fraction = True
        elif kind == "exponent":
            shown.append(power)
        elif i == point:
            shown.append(("" if whole else body) + look.marked("."))
        elif kind == "other" and text == "," and first < i < after_last:
            continue
        else:
            shown.append(text)
    return ("-" if value < 0 else "") + "".join(shown)


def _spread(digits: str, groups: list[str]) -> list[str]:
    """The digits over groups of placeholders parted by literals, as in '000-00-0000', filled from the right."""
    spread: list[str] = []
    for group in reversed(groups[1:]):
        spread.insert(0, digits[-len(group) :] if digits else "")
        digits = digits[: -len(group)]
    return [digits, *spread] if groups else []


def _exact(size: float | int) -> Decimal:
    """With the fifteen significant digits Excel keeps."""
    return Decimal(size) if isinstance(size, int) and size < 10**15 else Decimal(f"{float(size):.15g}")


def _rounded(size: Decimal, decimals: int) -> Decimal:
    return size.quantize(Decimal(1).scaleb(-decimals), context=_EXACT)


def _normalized(
    size: Decimal, whole: str, decimals: int, pieces: tuple[tuple[str, str], ...], exponent: int
) -> tuple[Decimal, str]:
    """'##0.0E+0' shows the powers of a thousand, '00.0E+0' two digits under every power."""
    places = max(len(whole), 1)
    step = places if whole.startswith("#") else 1
    power = 0 if size == 0 else size.adjusted() // step * step - (places - 1 if step == 1 else 0)
    mantissa = size.scaleb(-power)
    if _rounded(mantissa, decimals).adjusted() >= places:
        power += step
        mantissa = size.scaleb(-power)
    places = next((len(text) for kind, text in pieces[exponent:] if kind == "digits"), 1)
    sign = "-" if power < 0 else ("+" if pieces[exponent][1].endswith("+") else "")
    return mantissa, f"E{sign}{abs(power):0{places}d}"


def _whole(digits: str, placeholders: str, is_grouped: bool) -> str:
    required = len(placeholders) - placeholders.find("0") if "0" in placeholders else 0
    digits = "" if digits.strip("0") == "" else digits
    digits = digits.rjust(required, "0")
    if is_grouped:
        head = len(digits) % 3
        groups = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
        digits = ",".join(groups)
    missing = placeholders.count("?") - max(len(digits) - placeholders.count("0"), 0)
    return " " * max(missing, 0) + digits if "?" in placeholders else digits


def _decimals(decimals: str, placeholders: str) -> str:
    kept = list(decimals[: len(placeholders)])
    while kept and kept[-1] == "0" and placeholders[len(kept) - 1] == "#":
        kept.pop()
    shown = len(kept)
    while shown and kept[shown - 1] == "0" and placeholders[shown - 1] == "?":
        shown -= 1
        kept[shown] = " "
    return "".join(kept)


def _date(value: float | int, section: _Section, look: NumberLook) -> str:
    if not 0 <= value < _LAST_DAY:
        return "#" * 8
    places = 0
    if ("other", ".") in section.pieces:
        places = min(next((len(text) for kind, text in section.pieces if kind == "digits"), 0), 3)
    total = round(float(value) * 86_400, places)
    day, second = divmod(total, 86_400)
    try:
        moment = _EXCEL_EPOCH + timedelta(days=day, milliseconds=round(second * 1000))
    except OverflowError:
        return "#" * 8
    is_twelve = any(kind == "ampm" for kind, _ in section.pieces)
    language = section.language or look.language
    shown: list[str] = []
    for at, (kind, text) in enumerate(section.pieces):
        if kind == "date":
            shown.append(_date_part(moment, text, is_twelve, int(day), language))
        elif kind == "minutes":
            shown.append(f"{moment.minute:0{len(text)}d}")
        elif kind == "elapsed":
            unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
            shown.append(f"{int(total // unit):0{len(text)}d}")
        elif kind == "ampm":
            shown.append((("AM", "PM") if len(text) > 3 else ("A", "P"))[moment.hour >= 12])
        elif kind == "digits" and places:
            shown.append(f"{moment.microsecond // 1000:03d}"[:places])
        elif (kind, text) == ("other", "/"):
            shown.append(look.date_mark)
        elif (kind, text) == ("other", ".") and places and _kind_at(section, at + 1) == "digits":
            shown.append(look.decimal)
        else:
            shown.append(text)
    return "".join(shown)


def _kind_at(section: _Section, place: int) -> str:
    return section.pieces[place][0] if place < len(section.pieces) else ""


def _date_part(moment: datetime, text: str, is_twelve: bool, day: int, language: str) -> str:
    """Serials below 61 stand one day off, for Excel counts a 29 February 1900; 0 it shows as 0 January 1900."""
    if day < 60 and text[0] in "yd":
        moment = moment + timedelta(days=1) if day else moment
        if day == 0:
            return {"y": "1900" if len(text) > 2 else "00", "d": "0".rjust(min(len(text), 2), "0")}[text[0]]
    match text[0]:
        case "y":
            return f"{moment.year:04d}" if len(text) > 2 else f"{moment.year % 100:02d}"
        case "m":
            month = 1 if day == 0 else ((moment + timedelta(days=1)).month if day < 60 else moment.month)
            return f"{month:0{len(text)}d}" if len(text) < 3 else month_name(month, len(text), language)
        case "d":
            if len(text) >= 3:
                return day_name(moment.weekday(), len(text), language)
            return f"{moment.day:0{len(text)}d}"
        case "h":
            hour = (moment.hour % 12 or 12) if is_twelve else moment.hour
            return f"{hour:0{min(len(text), 2)}d}"
        case _:
            return f"{moment.second:0{min(len(text), 2)}d}"


def is_date_format(format_code: str | None) -> bool:
    """Whether numbers under this format are shown as dates or times."""
    return bool(format_code) and any(section.kind == "date" for section in _sections(format_code or ""))
