"""What an artifact is made of, and its one JSON form: for the ledger, JSON exports and the command line alike."""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.grid_cells import Entry
from forgeapp.domain.image import MAX_ALT_CHARS, MAX_BYTES, MAX_PIXELS, MEDIA_TYPES, Image
from forgeapp.domain.packed_cells import PackedCells, cells_of, entries
from forgeapp.domain.table import Table
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    Area,
    Cell,
    CellError,
    Hidden,
    Position,
    Sheet,
    Value,
    Values,
    Workbook,
    address,
    position,
    valid_sheet_name,
)

Content = Table | Document | Workbook | Code | Image


def kind_of(content: Content) -> Kind:
    match content:
        case Table():
            return Kind.TABLE
        case Document():
            return Kind.DOCUMENT
        case Workbook():
            return Kind.SPREADSHEET
        case Code():
            return Kind.CODE
        case Image():
            return Kind.IMAGE


def formats_of(content: Content) -> tuple[Format, ...]:
    """What it goes into, the usual one first: of an image the format it has."""
    formats = FORMATS[kind_of(content)]
    if not isinstance(content, Image):
        return formats
    own = {"image/png": Format.PNG, "image/jpeg": Format.JPEG, "image/webp": Format.WEBP}[content.media_type]
    return (own, *(other for other in formats if other is not own))


def to_json(content: Content, values: Values | None = None) -> dict[str, Any]:
    """The ARTIFACT object of the command line contract; `values` are a workbook's computed ones.

    A sheet's `values` are by address: every number, typed or computed, and the texts formulas give. Beside the
    contract's keys stand, where there are any, what formulas give that is neither - `errors` (codes such as '#DIV/0!')
    and `booleans` - and `formats` (number format codes), `frozen`, `widths`, `hidden` (whether the `sheet` is, and the
    first and last of runs of `rows` and `columns`) and `filter` ('A1:C9'), so that `from_json`, which computes nothing
    and reads no computed value, gives the same content back. Numbers are finite, as JSON requires. An image's
    `data` is base64 (RFC 4648).
    """
    data = dict(json_entries(content, values))
    if isinstance(content, Workbook):
        data["sheets"] = [
            {key: dict(value) if isinstance(value, Iterator) else value for key, value in sheet}
            for sheet in data["sheets"]
        ]
    return data


def json_entries(content: Content, values: Values | None = None) -> Iterator[tuple[str, Any]]:
    """What `to_json` gives, key by key. Sheets, and what is by address in them, are iterators of such pairs again: they
    are made as they are asked for, once, and never held."""
    yield "kind", kind_of(content).value
    yield "title", content.title
    match content:
        case Table(columns=columns, rows=rows):
            yield "columns", list(columns)
            yield "rows", [list(row) for row in rows]
        case Document(markdown=markdown):
            yield "markdown", markdown
        case Code(files=files):
            yield "files", [{"name": f.name, "language": f.language, "text": f.text} for f in files]
        case Workbook(sheets=sheets):
            yield "sheets", [_sheet_entries(sheet, (values or {}).get(sheet.name, {})) for sheet in sheets]
        case Image(media_type=media_type, data=data, width=width, height=height, alt=alt):
            yield from (("media_type", media_type), ("width", width), ("height", height), ("alt", alt))
            yield "data", base64.b64encode(data).decode("ascii")


def _sheet_entries(sheet: Sheet, computed: Mapping[Position, Value]) -> Iterator[tuple[str, Any]]:
    cells = sheet.cells if isinstance(sheet.cells, PackedCells) else dict(sorted(sheet.cells.items()))
    given = sorted(computed.items())
    yield "name", sheet.name
    yield "cells", ((address(at), text) for at, text, _, _ in entries(cells))
    yield "values", _value_entries(cells, computed, given)
    yield "rows", sheet.row_count
    yield "columns", sheet.column_count
    wrong = ((at, value.code if isinstance(value, CellError) else "#NUM!") for at, value in given if _is_wrong(value))
    yield from _if_any("errors", ((address(at), code) for at, code in wrong))
    yield from _if_any("booleans", ((address(at), value) for at, value in given if isinstance(value, bool)))
    yield from _if_any("formats", ((address(at), code) for at, _, _, code in entries(cells) if code is not None))
    if sheet.frozen_rows or sheet.frozen_columns:
        yield "frozen", [sheet.frozen_rows, sheet.frozen_columns]
    if sheet.widths:
        yield "widths", {str(column): width for column, width in sheet.widths.items()}
    if sheet.hidden:
        yield "hidden", _hidden_to_json(sheet.hidden)
    if sheet.filter is not None:
        top, left, bottom, right = sheet.filter
        yield "filter", f"{address((top, left))}:{address((bottom, right))}"
    if not sheet.has_header:
        yield "has_header", False


