"""What changed between two versions: by cell for tables and workbooks, by line for text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from rapidfuzz.distance import Indel

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address

_Grid = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Hunk:
    """One change. `where`: 'Budget!B7', 'lines 3-5', 'script.py lines 3-5', 'title'; '' before or after is nothing."""

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
    old, new = ({file.name: file.text for file in code.files} for code in (before, after))
    return [
        hunk
        for name in dict.fromkeys((*old, *new))
        for hunk in _texts(f"{name} ", old.get(name, ""), new.get(name, ""))
    ]


def _texts(prefix: str, before: str, after: str) -> list[Hunk]:
    old, new = before.splitlines(), after.splitlines()
    hunks = []
    for tag, old_start, old_end, new_start, new_end in _opcodes(old, new):
        if tag != "equal":
            first, last = (old_start, old_end) if old_end > old_start else (new_start, new_end)
            lines = f"line {first + 1}" if last - first <= 1 else f"lines {first + 1}-{last}"
            hunks.append(Hunk(prefix + lines, "\n".join(old[old_start:old_end]), "\n".join(new[new_start:new_end])))
    return hunks


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """Insertions and deletions of lines, neighbouring ones joined to one replacement."""
    joined: list[tuple[str, int, int, int, int]] = []
    for code in Indel.opcodes(old, new):
        if joined and joined[-1][0] != "equal" and code.tag != "equal":
            _, old_start, _, new_start, _ = joined.pop()
            joined.append(("replace", old_start, code.src_end, new_start, code.dest_end))
        else:
            joined.append((code.tag, code.src_start, code.src_end, code.dest_start, code.dest_end))
    return joined
