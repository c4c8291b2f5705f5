"""The replies of `tests/data/patches`: each a model's answer to a revision, with what is to come of it beside it.

`edits` and `files` say it as exact replacements in the base (null: no such file any more), `cells` as what differs
from it (null: nothing there any more); `whole`: it holds no patch.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, from_json, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address
from forgeapp.reading.patches import read_patch
from forgeapp.services.revising.applying import applied

FOLDER = Path(__file__).parents[3] / "data" / "patches"
NAMES = sorted(path.stem for path in FOLDER.glob("*.md"))


@cache
def base(name: str) -> Content:
    return from_json(json.loads((FOLDER / "bases.json").read_text("utf-8"))[name])


def wrong(name: str) -> str | None:
    """What came otherwise than it should, None where nothing did."""
    want = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    with (FOLDER / f"{name}.md").open(encoding="utf-8", newline="") as file:
        reply = file.read()
    before = base(want["base"])
    reading = read_patch(reply, kind_of(before))
    if want.get("whole"):
        return None if reading is None else "read as a patch"
    if reading is None:
        return "no patch found"
    selection = Selection(**want["selection"]) if "selection" in want else None
    result = applied(reading.patch, before, selection)
    if len(result.failed) != want.get("failed", 0):
        return f"failed: {result.failed}"
    if reading.patch.is_cut != want.get("cut", False):
        return f"cut: {reading.patch.is_cut}"
    for piece in want.get("chat", ()):
        if reading.chat_text.count(piece) != 1:
            return f"talk: {reading.chat_text!r}"
    if not want.get("chat") and reading.chat_text:
        return f"talk: {reading.chat_text!r}"
    return _difference(result.content, before, want)


def _difference(content: Content, before: Content, want: dict[str, Any]) -> str | None:
    match content, before:
        case Document(), Document():
            expected = replace(before, markdown=_edited(before.markdown, want["edits"]))
            return None if content.markdown == expected.markdown else content.markdown
        case Code(), Code():
            texts = {file.name: file.text for file in before.files}
            texts |= {
                name: change["text"] if isinstance(change, dict) else _edited(texts[name], change or [])
                for name, change in want["files"].items()
            }
            files = {name: text for name, text in texts.items() if want["files"].get(name, ()) is not None}
            found = {file.name: file.text for file in content.files}
            return None if found == files else str(found)
        case Table(), Table():
            expected_table = (tuple(want.get("columns", before.columns)), tuple(map(tuple, want["rows"])))
            return None if (content.columns, content.rows) == expected_table else f"{content.columns} {content.rows}"
        case Workbook(), Workbook():
            return _workbook_difference(content, before, want)
    return f"another kind: {content}"


def _workbook_difference(content: Workbook, before: Workbook, want: dict[str, Any]) -> str | None:
    names = want.get("sheets", [sheet.name for sheet in before.sheets])
    if [sheet.name for sheet in content.sheets] != names:
        return str([sheet.name for sheet in content.sheets])
    for number, sheet in enumerate(content.sheets):
        old = before.sheets[number] if number < len(before.sheets) else None
        expected = {address(at): cell.text for at, cell in old.cells.items()} if old else {}
        expected |= want["cells"].get(sheet.name, {})
        expected = {at: text for at, text in expected.items() if text is not None}
        found = {address(at): cell.text for at, cell in sheet.cells.items()}
        if found != expected:
            return f"{sheet.name}: {found}"
        formats = {address(at): cell.format for at, cell in sheet.cells.items()}
        for at, code in want.get("formats", {}).get(sheet.name, {}).items():
            if formats[at] != code:
                return f"{at}: {formats[at]}"
        frozen = want.get("frozen", {}).get(sheet.name, [old.frozen_rows, old.frozen_columns] if old else [0, 0])
        if [sheet.frozen_rows, sheet.frozen_columns] != frozen:
            return f"frozen: {sheet.frozen_rows}, {sheet.frozen_columns}"
        for column, width in want.get("widths", {}).get(sheet.name, {}).items():
            if sheet.widths.get(int(column)) != width:
                return f"widths: {sheet.widths}"
    return None


def _edited(text: str, edits: list[list[str]]) -> str:
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
