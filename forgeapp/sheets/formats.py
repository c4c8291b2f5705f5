"""The number formats computed cells take from what they are computed from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forgeapp.domain.dates import ISO_FORMAT, serial_of
from forgeapp.domain.formulas import Token, shape, tokens
from forgeapp.domain.packed_cells import entries, retyped
from forgeapp.domain.workbook import GENERAL, TEXT_FORMAT, Position, Sheet, Workbook, is_formula, position
from forgeapp.sheets.display import is_date_format

_STAYS = (GENERAL, TEXT_FORMAT)
"""Under these a text stays one, though it reads as a date."""
_DATE_FUNCTIONS = {"TODAY", "DATE", "DATEVALUE", "EDATE", "EOMONTH", "WORKDAY", "WORKDAY.INTL"}
_MOMENTS = {"NOW": "yyyy-mm-dd hh:mm", "TIME": "hh:mm", "TIMEVALUE": "hh:mm"}
_COUNTED = """
COUNT COUNTA COUNTIF COUNTIFS COUNTBLANK ROW ROWS COLUMN COLUMNS MATCH XMATCH LEN YEAR MONTH DAY WEEKDAY WEEKNUM
ISOWEEKNUM DAYS DATEDIF NETWORKDAYS RANK RANK.EQ RANK.AVG NPER CORREL SIGN HOUR MINUTE SECOND PERCENTRANK VAR VAR.S
"""
_COUNTS = frozenset(_COUNTED.split())
_RATES = frozenset(("RATE", "IRR", "XIRR", "MIRR", "RRI", "EFFECT", "NOMINAL"))
_SPREADING = frozenset(
    ("AVERAGE", "AVERAGEIF", "AVERAGEIFS", "MEDIAN", "PMT", "IPMT", "PPMT", "PV", "FV", "NPV", "STDEV")
)
_PERCENT_WORDS = re.compile(r"%|percent|prozent|pour ?cent|porcent|percentuale|margin\b|marge\b", re.IGNORECASE)
_CURRENCY = re.compile(r'"[^"]+"|\[\$|[$€£¥₹₩₽₺₴₪฿₫₦¢]')
_DECIMALS = re.compile(r"\.0+")
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9]\d{0,6})")
_MAX_RANGE_CELLS = 100
"""As many cells of a range are asked for their format."""
_MAX_PASSES = 8
"""Formulas on formulas on formulas: as deep a format travels."""


def with_formats(workbook: Workbook) -> Workbook:
    """The workbook with a format for every formula that has none but should be read as its operands are.

    A total of money is money, a date plus days a date, a quotient under 'Margin %' a percentage, a mean of whole
    numbers has decimals; a count, and money divided by money, are neither. Typed ISO dates become dates. Nothing
    that has a format is changed. Linear in the size of the formulas.
    """
    sheets = [_with_dates(sheet) for sheet in workbook.sheets]
    if any(_is_open(text, number, form) for sheet in sheets for _, text, number, form in entries(sheet.cells)):
        formats = _Formats(sheets)
        formats.infer()
        sheets = [_with(sheet, formats.found.get(sheet.name, {})) for sheet in sheets]
    return replace(workbook, sheets=tuple(sheets))


def _is_open(text: str, number: float | int | None, format_code: str | None) -> bool:
    return format_code is None and is_formula(text, number, None)


def _with_dates(sheet: Sheet) -> Sheet:
    dated = {
        at: (serial, form or ISO_FORMAT)
        for at, text, number, form in entries(sheet.cells)
        if number is None and len(text) == 10 and form not in _STAYS and (serial := serial_of(text)) is not None
    }
    return replace(sheet, cells=retyped(sheet.cells, dated)) if dated else sheet


def _with(sheet: Sheet, found: Mapping[Position, str]) -> Sheet:
    formatted = {at: (None, format_code) for at, format_code in found.items() if format_code != GENERAL}
    return replace(sheet, cells=retyped(sheet.cells, formatted)) if formatted else sheet


class _Formats:
    """Formats found so far by sheet name and position, GENERAL where it was found that none fits."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.name.casefold(): sheet for sheet in sheets}
        self._by_column = {sheet.name: _typed_formats(sheet) for sheet in sheets}
        self.found: dict[str, dict[Position, str]] = {sheet.name: {} for sheet in sheets}

    def infer(self) -> None:
        open_cells = [
            (sheet, at, text)
            for sheet in self._sheets.values()
            for at, text in sorted(
                (
                    (at, text)
                    for at, text, number, form in entries(sheet.cells)
                    if text[0] == "=" and _is_open(text, number, form)
                ),
                key=lambda found: (found[0][1], found[0][0]),
            )
        ]
        operands: dict[int, _Operands] = {}
        for _ in range(_MAX_PASSES):
            still_open = []
            for entry in open_cells:
                format_code = self._format_of(*entry, operands)
                if format_code is None:
                    still_open.append(entry)
                else:
                    self.found[entry[0].name][entry[1]] = format_code
            if len(still_open) == len(open_cells):
                break
            open_cells = still_open
        for sheet, at, _formula in open_cells:
            column_format = self._by_column[sheet.name].get(at[1])
            if column_format:
                self.found[sheet.name][at] = column_format

    def _format_of(self, sheet: Sheet, at: Position, formula: str, read: dict[int, _Operands]) -> str | None:
        above = sheet.cells.get((at[0] - 1, at[1]))
        known = self.found[sheet.name].get((at[0] - 1, at[1]))
        if known and above and above.is_formula and shape(above.text) == shape(formula):
            return known
        operands = read.get(id(formula))
        if operands is None:
            operands = read[id(formula)] = _operands(formula)
        found = [self._format_at(sheet, span) for span in operands.spans]
        inferred = _inferred(operands, found, self._label(sheet, at))
        return _without_decimals(inferred) if inferred and operands.is_whole else inferred

    def _label(self, sheet: Sheet, at: Position) -> str:
        header, label = sheet.cells.get((0, at[1])), sheet.cells.get((at[0], 0))
        return " ".join(cell.text[:80] for cell in (header, label) if cell and not cell.is_formula)

    def _format_at(self, sheet: Sheet, span: _Span) -> str | None:
        """The one format of the cells of a span; None where it is unknown, GENERAL where they are plain or differ."""
        target = self._sheets.get(span.sheet.casefold()) if span.sheet else sheet
        if target is None:
            return GENERAL
        formats: set[str] = set()
        is_unknown = False
        for at in span.positions(target):
            cell = target.cells.get(at)
            if cell is None or (cell.number is None and not cell.is_formula):
                continue
            format_code = cell.format or self.found[target.name].get(at)
            if format_code is None and cell.is_formula:
                is_unknown = True
            elif format_code is not None or not (isinstance(cell.number, int) and abs(cell.number) < 1000):
                formats.add(format_code or GENERAL)
        if is_unknown and not formats:
            return None
        return merged(formats) or GENERAL


