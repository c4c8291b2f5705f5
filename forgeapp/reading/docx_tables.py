"""Tables of a DOCX file: rows of cells, merged ones filled out. Source: ECMA-376 part 1, 17.4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from forgeapp.domain.document import Blocks, Inlines, Run, TableBlock, plain_text
from forgeapp.reading.cell_contents import cell_of
from forgeapp.reading.document_losses import Loss
from forgeapp.reading.docx_source import Source
from forgeapp.reading.docx_xml import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_COLUMNS = 512
MAX_CELLS = 200_000
_WRAPPERS = {W + name for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_ALIGNMENTS = {"right": "right", "end": "right", "center": "center"}


@dataclass(slots=True)
class _Row:
    cells: list[Inlines] = field(default_factory=list)
    alignments: list[str | None] = field(default_factory=list)
    says_header: bool = False
    denies_header: bool = False


def read_table(table: _Element, source: Source, read_cell: Callable[[_Element], Blocks]) -> TableBlock | Blocks:
    """A table; the blocks of its cell where it has only one and is but a frame around them."""
    rows = list(_children(table, W + "tr"))
    if len(rows) == 1 and len(cells := list(_children(rows[0], W + "tc"))) == 1:
        only = _Row()
        _note_style(only, cells[0], source)
        if not (only.says_header or only.denies_header or _is_header(rows[0])):
            return read_cell(cells[0])
    found: list[_Row] = []
    above: dict[int, Inlines] = {}
    count = 0
    for row in rows:
        properties = row.find(W + "trPr")
        if properties is not None and properties.find(W + "del") is not None:
            source.losses[Loss.CHANGES] += 1
            continue
        found.append(_row(row, source, read_cell, above))
        count += len(found[-1].cells)
        if count > MAX_CELLS:
            source.losses[Loss.LONG_TABLES] += 1
            break
    return _block(found)


def _row(row: _Element, source: Source, read_cell: Callable[[_Element], Blocks], above: dict[int, Inlines]) -> _Row:
    result = _Row(says_header=_is_header(row))
    properties = row.find(W + "trPr")
    for _ in range(min(number_of(value_of(properties, "gridBefore")) or 0, MAX_COLUMNS)):
        _add(result, (), None)
    for cell in _children(row, W + "tc"):
        if len(result.cells) >= MAX_COLUMNS:
            break
        properties = cell.find(W + "tcPr")
        span = max(1, min(number_of(value_of(properties, "gridSpan")) or 1, MAX_COLUMNS - len(result.cells)))
        merged = value_of(properties, "vMerge")
        at = len(result.cells)
        if merged is not None and merged != "restart" and at in above:
            content = above[at]
        else:
            content = cell_of(read_cell(cell))
            above.pop(at, None)
            if merged == "restart":
                above[at] = content
                source.losses[Loss.MERGED] += 1
        if merged is None:
            source.losses[Loss.MERGED] += span > 1
        _note_style(result, cell, source)
        _add(result, content, _alignment(cell))
        for _ in range(span - 1):
            _add(result, (), None)
    return result


def _add(row: _Row, content: Inlines, alignment: str | None) -> None:
    row.cells.append(content)
    row.alignments.append(alignment)


def _block(rows: Sequence[_Row]) -> TableBlock | Blocks:
    width = max((len(row.cells) for row in rows), default=0)
    if not width or not any(any(row.cells) for row in rows):
        return ()
    filled = [(*row.cells, *((),) * (width - len(row.cells))) for row in rows]
    heads = 0
    while heads < len(rows) and rows[heads].says_header:
        heads += 1
    if heads == len(rows):
        heads = 1
    if not heads and not rows[0].denies_header:
        heads = 1
    header = _header(filled[:heads], width)
    body = rows[heads:] or rows[:heads]
    alignments = tuple(
        _common([row.alignments[at] for row in body if at < len(row.cells) and row.cells[at]]) for at in range(width)
    )
    return TableBlock(header, tuple(filled[heads:]), alignments)


def _header(rows: Sequence[tuple[Inlines, ...]], width: int) -> tuple[Inlines, ...]:
    """Several header rows as one, 'Sales / Q1'; what a header is set in bold for needs no saying."""
    if len(rows) <= 1:
        return tuple(_without_bold(cell) for cell in rows[0]) if rows else ((),) * width
    texts = [[plain_text(cell) for cell in row] for row in rows]
    for row in texts[:-1]:
        for at in range(1, width):
            row[at] = row[at] or row[at - 1]
    columns = (" / ".join(dict.fromkeys(part for part in column if part)) for column in zip(*texts, strict=True))
    return tuple((Run(text),) if text else () for text in columns)


def _without_bold(cell: Inlines) -> Inlines:
    if all(inline.bold for inline in cell if isinstance(inline, Run) and inline.text.strip()):
        return tuple(replace(inline, bold=False) if isinstance(inline, Run) else inline for inline in cell)
    return cell


def _common(alignments: Sequence[str | None]) -> str | None:
    """What most cells of a column say."""
    most = Counter(alignments).most_common(1)
    return most[0][0] if most else None


def _is_header(row: _Element) -> bool:
    return bool(is_on(row.find(W + "trPr"), "tblHeader"))


def _note_style(row: _Row, cell: _Element, source: Source) -> None:
    for paragraph in cell.iterchildren(W + "p"):
        kind = source.styles.paragraph(value_of(paragraph.find(W + "pPr"), "pStyle")).kind
        row.says_header = row.says_header or kind == "heading cell"
        row.denies_header = row.denies_header or kind == "cell"
        return


def _alignment(cell: _Element) -> str | None:
    for paragraph in cell.iterchildren(W + "p"):
        return _ALIGNMENTS.get(value_of(paragraph.find(W + "pPr"), "jc") or "")
    return None


def _children(parent: _Element, tag: str, depth: int = 0) -> list[_Element]:
    """Children of that tag, also those that controls and tracked changes are wrapped around."""
    found: list[_Element] = []
    for child in parent.iterchildren("*"):
        if child.tag == tag:
            found.append(child)
        elif child.tag in _WRAPPERS and depth < 10:
            found += _children(child, tag, depth + 1)
    return found
