"""What changed between two versions: by cell for tables and workbooks, by line for text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rapidfuzz.distance import Indel

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address

_Grid = dict[tuple[int, int], str]

_MAX_PAIRS = 100_000_000
"""Changed lines before times changed lines after, from where on they are told as one change: each takes a bit."""


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change. `where`: 'Budget!B7', 'lines 3-5', 'script.py lines 3-5', 'title'; '' before or after is nothing.

    The last line's end is left out, unless that is what changed or the line is blank.
    """

    where: str
    before: str
    after: str

    def to_json(self) -> dict[str, str]:
        return asdict(self)


def diff(before: Content, after: Content) -> list[Hunk]:
    """The changes that lead from one to the other, in reading order; [] for equal ones."""
    hunks = []
    if before.title != after.title:
        hunks.append(Hunk("title", before.title or "", after.title or ""))
    match before, after:
        case Table(), Table():
            hunks += _grids("", _table_grid(before), _table_grid(after))
        case Workbook(), Workbook():
            hunks += _workbooks(before, after)
        case Document(), Document():
            hunks += _texts("", before.markdown, after.markdown)
        case Code(), Code():
            hunks += _codes(before, after)
        case _:
            hunks.append(Hunk("kind", type(before).__name__.lower(), type(after).__name__.lower()))
    return hunks


def _table_grid(table: Table) -> _Grid:
    rows = (table.columns, *table.rows)
    return {(row, column): text for row, cells in enumerate(rows) for column, text in enumerate(cells)}


def _workbooks(before: Workbook, after: Workbook) -> list[Hunk]:
    old = {sheet.name: {at: cell.text for at, cell in sheet.cells.items()} for sheet in before.sheets}
    new = {sheet.name: {at: cell.text for at, cell in sheet.cells.items()} for sheet in after.sheets}
    hunks: list[Hunk] = []
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            hunks.append(Hunk("sheet", name, ""))
        elif name not in old:
            hunks.append(Hunk("sheet", "", name))
        hunks += _grids(f"{name}!", old.get(name, {}), new.get(name, {}))
    return hunks


def _grids(prefix: str, before: _Grid, after: _Grid) -> list[Hunk]:
    return [
        Hunk(prefix + address(at), before.get(at, ""), after.get(at, ""))
        for at in sorted(before.keys() | after.keys())
        if before.get(at, "") != after.get(at, "")
    ]


def _codes(before: Code, after: Code) -> list[Hunk]:
    old, new = _files(before), _files(after)
    hunks: list[Hunk] = []
    for name in dict.fromkeys((*old, *new)):
        if not old.get(name) and not new.get(name) and (name in old) != (name in new):
            hunks.append(Hunk("file", name if name in old else "", name if name in new else ""))
        hunks += _texts(f"{name} ", old.get(name, ""), new.get(name, ""))
    return hunks


def _files(code: Code) -> dict[str, str]:
    """Texts by name; a second file of one name is 'a.py (2)'."""
    texts: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for file in code.files:
        name = file.name
        while name in texts:
            counts[file.name] += 1
            name = f"{file.name} ({counts[file.name] + 1})"
        texts[name] = file.text
    return texts


def _texts(prefix: str, before: str, after: str) -> list[Hunk]:
    old, new = _lines(before), _lines(after)
    hunks = []
    for old_start, old_end, new_start, new_end in _changes(old, new):
        first, last = (old_start, old_end) if old_end > old_start else (new_start, new_end)
        lines = f"line {first + 1}" if last - first <= 1 else f"lines {first + 1}-{last}"
        hunks.append(
            Hunk(prefix + lines, *_without_ends("".join(old[old_start:old_end]), "".join(new[new_start:new_end])))
        )
    return hunks


def _lines(text: str) -> list[str]:
    """Lines with their ends; only '\\n' ends one, as in editors."""
    *ended, rest = text.split("\n")
    return [f"{line}\n" for line in ended] + ([rest] if rest else [])


def _without_ends(before: str, after: str) -> tuple[str, str]:
    if all(len(text) > 1 and text.endswith("\n") for text in (before, after) if text):
        return before.removesuffix("\n"), after.removesuffix("\n")
    return before, after


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Start and end before and after of each change; neighbouring insertions and deletions are one."""
    size = min(len(old), len(new))
    head = next((index for index in range(size) if old[index] != new[index]), size)
    tail = next((index for index in range(size - head) if old[-1 - index] != new[-1 - index]), size - head)
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    if not old and not new:
        return []
    if len(old) * len(new) > _MAX_PAIRS:
        return [(head, head + len(old), head, head + len(new))]
    changes: list[tuple[int, int, int, int]] = []
    for code in Indel.opcodes(old, new):
        if code.tag == "equal":
            continue
        start = (head + code.src_start, head + code.dest_start)
        if changes and (changes[-1][1], changes[-1][3]) == start:
            start = (changes[-1][0], changes.pop()[2])
        changes.append((start[0], head + code.src_end, start[1], head + code.dest_end))
    return changes