def _typed_formats(sheet: Sheet) -> dict[int, str]:
    """The format the typed numbers of a column share, by column."""
    seen: dict[int, set[str | None]] = {}
    for (row, column), _, number, format_code in entries(sheet.cells):
        if number is not None and not (sheet.has_header and row == 0):
            seen.setdefault(column, set()).add(format_code)
    shared: dict[int, str] = {}
    for column, formats in seen.items():
        only = merged({format_code for format_code in formats if format_code}) if None not in formats else None
        if only:
            shared[column] = only
    return shared


def merged(formats: set[str]) -> str | None:
    """The one of the formats with most decimals, grouped if any is, where they differ in nothing else: '$'0 and
    '$'0.00; also #,##0.00 and 0.00, for nobody writes a mark into a number below a thousand."""
    kinds = {_DECIMALS.sub("", format_code).replace("#,##0", "0") for format_code in formats}
    if len(kinds) != 1:
        return None
    finest = max(formats, key=lambda code: (len(code.replace("#,##0", "0")), code))
    is_grouped = any("#,##0" in code for code in formats)
    return finest.replace("0", "#,##0", 1) if is_grouped and "#,##0" not in finest else finest


@dataclass(frozen=True, slots=True)
class _Span:
    """A cell or a range; `sheet` '' for the formula's own. Whole columns end at the last row."""

    sheet: str
    first: Position
    last: Position

    def positions(self, sheet: Sheet) -> Iterator[Position]:
        count = 0
        for column in range(self.first[1], min(self.last[1], sheet.column_count - 1) + 1):
            for row in range(self.first[0], min(self.last[0], sheet.row_count - 1) + 1):
                yield row, column
                count += 1
                if count == _MAX_RANGE_CELLS:
                    return


@dataclass(frozen=True, slots=True)
class _Operands:
    """What a formula computes with. `divisors`: the indices of the spans that directly follow a '/'. `is_whole`: all of
    it is rounded to whole numbers."""

    outer: str
    functions: frozenset[str]
    operators: frozenset[str]
    spans: tuple[_Span, ...]
    divisors: frozenset[int]
    has_hundred: bool
    is_whole: bool


