"""JSON: the ARTIFACT object of the command line contract, with the version of the program that wrote it.

Written and compared entry by entry: as Python's objects a large sheet takes twenty times its file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any, Final

from forgeapp import __version__
from forgeapp.domain.artifact import Format
from forgeapp.domain.content import from_json, json_entries, to_json
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.workbook import Workbook
from forgeapp.exporters.counting import Count

_PLAIN: Final = json.JSONEncoder(ensure_ascii=False)


class JsonExporter:
    format = Format.JSON

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        # A lone surrogate has no UTF-8; its backslash escape is JSON's own and reads back as the same character.
        with target.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(_pieces(_counted(_entries(publication), publication, progress), "\n"))
            file.write("\n")
        progress(1.0)
        return []

    def verify(self, publication: Publication, path: Path) -> list[str]:
        if _is_same(publication, path):
            return []
        expected = to_json(publication.content, publication.values)
        try:
            data = json.loads(path.read_bytes())
            if data == {"forgeapp": __version__, **expected}:
                return []
            found = from_json(data)
        except (ValueError, RecursionError) as error:
            return [f"the file cannot be read again: {error}"]
        differences = [] if found == from_json(expected) else [f"the {publication.kind} read back is another one"]
        if data.get("forgeapp") != __version__:
            differences.append("the file does not say which version wrote it")
        for sheet, other in zip(expected.get("sheets", ()), data.get("sheets", ()), strict=False):
            differences += _value_differences(sheet, other)
        return differences


_Entries = Iterator[tuple[str, Any]]


def _entries(publication: Publication) -> _Entries:
    return chain((("forgeapp", __version__),), json_entries(publication.content, publication.values))


def _counted(entries: _Entries, publication: Publication, progress: Progress) -> _Entries:
    """Tells the row, file or cell that is written."""
    match publication.content:
        case Workbook(sheets=sheets):
            cells = Count(sum(len(sheet.cells) for sheet in sheets), "cell", progress)
            for key, value in entries:
                yield key, [_cells_counted(sheet, cells) for sheet in value] if key == "sheets" else value
        case _:
            units = {"rows": "row", "files": "file"}
            for key, value in entries:
                yield key, _CountedList(value, units[key], progress) if key in units else value


def _cells_counted(sheet: _Entries, count: Count) -> _Entries:
    for key, value in sheet:
        yield key, count.each(value) if key == "cells" else value


class _CountedList(list[Any]):
    def __init__(self, items: list[Any], unit: str, progress: Progress) -> None:
        super().__init__(items)
        self._count = Count(len(items), unit, progress)

    def __iter__(self) -> Iterator[Any]:
        return self._count.each(super().__iter__())


def _pieces(value: Any, margin: str) -> Iterator[str]:
    """As `json.dumps` with an indent of 2; iterators are objects, entry by entry."""
    inner = f"{margin}  "
    between = inner
    match value:
        case Iterator() | dict():
            yield "{"
            for key, each in value.items() if isinstance(value, dict) else value:
                head = f"{between}{_PLAIN.encode(key)}: "
                between = f",{inner}"
                if isinstance(each, str):
                    yield head + _PLAIN.encode(each)
                else:
                    yield head
                    yield from _pieces(each, inner)
            yield "}" if between is inner else f"{margin}}}"
        case list():
            yield "["
            for each in value:
                yield between
                yield from _pieces(each, inner)
                between = f",{inner}"
            yield "]" if between is inner else f"{margin}]"
        case _:
            yield _PLAIN.encode(value)


def _is_same(publication: Publication, path: Path) -> bool:
    """Told by ijson, another reader than the writer's. What it cannot read, such as halves of characters, is not."""
    import ijson
    from ijson.common import JSONError

    try:
        with path.open("rb") as file:
            pairs = zip_longest(ijson.basic_parse(file, use_float=True), _events(_entries(publication)))
            return all(found == wanted for found, wanted in pairs)
    except JSONError:
        return False


def _events(value: Any) -> Iterator[tuple[str, Any]]:
    """As `ijson.basic_parse` gives them."""
    match value:
        case Iterator() | dict():
            yield "start_map", None
            for key, each in value.items() if isinstance(value, dict) else value:
                yield "map_key", key
                if isinstance(each, str):
                    yield "string", each
                else:
                    yield from _events(each)
            yield "end_map", None
        case list():
            yield "start_array", None
            for each in value:
                yield from _events(each)
            yield "end_array", None
        case str():
            yield "string", value
        case bool():
            yield "boolean", value
        case None:
            yield "null", None
        case _:
            yield "number", value


def _value_differences(sheet: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """What formulas give is no part of the content that is read back."""
    for key in ("values", "errors", "booleans"):
        wanted, have = sheet.get(key, {}), found.get(key, {})
        for name in dict.fromkeys((*wanted, *have)):
            if wanted.get(name) != have.get(name):
                yield f"{sheet['name']}!{name} is {have.get(name)!r} instead of {wanted.get(name)!r}"


EXPORTER = JsonExporter()
