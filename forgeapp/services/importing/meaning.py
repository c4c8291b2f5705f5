"""Whether a cell that comes back from a file means what was written there, however a program spelled it."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable
from functools import lru_cache

from forgeapp.domain.dates import moment_of, serial_of
from forgeapp.domain.formulas import fault, tokens
from forgeapp.domain.guarding import guarded
from forgeapp.domain.number_look import NumberLook
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, CellError, Value
from forgeapp.exporters.xlsx.cells import writable
from forgeapp.sheets.display import display

_DIGITS = re.compile(r"0\d{0,14}")
_FULL = re.compile(r"-?\d{1,20}[.,]\d{1,25}(?:[eE][-+]?\d{1,2})?")
"""A number of more digits than people write."""
_EXACT = 1e-12
"""Relative: what is lost where a program writes 15 digits."""
_SHOWN = 1e-9
"""Relative: what is lost where it writes a number of no format as it shows it."""
_SAMPLES = (0, 1234.5678, -0.126, 46_082.75)
_MAX_CHARS = 64


def key_of(cell: Cell | None) -> Hashable:
    """Equal for cells that mean the same in an XLSX file; None for a blank one."""
    if cell is None:
        return None
    if cell.number is not None:
        return _rounded(cell.number)
    text = cell.text
    if text.startswith("=") and cell.is_formula and not fault(text):
        return ("formula", spelled(text))
    if text in ("TRUE", "FALSE") and cell.format != TEXT_FORMAT:
        # LibreOffice writes what was typed as a formula.
        return ("formula", spelled(f"={text}"))
    return writable(text) or None


def is_same_cell(read: Cell, written: Cell) -> bool:
    """Whether `read`, a cell of a workbook that comes back, means what `written`, a cell as exported, does."""
    if read.number is not None and written.number is not None:
        return read.number == written.number or math.isclose(read.number, written.number, rel_tol=_EXACT)
    if read.number is None and written.number is None and read.text == written.text:
        return read.is_formula == written.is_formula or bool(fault(read.text))
    return key_of(read) == key_of(written)


@lru_cache(maxsize=4096)
def spelled(formula: str) -> str:
    """One spelling of formulas that differ only in spaces, letter case, quotes, signs or how numbers are written."""
    parts = [part for part in tokens(formula) if part.kind != "space" and part.text != "@"]
    texts: list[str] = []
    for index, part in enumerate(parts):
        text = part.text
        is_called = "".join(each.text for each in parts[index + 1 : index + 3]) == "()"
        if part.kind == "number":
            text = repr(float(text))
        elif part.kind == "quoted":
            text = text[1:-1].replace("''", "'").upper()
        elif part.kind == "name":
            text = text.upper()
            if text in ("TRUE", "FALSE") and not is_called:
                text += "\0(\0)"
        texts.append(text)
    return "\0".join(texts)


@lru_cache(maxsize=1024)
def is_same_format(one: str | None, other: str | None) -> bool:
    """Whether two format codes show numbers alike: '#,##0.00 "€"' and '#,##0.00\\ [$€-407]'."""
    if one == other:
        return True
    return all(_blanks(display(sample, one)) == _blanks(display(sample, other)) for sample in _SAMPLES)


def text_key(text: str, decimal_comma: bool) -> Hashable:
    """Equal for texts that mean the same in a file without types, where 00123 may have become 123; None for blanks."""
    if len(text) <= _MAX_CHARS and text[:1] not in "=":
        stripped = text.strip()
        number = parse_number(stripped, decimal_comma)
        if number is not None:
            return _rounded(number.value)
        if _DIGITS.fullmatch(stripped):
            return _rounded(int(stripped))
        if (serial := serial_of(stripped)) is not None:
            return _rounded(serial)
        if (moment := moment_of(stripped)) is not None:
            return _rounded(moment)
        if _FULL.fullmatch(stripped):
            return _rounded(float(stripped.replace(",", ".")))
    return " ".join(_blanks(text).removeprefix("'").split()) or None


def is_same_text(read: str, forms: tuple[str, ...], decimal_comma: bool) -> bool:
    """Whether a text that comes back is one of the forms a cell was written in, or the same number."""
    if read in forms:
        return True
    key = text_key(read, decimal_comma)
    for form in forms:
        was = text_key(form, decimal_comma)
        if key == was or read == guarded(form):
            return True
        if isinstance(key, float) and isinstance(was, float) and math.isclose(key, was, rel_tol=_SHOWN):
            return True
    return False


def shown_value(value: Value | None) -> str:
    """A computed value as a CSV file of ours has it."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case CellError(code=code):
            return code
        case str():
            return value
        case _:
            return repr(value)


def retyped(cell: Cell, look: NumberLook) -> Cell:
    """A number as it would be typed to get its format, where there is such a way."""
    if cell.number is None or cell.format is None:
        return cell
    shown = display(cell.number, cell.format, look)
    meant = parse_number(shown, look.decimal_comma)
    if meant is not None and meant.value == cell.number and meant.format == cell.format:
        return Cell(shown, cell.number, cell.format)
    return cell


def _rounded(number: float | int) -> float:
    return float(f"{number:.12g}")


def _blanks(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ").strip()
