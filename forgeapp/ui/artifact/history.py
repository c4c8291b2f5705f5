"""The versions of an artifact, what each changed, and the way back to one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.workbook import Workbook
from forgeapp.ui.artifact.changes import MAX_SHOWN, ChangesView
from forgeapp.ui.artifact.version_list import VersionList
from forgeapp.ui.controls import Busy, Button, Label, SegmentedControl, Toolbar
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.theme import CAPTION, color, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow
    from forgeapp.services.comparing import Hunk
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_LIST_WIDTH: Final = 248
_STACKED_BELOW: Final = 560
_ROOMY: Final = 440
"""From this width on the changes have room to say how many they are."""
_BUSY_AFTER_MS: Final = 200
_OWN, _SINCE = "own", "since"


class HistoryView(QWidget):
    """Arrow keys choose a version; `choose` shows one. Hand edits are stored before the versions are read."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(tr("History"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.artifact = artifact
        self._workbench = workbench
        self._rows: list[VersionRow] = []
        self._wanted: int | None = None
        self._follows_newest = True
        self._wish = _OWN
        self._job: Job | None = None
        self.versions = VersionList()
        self.versions.chosen.connect(self._on_chosen)
        self.compared = SegmentedControl([(_OWN, tr("In this version")), (_SINCE, tr("Since then"))])
        self.compared.setObjectName("history_compared")
        self.compared.setAccessibleName(tr("Which changes"))
        self.compared.selected.connect(self._on_compared)
        self.restore = Button(tr("Restore"), "rotate-cw", small=True)
        self.restore.setObjectName("restore_version")
        self.restore.clicked.connect(self._on_restored)
        self.count = Label("", CAPTION, role="ink_3")
        self.changes = ChangesView()
        self._busy = Busy(20, self.changes)
        self._busy.hide()
        self._busy_timer = QTimer(self)
        self._busy_timer.setSingleShot(True)
        self._busy_timer.setInterval(_BUSY_AFTER_MS)
        self._busy_timer.timeout.connect(self._on_long)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(1)
        self._box.addWidget(self.versions)
        self._box.addWidget(self._build_side(), 1)
        self.setFocusProxy(self.versions)
        workbench.artifacts.versioned.connect(self._on_versioned)

    def _build_side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = Toolbar()
        bar.row.setSpacing(8)
        bar.row.addWidget(self.compared)
        bar.row.addWidget(self.count)
        bar.row.addStretch(1)
        bar.row.addWidget(self.restore)
        column.addWidget(bar)
        column.addWidget(self.changes, 1)
        return side

    @property
    def number(self) -> int | None:
        """The version in view."""
        return self.versions.number

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is what was asked for."""
        return bool(self._rows) and self._wanted is None and self._job is None

    def choose(self, number: int) -> None:
        if any(row.number == number for row in self._rows):
            self.versions.choose(number)
        else:
            self._wanted = number
            self._read()

    def _read(self) -> None:
        self._workbench.artifacts.save(
            self.artifact, lambda: self._workbench.artifacts.list_versions(self.artifact, self._take)
        )

    def _take(self, rows: list[VersionRow]) -> None:
        if not isValid(self):
            return  # its tab was closed meanwhile
        number = self._wanted or (None if self._follows_newest else self.number)
        self._wanted = None
        self._rows = rows
        self.versions.show_versions(rows, number or rows[0].number)
        self._follows_newest = self.number == rows[0].number
        self._compare()

    def _on_versioned(self, artifact: OpenArtifact) -> None:
        if artifact is self.artifact and self.isVisible():
            self._workbench.artifacts.list_versions(artifact, self._take)

    def _on_chosen(self, number: int) -> None:
        self._follows_newest = number == self._rows[0].number
        self._compare()

    def _on_compared(self, wish: str) -> None:
        self._wish = wish
        self._compare()

    def _on_restored(self) -> None:
        if self.number is not None and self.restore.isEnabled():
            self._follows_newest = True
            self._workbench.artifacts.restore(self.artifact, self.number)

    def _compare(self) -> None:
        """Shows the changes wished for where there are such, else the other ones."""
        self._drop()
        number = self.number
        if number is None:
            return
        newest, first = self._rows[0].number, self._rows[-1].number
        is_newest, is_first = number == newest, number == first
        self.restore.setEnabled(not is_newest)
        self.restore.setToolTip(tr("This is the newest version") if is_newest else "")
        self.compared.set_enabled(_OWN, not is_first)
        self.compared.set_enabled(_SINCE, not is_newest)
        wish = _SINCE if is_first else _OWN if is_newest else self._wish
        self.compared.set_value(wish if not (is_first and is_newest) else _OWN)
        self.count.setText("")
        if is_first and is_newest:
            self.changes.show_words(
                tr("This is the first version. Every change after it is kept here, and you can always come back.")
            )
            return
        before, after = (number, newest) if wish == _SINCE else (number - 1, number)
        services, artifact = self._workbench.services, self.artifact.id
        assert services is not None
        versions = services.ledger.artifacts

        def find_changes(_cancel: CancelToken) -> tuple[list[Hunk], int]:
            from forgeapp.services.comparing import compare

            old, new = versions.version(artifact, before).content, versions.version(artifact, after).content
            hunks = compare(old, new).hunks
            return [_without_only_sheet(hunk, old, new) for hunk in hunks[:MAX_SHOWN]], len(hunks)

        self._busy_timer.start()
        self._job = self._workbench.jobs.run(
            find_changes, self._on_found, ignore_cancelled(self._on_failed), Lane.VIEWS
        )

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.drop()
        self._busy_timer.stop()
        self._busy.hide()

    def _on_found(self, found: tuple[list[Hunk], int]) -> None:
        self._drop()
        hunks, total = found
        self.count.setText(tr("1 change") if total == 1 else tr("{count} changes", count=number_text(total)))
        if total:
            self.changes.show_changes(self.artifact.kind, hunks, total)
        else:
            self.count.setText("")
            self.changes.show_words(tr("Nothing differs."))

    def _on_failed(self, error: Exception) -> None:
        self._drop()
        self._workbench.failed.emit(error)

    def _on_long(self) -> None:
        self._busy.move((self.changes.width() - 20) // 2, 48)
        self._busy.show()

    def _arrange(self) -> None:
        is_stacked = self.width() < px(_STACKED_BELOW)
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight)
        if is_stacked:
            self.versions.setMinimumSize(0, 0)
            self.versions.setMaximumSize(16_777_215, max(110, self.height() * 2 // 5))
        else:
            self.versions.setMaximumSize(px(_LIST_WIDTH), 16_777_215)
            self.versions.setMinimumWidth(px(_LIST_WIDTH))
        room = self.width() - (0 if is_stacked else px(_LIST_WIDTH))
        self.restore.set_text(tr("Restore this version") if room >= px(_ROOMY) else tr("Restore"))
        self.count.setVisible(room >= px(_ROOMY))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            self.versions.keyPressEvent(event)
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        edge = self.versions.geometry()
        is_stacked = self._box.direction() is QBoxLayout.Direction.TopToBottom
        line = (
            QRect(0, edge.bottom() + 1, self.width(), 1) if is_stacked else QRect(edge.right() + 1, 0, 1, self.height())
        )
        QPainter(self).fillRect(line, color("line"))


def _without_only_sheet(hunk: Hunk, old: Content, new: Content) -> Hunk:
    """'B7' instead of 'Budget!B7' where there is but one sheet."""
    if not (isinstance(old, Workbook) and isinstance(new, Workbook) and len(old.sheets) == len(new.sheets) == 1):
        return hunk
    name = new.sheets[0].name
    return replace(hunk, where=hunk.where.removeprefix(f"{name}!")) if old.sheets[0].name == name else hunk
