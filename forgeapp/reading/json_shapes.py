"""The shapes of JSON in which models give tables and workbooks.

Tables: [{..}, ..], [[..], ..], {"columns": .., "rows": ..}, one object around such a list, columns of equal length.
Workbooks: {"sheets": [{"name", "rows" | "data" | "cells", ..}]}, {"sheets": {name: rows}}, {name: [[..]]}, a list
of sheets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any

from forgeapp.domain.workbook import Position, position
from forgeapp.reading.cells import MAX_CELLS, Grid
from forgeapp.reading.lenient_json import Numeral

_SHEETS = ("sheets", "worksheets", "tabs")
_AROUND = ("workbook", "spreadsheet", "table", "tables", "data", "result", "artifact", "content")
_COLUMNS = ("columns", "headers", "header", "fields", "column_names", "columnNames")
_ROWS = ("rows", "data", "values", "records", "items", "entries", "body")
_NAMES = ("name", "title", "sheet", "sheet_name", "sheetName", "caption", "table_name")
_FORMULAS = ("formula", "f")
_VALUES = ("value", "v", "text", "raw")
MAX_WRAPPERS = 3


def title_in(value: Any) -> str | None:
    """The title an outer object gives its table or workbook."""
    if isinstance(value, dict):
        for key in ("title", "name", "caption"):
            if isinstance(value.get(key), str) and value[key].strip():
                return str(value[key]).strip()
        for key in _AROUND:
            if isinstance(value.get(key), dict):
                return title_in(value[key])
    return None


def says_workbook(value: Any) -> bool:
    """Whether the value calls itself a workbook or its parts sheets."""
    return isinstance(value, dict) and any(key in value for key in (*_SHEETS, "workbook", "spreadsheet"))


def sheets_in(value: Any, depth: int = 0) -> list[Grid]:
    """The sheets of a value that is a workbook by its shape; [] for every other."""
    if isinstance(value, list):
        grids: list[Grid] = []
        for item in value:
            if (grid := _named_sheet(item)) is None:
                return []
            grids.append(grid)
        return grids
    if not isinstance(value, dict) or depth > MAX_WRAPPERS:
        return []
    for key in _SHEETS:
        if key in value:
            return _sheets(value[key])
    for key in _AROUND:
        if isinstance(value.get(key), dict | list) and (inner := sheets_in(value[key], depth + 1)):
            return inner
    if sheet := _named_sheet(value):
        return [sheet]
    lists = {name: item for name, item in value.items() if _is_rows(item)}
    if lists and all(name in lists or not isinstance(item, dict | list) for name, item in value.items()):
        return [Grid(_rows(item), name) for name, item in lists.items() if name not in _ROWS]
    return []


def tables_in(value: Any, depth: int = 0) -> list[Grid]:
    """The tables in a value, [] where it holds none."""
    if isinstance(value, list):
        return [Grid(listed)] if (listed := _list_rows(value)) else []
    if not isinstance(value, dict) or depth > MAX_WRAPPERS:
        return []
    name = title_in(value)
    columns = _first_list(value, _COLUMNS)
    rows = _first_list(value, _ROWS)
    if columns is not None and rows is not None:
        return [Grid(_with_columns(columns, rows), name)]
    found: list[Grid] = []
    for key, item in value.items():
        if isinstance(item, list) and (_is_rows(item) or _is_objects(item)):
            inner = [grid for entry in item if key == "tables" for grid in tables_in(entry, depth + 1)]
            found.extend(inner or [Grid(_list_rows(item), name if key in (*_ROWS, "table") else key)])
        elif isinstance(item, dict) and key in _AROUND:
            found.extend(tables_in(item, depth + 1))
    if found:
        return found if len(found) > 1 else [Grid(found[0].rows, name or found[0].name)]
    return _from_columns(value)


def _first_list(value: dict[str, Any], keys: Iterable[str]) -> list[Any] | None:
    return next((value[key] for key in keys if isinstance(value.get(key), list)), None)


def _sheets(value: Any) -> list[Grid]:
    if isinstance(value, Mapping):
        pairs: Iterable[tuple[str | None, Any]] = value.items()
    elif isinstance(value, list):
        pairs = ((_name(item), item) for item in value)
    else:
        return []
    return [
        Grid(grid.rows, str(name) if name is not None else None, positions=grid.positions)
        for name, item in pairs
        if (grid := _sheet(item)) is not None
    ]


def _name(item: Any) -> str | None:
    if isinstance(item, dict):
        for key in _NAMES:
            if isinstance(item.get(key), str) and item[key].strip():
                return str(item[key]).strip()
    return None


def _named_sheet(item: Any) -> Grid | None:
    """A sheet that stands alone: named, and its rows are lists or cells by address."""
    name = _name(item)
    if name is None or not isinstance(item, dict):
        return None
    cells = item.get("cells")
    if isinstance(cells, dict) and _addresses(cells):
        return Grid((), name, positions=_addresses(cells))
    rows = next((item[key] for key in _ROWS if _is_rows(item.get(key))), None)
    if rows is None or any(key in item for key in _COLUMNS):
        return None
    return Grid(_rows(rows), name)


def _sheet(item: Any) -> Grid | None:
    if isinstance(item, list):
        return Grid(_list_rows(item) or _rows(item))
    if not isinstance(item, dict):
        return None
    for key in ("cells", *_ROWS):
        held = item.get(key)
        if isinstance(held, dict) and (found := _addresses(held)):
            return Grid((), positions=found)
        if isinstance(held, list) and _is_objects(held) and (listed := _listed_cells(held)):
            return Grid((), positions=listed)
    if found := _addresses(item):
        return Grid((), positions=found)
    columns = _first_list(item, _COLUMNS)
    rows = _first_list(item, (*_ROWS, "cells", "table"))
    if columns is not None and rows is not None:
        head = tuple(cell_text(_column(column)) for column in columns)
        body = _with_columns(columns, rows)
        if rows and isinstance(rows[0], list) and tuple(cell_text(cell) for cell in rows[0]) == head:
            return Grid(body[1:])
        return Grid(body)
    if rows is not None:
        return Grid(_list_rows(rows) or _rows(rows))
    return Grid(()) if _name(item) else None


def _addresses(cells: Mapping[str, Any]) -> dict[Position, str]:
    """{'A1': .., 'B2': ..} by position; {} where a key is no address."""
    found: dict[Position, str] = {}
    for key, value in cells.items():
        try:
            at = position(key.replace("$", ""))
        except ValueError:
            if key in _NAMES:
                continue
            return {}
        found[at] = cell_text(value)
    return found


def _listed_cells(cells: list[dict[str, Any]]) -> dict[Position, str]:
    """[{'cell': 'A1', 'value': ..}, ..] by position."""
    found: dict[Position, str] = {}
    for cell in cells:
        at = next((cell[key] for key in ("cell", "address", "ref") if isinstance(cell.get(key), str)), None)
        if at is None:
            return {}
        found |= _addresses({at: cell})
    return found


def _is_rows(value: Any) -> bool:
    if not isinstance(value, list) or not value or _row_of(value[0]) is None:
        return False
    return all(_row_of(row) is not None for row in value)


def _row_of(row: Any) -> list[Any] | None:
    """A row given as a list, or as an object around its list of cells."""
    if isinstance(row, list):
        return row
    if isinstance(row, dict):
        for key in ("cells", "values", "row"):
            if isinstance(row.get(key), list):
                return list(row[key])
    return None


def _is_objects(value: list[Any]) -> bool:
    return bool(value) and set(map(type, value)) == {dict} and any(value)


def _rows(rows: list[Any]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple([cell_text(cell) for cell in _row_of(row) or ()]) for row in rows)


def _list_rows(value: list[Any]) -> tuple[tuple[str, ...], ...]:
    """Rows of a list of lists, or of a list of objects with their keys as the header; () for other lists."""
    if _is_rows(value):
        return _rows(value)
    if not _is_objects(value):
        return ()
    columns = list(dict.fromkeys(chain.from_iterable(value)))
    # One more than a table holds, so that it is known that there are more.
    held = value[: MAX_CELLS // (len(columns) or 1) + 1]
    body = zip(*([cell_text(item.get(column)) for item in held] for column in columns), strict=True)
    return (tuple(columns), *body)


def _column(column: Any) -> Any:
    if isinstance(column, dict):
        return next((column[key] for key in ("label", "title", "header", "name", "field", "key") if key in column), "")
    return column


def _with_columns(columns: list[Any], rows: list[Any]) -> tuple[tuple[str, ...], ...]:
    header = tuple(cell_text(_column(column)) for column in columns)
    keys = [_keys_of(column, head) for column, head in zip(columns, header, strict=True)]
    body: list[tuple[str, ...]] = []
    objects_left = MAX_CELLS // (len(columns) or 1) + 1
    for row in rows:
        if (cells := _row_of(row)) is not None:
            body.append(tuple(cell_text(cell) for cell in cells))
        elif isinstance(row, dict) and objects_left:
            objects_left -= 1
            found = [next((cell_text(row[key]) for key in of_column if key in row), "") for of_column in keys]
            body.append(tuple(found) if any(found) else tuple(cell_text(cell) for cell in row.values()))
    return (header, *body)


def _keys_of(column: Any, head: str) -> list[str]:
    """Under which keys the objects of rows may hold what stands in a column."""
    said = [column.get(key) for key in ("key", "field", "name", "id")] if isinstance(column, dict) else []
    return [key for key in (*said, head) if isinstance(key, str)]


def _from_columns(value: dict[str, Any]) -> list[Grid]:
    """{'Name': [..], 'Age': [..]} with lists of one length."""
    lists = list(value.values())
    if len(lists) < 2 or not all(isinstance(item, list) and item for item in lists):
        return []
    if len({len(item) for item in lists}) != 1 or any(isinstance(cell, dict | list) for item in lists for cell in item):
        return []
    body = tuple(tuple(cell_text(cell) for cell in row) for row in zip(*lists, strict=True))
    return [Grid((tuple(value), *body))]


def cell_text(value: Any, depth: int = 0) -> str:
    """A JSON value as a cell shows it: null is blank, a list its entries, an object its formula or value."""
    if isinstance(value, str):
        return value if isinstance(value, Numeral) else value.strip()
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dict() if depth < MAX_WRAPPERS:
            for key in _FORMULAS:
                if isinstance(value.get(key), str) and value[key].strip():
                    formula = value[key].strip()
                    return formula if formula.startswith("=") else f"={formula}"
            for key in _VALUES:
                if key in value:
                    return cell_text(value[key], depth + 1)
            return "; ".join(f"{key}: {cell_text(item, depth + 1)}" for key, item in value.items())
        case list() if depth < MAX_WRAPPERS:
            return ", ".join(cell_text(item, depth + 1) for item in value)
        case _:
            try:
                return json.dumps(value, ensure_ascii=False)[:10_000]
            except (RecursionError, ValueError):
                return ""