def _value_entries(
    cells: Mapping[Position, Cell], computed: Mapping[Position, Value], given: Iterable[tuple[Position, Value]]
) -> Iterator[tuple[str, Any]]:
    """Typed numbers, then what formulas give; where both stand, the latter, at the place of the former."""
    for at, _, number, _ in entries(cells):
        if number is not None and _is_finite(number):
            value = computed.get(at)
            yield address(at), value if value is not None and _is_value(value) else number
    for at, value in given:
        if _is_value(value) and not _has_number(cells.get(at)):
            yield address(at), value


def _has_number(cell: Cell | None) -> bool:
    return cell is not None and cell.number is not None and _is_finite(cell.number)


def _is_value(value: Value) -> bool:
    return not isinstance(value, bool | CellError) and not _is_wrong(value)


def _is_wrong(value: Value) -> bool:
    """An error, or a number no spreadsheet holds."""
    return isinstance(value, CellError) or (not isinstance(value, bool | str) and not _is_finite(value))


def _if_any(key: str, found: Iterator[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    first = next(found, None)
    if first is not None:
        yield key, chain((first,), found)


def _hidden_to_json(hidden: Hidden) -> dict[str, Any]:
    runs = {"rows": _runs(hidden.rows), "columns": _runs(hidden.columns)}
    return ({"sheet": True} if hidden.sheet else {}) | {name: found for name, found in runs.items() if found}


def _runs(numbers: frozenset[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return runs


def from_json(data: Any, *, packs: bool = False) -> Content:
    """The content of an ARTIFACT object; halves of characters become U+FFFD. `packs`: sheets' cells, which then are not
    to be changed, as `PackedCells`.

    Raises ValueError, naming what is wrong, for anything else, also for numbers that are not finite.
    """
    if not isinstance(data, dict):
        raise ValueError("an artifact is a JSON object")
    title = data.get("title")
    if title is not None:
        title = _text(title, "title")
    match data.get("kind"):
        case "table":
            columns = tuple(_texts(data.get("columns"), "columns"))
            rows = _list(data.get("rows"), "rows")
            return Table(title, columns, tuple(tuple(_texts(row, "a row")) for row in rows))
        case "document":
            return Document(title, _text(data.get("markdown"), "markdown"))
        case "code":
            files = [_object(item, "a file") for item in _list(data.get("files"), "files")]
            return Code(
                title,
                tuple(CodeFile(*(_text(item.get(key), key) for key in ("name", "language", "text"))) for item in files),
            )
        case "spreadsheet":
            sheets: list[Sheet] = []
            for item in _list(data.get("sheets"), "sheets"):
                taken = tuple(sheet.name for sheet in sheets)
                sheets.append(_sheet_from_json(_object(item, "a sheet"), taken, packs))
            return Workbook(title, tuple(sheets))
        case "image":
            return _image_from_json(data, title)
        case other:
            raise ValueError(f"{other!r} is not a kind of artifact")


def _image_from_json(data: dict[str, Any], title: str | None) -> Image:
    """Bounded, and of a known media type; whether the bytes are a picture is not looked at."""
    media_type, text, alt = data.get("media_type"), data.get("data"), _text(data.get("alt", ""), "alt")
    if media_type not in MEDIA_TYPES:
        raise ValueError(f"'media_type' is one of {', '.join(MEDIA_TYPES)}")
    if not isinstance(text, str) or len(text) > (MAX_BYTES + 2) // 3 * 4:
        raise ValueError(f"'data' is base64 text of at most {MAX_BYTES:,} bytes")
    try:
        picture = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("'data' is base64 text") from error
    width, height = data.get("width"), data.get("height")
    is_sized = all(isinstance(side, int) and not isinstance(side, bool) and side > 0 for side in (width, height))
    if not is_sized or width * height > MAX_PIXELS:  # type: ignore[operator]
        raise ValueError(f"'width' and 'height' are pixels, {MAX_PIXELS:,} at most")
    if len(alt) > MAX_ALT_CHARS:
        raise ValueError(f"'alt' has at most {MAX_ALT_CHARS:,} characters")
    return Image(title, media_type, picture, width, height, alt)  # type: ignore[arg-type]


def _sheet_from_json(data: dict[str, Any], taken: tuple[str, ...], packs: bool) -> Sheet:
    found = _cells_from_json(data)
    cells: Mapping[Position, Cell] = PackedCells.of(found) if packs else cells_of(found)
    frozen = data.get("frozen", [0, 0])
    if not (isinstance(frozen, list) and len(frozen) == 2):
        raise ValueError("'frozen' is two numbers")
    frozen_rows, frozen_columns = (_count(number, "frozen") for number in frozen)
    widths: dict[int, float] = {}
    for column, width in _object(data.get("widths", {}), "widths").items():
        if not column.isdecimal() or len(column) > len(str(MAX_COLUMNS)) or int(column) >= MAX_COLUMNS:
            raise ValueError("'widths' are numbers by column number")
        widths[int(column)] = float(_number(width, f"the width of column {column}"))
    return Sheet(
        name=valid_sheet_name(_text(data.get("name"), "name"), taken),
        cells=cells,
        has_header=bool(data.get("has_header", True)),
        frozen_rows=frozen_rows,
        frozen_columns=frozen_columns,
        widths=widths,
        row_count=_count(data.get("rows", 0), "rows"),
        column_count=_count(data.get("columns", 0), "columns"),
        hidden=_hidden_from_json(_object(data.get("hidden", {}), "hidden")),
        filter=_filter_from_json(data.get("filter")),
    )


def _cells_from_json(data: dict[str, Any]) -> Iterator[Entry]:
    values, formats = _object(data.get("values", {}), "values"), _object(data.get("formats", {}), "formats")
    for name, text in _object(data.get("cells"), "cells").items():
        text = _text(text, f"cell {name}")
        if not text:
            continue
        number = None if text.startswith("=") else values.get(name)
        if number is not None:
            number = _number(number, f"the value of {name}")
        format_code = formats.get(name)
        if format_code is not None:
            format_code = _text(format_code, f"the format of {name}")
        yield position(name), text, number, format_code


def _hidden_from_json(data: dict[str, Any]) -> Hidden:
    rows = _numbers(data.get("rows", []), MAX_ROWS, "hidden rows")
    return Hidden(data.get("sheet") is True, rows, _numbers(data.get("columns", []), MAX_COLUMNS, "hidden columns"))


def _numbers(value: Any, limit: int, what: str) -> frozenset[int]:
    """The lines of runs, which come in their order, so that no line is counted twice."""
    numbers: list[int] = []
    for run in _list(value, what):
        if not (isinstance(run, list) and len(run) == 2):
            raise ValueError(f"'{what}' are pairs of numbers")
        first, last = (_count(number, what) for number in run)
        if (numbers and first <= numbers[-1]) or not first <= last < limit:
            raise ValueError(f"'{what}' are runs in their order")
        numbers.extend(range(first, last + 1))
    return frozenset(numbers)


def _filter_from_json(value: Any) -> Area | None:
    if value is None:
        return None
    first, _, last = _text(value, "filter").partition(":")
    (top, left), (bottom, right) = position(first), position(last)
    if top > bottom or left > right:
        raise ValueError("'filter' is an area such as A1:C9")
    return top, left, bottom, right


def _count(value: Any, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_ROWS:
        raise ValueError(f"'{what}' is a count")
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"'{what}' is text")
    return value if value.isascii() else without_surrogates(value)


def _number(value: Any, what: str) -> float | int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise ValueError(f"{what} is a number")
    return value


def _is_finite(number: float | int) -> bool:
    """Whether a spreadsheet can hold it; False for whole numbers beyond its range too."""
    return abs(number) <= sys.float_info.max


def _texts(value: Any, what: str) -> list[str]:
    return [_text(item, f"an entry of {what}") for item in _list(value, what)]


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"'{what}' is a list")
    return value


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"'{what}' is an object")
    return value
