"""What type a column of text has: numbers, money, percentages or dates where its cells say so, else text.

One detection for what the window shows and for what files hold. Nothing is rewritten: a type says how a column is
sorted, filtered, aligned and exported, never what stands in it. In doubt a column is text. Ids stay text: leading zeros
('00123'), more than 15 digits, card and account numbers, phone numbers, postcodes, ISBN, IBAN, versions (1.9, 1.10).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from forgeapp.domain.column_dates import looks_dated, read_dates
from forgeapp.domain.numbers import Number, parse_number

Value = float | int
Figure = Value | None


class ColumnType(StrEnum):
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    CURRENCY = "currency"
    PERCENT = "percent"
    DATE = "date"

    @property
    def is_number(self) -> bool:
        return self in (ColumnType.INTEGER, ColumnType.DECIMAL, ColumnType.CURRENCY, ColumnType.PERCENT)


@dataclass(frozen=True, slots=True)
class TypedColumn:
    """`values` and `formats` have an entry a cell, and none at all for a column of text.

    A value is the number meant (12 % is 0.12), for a date its serial (`dates.serial_of`), None for a blank, for what
    stands for 'no figure', and for a word among figures; `words` counts those. A format is an Excel code that shows the
    value as written; None for a plain number and for a date that no code shows so.
    """

    type: ColumnType
    values: Sequence[Figure] = ()
    formats: Sequence[str | None] = ()
    words: int = 0
    decimal_comma: bool = False


TEXT = TypedColumn(ColumnType.TEXT)
_NO_FIGURE = frozenset(
    ("n. a.", "k. a.", "n. v.", "s. o.", "-", "--", "–", "—", "?", "…", "...", "n/a", "na", "n.a.")
) | {*("#n/a", "none", "null", "nan", "nil", "tbd", "tba", "k.a.", "k.a", "entf.", "s/o", "n.d.", "n/d", "unknown")}
_MOST_WORDS = 0.2
_MAX_CHARS = 64
_COMMA = re.compile(r"\D*\d+(?:[. \u00a0\u202f'’]\d{3})*,(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:\.\d{3})+,\d+\D*")
_POINT = re.compile(r"\D*\d+(?:[, \u00a0\u202f'’]\d{3})*\.(?:\d{1,2}|\d{4,})\D*|\D*\d{1,3}(?:,\d{3})+\.\d+\D*")
_UNIT_DIGITS = re.compile(r"[0#.,]+")
_NINES = str.maketrans("012345678", "9" * 9)
_LEADING_ZERO = re.compile(r"\D*0\d")
_HAS_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"0\d+|\d+E\d+|\d{16,}")
_PART_NUMBER = re.compile(r"\d+E\d+")
_PLAIN_DIGITS = re.compile(r"9{10,}")
_POINTED = re.compile(r"9{1,2}\.9{1,3}")
_ID_NAME = re.compile(
    r"phone|tele[fp]|tel[ée]fono|\b(?:tel|fax|mobile|mobil|handy|zip|plz|cep|isbn|issn|ean|upc|gtin|iban|bic|swift|"
    r"imei|version|versions|release|semver|barcode)\b|postcode|postal|postleitzahl|postnummer|post code|kontonummer|"
    r"account n|card n|serial n|seriennummer|passport",
    re.IGNORECASE,
)
_LONG_ID_DIGITS = 12


def is_blank(text: str) -> bool:
    """Whether a cell says nothing: blank, or what stands for 'no figure' among figures."""
    return not text or (len(text) < 12 and text.strip().casefold() in _NO_FIGURE) or not text.strip()


def has_digit(text: str) -> bool:
    """Looked for where a number would have one."""
    return _HAS_DIGIT.search(text, 0, _MAX_CHARS + 1) is not None


def decimal_marks(texts: Iterable[str]) -> tuple[int, int]:
    """How many shapes of numbers can only be read with a decimal comma, how many only with a point."""
    commas = points = 0
    for shape in {text.translate(_NINES) for text in texts if len(text) <= _MAX_CHARS}:
        commas += "," in shape and bool(_COMMA.fullmatch(shape))
        points += "." in shape and bool(_POINT.fullmatch(shape))
    return commas, points


def read_column(
    texts: Sequence[str], name: str = "", comma_habit: bool = False, mixes_currencies: bool = False
) -> TypedColumn:
    """The type of a column and its values; `name` is its header, `comma_habit` the decimal mark of the columns beside.

    A few words among figures (up to a fifth) do not make them text; anything else with a digit in it does, and so do
    decimal points where the columns beside have commas, and units that differ: currencies may, beside each other and
    plain numbers, where `mixes_currencies`. Linear time.
    """
    filled = [text for text in texts if not is_blank(text)]
    if not filled or _ID_NAME.search(name[:_MAX_CHARS]):
        return TEXT
    figures = [text for text in filled if has_digit(text)]
    words = len(filled) - len(figures)
    if not figures or words > len(filled) * _MOST_WORDS or any(len(text) > _MAX_CHARS for text in figures):
        return TEXT
    dated = read_dates(figures)
    if dated is not None:
        return _spread(ColumnType.DATE, texts, dated, words)
    commas, points = decimal_marks(figures)
    if points and (commas or comma_habit):
        return TEXT
    decimal_comma = commas > 0 if commas or points else comma_habit
    numbers = _read_numbers(figures, decimal_comma, mixes_currencies)
    if numbers is None:
        return TEXT
    return _spread(_number_type(numbers), texts, numbers, words, decimal_comma)


class Doubt(StrEnum):
    """Why the figures of a column are not taken for numbers or dates."""

    CODES = "codes"
    MARKS = "marks"
    DATES = "dates"


def doubt_of(texts: Sequence[str], name: str = "", comma_habit: bool = False) -> tuple[Doubt, str] | None:
    """What speaks against taking each of the cells for what it is alone, and one that shows it; else None.

    They are codes (1E5, 00123, 1.9 beside 1.10), their decimal marks differ among themselves or from those beside, or
    dates are written in several ways.
    """
    figures = [text for text in texts if not is_blank(text) and len(text) <= _MAX_CHARS and has_digit(text)]
    if not figures:
        return None
    code = next((text for text in figures if _CODE.fullmatch(text.strip())), None)
    if code is None and (_ID_NAME.search(name[:_MAX_CHARS]) or _are_ids(figures, {_shape(text) for text in figures})):
        code = figures[0]
    if code is not None:
        return Doubt.CODES, code
    dates = [text for text in figures if looks_dated(text)]
    if dates and read_dates(dates) is None:
        return Doubt.DATES, dates[0]
    commas, points = decimal_marks(figures)
    if points and (commas or comma_habit):
        return Doubt.MARKS, next(text for text in figures if decimal_marks((text,))[1])
    return None


def _spread(
    kind: ColumnType,
    texts: Sequence[str],
    found: Mapping[str, tuple[Value, str | None]],
    words: int,
    decimal_comma: bool = False,
) -> TypedColumn:
    nothing: tuple[Figure, str | None] = (None, None)
    pairs = [found.get(text, nothing) for text in texts]
    return TypedColumn(kind, [value for value, _ in pairs], [form for _, form in pairs], words, decimal_comma)


def _number_type(numbers: Mapping[str, tuple[Value, str | None]]) -> ColumnType:
    forms = {form or "" for _, form in numbers.values()}
    if all(form.endswith("%") for form in forms):
        return ColumnType.PERCENT
    if any('"' in form for form in forms):
        return ColumnType.CURRENCY
    is_whole = all(isinstance(value, int) for value, _ in numbers.values())
    return ColumnType.INTEGER if is_whole else ColumnType.DECIMAL


def _read_numbers(
    figures: Sequence[str], decimal_comma: bool, mixes_currencies: bool
) -> dict[str, tuple[Value, str | None]] | None:
    """The number and format of each text, None where one is no number, the units differ, or they are ids."""
    readers: dict[str, _Reader] = {}
    shapes: set[str] = set()
    units: set[str] = set()
    found: dict[str, tuple[Value, str | None]] = {}
    for text in figures:
        if text in found:
            continue
        shape = _shape(text)
        reader = readers.get(shape)
        if reader is not None:
            found[text] = reader.read(text), reader.format
            continue
        number = parse_number(text, decimal_comma)
        if number is None or _PART_NUMBER.fullmatch(text):
            return None
        unit = _UNIT_DIGITS.sub("0", number.format or "0")
        units.add(str(unit.endswith("%")) if mixes_currencies else unit)
        if len(units) > 1:
            return None
        shapes.add(shape)
        found[text] = number.value, number.format
        reader = _reader(text, number)
        if reader is not None:
            readers[shape] = reader
    return None if _are_ids(found, shapes) else found


def _are_ids(found: Iterable[str], shapes: set[str]) -> bool:
    """Numbers nobody counts with: all of ten digits or more and equally long, or versions such as 1.9 and 1.10."""
    digits = {len(shape) for shape in shapes if _PLAIN_DIGITS.fullmatch(shape)}
    if digits and (max(digits) >= _LONG_ID_DIGITS or (len(shapes) == 1 and len(digits) == 1)):
        return True
    if len(shapes) < 2 or not all(_POINTED.fullmatch(shape.lstrip("z")) or shape == "9" for shape in shapes):
        return False
    fractions = [text.strip().partition(".")[2] for text in found]
    shortest = min((len(fraction) for fraction in fractions if fraction), default=0)
    return any(fraction.endswith("0") and len(fraction) > shortest for fraction in fractions)


def _shape(text: str) -> str:
    """The text with every digit as 9, marked where a zero leads: numbers of one shape are read in one way."""
    shape = text.translate(_NINES)
    return f"z{shape}" if _LEADING_ZERO.match(text) else shape


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads texts of one shape, ten times as fast as `parse_number`."""

    format: str | None
    kept: Mapping[int, str | None]
    to_number: Callable[[str], Value]
    sign: int
    percent_places: int | None

    def read(self, text: str) -> Value:
        value = self.to_number(text.translate(self.kept)) * self.sign
        return value if self.percent_places is None else round(value / 100, self.percent_places)


def _reader(text: str, number: Number) -> _Reader | None:
    """None where there is none that surely gives what `parse_number` gives: for 0, which hides its sign, and 1e5."""
    if not number.value or "e" in text.casefold():
        return None
    kept: dict[int, str | None] = {ord(character): None for character in set(text) if not character.isdigit()}
    is_whole = isinstance(number.value, int)
    if not is_whole:
        kept[ord(max(".,", key=text.rfind))] = "."
    format_code = number.format or ""
    places = len(format_code.partition(".")[2].rstrip("%")) + 4 if format_code.endswith("%") else None
    reader = _Reader(number.format, kept, int if is_whole else float, -1 if number.value < 0 else 1, places)
    return reader if reader.read(text) == number.value else None


def bound_of(text: str, column: TypedColumn) -> float | None:
    """The value a person means who writes one into a filter of the column, None where it is none.

    In a column of percentages 12 is 12 %.
    """
    if column.type is ColumnType.DATE:
        dated = read_dates([text])
        return None if dated is None else dated[text][0]
    number = parse_number(text, column.decimal_comma)
    if number is None:
        return None
    is_bare = column.type is ColumnType.PERCENT and not (number.format or "").endswith("%")
    return number.value / 100 if is_bare else number.value
