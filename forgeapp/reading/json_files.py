"""A JSON file: an artifact of ours, rows, sheets; any other JSON is code."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, from_json
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.image import Image
from forgeapp.domain.workbook import Workbook
from forgeapp.errors import UnreadableFile
from forgeapp.reading.cells import Grid, require_room, sheet_of, table_of
from forgeapp.reading.displayed import clean
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.json_shapes import says_workbook, sheets_in, tables_in, title_in
from forgeapp.reading.lenient_json import Numeral
from forgeapp.reading.naming import sheet_names


def read_json_file(text: str, path: Path) -> FileReading:
    """Raises UnreadableFile for what is no JSON, TooLarge for more cells than are held; for an image, whose picture is
    looked at, as `read_image`.
    """
    try:
        value = json.loads(text, parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}, {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else "it is nested too deeply"
        )
        raise UnreadableFile(
            source=path.name, reason=f"it is not valid JSON ({where})", remedy="Correct it there and open it again."
        ) from error
    if isinstance(value, dict) and "kind" in value:
        try:
            return _checked(from_json(json.loads(text)), path.name)
        except (ValueError, RecursionError):
            pass
    title = title_in(value) or path.stem
    sheets = sheets_in(value)
    if sheets and (says_workbook(value) or any(grid.has_formulas or grid.positions for grid in sheets)):
        return FileReading(_workbook(title, sheets, path.name))
    tables = [grid for grid in tables_in(value) if grid.rows] or sheets
    if len(tables) == 1 and not tables[0].has_formulas:
        require_room(tables[0], path.name)
        table, surplus = table_of(tables[0], title)
        lost = [f"{surplus} cells beyond the header's columns were left out."] if surplus else []
        if beside := _beside_lists(value, title):
            lost.append(f"Only the list became a table; left out: {', '.join(beside)}.")
        return FileReading(table, tuple(lost))
    if tables and (any(grid.has_formulas for grid in tables) or _is_only_lists(value)):
        return FileReading(_workbook(title, tables, path.name))
    return FileReading(Code(path.stem, (CodeFile(safe_name(path.name), "json", clean(text).rstrip("\n")),)))


def _checked(content: Content, source: str) -> FileReading:
    """Of an image the picture is looked at as that of a picture file is."""
    if not isinstance(content, Image):
        return FileReading(content)
    from forgeapp.reading.image_file import read_image

    read = read_image(content.data, source)
    assert isinstance(read.content, Image)
    return replace(read, content=replace(read.content, title=content.title, alt=content.alt))


def _beside_lists(value: Any, title: str) -> list[str]:
    """Names of single values that stand beside a list, the title apart."""
    if not isinstance(value, dict):
        return []
    return [str(key) for key, item in value.items() if item not in (None, title) and not isinstance(item, list | dict)]


def _is_only_lists(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, list) for item in value.values())


def _workbook(title: str, grids: list[Grid], source: str) -> Workbook:
    for grid in grids:
        require_room(grid, source)
    names = sheet_names([grid.name for grid in grids], ())
    return Workbook(title, tuple(sheet_of(grid, name) for grid, name in zip(grids, names, strict=True)))
