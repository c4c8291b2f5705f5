"""Tables of an HTML tree: spans filled out, frames around other things taken away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Protocol

from forgeapp.domain.document import Block, Blocks, Inlines, Paragraph, Run, TableBlock, plain_text
from forgeapp.reading.cell_contents import cell_of
from forgeapp.reading.document_losses import Loss
from forgeapp.reading.html_tables import MAX_CELLS, MAX_COLUMNS
from forgeapp.reading.html_tree import Node

_ALIGNMENTS = ("left", "right", "center")
_Cell = tuple[Inlines, str | None]


class Reader(Protocol):
    def inside(self, node: Node) -> Blocks: ...


def read_grid(table: Node, reader: Reader, losses: Counter[Loss]) -> Blocks:
    """The table with its caption above; what stands in it, one after the other, where it is only a frame."""
    rows = list(_rows(table))
    cells = [cell for _, row in rows for cell in row]
    if _is_frame(table, cells):
        losses[Loss.PLACING] += sum(len(row) > 1 for _, row in rows) > 1
        return tuple(block for cell in cells for block in reader.inside(cell))
    blocks: list[Block] = list(reader.inside(Node("div", children=_strayed(table))))
    for caption in (child for child in table.nodes() if child.tag == "caption"):
        line = cell_of(reader.inside(caption))
        if line:
            blocks.append(Paragraph(line))
    found = _filled(rows, reader, losses)
    if found is not None:
        blocks.append(found)
    return tuple(blocks)


def _strayed(table: Node) -> list[Node | str]:
    """What stands in a table but in no cell: browsers show it above."""
    found: list[Node | str] = []
    waiting = [table]
    while waiting:
        part = waiting.pop()
        for child in part.children:
            if isinstance(child, str):
                found += [child] if child.strip() else []
            elif child.tag in ("thead", "tbody", "tfoot", "tr") and part.tag != "tr":
                waiting.append(child)
            elif child.tag not in ("td", "th", "caption", "colgroup", "col"):
                found.append(child)
    return found


def _is_frame(table: Node, cells: list[Node]) -> bool:
    if any(cell.tag == "th" for cell in cells):
        return False
    if len(cells) == 1 or table.get("role") in ("presentation", "none"):
        return True
    if table.get("border").strip() not in ("", "0"):
        # Its lines are drawn: whatever its cells hold, it is read as a table.
        return False
    return any(inner.tag in ("table", "h1", "h2", "h3") for cell in cells for inner in cell.walk())


def _rows(table: Node) -> Iterator[tuple[bool, list[Node]]]:
    """Each row's cells, and whether it belongs to the head."""
    parts = [child for child in table.nodes() if child.tag in ("thead", "tbody", "tfoot", "tr")]
    for kind in (("thead",), ("tbody", "tr"), ("tfoot",)):
        for part in parts:
            if part.tag in kind:
                for row in [part] if part.tag == "tr" else (child for child in part.nodes() if child.tag == "tr"):
                    yield part.tag == "thead", [cell for cell in row.nodes() if cell.tag in ("td", "th")]


def _filled(rows: list[tuple[bool, list[Node]]], reader: Reader, losses: Counter[Loss]) -> TableBlock | None:
    grid: list[list[_Cell]] = []
    above: dict[int, tuple[int, _Cell]] = {}
    heads = count = 0
    is_cut = False
    for is_head, cells in rows:
        row: list[_Cell] = []
        for cell in cells:
            _fill_from_above(row, above)
            across, down = _span(cell, "colspan", MAX_COLUMNS), _span(cell, "rowspan", 10_000)
            losses[Loss.MERGED] += across > 1 or down > 1
            losses[Loss.NESTED_TABLES] += sum(inner.tag == "table" for inner in cell.walk())
            content: _Cell = (cell_of(reader.inside(cell)), _alignment(cell))
            is_cut = is_cut or (len(row) >= MAX_COLUMNS and bool(content[0]))
            for number in range(min(across, MAX_COLUMNS - len(row))):
                value = content if number == 0 else ((), content[1])
                if down > 1:
                    above[len(row)] = (down - 1, value)
                row.append(value)
        _fill_from_above(row, above)
        if not row:
            continue
        if len(grid) == heads and (is_head or (cells and all(cell.tag == "th" for cell in cells))):
            heads += 1
        grid.append(row)
        count += len(row)
        if count > MAX_CELLS:
            is_cut = True
            break
    losses[Loss.LONG_TABLES] += is_cut
    if not any(cell for row in grid for cell, _ in row):
        return None
    return _block(grid, heads if heads < len(grid) else 1)


def _fill_from_above(row: list[_Cell], above: dict[int, tuple[int, _Cell]]) -> None:
    while len(row) in above and len(row) < MAX_COLUMNS:
        left, value = above.pop(len(row))
        if left > 1:
            above[len(row)] = (left - 1, value)
        row.append(value)


def _block(grid: list[list[_Cell]], heads: int) -> TableBlock:
    width = max(len(row) for row in grid)
    full = [[*row, *([((), None)] * (width - len(row)))] for row in grid]
    heads = heads or 1
    header: tuple[Inlines, ...]
    if heads == 1:
        header = tuple(cell for cell, _ in full[0])
    else:
        texts = [[plain_text(cell) for cell, _ in row] for row in full[:heads]]
        for line in texts[:-1]:
            for at in range(1, width):
                line[at] = line[at] or line[at - 1]
        names = (" / ".join(dict.fromkeys(part for part in column if part)) for column in zip(*texts, strict=True))
        header = tuple((Run(name),) if name else () for name in names)
    body = full[heads:] or full[:heads]
    alignments = []
    for at in range(width):
        said = Counter(row[at][1] for row in body if row[at][0] or row[at][1])
        alignments.append(said.most_common(1)[0][0] if said else None)
    return TableBlock(header, tuple(tuple(cell for cell, _ in row) for row in full[heads:]), tuple(alignments))


def _span(cell: Node, name: str, most: int) -> int:
    said = cell.get(name).strip()
    return max(1, min(int(said), most)) if said.isascii() and said.isdecimal() and len(said) < 8 else 1


def _alignment(cell: Node) -> str | None:
    """As the cell or the first paragraph in it says, by class, attribute or style."""
    for node in (cell, *(child for child in cell.nodes() if child.tag == "p")):
        for said in (*node.classes, node.get("align").lower(), node.style.get("text-align", "")):
            said = {"start": "left", "end": "right"}.get(said, said)
            if said in _ALIGNMENTS:
                return said
    return None
