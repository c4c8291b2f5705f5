"""What stands in the cells of an XLSX file: shared by writing and verifying, so that both mean the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from math import ceil
from operator import lt
from urllib.parse import urlsplit

from forgeapp.domain.formulas import fault, file_formula
from forgeapp.domain.grid_cells import Entry, GridCells
from forgeapp.domain.packed_cells import PackedCells
from forgeapp.domain.workbook import (
    MAX_FORMULA_CHARS,
    TEXT_FORMAT,
    CellError,
    Position,
    Sheet,
    Value,
    is_formula,
)
from forgeapp.exporters.links import web_address

MAX_TEXT_UNITS = 32_767
"""UTF-16 units a cell can hold."""
MAX_LINKS = 65_530
"""Of one sheet."""
MAX_LINK_CHARS = 2_079
MAX_WIDTH = 60
"""Of a column, in characters; longer texts are wrapped."""
MAX_PAGE_CHARACTERS = 210
"""Across a page on its side: half as many more as fit there at full size."""

_ADDRESS = re.compile(r"https?://[^\s\[\]#\\\"<>^`{|}]+(?:#[^\s\[\]#\\\"<>^`{|}]*)?")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_MAY_SPILL = re.compile(r"[(:{#]")
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))


def is_written_formula(text: str, format_code: str | None) -> bool:
    """Whether a spreadsheet's cell that has no number is written as a formula; one that no spreadsheet can read is
    written as text."""
    if not is_formula(text, None, format_code) or fault(text):
        return False
    # The prefixes of newer functions count, too.
    return len(text) <= MAX_FORMULA_CHARS // 4 or len(file_formula(text).text) <= MAX_FORMULA_CHARS


def is_boolean(text: str, format_code: str | None) -> bool:
    """Whether a typed cell of a spreadsheet is a truth value; one under the format of texts is the word."""
    return text in ("TRUE", "FALSE") and format_code != TEXT_FORMAT


def writable(text: str) -> str:
    """The text as the file can hold it: no control characters, lines ended by \\n, at most MAX_TEXT_UNITS long."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT_UNITS:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATE.sub("\ufffd", _UNWRITABLE.sub("", text))
    if len(text) > MAX_TEXT_UNITS // 2:
        text = text.encode("utf-16-le")[: MAX_TEXT_UNITS * 2].decode("utf-16-le", "ignore")
    return text


def text_cell(text: str) -> tuple[str, int]:
    """The text as `writable` has it, and the width of the cell that holds it."""
    if text.isascii() and text.isprintable() and len(text) <= MAX_TEXT_UNITS:
        return text, len(text)
    text = writable(text)
    return text, text_width(text)


def cached(value: Value | None) -> float | int | str | bool:
    """The value stored beside a formula: '' where there is none, '#VALUE!' for errors files do not know."""
    if value is None:
        return ""
    if isinstance(value, CellError):
        return value.code if value.code in _ERRORS else "#VALUE!"
    return writable(value) if isinstance(value, str) else value


def is_error(value: object) -> bool:
    return isinstance(value, str) and value in _ERRORS


def take_spill(formula: str, anchor: Position, free: set[Position]) -> Position:
    """The last row and column of the block a formula at `anchor` spills into, itself where it does not.

    The block is taken out of `free`, the cells spilled into by formulas not yet asked for: values do not say whose
    they are, and no two blocks may overlap.
    """
    row, column = last_row, last_column = anchor
    if not free or not _MAY_SPILL.search(formula):
        return anchor
    while (row, last_column + 1) in free:
        last_column += 1
    while all((last_row + 1, c) in free for c in range(column, last_column + 1)):
        last_row += 1
    free.difference_update((r, c) for r in range(row, last_row + 1) for c in range(column, last_column + 1))
    return last_row, last_column


def in_rows(sheet: Sheet, spilled: Mapping[Position, Value]) -> Iterator[Entry]:
    """The cells row by row from left to right; '' is the text of one spilled into."""
    cells = sheet.cells
    if isinstance(cells, GridCells) or (isinstance(cells, PackedCells) and not spilled):
        yield from cells.entries()
    elif not spilled and all(map(lt, cells, islice(cells, 1, None))):
        for at, cell in cells.items():
            yield at, cell.text, cell.number, cell.format
    else:
        for at in sorted([*cells, *spilled]):
            found = cells.get(at)
            yield (at, "", None, None) if found is None else (at, found.text, found.number, found.format)


def web_link(text: str) -> str | None:
    """The address a cell leads to that is exactly one http(s) address; None for every other, and for one that names a
    user, for its host is easily taken for another."""
    if not text.startswith(("http://", "https://")) or not _ADDRESS.fullmatch(text):
        return None
    address = web_address(text)
    if address is None or len(address) > MAX_LINK_CHARS:
        return None
    return None if "@" in urlsplit(address).netloc else address


def units(text: str) -> int:
    """UTF-16 units, in which Excel counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def text_width(text: str) -> int:
    """Characters of the widest line, those of East Asia counted twice."""
    widest = 0
    for line in text[:4_000].split("\n"):
        wide = 0 if line.isascii() else sum(unicodedata.east_asian_width(character) in "WF" for character in line)
        widest = max(widest, len(line) + wide)
    return widest


def lines_of(text: str, width: float) -> int:
    """How many lines it takes in a column of so many characters."""
    return sum(max(ceil(text_width(line) / width), 1) for line in text[:4_000].split("\n"))


def pages_across(widths: Iterable[float]) -> int:
    """How many pages side by side a sheet of such columns is printed on, so that it can still be read."""
    return max(ceil(sum(widths) / MAX_PAGE_CHARACTERS), 1)
