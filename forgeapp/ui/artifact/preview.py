"""How an artifact will look when it is exported: its pages, read only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Block, Blocks, CodeBlock, Inline, Inlines, Paragraph, Run, TableBlock
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.derived import DerivedView, Work
from forgeapp.ui.artifact.paper import PaperArea
from forgeapp.ui.controls import Label
from forgeapp.ui.links import open_link
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

MAX_ROWS: Final = 200
"""Of one table; a line says how many more there are."""
_MAX_CELLS: Final = 6_000
_MAX_CELL_CHARS: Final = 2_000
_MAX_CELL_INLINES: Final = 200
_MAX_LINES: Final = 1_500
_MAX_BLOCKS: Final = 1_500


class Preview(DerivedView):
    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        from forgeapp.ui.richtext import BlocksView

        super().__init__(artifact, workbench, parent)
        self.setObjectName("preview")
        self.paper = PaperArea()
        self.paper.setAccessibleName(tr("Preview"))
        self.blocks = BlocksView(style="page")
        self.blocks.pictures.jobs = workbench.jobs
        self.blocks.link_activated.connect(open_link)
        self.blank = Label(tr("There is nothing in it yet."), role="ink_3")
        self.blank.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.blank.hide()
        self.paper.lay(self.blocks)
        self.paper.lay(self.blank)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.paper)
        self.setFocusProxy(self.paper)

    def work(self) -> Work:
        content, title, services = self.artifact.content, self.artifact.title, self.workbench.services

        def publish(cancel: CancelToken) -> Blocks:
            from forgeapp.services.publishing import publication

            if isinstance(content, Table):
                # Cut before it is laid out: nobody looks at twenty thousand rows of blocks.
                kept, left = content.rows[:MAX_ROWS], len(content.rows) - MAX_ROWS
                blocks = publication(replace(content, rows=kept), title, {}).blocks
                return shortened(blocks) + ((_more(_more_rows(left)),) if left > 0 else ())
            is_computed = isinstance(content, Workbook) and services is not None
            values = services.calculation.values(content, cancel) if is_computed else {}  # type: ignore[union-attr,arg-type]
            return shortened(publication(content, title, values).blocks)

        return publish

    def show_result(self, result: Blocks) -> None:
        bar = self.paper.verticalScrollBar()
        at = bar.value()
        self.blocks.show_blocks(result)
        self.blocks.setVisible(bool(result))
        self.blank.setVisible(not result)
        bar.setValue(at)


def shortened(blocks: Blocks) -> Blocks:
    """What can be looked through: long tables and code cut, each with a line that says how much more there is."""
    shown: list[Block] = []
    cells = lines = 0
    for number, block in enumerate(blocks):
        if number == _MAX_BLOCKS:
            shown.append(_more(tr("The preview ends here; the file will hold all of it.")))
            break
        match block:
            case TableBlock(header=header, rows=rows):
                room = max(0, _MAX_CELLS - cells) // max(1, len(header))
                kept = min(len(rows), MAX_ROWS, max(room, 1))
                cells += kept * len(header)
                shown.append(replace(block, header=_cells(header), rows=tuple(_cells(row) for row in rows[:kept])))
                if kept < len(rows):
                    shown.append(_more(_more_rows(len(rows) - kept)))
            case CodeBlock(text=text):
                all_lines = text.split("\n")
                kept = min(len(all_lines), max(_MAX_LINES - lines, 1))
                lines += kept
                shown.append(replace(block, text="\n".join(_cut_line(line) for line in all_lines[:kept])))
                if kept < len(all_lines):
                    shown.append(_more(_more_lines(len(all_lines) - kept)))
            case _:
                shown.append(block)
    return tuple(shown)


def _cells(row: tuple[Inlines, ...]) -> tuple[Inlines, ...]:
    return tuple(_cut(cell) for cell in row)


def _cut(cell: Inlines) -> Inlines:
    """The beginning of what stands in a cell; the very same where that is all of it."""
    room = _MAX_CELL_CHARS
    shown: list[Inline] = []
    for inline in cell:
        text = inline.text if isinstance(inline, Run) else ""
        if len(text) > room or len(shown) == _MAX_CELL_INLINES:
            shown.append(replace(inline, text=text[:room] + "…") if isinstance(inline, Run) else Run("…"))
            return tuple(shown)
        room -= len(text)
        shown.append(inline)
    return cell


def _cut_line(line: str) -> str:
    return line if len(line) <= _MAX_CELL_CHARS else line[:_MAX_CELL_CHARS] + "…"


def _more(words: str) -> Paragraph:
    return Paragraph((Run(words, italic=True),))


def _more_rows(count: int) -> str:
    return tr("1 more row") if count == 1 else tr("{count} more rows", count=number_text(count))


def _more_lines(count: int) -> str:
    return tr("1 more line") if count == 1 else tr("{count} more lines", count=number_text(count))
