"""The number formats of an XLSX file's cells, and numbers as people would have typed them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from forgeapp.domain.dates import ISO_FORMAT
from forgeapp.reading.archives import Package

if TYPE_CHECKING:
    from lxml import etree

_NOT_A_PART = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DATE_PART = re.compile(r"[ydhs]|m(?!.*[0#?])|am/pm", re.IGNORECASE)
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_LAST_DAY = 2_958_466
_MAX_STYLES = 70_000
_UNFILLED = ("none", "gray125", "FFE8EEF7", "E8EEF7")
"""What stands for no ground, and ours of a heading row, which it is given again."""
_ALIGNED = ("center", "centerContinuous", "distributed", "fill", "justify")


@dataclass(frozen=True, slots=True)
class Style:
    """`format`: None for General. `is_adorned`: with a colour, font, border or alignment of its own. `is_filled`: with
    a ground of its own, which is seen where nothing is written, too."""

    format: str | None = None
    is_date: bool = False
    is_adorned: bool = False
    is_filled: bool = False


def read_styles(package: Package, part: str | None) -> list[Style]:
    """The styles cells name by their position; [] where the file has none. Raises UnreadableFile."""
    if part is None or part not in package:
        return []
    root = package.tree(part)
    codes = _codes()
    for element in root.iterfind("{*}numFmts/{*}numFmt"):
        codes[element.get("numFmtId", "")] = element.get("formatCode", "")
    filled = [_ground(fill) not in _UNFILLED for fill in root.iterfind("{*}fills/{*}fill")]
    styles: list[Style] = []
    for element in root.iterfind("{*}cellXfs/{*}xf"):
        code = codes.get(element.get("numFmtId", "0"))
        code = None if not code or code.casefold() in ("general", "standard") else code
        adorned = [element.get(key, "0") for key in ("fontId", "fillId", "borderId")] != ["0", "0", "0"]
        ground = element.get("fillId", "0")
        has_ground = ground.isdecimal() and len(ground) < 7 and int(ground) < len(filled) and filled[int(ground)]
        is_dated = code is not None and is_date_code(code)
        styles.append(Style(code, is_dated, adorned or _is_aligned(element), has_ground))
        if len(styles) > _MAX_STYLES:
            break
    return styles


def _ground(fill: etree._Element) -> str:
    """The colour of a plain fill, else its pattern (18.8.32)."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return "gradient"
    color = pattern.find("{*}fgColor")
    kind = pattern.get("patternType", "none")
    return color.get("rgb", kind) if kind == "solid" and color is not None else kind


def _is_aligned(style: etree._Element) -> bool:
    """Where no kind of value stands by itself."""
    alignment = style.find("{*}alignment")
    return alignment is not None and (
        alignment.get("horizontal") in _ALIGNED or alignment.get("textRotation", "0") != "0"
    )


def _codes() -> dict[str, str]:
    """What the numbers below 164 stand for (ECMA-376, 18.8.30), dates as ISO 8601, which no country misreads."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    codes = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    return codes | {"14": ISO_FORMAT, "22": f"{ISO_FORMAT} hh:mm"}


def is_date_code(code: str) -> bool:
    """Whether numbers under this format code are dates or times."""
    first = code.split(";", 1)[0]
    return bool(_ELAPSED.search(first) or _DATE_PART.search(_NOT_A_PART.sub("", first)))


def written_number(number: float | int, style: Style) -> str:
    """The number as it could be typed: 2026-03-01 for a date, 12.5% under a percent format, else its digits."""
    if style.is_date and 0 <= number < _LAST_DAY and not _ELAPSED.search(style.format or ""):
        return _moment(number)
    if style.format and "%" in _NOT_A_PART.sub("", style.format) and abs(number) < 1e12:
        return f"{_plain(Decimal(repr(number)) * 100)}%"
    if isinstance(number, float) and number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return repr(number)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _moment(serial: float | int) -> str:
    """46082.75 -> '2026-03-01 18:00:00', without the time where it is midnight, without the date below 1."""
    moment = datetime(1899, 12, 30) + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return f"{moment:%H:%M:%S}"
    return (
        f"{moment:%Y-%m-%d}" if not (moment.hour or moment.minute or moment.second) else f"{moment:%Y-%m-%d %H:%M:%S}"
    )
