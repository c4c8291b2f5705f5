"""What JSON says beside its tables and sheets: notes, and texts that its shape left no cell for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from forgeapp.reading.cells import Grid
from forgeapp.reading.lenient_json import Numeral

MAX_DEPTH = 80
MAX_REMARKS = 1_000
_SETTINGS = frozenset(
    {
        *(
            "type",
            "kind",
            "format",
            "formats",
            "numberFormat",
            "number_format",
            "style",
            "styles",
            "align",
            "alignment",
        ),
        *("color", "colour", "background", "font", "width", "widths", "height", "key", "field", "id", "dataIndex"),
        *("accessor", "version", "schema", "$schema", "freeze", "frozen", "locale", "language"),
    }
)
_CALLED = frozenset({"name", "title", "text", "value", "v", "raw", "content"})
_COLUMNS = frozenset({"columns", "headers", "header", "fields"})
_FRAME = frozenset(
    {
        *("sheets", "worksheets", "tabs", "workbook", "spreadsheet", "table", "tables", "data", "result", "artifact"),
        *("content", *_COLUMNS, "rows", "values", "records", "items", "entries", "body", "cells", "row", "value", "v"),
        *("text", "raw", "formula", "f", "name", "title"),
    }
)


def remarks_in(value: Any, grids: Iterable[Grid], title: str | None) -> tuple[str, ...]:
    """Texts of a decoded value that stand in none of the `grids` made of it: 'note: Prices without VAT'."""
    known = {title or ""}
    for grid in grids:
        known.add(grid.name or "")
        known.update(cell for row in grid.rows for cell in row)
        known.update((grid.positions or {}).values())
    found: dict[str, None] = {}
    _collect(value, known, "", 0, found)
    return tuple(found)


def _collect(value: Any, known: set[str], label: str, depth: int, found: dict[str, None]) -> None:
    if depth > MAX_DEPTH or len(found) >= MAX_REMARKS:
        return
    if isinstance(value, dict):
        for key in _COLUMNS.intersection(value):
            for column in value[key] if isinstance(value[key], list) else ():
                if isinstance(column, dict):
                    known.update(name for name in column.values() if isinstance(name, str))
        for key, item in value.items():
            if key in _SETTINGS:
                continue
            is_inner = isinstance(item, dict | list)
            is_unread = not is_inner and _is_unread(item, known)
            is_said = key in known or key in (_CALLED if is_unread else _FRAME)
            if is_inner:
                _collect(item, known, label if is_said else f"{label}{key}: ", depth + 1, found)
            elif is_unread:
                _add(found, f"{label}{item.strip()}" if is_said else f"{label}{key}: {item.strip()}")
            elif not is_said:
                _add(found, f"{label}{key}: {item}" if item not in ("", None) else f"{label}{key}")
    elif isinstance(value, list):
        words = [item for item in value if isinstance(item, str) and _is_unread(item, known)]
        if words:
            _add(found, label + " ".join(words))
        for item in value:
            if isinstance(item, dict | list):
                _collect(item, known, label, depth + 1, found)


def _add(found: dict[str, None], remark: str) -> None:
    if len(found) < MAX_REMARKS:
        found[remark] = None


def _is_unread(value: Any, known: set[str]) -> bool:
    if not isinstance(value, str) or isinstance(value, Numeral):
        return False
    text = value.strip()
    return bool(text) and text not in known and f"={text}" not in known and any(map(str.isalnum, text))
