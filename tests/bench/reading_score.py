"""How many of the recorded replies are read right: with the kind given, with the request only, with neither.

Compares as tests/data/README.md says. Values that only a calculation gives are compared where sheets are computed;
here every value that stands in a cell as a number is.

`replies_more` holds features that are rarer than those of `replies`: thoughts in every vendor's tags, replies wrapped
whole, sloppy and drawn tables, spans, formulas typed in other languages, replies cut off. What is expected was written
before the reply was read; those from 201 on were written after the reader was done with the others.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, position
from forgeapp.reading import Reader, Reading
from forgeapp.reading.languages import language_of
from forgeapp.reading.markdown import parse
from forgeapp.reading.outline import outline
from tests.pace import processor_seconds
from tests.unit.reading.test_hostile_replies import DEEP, LONG_LINES, ROWS, UNCLOSED
from tests.unit.reading.test_hostile_replies import read as read_whole

DATA = Path(__file__).parents[1] / "data"
REPLIES = DATA / "replies"
MORE = DATA / "replies_more"
WAYS = ("kind", "request", "neither")
TOLERANCE = 0.01


def differences(reading: Reading, expected: dict[str, Any]) -> list[str]:
    """Everything in which a reading departs from what is expected, [] where it is right."""
    found = [f"chat lacks {text!r}" for text in expected["chat_text_contains"] if text not in reading.chat_text]
    kind, expect = expected["type"], expected["expect"]
    if kind is None:
        return found + ([f"an artifact of kind {reading.kind}"] if reading.artifacts else [])
    if reading.kind != kind:
        return [*found, f"kind {reading.kind}, not {kind}"]
    content = reading.artifacts[0]
    match content:
        case Table():
            expects = [expect, *expect.get("also", [])]
            tables = [artifact for artifact in reading.artifacts if isinstance(artifact, Table)]
            if len(tables) != len(expects):
                found.append(f"{len(tables)} tables")
            for table, one in zip(tables, expects, strict=False):
                found += _table_differences(table, one)
        case Workbook():
            found += _workbook_differences(content, expect)
        case Document():
            found += _document_differences(content, expect)
        case Code():
            found += _code_differences(content, expect)
    if any(kind_of(artifact) != kind for artifact in reading.artifacts):
        found.append("artifacts of several kinds")
    return found


def _table_differences(table: Table, expect: dict[str, Any]) -> list[str]:
    found = []
    if list(table.columns) != expect["columns"]:
        found.append(f"columns {table.columns}")
    if len(table.rows) != expect["rows"]:
        found.append(f"{len(table.rows)} rows, not {expect['rows']}")
    for at, text in expect["cells"].items():
        row, column = map(int, at.split(","))
        got = table.rows[row][column] if row < len(table.rows) and column < len(table.columns) else None
        if got != text:
            found.append(f"cell {at} {got!r}, not {text!r}")
    return found


def _workbook_differences(workbook: Workbook, expect: dict[str, Any]) -> list[str]:
    if len(workbook.sheets) != len(expect["sheets"]):
        return [f"{len(workbook.sheets)} sheets"]
    found = []
    for sheet, one in zip(workbook.sheets, expect["sheets"], strict=True):
        if one["name"] is not None and sheet.name != one["name"]:
            found.append(f"sheet {sheet.name!r}, not {one['name']!r}")
        if (sheet.row_count, sheet.column_count) != (one["rows"], one["columns"]):
            found.append(f"{sheet.row_count} x {sheet.column_count}, not {one['rows']} x {one['columns']}")
        for at, text in one["cells"].items():
            cell = sheet.cells.get(position(at))
            if (cell.text if cell else "") != text:
                found.append(f"{at} {cell}, not {text!r}")
        for at, value in one["values"].items():
            cell = sheet.cells.get(position(at))
            if cell is None:
                found.append(f"{at} is empty")
            elif cell.is_formula or isinstance(value, str):
                continue
            elif cell.number is None or abs(cell.number - value) > TOLERANCE:
                found.append(f"{at} {cell}, not {value}")
    return found


def _document_differences(document: Document, expect: dict[str, Any]) -> list[str]:
    found = [] if document.title == expect["title"] else [f"title {document.title!r}, not {expect['title']!r}"]
    counted = outline(parse(document.markdown))
    keys = [key for key in ("headings", "tables", "lists", "code_blocks") if counted[key] != expect[key]]
    return found + [f"{key} {counted[key]}, not {expect[key]}" for key in keys]


def _code_differences(code: Code, expect: dict[str, Any]) -> list[str]:
    first = code.files[0]
    found = [f"lacks {text!r}" for text in expect["contains"] if text not in first.text]
    if first.language != language_of(expect["language"]):
        found.append(f"language {first.language!r}, not {expect['language']!r}")
    if len(code.files) != expect["blocks"]:
        found.append(f"{len(code.files)} files, not {expect['blocks']}")
    return found


def read(text: str, expected: dict[str, Any], way: str) -> Reading:
    """Reads as the command line would when called that way."""
    kind = Kind(expected["type"]) if way == "kind" and expected["type"] else None
    reader = Reader(kind, expected["request"] if way == "request" else "")
    reader.feed(text)
    return reader.finish()


def score(folder: Path = REPLIES) -> dict[str, Any]:
    """{way: {'right', 'total', 'kinds': {kind: [right, total]}, 'wrong': {number: [differences]}}, 'ms': mean}."""
    result: dict[str, Any] = {}
    spent, calls = 0.0, 0
    for way in WAYS:
        kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        wrong: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*.md")):
            expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
            text = path.read_text("utf-8")
            started = time.perf_counter()
            reading = read(text, expected, way)
            spent += time.perf_counter() - started
            calls += 1
            found = differences(reading, expected)
            counts = kinds[expected["type"] or "none"]
            counts[0] += not found
            counts[1] += 1
            if found:
                wrong[path.stem] = found
        right = sum(counts[0] for counts in kinds.values())
        total = sum(counts[1] for counts in kinds.values())
        result[way] = {"right": right, "total": total, "kinds": dict(kinds), "wrong": wrong}
    result["ms"] = 1000 * spent / max(calls, 1)
    return result


def main() -> None:
    """Prints the table of each set, and what is wrong with every reply that is not read right."""
    for folder in (REPLIES, MORE):
        scored = score(folder)
        print(f"{folder.name}, {scored['ms']:.1f} ms a reply")
        for way in WAYS:
            part = scored[way]
            kinds = ", ".join(f"{kind} {right}/{total}" for kind, (right, total) in sorted(part["kinds"].items()))
            share = part["right"] / part["total"]
            print(f"  {way:8} {part['right']:3}/{part['total']}  {share:4.0%}  {kinds}")
            for number, found in part["wrong"].items():
                print(f"      {number}: {'; '.join(found)}")
    print("hostile replies, seconds of the processor to read the slowest of each sort (target 2)")
    for sort, cases, size in (
        ("unclosed marks, 100 KB", UNCLOSED, 100_000),
        ("deep JSON, 100 KB", DEEP, 100_000),
        ("a line of 2 MB", LONG_LINES, 2_000_000),
        ("rows, 2 MB", ROWS, 2_000_000),
    ):
        seconds, name = max((processor_seconds(read_whole, make(size)), name) for name, make in cases.items())
        print(f"  {sort:22} {seconds:5.2f}  {name!r}, of {len(cases)}")


if __name__ == "__main__":
    main()
