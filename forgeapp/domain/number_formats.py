"""Number formats a person chooses by a button or a key: the codes of ECMA-376 part 1, 18.8.31."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from forgeapp.domain.workbook import GENERAL as GENERAL
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, Position, Workbook
from forgeapp.domain.workbook_edits import CellsChange, put_cells

NUMBER = "#,##0.00"
PERCENT = "0%"
TIME = "hh:mm"
SCIENTIFIC = "0.00E+00"
MAX_CODE_CHARS = 255
MAX_DECIMALS = 15
_MONEY = re.compile(r'[$€£¥₹₩₽₺₴₪฿₫₦¢円元원]|"\s*(?:[A-Z]{3}|kr|Kč|zł|Fr\.?)\s*"')
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DECIMALS = re.compile(r"\.(0+)")
_LAST_DIGIT = re.compile(r"[0#?](?=[^0#?]*$)")


def currency(symbol: str, is_behind: bool = False) -> str:
    """'$' -> '"$"#,##0.00'; `is_behind`: '#,##0.00 "€"'."""
    plain = symbol.replace('"', "")[:8]
    return f'{NUMBER} "{plain}"' if is_behind else f'"{plain}"{NUMBER}'


def kind_of(code: str | None) -> str:
    """'general', 'number', 'currency', 'percent', 'date', 'time', 'scientific', 'text', else 'custom'."""
    if code is None or code.casefold() == "general":
        return "general"
    if code == TEXT_FORMAT:
        return "text"
    bare = _LITERAL.sub("", code).casefold()
    if "%" in bare:
        return "percent"
    if "e+" in bare or "e-" in bare:
        return "scientific"
    if "y" in bare or "d" in bare:
        return "date"
    if "h" in bare or "s" in bare:
        return "time"
    if _MONEY.search(code) and re.search(r"[0#]", bare):
        return "currency"
    return "number" if re.fullmatch(r"[#,0.]*0(?:\.0+)?", bare) else "custom"


def with_decimals(code: str | None, shown: float | int | None, by: int) -> str | None:
    """The code with `by` decimals more, or fewer; General takes those `shown` has. None where it has no decimals to
    change: dates, texts, what is at its least or most."""
    kind = kind_of(code)
    if kind in ("date", "time", "text"):
        return None
    if kind == "general" or code is None:
        count = _decimals_of(shown) + by
        return None if not 0 <= count <= MAX_DECIMALS else "0" + ("." + "0" * count if count else "")
    changed = ";".join(_section_with(section, by) for section in _sections(code))
    return changed if changed != code and len(changed) <= MAX_CODE_CHARS else None


def fault_of(code: str) -> str | None:
    """Why a code a person wrote cannot be used, else None."""
    if not code.strip():
        return "it is empty"
    if len(code) > MAX_CODE_CHARS:
        return f"it is longer than {MAX_CODE_CHARS} characters"
    if _LITERAL.sub("", code).count('"'):
        return "a quote is not closed"
    if "[" in _LITERAL.sub("", code):
        return "a bracket is not closed"
    return "it has more than four parts" if len(_sections(code)) > 4 else None


def set_formats(workbook: Workbook, sheet: int, codes: Mapping[Position, str]) -> CellsChange | None:
    """Other formats for the numbers and formulas at these positions; words keep theirs. None where none changes."""
    cells = workbook.sheets[sheet].cells
    changed: dict[Position, Cell | None] = {}
    for at, code in codes.items():
        cell = cells.get(at)
        if cell is not None and (cell.number is not None or cell.is_formula) and code != cell.format:
            changed[at] = replace(cell, format=code)
    return put_cells(workbook, sheet, changed)


def _decimals_of(shown: float | int | None) -> int:
    if shown is None or isinstance(shown, int) or abs(shown) >= 1e15:
        return 0
    return min(len(f"{shown:.9f}".rstrip("0").partition(".")[2]), 9)


def _sections(code: str) -> list[str]:
    """Cut at each ';' that stands in no quotes."""
    parts = [""]
    for piece in re.split(r'("[^"]*"|\\.|;)', code):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def _section_with(section: str, by: int) -> str:
    hidden: list[str] = []

    def hide(match: re.Match[str]) -> str:
        hidden.append(match[0])
        return "\0"

    bare = _LITERAL.sub(hide, section)
    mantissa, exponent, power = bare.partition("E")
    decimals = _DECIMALS.search(mantissa)
    count = len(decimals[1]) if decimals else 0
    after = min(max(count + by, 0), MAX_DECIMALS)
    if decimals is not None:
        mantissa = _DECIMALS.sub("." + "0" * after if after else "", mantissa, count=1)
    elif after and "." not in mantissa:
        mantissa = _LAST_DIGIT.sub(lambda match: match[0] + "." + "0" * after, mantissa, count=1)
    pieces = (mantissa + exponent + power).split("\0")
    return "".join(text + (hidden[index] if index < len(hidden) else "") for index, text in enumerate(pieces))
