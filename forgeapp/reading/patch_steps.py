"""One operation as a model words it, as steps of a patch: under its own name or another usual one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from forgeapp.domain.patch import (
    CellsWritten,
    ColumnRenamed,
    ColumnsAdded,
    ColumnsMoved,
    ColumnsRemoved,
    Entry,
    Frozen,
    GridStep,
    NewColumn,
    NumberFormatted,
    RowsAdded,
    RowsMoved,
    RowsRemoved,
    RowsSorted,
    SheetAdded,
    SheetRemoved,
    SheetRenamed,
    Widened,
    Written,
)
from forgeapp.domain.wording import Text
from forgeapp.reading.lenient_json import Numeral
from forgeapp.reading.patch_fields import (
    LETTERS,
    MAX_ENTRIES,
    Fields,
    area_of,
    block_of,
    cell_name,
    clean_text,
    column_number,
    column_of,
    count_of,
    entry_of,
    plain_word,
    rows_of,
    run_of,
    width_of,
)
from forgeapp.reading.patch_frame import quoted

_ARRAYS = ("operations", "ops", "edits", "changes", "actions", "patch", "steps", "updates")
_SURE_ARRAYS = ("operations", "ops")
_NAMES = ("op", "operation", "action", "command", "type", "method", "kind")
_NOUN = r"(?P<noun>rows?|columns?|cols?|(?:work)?sheets?|tabs?)(?:at|before|after|above|below|in)?"
_VERBS = (
    ("add", re.compile(rf"(?:add|insert|append|new|create)(?:new|blank|empty|a)?{_NOUN}")),
    ("remove", re.compile(rf"(?:delete|remove|drop)(?:empty|the)?{_NOUN}")),
    ("move", re.compile(rf"(?:move|reorder)(?:the)?{_NOUN}")),
    ("rename", re.compile(rf"(?:rename|retitle)(?:the)?{_NOUN}")),
)
_OWN_NAMES = {
    "set": "set|setcells?|setvalues?|setcellvalues?|setrange|setformulas?|setcell(?:values?|formulas?)|update|"
    "updatecells?|updatevalues?|updaterange|updaterows?|write|writecells?|edit|editcells?|put|putcells?|change|changecells?|"
    "replacecells?|cells?|modify|modifycells?|fill|filldown|fillrange|fillcells|fillformula|fillcolumn|setcolumn|setrow",
    "clear": "clear|clearcells?|clearrange|clearcontents?|erase|empty",
    "rename column": "renameheader|setheader|setcolumnname|changeheader|updateheader|setcolumnheader",
    "sort": "sort|sortrows?|sortby|sorttable|sortrange|sortsheet|sortcolumn|orderby",
    "format": "format|formatcells?|formatrange|formatcolumn|numberformat|setnumberformat|setformat|setcellformat",
    "freeze": "freeze|freezepanes?|freezerows?|freezecolumns?|setfreeze|setfrozen|freezeheader",
    "width": "width|widths|setwidths?|columnwidths?|setcolumnwidths?|resizecolumns?|setcolwidth|colwidth",
}
_OWN = tuple((action, re.compile(words)) for action, words in _OWN_NAMES.items())
_ADDRESS = re.compile(
    r"(?:(?:'[^']{1,80}'|[^\W\d][\w .-]{0,80})!)?\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6}(?::\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})?"
)
_RELATIVE = re.compile(
    r"(before|after|left of|right of|above|below)\s+(?:the\s+)?(?:columns?\s+|rows?\s+)?(.{1,100})", re.IGNORECASE
)
_FORMATS = {
    "general": "General",
    "text": "@",
    "number": "#,##0.00",
    "integer": "#,##0",
    "percent": "0.0%",
    "percentage": "0.0%",
    "date": "yyyy-mm-dd",
    "currency": "#,##0.00",
}
_MAX_LISTED_RUNS = 10_000


def operations_in(value: Any) -> list[Any] | None:
    """The operations that a piece of JSON holds, None where it is something else.

    A sheet that is named around them is named in each.
    """
    if isinstance(value, list):
        return value if value and all(is_operation(item) for item in value) else None
    if not isinstance(value, dict):
        return None
    if is_operation(value):
        return [value]
    plain = {plain_word(key): inner for key, inner in value.items()}
    for name in _ARRAYS:
        inner = plain.get(name)
        if isinstance(inner, dict) and is_operation(inner):
            inner = [inner]
        if isinstance(inner, list) and (name in _SURE_ARRAYS or any(is_operation(item) for item in inner)):
            sheet = plain.get("sheet") or plain.get("sheetname") or plain.get("worksheet")
            return [_on_sheet(item, sheet) for item in inner] if isinstance(sheet, str) else inner
    sheets = plain.get("sheets")
    if isinstance(sheets, list) and sheets and all(isinstance(sheet, dict) for sheet in sheets):
        parts = [operations_in({"sheet": sheet.get("name"), **sheet}) for sheet in sheets]
        return [item for part in parts if part for item in part] if all(part is not None for part in parts) else None
    return None


def _on_sheet(operation: Any, sheet: str) -> Any:
    if not isinstance(operation, dict) or any(plain_word(key) in ("sheet", "sheetname") for key in operation):
        return operation
    return {**operation, "sheet": sheet}


def is_operation(value: Any) -> bool:
    return isinstance(value, dict) and _action(value)[0] is not None


def steps_of(operation: Any) -> tuple[list[GridStep], Text | None]:
    """What it comes to, and what of it could not be read, in words. Never raises."""
    action, fields = _action(operation) if isinstance(operation, dict) else (None, {})
    if action is None:
        return [], _unreadable(operation)
    try:
        steps = _READERS[action](Fields(fields))
    except (KeyError, ValueError):
        return [], _unreadable(operation)
    return list(steps) if isinstance(steps, Sequence) else [steps], None


def _action(operation: dict[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """What is to be done, and the fields that say it."""
    plain = {plain_word(key): key for key in operation}
    for name in _NAMES:
        word = operation.get(plain.get(name, ""))
        if isinstance(word, str) and (action := _named(word)):
            key = plain[name]
            return action, {key_: value for key_, value in operation.items() if key_ != key}
    if len(operation) == 1:
        ((key, inner),) = operation.items()
        action = _named(key)
        if action and isinstance(inner, dict):
            return action, {"cells": inner} if action == "set" and _are_cells(inner) else inner
        if action in ("set", "clear") and isinstance(inner, list | str):
            return action, {"cells": inner}
    if operation and _are_cells(operation):
        return "set", {"cells": operation}
    has_place = any(name in plain for name in ("cell", "range", "address", "cells"))
    has_content = any(name in plain for name in ("value", "values", "formula", "cells", "text"))
    if has_place and has_content and not any(name in plain for name in ("rows", "columns", "name", *_NAMES)):
        return "set", operation
    return None, operation


def _named(word: str) -> str | None:
    plain = plain_word(word)
    if len(plain) > 40:
        return None
    for action, pattern in _OWN:
        if pattern.fullmatch(plain):
            return action
    for verb, pattern in _VERBS:
        if match := pattern.fullmatch(plain):
            noun = match["noun"]
            thing = "row" if noun.startswith("row") else "column" if noun.startswith("col") else "sheet"
            return f"{verb} {thing}"
    return None


def _are_cells(value: dict[str, Any]) -> bool:
    return bool(value) and all(len(key) < 120 and _ADDRESS.fullmatch(key.strip()) for key in value)


def _set(fields: Fields) -> list[GridStep]:
    steps: dict[str | None, list[Written]] = {}

    def put(area: str, rows: tuple[tuple[Entry, ...], ...]) -> None:
        own = fields.sheet
        area = fields.local(area)
        steps.setdefault(fields.sheet, []).append(Written(area, rows))
        fields.sheet = own

    for area, rows in _writings(fields):
        put(area, rows)
    if not steps:
        raise ValueError("nothing is set")
    return [CellsWritten(tuple(parts), sheet) for sheet, parts in steps.items()]


def _writings(fields: Fields) -> list[tuple[str, tuple[tuple[Entry, ...], ...]]]:
    cells = fields.first("cells", "updates", "changes", "data")
    anchor = area_of(fields)
    has_value = fields.has("value", "values", "formula", "formulas", "text", "content", "newvalue", "fill", "to")
    value = fields.first(
        "value", "values", "formula", "formulas", "text", "content", "newvalue", "fill", "to", "rows", "cells"
    )
    match cells:
        case dict() if anchor is None or _are_cells(cells):
            return [(str(key), block_of(entry)) for key, entry in cells.items()]
        case str() if has_value:
            return [(cells, block_of(value))]
        case list() if cells and all(isinstance(item, dict) for item in cells):
            return [writing for item in cells for writing in _writings(Fields(item))]
        case list() if cells and all(isinstance(item, str) for item in cells) and has_value and anchor is None:
            return [(item, block_of(value)) for item in cells]
        case list() if anchor is not None:
            return [(anchor, block_of(cells))]
    row = fields.first("row", "rownumber")
    if isinstance(value, dict) and row is not None:
        number = run_of(row)[0]
        return [(cell_name(column_of(key), number), block_of(entry)) for key, entry in value.items()]
    if isinstance(value, dict) and anchor is None:
        return [(str(key), block_of(entry)) for key, entry in value.items()]
    if anchor is None or not (has_value or value is not None):
        raise ValueError("no place or nothing to put there")
    return [(anchor, block_of(value))]


def _clear(fields: Fields) -> CellsWritten:
    areas = fields.first("cells", "ranges")
    if areas is None:
        areas = area_of(fields)
    if isinstance(areas, dict):
        areas = list(areas)
    names = [areas] if isinstance(areas, str) else areas
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError("no place")
    parts = tuple(Written(fields.local(name), ((Entry(""),),)) for name in names)
    return CellsWritten(parts, fields.sheet)


def _add_rows(fields: Fields) -> RowsAdded:
    count = fields.first("count", "number", "howmany")
    content = fields.first("rows", "values", "data", "cells", "content")
    place = fields.first("at", "before", "above", "index", "rowindex", "start", "position", "beforerow", "row")
    if isinstance(place, list | dict):
        content, place = (place, None) if content is None else (content, None)
    if isinstance(content, Numeral):
        count, content = content, None
    rows = rows_of(content)
    after = fields.first("after", "below", "afterrow")
    at: int | None = None
    if after is not None:
        at = run_of(after)[1] + 1
    elif isinstance(place, str) and not isinstance(place, Numeral) and (match := _RELATIVE.fullmatch(place.strip())):
        first, last = run_of(match[2])
        at = last + 1 if match[1].lower() in ("after", "below") else first
    elif place is not None and plain_word(str(place)) not in ("end", "last", "bottom"):
        at = 2 if plain_word(str(place)) in ("start", "first", "top") else run_of(place)[0]
    number = count_of(count) if count is not None else 1
    return RowsAdded(at, rows, max(number, len(rows)), fields.sheet)


def _remove_rows(fields: Fields) -> RowsRemoved:
    value = fields.first("rows", "row", "range", "index", "indices", "at", "rownumbers")
    if value is None:
        value = fields.first("from", "start", "first")
        last = fields.first("to", "end", "last")
        value = [value] if last is None else f"{run_of(value)[0]}:{run_of(last)[0]}"
    count = fields.first("count", "number")
    values = value if isinstance(value, list) else re.split(r"\s*[,;]\s*", value) if isinstance(value, str) else [value]
    if len(values) > _MAX_LISTED_RUNS:
        raise ValueError("too much")
    runs = [run_of(item) for item in values]
    if count is not None and len(runs) == 1 and runs[0][0] == runs[0][1]:
        runs = [(runs[0][0], runs[0][0] + count_of(count) - 1)]
    if not runs:
        raise ValueError("no rows")
    return RowsRemoved(tuple(runs), fields.sheet)


def _move_rows(fields: Fields) -> RowsMoved:
    run = run_of(fields.first("rows", "row", "from", "range", "source", "start"))
    count = fields.first("count", "number")
    if count is not None and run[0] == run[1]:
        run = (run[0], run[0] + count_of(count) - 1)
    before, after, to = (
        fields.first("before", "above"),
        fields.first("after", "below"),
        fields.first("to", "at", "target"),
    )
    if before is not None:
        return RowsMoved(run, run_of(before)[0], fields.sheet)
    if after is not None:
        return RowsMoved(run, run_of(after)[1] + 1, fields.sheet)
    if to is None or plain_word(str(to)) in ("end", "bottom", "last"):
        return RowsMoved(run, None, fields.sheet)
    place = run_of(to)[0]
    # 'to' is where the first of them is to be; a row it passes on its way down takes its place.
    return RowsMoved(run, place if place <= run[0] else place + run[1] - run[0] + 1, fields.sheet)


def _add_columns(fields: Fields) -> ColumnsAdded:
    listed = fields.first("columns", "cols")
    columns = (
        [_new_column(Fields(item if isinstance(item, dict) else {"name": item})) for item in listed]
        if (isinstance(listed, list))
        else [_new_column(fields)] * (count_of(fields.first("count")) if fields.first("count") is not None else 1)
    )
    after, before = fields.first("after", "rightof", "aftercolumn"), fields.first("before", "leftof", "beforecolumn")
    at = fields.first("at", "position", "index", "columnindex", "column", "col", "letter")
    if after is not None:
        return ColumnsAdded(column_of(after), tuple(columns), True, fields.sheet)
    if before is not None:
        return ColumnsAdded(column_of(before), tuple(columns), False, fields.sheet)
    if isinstance(at, dict) or at is None or plain_word(str(at)) in ("end", "last", "right"):
        return ColumnsAdded(None, tuple(columns), False, fields.sheet)
    if plain_word(str(at)) in ("start", "first", "left"):
        return ColumnsAdded("A", tuple(columns), False, fields.sheet)
    if not isinstance(at, Numeral) and isinstance(at, str) and (match := _RELATIVE.fullmatch(at.strip())):
        return ColumnsAdded(match[2].strip(), tuple(columns), match[1].lower() in ("after", "right of"), fields.sheet)
    return ColumnsAdded(column_of(at), tuple(columns), False, fields.sheet)


def _new_column(fields: Fields) -> NewColumn:
    name = fields.first("name", "header", "title", "heading", "label", "columnname")
    content = fields.first("values", "cells", "rows", "data")
    fill = fields.first("fill", "formula", "value", "default", "defaultvalue")
    if isinstance(content, list):
        entries = tuple(entry_of(cell[0] if isinstance(cell, list) and len(cell) == 1 else cell) for cell in content)
        if len(entries) > MAX_ENTRIES:
            raise ValueError("too much")
        title = clean_text(name) if isinstance(name, str) else ""
        if not title and entries:
            return NewColumn(entries[0].text, entries[1:])
        return NewColumn(title, entries[1:] if entries and entries[0].text == title else entries)
    filled = fill if fill is not None else content
    return NewColumn(
        clean_text(name) if isinstance(name, str) else "", (), None if filled is None else entry_of(filled)
    )


def _remove_columns(fields: Fields) -> ColumnsRemoved:
    value = fields.first("columns", "column", "col", "cols", "range", "at", "name", "index", "header")
    if isinstance(value, str) and not isinstance(value, Numeral) and "," in value:
        value = re.split(r"\s*,\s*", value)
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > _MAX_LISTED_RUNS:
        raise ValueError("no columns")
    return ColumnsRemoved(tuple(column_of(item) for item in values), fields.sheet)


def _move_columns(fields: Fields) -> ColumnsMoved:
    moved = fields.first("columns", "column", "col", "from", "range", "source", "name")
    if isinstance(moved, list) and len(moved) == 1:
        moved = moved[0]
    columns = column_of(moved)
    before, after = fields.first("before", "leftof"), fields.first("after", "rightof")
    if before is not None:
        return ColumnsMoved(columns, column_of(before), False, fields.sheet)
    if after is not None:
        return ColumnsMoved(columns, column_of(after), True, fields.sheet)
    to = fields.first("to", "at", "position", "target", "index")
    if to is None or plain_word(str(to)) in ("end", "last", "right"):
        return ColumnsMoved(columns, None, False, fields.sheet)
    place = "A" if plain_word(str(to)) in ("start", "first", "left") else column_of(to)
    # 'to' is where it is to be: behind what it passes on its way to the right.
    is_after = bool(LETTERS.fullmatch(place) and LETTERS.fullmatch(columns)) and _order(place) > _order(columns)
    return ColumnsMoved(columns, place, is_after, fields.sheet)


def _order(letters: str) -> tuple[int, str]:
    return len(letters), letters.upper()


def _rename_column(fields: Fields) -> ColumnRenamed:
    new = fields.name("newname", "to", "newheader", "newtitle", "value", "name", "header", "title")
    old = fields.first("column", "col", "oldname", "from", "old", "at", "cell", "name", "header")
    return ColumnRenamed(re.sub(r"(?<=^[A-Za-z])1$|(?<=^[A-Za-z]{2})1$", "", column_of(old)), new, fields.sheet)


def _sort(fields: Fields) -> RowsSorted:
    key = fields.first("column", "by", "col", "key", "sortby", "columns")
    if isinstance(key, list) and len(key) == 1:
        key = key[0]
    order = fields.first("order", "direction", "descending", "desc", "ascending")
    if isinstance(key, dict):
        inner = Fields(key)
        order = order if order is not None else inner.first("order", "direction", "descending")
        key = inner.first("column", "by", "name")
    rows = fields.first("rows", "range")
    descending = order is True or (isinstance(order, str) and order.lower().startswith("desc"))
    if fields.first("ascending") is False:
        descending = True
    elif fields.has("ascending") and fields.first("descending") is None and order is True:
        descending = False
    return RowsSorted(column_of(key), descending, None if rows is None else run_of(rows), fields.sheet)


def _add_sheet(fields: Fields) -> SheetAdded:
    name = fields.name("name", "sheetname", "title", "sheet", "newname", "tab")
    rows = rows_of(fields.first("rows", "values", "data", "cells"))
    return SheetAdded(name, tuple(row for row in rows if isinstance(row, tuple)))


def _remove_sheet(fields: Fields) -> SheetRemoved:
    return SheetRemoved(fields.name("name", "sheet", "sheetname", "title", "tab"))


def _rename_sheet(fields: Fields) -> SheetRenamed:
    new = fields.name("to", "newname", "newtitle", "name", "title")
    return SheetRenamed(fields.name("sheet", "from", "oldname", "old", "sheetname", "name"), new)


def _format(fields: Fields) -> NumberFormatted:
    code = fields.name("format", "numberformat", "code", "formatcode", "pattern", "style", "value")
    areas = fields.first("ranges", "cells")
    if areas is None:
        areas = area_of(fields)
    names = [areas] if isinstance(areas, str) else areas
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError("no place")
    local = tuple(fields.local(name) for name in names)
    return NumberFormatted(local, _FORMATS.get(code.lower(), code), fields.sheet)


def _freeze(fields: Fields) -> Frozen:
    rows, columns = (
        fields.first("rows", "row", "frozenrows"),
        fields.first("columns", "column", "cols", "frozencolumns"),
    )
    cell = fields.first("at", "cell", "range", "topleftcell")
    if rows is None and columns is None and isinstance(cell, str):
        match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", cell.strip())
        if not match:
            raise ValueError("no place")
        return Frozen(int(match[2]) - 1, column_number(match[1]) - 1, fields.sheet)
    if rows is None and columns is None:
        return Frozen(1, None, fields.sheet)
    counts = [None if count is None else count_of(count, 0) for count in (rows, columns)]
    return Frozen(counts[0], counts[1], fields.sheet)


def _widen(fields: Fields) -> list[GridStep]:
    widths = fields.first("widths")
    if isinstance(widths, dict) and widths:
        return [Widened((column_of(key),), width_of(width), fields.sheet) for key, width in widths.items()]
    columns = fields.first("columns", "column", "col", "range", "at")
    if isinstance(columns, dict) and columns:
        return [Widened((column_of(key),), width_of(width), fields.sheet) for key, width in columns.items()]
    names = tuple(column_of(item) for item in (columns if isinstance(columns, list) else [columns]))
    return [Widened(names, width_of(fields.first("width", "value", "size", "characters")), fields.sheet)]


def _unreadable(operation: Any) -> Text:
    import json

    try:
        shown = json.dumps(operation, ensure_ascii=False)[:200]
    except (ValueError, RecursionError):
        shown = "..."
    return Text("patch_unreadable_operation", "A step could not be read: {step}.", step=quoted([shown]))


_READERS: Mapping[str, Callable[[Fields], GridStep | Sequence[GridStep]]] = {
    "set": _set,
    "clear": _clear,
    "add row": _add_rows,
    "remove row": _remove_rows,
    "move row": _move_rows,
    "add column": _add_columns,
    "remove column": _remove_columns,
    "move column": _move_columns,
    "rename column": _rename_column,
    "sort": _sort,
    "add sheet": _add_sheet,
    "remove sheet": _remove_sheet,
    "rename sheet": _rename_sheet,
    "format": _format,
    "freeze": _freeze,
    "width": _widen,
}
