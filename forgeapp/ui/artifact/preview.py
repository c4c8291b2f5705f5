"""How an artifact will look when it is exported, read only: in one flow, or as the pages of its file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Block, Blocks, CodeBlock, Inline, Inlines, Paragraph, Run, TableBlock
from forgeapp.domain.number_look import BY_CONTENT
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.derived import DerivedView, Work
from forgeapp.ui.artifact.pages.bar import PreviewBar
from forgeapp.ui.artifact.pages.view import PagesView
from forgeapp.ui.artifact.paper import PaperArea
from forgeapp.ui.controls import HLine, Label
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
    """`bar.switch` chooses between the text in one flow and the pages of the file it will be printed from."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        from forgeapp.ui.richtext import BlocksView

        super().__init__(artifact, workbench, parent)
        self.setObjectName("preview")
        self.paper = PaperArea()
        self.paper.setAccessibleName(tr("Preview"))
        self.blocks = BlocksView(style="page")
        self.blocks.pictures.jobs = workbench.jobs
        self.blocks.link_activated.connect(open_link)
        self.blocks.caret_moved.connect(self._on_caret_moved)
        self.blank = Label(tr("There is nothing in it yet."), role="ink_3")
        self.blank.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.blank.hide()
        self.paper.lay(self.blocks)
        self.paper.lay(self.blank)
        self.pages: PagesView | None = None
        self.bar = PreviewBar()
        self.bar.switch.selected.connect(self._on_switched)
        self._sides = QStackedLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._sides, 1)
        column.addWidget(HLine("line"))
        column.addWidget(self.bar)
        # Not before they have a place: shown without one, they would be windows for a moment, and take the keyboard.
        self._sides.addWidget(self.paper)
        self.bar.setVisible(Format.PDF in FORMATS[artifact.kind])
        if artifact.kind is Kind.IMAGE:
            # In a flow there would be no more to see than in its editor.
            self.bar.switch.hide()
            self.bar.switch.set_value("pages")
            self._on_switched("pages")
        self.setFocusProxy(self.paper)

    def _on_switched(self, side: str) -> None:
        is_pages = side == "pages"
        if is_pages and self.pages is None:
            self.pages = PagesView(self.artifact, self.workbench)
            self._sides.addWidget(self.pages)
        shown = self.pages if is_pages and self.pages is not None else self.paper
        self.setFocusProxy(shown)
        self._sides.setCurrentWidget(shown)
        self.bar.follow(self.pages if is_pages else None)
        if not is_pages and self._is_stale:
            self._run()

    def _run(self) -> None:
        # The flow is not laid out while nobody looks at it.
        if self.bar.switch.value == "flow":
            super()._run()

    def _on_caret_moved(self, area: QRect) -> None:
        place = area.translated(self.blocks.pos())
        self.paper.ensureVisible(place.x(), place.center().y(), 0, place.height() + 8)

    def work(self) -> Work:
        content, title, services = self.artifact.content, self.artifact.title, self.workbench.services

        def publish(cancel: CancelToken) -> Blocks:
            from forgeapp.services.exporting.publishing import publication

            if isinstance(content, Table):
                # Cut before it is laid out: nobody looks at twenty thousand rows of blocks.
                kept, left = content.rows[:MAX_ROWS], len(content.rows) - MAX_ROWS
                blocks = publication(replace(content, rows=kept), title, {}).blocks
                return shortened(blocks) + ((_more(_more_rows(left)),) if left > 0 else ())
            is_computed = isinstance(content, Workbook) and services is not None
            values = services.calculation.values(content, cancel) if is_computed else {}  # type: ignore[union-attr,arg-type]
            looks = services.number_looks if services is not None else BY_CONTENT
            return shortened(publication(content, title, values, looks=looks).blocks)

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