def _operands(formula: str) -> _Operands:
    parts = [token for token in tokens(formula) if token.kind != "space"]
    functions: list[str] = []
    counting: list[bool] = []
    spans: list[_Span] = []
    divisors: set[int] = set()
    operators: set[str] = set()
    index = 0
    is_divided = False
    while index < len(parts):
        token = parts[index]
        follows = parts[index + 1].text if index + 1 < len(parts) else ""
        if token.kind == "open":
            is_counting = bool(functions) and index > 0 and parts[index - 1].kind == "name" and functions[-1] in _COUNTS
            counting.append(is_counting or (bool(counting) and counting[-1]))
        elif token.kind == "close" and counting:
            counting.pop()
        elif token.kind == "name" and follows == "(":
            functions.append(token.text.upper().removeprefix("_XLFN."))
        elif token.kind == "operator" and token.text in ("+", "-", "*", "/", "^", "&", "=", "<", ">", "<=", ">=", "<>"):
            operators.add(token.text)
            is_divided = token.text == "/"
        elif token.kind in ("name", "quoted"):
            span, index = _span(parts, index)
            if span and not (counting and counting[-1]):
                if is_divided:
                    divisors.add(len(spans))
                    is_divided = False
                spans.append(span)
        index += 1
    closes_last = bool(parts) and parts[-1].kind == "close" and _is_one_call(parts)
    return _Operands(
        outer=functions[0] if closes_last and functions else "",
        functions=frozenset(functions),
        operators=frozenset(operators),
        spans=tuple(spans),
        divisors=frozenset(divisors),
        has_hundred=any(token.text == "100" for token in parts),
        is_whole=closes_last and functions[:1] == ["ROUND"] and [token.text for token in parts[-3:]] == [",", "0", ")"],
    )


def _is_one_call(parts: Sequence[Token]) -> bool:
    if len(parts) < 3 or parts[0].kind != "name" or parts[1].text != "(":
        return False
    depth = 0
    for index, token in enumerate(parts):
        depth += (token.kind == "open") - (token.kind == "close")
        if depth == 0 and token.kind == "close":
            return index == len(parts) - 1
    return False


def _span(parts: Sequence[Token], index: int) -> tuple[_Span | None, int]:
    """The reference that begins at `index`, and the index of its last token."""
    sheet = ""
    if index + 2 < len(parts) and parts[index + 1].text == "!":
        sheet = parts[index].text.strip("'").replace("''", "'") if parts[index].kind == "quoted" else parts[index].text
        index += 2
    last = index
    if index + 2 < len(parts) and parts[index + 1].text == ":":
        last = index + 2
    first_at, last_at = _corner(parts[index].text, 0), _corner(parts[last].text, 1_048_575)
    return (_Span(sheet, first_at, last_at) if first_at and last_at else None), last


def _corner(text: str, row: int) -> Position | None:
    """'$B$7' -> (6, 1); 'B', of a whole column, -> (row, 1)."""
    plain = text.replace("$", "")
    try:
        if _REFERENCE.fullmatch(text):
            return position(plain)
        return (row, position(f"{plain}1")[1]) if plain.isalpha() and len(plain) <= 3 else None
    except ValueError:
        return None


def _inferred(operands: _Operands, found: Sequence[str | None], label: str) -> str | None:
    """The format of a formula over spans of the formats `found`; None while it is open, GENERAL where none fits."""
    outer = operands.outer
    if outer in _DATE_FUNCTIONS or outer in _MOMENTS:
        return _MOMENTS.get(outer, ISO_FORMAT)
    if outer in _RATES:
        return "0.0%"
    if outer in _COUNTS or operands.operators & {"&"}:
        return GENERAL
    if None in found:
        return None
    is_quotient = "/" in operands.operators
    is_percent = is_quotient and not operands.has_hundred and bool(_PERCENT_WORDS.search(label))
    money = {code for code in found if code and _CURRENCY.search(code) and not is_date_format(code)}
    if any(found[index] in money for index in operands.divisors) or (is_percent and not money):
        return "0.0%" if is_percent else GENERAL
    is_fine = bool(operands.operators & {"*", "/", "^"}) or bool(operands.functions & _SPREADING)
    if money:
        only = merged(money)
        return _with_decimals(only, is_fine) if only else GENERAL
    dates = [code for code in found if is_date_format(code)]
    if dates:
        is_shifted = len(dates) == 1 and operands.operators <= {"+", "-"} and not operands.functions - {"MAX", "MIN"}
        return dates[0] if is_shifted else GENERAL
    shared = {code for code in found if code}
    if operands.operators <= {"+", "-"}:
        shared -= {GENERAL}
    if len(shared) != 1 or GENERAL in shared:
        return None
    only = shared.pop()
    if "%" in only:
        return only if operands.operators <= {"+", "-"} else GENERAL
    return _with_decimals(only, is_fine) if not operands.operators & {"=", "<", ">", "<=", ">=", "<>"} else only


def _without_decimals(format_code: str) -> str:
    """What is rounded to whole numbers shows none; a percentage is not: its unit is the hundredth."""
    if "%" in format_code:
        return format_code
    plain = _DECIMALS.sub("", format_code)
    return GENERAL if plain == "0" else plain


def _with_decimals(format_code: str, is_fine: bool) -> str:
    """Money and means of whole amounts need the cents: '"$"#,##0' -> '"$"#,##0.00'."""
    if not is_fine or ";" in format_code or format_code.count("0") != 1:
        return format_code
    return format_code.replace("0", "0.00")
