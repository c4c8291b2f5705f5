"""What is not right in the files that are open: looked for off this thread once nobody has typed for a moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from shiboken6 import isValid

from forgeapp.domain.code import CodeFile
from forgeapp.ui.artifact.text.positions import Positions
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled

if TYPE_CHECKING:
    from forgeapp.domain.finding import Finding
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenText

IDLE_MS: Final = 400


@dataclass(frozen=True, slots=True)
class Placed:
    """`cursor` selects the place and goes with it while the text is edited."""

    finding: Finding
    cursor: QTextCursor

    @property
    def line(self) -> int:
        """From 0."""
        return self.cursor.document().findBlock(self.cursor.selectionStart()).blockNumber()


class Findings(QObject):
    """Of an artifact's files. `changed`: those of a file are others. `prefer` says which file is looked at first."""

    changed = Signal()

    def __init__(self, artifact: OpenText, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._artifact = artifact
        self._workbench = workbench
        self._placed: dict[QTextDocument, list[Placed]] = {}
        self._looked_at: dict[QTextDocument, CodeFile] = {}
        self._seen: object = None
        self._preferred: QTextDocument | None = None
        self._job: Job | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._look)
        artifact.changed.connect(self._on_changed)
        artifact.files_changed.connect(self._on_changed)
        self._idle.start()

    def of(self, document: QTextDocument) -> list[Placed]:
        """By place."""
        return self._placed.get(document, [])

    def prefer(self, document: QTextDocument) -> None:
        self._preferred = document

    @property
    def is_settled(self) -> bool:
        """Whether every file was looked at as it is now."""
        return self._job is None and not self._idle.isActive() and self._next() is None

    def _on_changed(self) -> None:
        # Colours are changes to Qt, too, and even a revision of the document; none of these is one by them.
        sizes = [document.characterCount() for document in self._artifact.documents]
        names = [(file.name, file.language) for file in self._artifact.files]
        seen = (self._artifact.undo_stack.index(), sizes, names)
        if seen != self._seen:
            self._seen = seen
            self._idle.start()

    def _file(self, document: QTextDocument) -> CodeFile:
        """As it is now."""
        file = self._artifact.files[self._artifact.documents.index(document)]
        return CodeFile(file.name, file.language, raw_text(document))

    def _next(self) -> QTextDocument | None:
        documents = self._artifact.documents
        first = [self._preferred] if self._preferred in documents else []
        ordered = [*first, *documents]
        return next((each for each in ordered if each and self._looked_at.get(each) != self._file(each)), None)

    def _look(self) -> None:
        """At the next file that is not as it was; one at a time."""
        if self._job is not None:
            self._job.drop()
            self._job = None
        documents = self._artifact.documents
        for gone in [each for each in self._placed if each not in documents]:
            del self._placed[gone]
            self._looked_at.pop(gone, None)
        document = self._next()
        if document is None:
            return
        if self._workbench.services is None:
            self._workbench.when_ready(self._idle.start)
            return
        services, file = self._workbench.services, self._file(document)

        def show(found: tuple[Finding, ...]) -> None:
            if isValid(self):  # else the tab was closed meanwhile
                self._take(document, file, found)

        self._job = self._workbench.jobs.run(
            lambda cancel: services.checking.check(file, cancel),
            show,
            ignore_cancelled(self._workbench.failed.emit),
            Lane.VIEWS,
        )

    def _take(self, document: QTextDocument, file: CodeFile, found: tuple[Finding, ...]) -> None:
        self._job = None
        if document in self._artifact.documents and self._file(document) == file:
            self._looked_at[document] = file
            self._placed[document] = [_place(document, finding) for finding in found]
            self.changed.emit()
        if not self._idle.isActive():
            self._look()


def _place(document: QTextDocument, finding: Finding) -> Placed:
    block = document.findBlockByNumber(finding.line - 1)
    places = Positions(block.text())
    cursor = QTextCursor(document)
    begin = finding.column - 1
    cursor.setPosition(block.position() + min(places.in_units(begin), block.length() - 1))
    end = block.position() + min(places.in_units(begin + finding.width), block.length() - 1)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    return Placed(finding, cursor)
