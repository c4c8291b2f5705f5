"""The active artifact, or what is selected of it, on the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.cell_block import Block
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.image import Image
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.services.exporting.copying import Copied, CopyForm
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services

TABULAR: Final = (Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT)
"""Kinds whose cells can be copied."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """Cells of a sheet: of their values, which have to be computed, the whole workbook is needed."""

    sheet: str
    blocks: tuple[Block, ...]


Part: TypeAlias = Table | Document | Code | SheetPart
"""What is selected of an artifact."""


class Copying(QObject):
    """`copied(str)`: what stands on the clipboard now, in words."""

    copied = Signal(str)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._job: Job | None = None

    def copy(self, tab: OpenArtifact, form: CopyForm, part: Part | None = None) -> None:
        """`part`: what is selected of it, None: all of it. Of several at once only the last one comes."""
        if self._job is not None:
            self._job.drop()
        content = tab.content
        if isinstance(content, Image):
            self._copy_picture(content, tab.title, form)
        else:
            self._workbench.when_ready(lambda: self._copy(content, tab.title, form, part))

    def _copy(self, content: Content, title: str, form: CopyForm, part: Part | None) -> None:
        services = self._workbench.services
        assert services is not None

        def show(result: Copied) -> None:
            mime = QMimeData()
            mime.setText(result.text)
            if result.html is not None:
                mime.setHtml(result.html)
            self._put(mime, _words(title, form) if part is None else _words_of_part(title, form))

        self._job = self._workbench.jobs.run(
            lambda cancel: _made(services, content, title, form, part, cancel),
            show,
            ignore_cancelled(self._workbench.failed.emit),
            Lane.VIEWS,
        )

    def _copy_picture(self, image: Image, title: str, form: CopyForm) -> None:
        """Itself: as text its bytes would be of no use to anybody. Beside it what it shows, or a reference to it."""
        from forgeapp.ui.artifact.image.clipboard import picture_data
        from forgeapp.ui.artifact.image.sizes import decode

        alt = " ".join(image.alt.split())
        text = alt or title
        if form == "markdown":
            name = safe_name(f"{title}.{image.media_type.rpartition('/')[2]}", "picture")
            text = f"![{alt.translate(_ESCAPED)}](<{name}>)"

        def unpacked() -> QImage | None:
            picture = decode(image)
            return picture.whole if picture is not None else None

        def show(shown: QImage | None) -> None:
            if shown is None:
                mime, words = QMimeData(), tr("{title} cannot be shown: its words are on the clipboard.", title=title)
            else:
                mime, words = picture_data(image, shown), tr("{title} is on the clipboard as a picture.", title=title)
            mime.setText(text)
            self._put(mime, words)

        self._job = self._workbench.jobs.run(lambda _cancel: unpacked(), show, lane=Lane.VIEWS)

    def _put(self, mime: QMimeData, words: str) -> None:
        self._job = None
        QGuiApplication.clipboard().setMimeData(mime)
        self.copied.emit(words)


_ESCAPED: Final = str.maketrans({"[": r"\[", "]": r"\]", "\\": r"\\"})


def _made(
    services: Services, content: Content, title: str, form: CopyForm, part: Part | None, cancel: CancelToken
) -> Copied:
    from forgeapp.services.exporting.copying import cells_of, copied
    from forgeapp.services.exporting.publishing import formulas_of

    if part is not None and not isinstance(part, SheetPart):
        return copied(part, title, {}, form)
    looks = services.number_looks
    workbook = formulas_of(content)
    values = services.calculation.values(workbook, cancel) if workbook is not None else {}
    if isinstance(part, SheetPart) and isinstance(content, Workbook):
        return copied(cells_of(content, values, part.sheet, part.blocks, looks), title, {}, form)
    return copied(content, title, values, form, looks)


def _words(title: str, form: CopyForm) -> str:
    match form:
        case "rich":
            return tr("{title} is on the clipboard as rich text.", title=title)
        case "markdown":
            return tr("{title} is on the clipboard as Markdown.", title=title)
        case "tsv":
            return tr("{title} is on the clipboard as a table.", title=title)


def _words_of_part(title: str, form: CopyForm) -> str:
    match form:
        case "rich":
            return tr("What is selected of {title} is on the clipboard as rich text.", title=title)
        case "markdown":
            return tr("What is selected of {title} is on the clipboard as Markdown.", title=title)
        case "tsv":
            return tr("What is selected of {title} is on the clipboard as a table.", title=title)
