"""One sheet of an XLSX file (ECMA-376, 18.3): its rows read one after the other into cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forgeapp.domain.dates import serial_of
from forgeapp.domain.formulas import refusal
from forgeapp.domain.references import shifted
from forgeapp.domain.workbook import (
    GENERAL,
    MAX_COLUMNS,
    MAX_FORMULA_CHARS,
    MAX_ROWS,
    TEXT_FORMAT,
    Area,
    Cell,
    CellError,
    Hidden,
    Position,
    Sheet,
    Value,
)
from forgeapp.errors import TooLarge
from forgeapp.reading.archives import Package
from forgeapp.reading.displayed import clean
from forgeapp.reading.raised_text import on_the_line
from forgeapp.reading.xlsx_formulas import names_a_table, refers_elsewhere, written_formula
from forgeapp.reading.xlsx_losses import Loss, says_something
from forgeapp.reading.xlsx_styles import Style, written_number

if TYPE_CHECKING:
    from lxml import etree

MAX_CELLS = 3_000_000
"""In all sheets together; a full one takes some 300 bytes."""
MAX_TEXT_CHARS = 200_000_000
"""In all sheets together, for many cells may share one text or formula."""
_PLAIN = Style()
_ESCAPE = re.compile(r"_x([0-9a-fA-F]{4})_")
_DAYS_TO_1904 = 1_462
_SHORT_CHARS = 10
"""Numbers with no more digits and signs are shown in full under General."""
_PADDING = 5 / 7
"""What a width in a file holds beside the characters: 5 pixels of 7 a character (18.3.1.13)."""


@dataclass(slots=True)
class Book:
    """What the sheets of one file share, and what is counted while they are read. `names` as `written_formula` has."""

    source: str
    strings: list[str] = field(default_factory=list)
    styles: list[Style] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    counts_from_1904: bool = False
    lost: Counter[Loss] = field(default_factory=Counter)
    cells: int = 0
    chars: int = 0


@dataclass(frozen=True, slots=True)
class SheetReading:
    """`values`: what the formulas gave when the file was saved, and the cells they spilled into."""

    sheet: Sheet
    values: Mapping[Position, Value]


def read_strings(package: Package, part: str | None, lost: Counter[Loss]) -> list[str]:
    """The texts cells share; that some of their letters look otherwise is `lost`. Raises UnreadableFile."""
    if part is None or part not in package:
        return []
    texts: list[str] = []
    for item in package.elements(part, "{*}si"):
        if len(item) > 1 and item.find("{*}r/{*}rPr") is not None:
            lost[Loss.LOOKS] = 1
        texts.append(_rich_text(item))
    return texts


def read_sheet(package: Package, part: str, name: str, book: Book, is_hidden: bool = False) -> SheetReading:
    """A worksheet part as a sheet of this name. Raises UnreadableFile, TooLarge."""
    rows = _Rows(book)
    frozen = (0, 0)
    widths: dict[int, float] = {}
    hidden_columns: set[int] = set()
    filtered: Area | None = None
    has_margins = False
    for element in package.elements(part, *(f"{{*}}{tag}" for tag in _TAGS)):
        match element.tag.rpartition("}")[2]:
            case "row":
                rows.read(element)
            case "pane" if element.get("state") in ("frozen", "frozenSplit"):
                frozen = (_count(element.get("ySplit"), MAX_ROWS), _count(element.get("xSplit"), MAX_COLUMNS))
            case "col":
                rows.look_at(element, element.get("style"))
                widths |= _widths(element)
                hidden_columns.update(_hidden_columns(element))
            case "mergeCell":
                book.lost[Loss.MERGED] += 1
            case "cfRule":
                book.lost[Loss.CONDITIONS] += 1
            case "dataValidation":
                book.lost[Loss.VALIDATIONS] += 1
            case "hyperlink":
                # Where the text is an address it says itself where it leads.
                cell = rows.cells.get(_position(element.get("ref", "")))
                book.lost[Loss.LINKS] += cell is None or not cell.text.startswith(("http://", "https://"))
            case "autoFilter":
                # Without a choice in it, it leaves no row out.
                book.lost[Loss.FILTERS] += len(element) > 0
                filtered = _area(element.get("ref", ""))
            case "sparkline":
                book.lost[Loss.CHARTS] += 1
            case "oddHeader" | "oddFooter":
                has_margins = has_margins or says_something(element.text or "")
            case "sheetProtection" if element.get("sheet") in ("1", "true"):
                book.lost[Loss.PROTECTED] = 1
            case "tabColor":
                book.lost[Loss.LOOKS] = 1
            case _:
                pass
    book.lost[Loss.MARGINS] += has_margins
    if tables := _tables(package, part):
        book.lost[Loss.TABLES] += len(tables)
        filtered = filtered or next(filter(None, tables), None)
    last_row = max((row for row, _ in rows.cells), default=-1)
    last = max((column for _, column in rows.cells), default=-1)
    # Programs hide all that is left and right of what is used in one go: nobody misses that.
    hidden = Hidden(
        is_hidden,
        frozenset(row for row in rows.hidden if row <= last_row),
        frozenset(column for column in hidden_columns if column <= last),
    )
    book.lost[Loss.HIDDEN_ROWS] += len(hidden.rows)
    book.lost[Loss.HIDDEN_COLUMNS] += len(hidden.columns)
    sheet = Sheet(
        name=name,
        cells=rows.cells,
        has_header=_has_header(rows.cells, last),
        frozen_rows=frozen[0],
        frozen_columns=frozen[1],
        widths={column: width for column, width in sorted(widths.items()) if column <= last},
        hidden=hidden,
        filter=filtered,
    )
    return SheetReading(sheet, rows.values)


_TAGS = (
    *("pane", "col", "row", "mergeCell", "cfRule", "dataValidation", "hyperlink", "autoFilter", "sparkline"),
    *("oddHeader", "oddFooter", "sheetProtection", "tabColor"),
)


class _Rows:
    """Cells and values as they come, row by row."""

    def __init__(self, book: Book) -> None:
        self.cells: dict[Position, Cell] = {}
        self.values: dict[Position, Value] = {}
        self.hidden: list[int] = []
        self._book = book
        self._row = -1
        self._shared: dict[str, tuple[str, Position]] = {}
        self._arrays: list[tuple[Position, Position]] = []

    def read(self, row: etree._Element) -> None:
        book = self._book
        number = row.get("r")
        self._row = int(number) - 1 if number and number.isdecimal() and len(number) < 9 else self._row + 1
        if not 0 <= self._row < MAX_ROWS:
            raise TooLarge(source=book.source, reason=f"at most {MAX_ROWS:,} rows are read")
        if row.get("hidden") in ("1", "true"):
            self.hidden.append(self._row)
        self.look_at(row, row.get("s") if row.get("customFormat") in ("1", "true") else None)
        if row.get("customHeight") in ("1", "true"):
            book.lost[Loss.LOOKS] = 1
        column = -1
        for element in row:
            reference = element.get("r")
            column = _column(reference) if reference else column + 1
            if not 0 <= column < MAX_COLUMNS:
                raise TooLarge(source=book.source, reason=f"at most {MAX_COLUMNS:,} columns are read")
            if len(element):
                self._read_cell(element, (self._row, column))
            else:
                self.look_at(element, element.get("s"))
        if book.cells + len(self.cells) > MAX_CELLS:
            raise TooLarge(source=book.source, reason=f"at most {MAX_CELLS:,} filled cells are read")
        if book.chars > MAX_TEXT_CHARS:
            raise TooLarge(source=book.source, reason=f"its cells hold more than {MAX_TEXT_CHARS:,} characters")

    def look_at(self, element: etree._Element, style: str | None) -> None:
        """What a row, a column or a blank cell looks like: only a ground of its own is seen."""
        if element.get("outlineLevel", "0") != "0":
            self._book.lost[Loss.GROUPS] = 1
        if style and style != "0" and not self._book.lost[Loss.LOOKS] and self._style_at(style).is_filled:
            self._book.lost[Loss.LOOKS] = 1

    def _read_cell(self, element: etree._Element, at: Position) -> None:
        value: Value | None = None
        formula = None
        for part in element:
            tag = str(part.tag)
            if tag.endswith("}v"):
                value = self._value(part.text, element.get("t"))
            elif tag.endswith("}is"):
                value = _rich_text(part)
            elif tag.endswith("}f"):
                formula = part
        style = self._style(element.get("s"))
        text = self._formula(formula, at) if formula is not None else None
        if text is not None:
            self._book.chars += len(text)
            # What a file leaves plain stays so: it takes no format from what it is computed from.
            is_plain = style.format is None or style.format == TEXT_FORMAT
            self.cells[at] = Cell(text, None, GENERAL if is_plain else style.format)
            if value is not None:
                self.values[at] = value
        elif value is None or value == "":
            return
        elif self._arrays and self._is_spilled(at):
            self.values[at] = value
        else:
            self.cells[at] = self._typed(value, style)

    def _style(self, index: str | None) -> Style:
        style = self._style_at(index)
        if style.is_filled or (style.is_adorned and self._row):
            # A heading row is given a look again when it is written, but not its own ground.
            self._book.lost[Loss.LOOKS] = 1
        return style

    def _style_at(self, index: str | None) -> Style:
        if not index or not index.isdecimal():
            return _PLAIN
        styles = self._book.styles
        return styles[int(index)] if len(index) < 7 and int(index) < len(styles) else _PLAIN

    def _typed(self, value: Value, style: Style) -> Cell:
        if isinstance(value, str):
            self._book.chars += len(value)
            return Cell(value, None, _text_format(value, style))
        if isinstance(value, bool):
            return Cell("TRUE" if value else "FALSE", None, None if style.format == TEXT_FORMAT else style.format)
        if isinstance(value, CellError):
            return Cell(value.code)
        if style.format is None:
            text = str(value)
            return Cell(text, value, None if len(text) <= _SHORT_CHARS else GENERAL)
        if style.is_date and self._book.counts_from_1904:
            value += _DAYS_TO_1904
        return Cell(written_number(value, style), value, style.format)

    def _value(self, raw: str | None, kind: str | None) -> Value | None:
        if raw is None:
            return None
        match kind:
            case None | "n":
                return _number(raw)
            case "s":
                strings = self._book.strings
                return strings[int(raw)] if raw.isdecimal() and len(raw) < 9 and int(raw) < len(strings) else None
            case "b":
                return raw.strip() in ("1", "true")
            case "e":
                return CellError(raw.strip()[:16])
            case _:
                return clean(_unescaped(raw))

    def _formula(self, element: etree._Element, at: Position) -> str | None:
        """The formula with its '=', None where the cell is only its last value."""
        book, text, kind = self._book, element.text or "", element.get("t", "normal")
        if kind == "dataTable":
            book.lost[Loss.DATA_TABLES] += 1
            return None
        if kind == "shared" and not text:
            known = self._shared.get(element.get("si", ""))
            if known is None:
                return None
            text, origin = known
            return shifted(text, at[0] - origin[0], at[1] - origin[1])
        if not text:
            return None
        if len(text) >= MAX_FORMULA_CHARS:
            book.lost[Loss.LONG_FORMULAS] += 1
            return None
        if refers_elsewhere(text):
            book.lost[Loss.ELSEWHERE] += 1
            return None
        formula = written_formula(clean(text), book.names)
        if names_a_table(formula):
            book.lost[Loss.TABLE_NAMES] += 1
            return None
        book.lost[Loss.REFUSED] += refusal(formula) is not None
        if kind == "shared":
            self._shared[element.get("si", "")] = (formula, at)
        elif kind == "array":
            first, _, last = element.get("ref", "").partition(":")
            corners = (_position(first), _position(last or first))
            if corners[0] == at and corners[1] != at:
                self._arrays = [block for block in self._arrays if block[1][0] >= at[0]][-_MAX_BLOCKS:]
                self._arrays.append(corners)
        return formula

    def _is_spilled(self, at: Position) -> bool:
        row, column = at
        return any(top <= row <= bottom and left <= column <= right for (top, left), (bottom, right) in self._arrays)


_MAX_BLOCKS = 200
"""Array formulas that reach into one row and are looked through for each of its cells."""


def _rich_text(element: etree._Element) -> str:
    """The text of all runs, without how it is read aloud in Japanese."""
    if len(element) == 1 and str(element[0].tag).endswith("}t"):
        return clean(_unescaped(element[0].text or ""))
    parts: list[str] = []
    for child in element:
        tag = str(child.tag).rpartition("}")[2]
        if tag == "t":
            parts.append(child.text or "")
        elif tag == "r":
            text = "".join(part.text or "" for part in child.iterchildren("{*}t"))
            raised = child.find("{*}rPr/{*}vertAlign")
            at = raised.get("val") if raised is not None else None
            parts.append(on_the_line(text, at)[0] if at in ("superscript", "subscript") else text)
    return clean(_unescaped("".join(parts)))


def _unescaped(text: str) -> str:
    """'_x000D_' is a carriage return (ISO/IEC 29500-1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _number(raw: str) -> float | int | None:
    try:
        number = float(raw)
    except ValueError:
        return None
    if number - number != 0:
        return None
    if abs(number) < 2**53 and number.is_integer():
        return int(number)
    return number


_letters: dict[str, int] = {}


def _column(reference: str) -> int:
    letters = reference.rstrip("0123456789")
    found = _letters.get(letters)
    if found is None:
        found = _position(f"{letters[:4]}1")[1]
        if found >= 0:
            _letters[letters] = found
    return found


_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", re.IGNORECASE)


def _position(reference: str) -> Position:
    """(-1, -1) for what is no address."""
    match = _ADDRESS.fullmatch(reference)
    if not match:
        return (-1, -1)
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _text_format(text: str, style: Style) -> str | None:
    """That of the cell, if it has one and the text stays a text under it; what nobody would take for anything else
    needs none."""
    if text.startswith("=") or text in ("TRUE", "FALSE"):
        return TEXT_FORMAT
    is_dated = len(text) == len("2026-07-01") and serial_of(text) is not None
    if style.format is None:
        return GENERAL if is_dated else None
    return TEXT_FORMAT if is_dated and style.is_date else style.format


def _area(reference: str) -> Area | None:
    """None for what is no area of cells: A1:C9."""
    first, _, last = reference.partition(":")
    (top, left), (bottom, right) = _position(first), _position(last or first)
    is_area = 0 <= top <= bottom < MAX_ROWS and 0 <= left <= right < MAX_COLUMNS
    return (top, left, bottom, right) if is_area else None


def _tables(package: Package, part: str) -> list[Area | None]:
    """What the filters of its Excel tables are over (18.5); None for one that has none."""
    found: list[Area | None] = []
    for relation in package.relations(part).values():
        if relation.kind == "table" and not relation.is_external and relation.target in package:
            element = package.tree(relation.target).find("{*}autoFilter")
            found.append(None if element is None else _area(element.get("ref", "")))
    return found


def _hidden_columns(element: etree._Element) -> range:
    if element.get("hidden") not in ("1", "true"):
        return range(0)
    return range(max(_count(element.get("min"), MAX_COLUMNS) - 1, 0), _count(element.get("max"), MAX_COLUMNS))


def _widths(element: etree._Element) -> dict[int, float]:
    first, last = _count(element.get("min"), MAX_COLUMNS), _count(element.get("max"), MAX_COLUMNS)
    width = _number(element.get("width") or "")
    if element.get("customWidth") not in ("1", "true") or width is None or not 0 < width <= 256:
        return {}
    return dict.fromkeys(range(first - 1, last), round(max(width - _PADDING, 0.1), 2))


def _count(text: str | None, most: int) -> int:
    number = _number(text or "")
    return min(max(int(number), 0), most) if number is not None else 0


def _has_header(cells: Mapping[Position, Cell], last_column: int) -> bool:
    """Whether the first row names the columns: it is filled throughout, with words, and something stands below."""
    first = [cells.get((0, column)) for column in range(last_column + 1)]
    if not first or len(cells) == len(first):
        return False
    return all(cell is not None and cell.number is None and not cell.text.startswith("=") for cell in first)
