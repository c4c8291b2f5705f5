"""A look at the file before it is written, made anew whenever a choice changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.errors import ForgeError
from forgeapp.ui.artifact.export.looks import GridLook, PictureLook, TextLook, files_text
from forgeapp.ui.artifact.export.subject import Look
from forgeapp.ui.artifact.pages.area import PageArea
from forgeapp.ui.artifact.paper import PaperArea
from forgeapp.ui.controls import ElidedLabel, EmptyState, IconButton, LateBusy
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.theme import LABEL, RADIUS, color, px
from forgeapp.ui.wording import error_text, number_text, text_below, tr

if TYPE_CHECKING:
    from forgeapp.services.exporting.pages import PageFile
    from forgeapp.services.exporting.previews import Preview
    from forgeapp.ui.richtext import BlocksView
    from forgeapp.ui.workbench import Workbench

_AFTER_MS: Final = 200
_PICTURE_SIDE: Final = 1_200


@dataclass(frozen=True, slots=True)
class _Made:
    preview: Preview
    image: QImage | None = None


class ExportPreview(QWidget):
    """`look_at` shows another file a moment later; `warned`: `warnings` and `differences` are of what is shown."""

    warned = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_preview")
        self.setAccessibleName(tr("Preview"))
        self._workbench = workbench
        self.warnings: tuple[str, ...] = ()
        self.differences: tuple[str, ...] = ()
        self._look: Look | None = None
        self._format: Format | None = None
        self._job: Job | None = None
        self._file: PageFile | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_AFTER_MS)
        self._later.timeout.connect(self._make)
        self._sides = QStackedWidget(self)
        self.pages = PageArea(workbench.jobs)
        self.pages.setObjectName("preview_pages")
        self.pages.moved.connect(self._word)
        self.grid = GridLook()
        self.text = TextLook()
        self.picture = PictureLook()
        self.paper = PaperArea()
        self.paper.setObjectName("preview_flow")
        self.paper.setAccessibleName(tr("The beginning of the file"))
        self._blocks: BlocksView | None = None
        self._nothing = QWidget()
        for side in (self._nothing, self.pages, self.grid, self.text, self.picture, self.paper):
            self._sides.addWidget(side)
        self._busy = LateBusy(self)
        self.failure: EmptyState | None = None
        self.state = ElidedLabel("", LABEL, role="ink_2")
        self.state.setObjectName("preview_state")
        self.back = IconButton("chevron-left", tr("The page before"), side=24, size=14)
        self.back.setObjectName("preview_back")
        self.back.clicked.connect(lambda: self.pages.show_page(self.pages.current - 1))
        self.forth = IconButton("chevron-right", tr("The next page"), side=24, size=14)
        self.forth.setObjectName("preview_forth")
        self.forth.clicked.connect(lambda: self.pages.show_page(self.pages.current + 1))
        foot = QHBoxLayout()
        foot.setContentsMargins(10, 4, 6, 4)
        foot.setSpacing(2)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.forth)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(self._sides, 1)
        column.addLayout(foot)
        self._word()

    @property
    def is_current(self) -> bool:
        """Whether what is shown is of the choices as they stand."""
        return self._look is None and self._job is None

    def look_at(self, look: Look, file_format: Format | None) -> None:
        if file_format is not self._format:
            # What was made for another format would be taken for this one.
            self._show(self._nothing)
        self._look, self._format = look, file_format
        self._drop()
        self._word()
        self._busy.begin()
        self._later.start()

    def stop(self) -> None:
        """Nobody looks any more."""
        self._later.stop()
        self._look = None
        self._drop()
        self._busy.end()
        self._show_failure(None)
        self._sides.setCurrentWidget(self._nothing)
        self.warnings = self.differences = ()
        self._close_file()
        self._word()

    def _make(self) -> None:
        look, services = self._look, self._workbench.services
        if look is None or services is None:
            return
        self._look = None

        def make(cancel: CancelToken) -> _Made:
            preview = look(services, cancel)
            return _Made(preview, _decoded(preview.picture) if preview.picture is not None else None)

        self._job = self._workbench.jobs.run(make, self._on_made, ignore_cancelled(self._on_failed), Lane.VIEWS)

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.drop()

    def _on_made(self, made: _Made) -> None:
        self._job = None
        self._busy.end()
        self._show_failure(None)
        preview = made.preview
        self.warnings = tuple(map(text_below, preview.warnings))
        self.differences = tuple(map(text_below, preview.differences))
        self._is_cut, self._count = preview.is_cut, len(preview.files)
        if preview.pages is not None:
            before, self._file = self._file, preview.pages
            self.pages.show_file(preview.pages)
            self._show(self.pages)
            if before is not None:
                self._workbench.jobs.run(lambda _cancel: before.close(), lane=Lane.VIEWS)
        elif preview.grids:
            self.grid.show_grids(preview.grids)
            self._show(self.grid)
        elif made.image is not None:
            self.picture.show_image(made.image)
            self._show(self.picture)
        elif preview.blocks:
            self._flow.show_blocks(preview.blocks)
            self._show(self.paper)
        else:
            is_list = preview.text is None
            text = files_text(preview.files) if is_list else preview.text or ""
            self.text.show_text(text, wraps=self._format is Format.MD)
            self._show(self.text)
        self._word()
        self.warned.emit()

    _is_cut = False
    _count = 0

    def _show(self, side: QWidget) -> None:
        self._sides.setCurrentWidget(side)

    @property
    def _flow(self) -> BlocksView:
        if self._blocks is None:
            from forgeapp.ui.richtext import BlocksView

            self._blocks = BlocksView(style="page")
            self._blocks.pictures.jobs = self._workbench.jobs
            self.paper.lay(self._blocks)
        return self._blocks

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._busy.end()
        self.warnings = self.differences = ()
        if isinstance(error, ForgeError):
            self._show_failure(error)
        else:
            self._workbench.failed.emit(error)
        self._word()
        self.warned.emit()

    def _show_failure(self, error: ForgeError | None) -> None:
        if self.failure is not None:
            self.failure.hide()
            self.failure.deleteLater()
            self.failure = None
        if error is not None:
            words = error_text(error)
            self.failure = EmptyState("triangle-alert", words.message, words.hint, parent=self)
            self.failure.setObjectName("preview_failure")
            self.failure.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self.failure.setProperty("look", "ground")
            self.failure.setGeometry(self.rect().adjusted(1, 1, -1, -1))
            self.failure.show()

    def _word(self) -> None:
        side, count = self._sides.currentWidget(), self.pages.count
        has_pages = side is self.pages and count > 0
        self.back.setVisible(has_pages and count > 1)
        self.forth.setVisible(has_pages and count > 1)
        self.back.setEnabled(self.pages.current > 0)
        self.forth.setEnabled(self.pages.current < count - 1)
        self.state.setText(self._words(has_pages))

    def _words(self, has_pages: bool) -> str:
        side = self._sides.currentWidget()
        if has_pages:
            number, count = number_text(self.pages.current + 1), number_text(self.pages.count)
            if self._is_cut:
                return tr("Page {number}; the file will have more than {count}", number=number, count=count)
            words = tr("Page {number} of {count}", number=number, count=count)
            if self._format is Format.DOCX:
                return tr("{page}; Word may break pages elsewhere", page=words)
            return words
        if side is self._nothing:
            return ""
        if side is self.grid:
            return tr("The first rows")
        if side is self.picture:
            return tr("The picture")
        if side is self.paper:
            return tr("What the page holds; it has a look of its own")
        if self._count:
            return tr("1 file") if self._count == 1 else tr("{count} files", count=number_text(self._count))
        return tr("The beginning of the file") if self._is_cut else tr("The file")

    def _close_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            self.pages.drawings.close()
            self._workbench.jobs.run(lambda _cancel: file.close(), lane=Lane.VIEWS)

    def sizeHint(self) -> QSize:
        return QSize(px(420), px(480))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._busy.move((self.width() - 20) // 2, min(96, self.height() // 2))
        if self.failure is not None:
            self.failure.setGeometry(self.rect().adjusted(1, 1, -1, -1))

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill_round(QPainter(self), self.rect(), RADIUS, color("surface"), color("line"))


def _decoded(data: bytes) -> QImage:
    """No larger than it is looked at."""
    image = QImage.fromData(data)
    if max(image.width(), image.height()) > _PICTURE_SIDE:
        image = image.scaled(
            QSize(_PICTURE_SIDE, _PICTURE_SIDE),
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return image
