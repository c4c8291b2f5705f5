"""The versions of an artifact beside what one changed, both in one, side by side, or the old one as it was."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.ui.artifact.changes.grids_view import GridsView
from forgeapp.ui.artifact.changes.list_view import ChangesList, Listing, listing_of
from forgeapp.ui.artifact.changes.picture import Mode, Picture, make_view, picture_of
from forgeapp.ui.artifact.changes.values import follow_values
from forgeapp.ui.artifact.changes.words import count_text
from forgeapp.ui.artifact.history.bar import BEFORE, NEWEST, HistoryBar, SideCaptions
from forgeapp.ui.artifact.history.versions_side import VersionsSide
from forgeapp.ui.controls import LateBusy, Menu, tell_obstacle
from forgeapp.ui.icons import icon
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion, VersionRow
    from forgeapp.ui.artifact.changes.picture import ChangesView
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_LIST_WIDTH: Final = 232
_STACKED_BELOW: Final = 600
_ROOMY: Final = 420
"""From this width on the bar says in words what it does."""

_Found = tuple[Content, Content, "Listing | Picture", int]
"""Both contents, what shows them, and how many changes there are."""


class HistoryView(QWidget):
    """Arrow keys choose a version; `choose` shows one. Hand edits are stored before the versions are read.

    `export_asked(StoredVersion)`: of the version in view.
    """

    export_asked = Signal(object)

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
        self._wish: str = BEFORE
        self._job: Job | None = None
        self._values: list[Job] = []
        self.side = VersionsSide()
        self.versions = self.side.list
        self.versions.chosen.connect(self._on_chosen)
        self.versions.paired.connect(lambda number: self._on_compared(str(number)))
        self.versions.labelled.connect(self._on_labelled)
        self.versions.menu_asked.connect(self._open_menu)
        self.side.filtered.connect(self._fill)
        self.bar = HistoryBar()
        if artifact.kind is Kind.IMAGE:
            # What changed in a picture is seen, not read.
            self.bar.modes.set_value("sides")
        self.bar.mode_chosen.connect(self._on_mode_chosen)
        self.bar.compared.connect(self._on_compared)
        self.bar.restore.clicked.connect(self._on_restored)
        self.bar.more.clicked.connect(self._on_more)
        self.changes = ChangesList()
        self._views: dict[str, ChangesView] = {}
        self._shown = QWidget()
        self._stack = QStackedLayout(self._shown)
        self._stack.addWidget(self.changes)
        self._busy = LateBusy(self._shown)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(1)
        self._box.addWidget(self.side)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._captions = SideCaptions()
        self._captions.hide()
        column.addWidget(self.bar)
        column.addWidget(self._captions)
        column.addWidget(self._shown, 1)
        self._box.addWidget(right, 1)
        self.setFocusProxy(self.versions)
        workbench.artifacts.versioned.connect(self._on_versioned)

    @property
    def number(self) -> int | None:
        """The version in view."""
        return self.versions.number

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is what was asked for."""
        return bool(self._rows) and self._wanted is None and self._job is None

    @property
    def view(self) -> QWidget:
        """What shows the changes now."""
        return self._stack.currentWidget() or self.changes

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
        number = self._wanted or (rows[0].number if self._follows_newest else self.number)
        self._wanted = None
        self._rows = rows
        self.side.offer_filter(any(row.label for row in rows))
        self._fill(number)

    def _fill(self, number: int | None = None) -> None:
        shown = [row for row in self._rows if row.label] if self.side.is_filtered else self._rows
        newest = self._rows[0].number
        self.versions.show_versions(shown, number or self.number or newest, newest)
        self._follows_newest = self.number == newest
        self._compare()

    def _on_versioned(self, artifact: OpenArtifact) -> None:
        if artifact is self.artifact and self.isVisible():
            self._workbench.artifacts.list_versions(artifact, self._take)

    def _on_chosen(self, number: int) -> None:
        self._follows_newest = number == self._rows[0].number
        self._compare()

    def _on_mode_chosen(self, _mode: str) -> None:
        self._compare()

    def _on_compared(self, wish: str) -> None:
        self._wish = wish
        self._compare()

    def _on_labelled(self, number: int, label: str) -> None:
        self._workbench.artifacts.label(self.artifact, number, label)
        self.versions.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_restored(self) -> None:
        if self.number is not None and self.bar.restore.isEnabled():
            self._follows_newest = True
            self._workbench.artifacts.restore(self.artifact, self.number)

    def _on_more(self) -> None:
        self._open_menu(self.bar.more.mapToGlobal(QPoint(0, self.bar.more.height() + 2)))

    def _open_menu(self, at: QPoint) -> None:
        number = self.number
        if number is None:
            return
        menu = Menu(self)
        menu.setObjectName("version_actions")
        artifacts = self._workbench.artifacts
        rename = menu.addAction(icon("pencil"), tr("Name version {number}…", number=number), self.versions.rename)
        rename.setShortcut("F2")
        restore = menu.addAction(icon("rotate-cw"), tr("Restore this version"), self._on_restored)
        tell_obstacle(restore, "" if self.bar.restore.isEnabled() else tr("It is the newest"))
        menu.addAction(
            icon("copy-plus"), tr("Save as a new artifact"), partial(artifacts.save_version_as, self.artifact, number)
        )
        menu.addAction(icon("download"), tr("Export this version…"), partial(self._export, number))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def _export(self, number: int) -> None:
        artifact = self.artifact.id

        def ask(version: StoredVersion) -> None:
            if isValid(self):
                self.export_asked.emit(version)

        self._workbench.call(lambda services: services.ledger.artifacts.version(artifact, number), ask)

    # What is compared

    def _pair(self, number: int) -> tuple[int, int]:
        """The versions that are compared, the older one first; one twice where there is nothing to compare with."""
        numbers = [row.number for row in self._rows]
        newest, first = numbers[0], numbers[-1]
        wish = self._wish
        if wish.isdigit() and int(wish) in numbers and int(wish) != number:
            other = int(wish)
        elif (wish == NEWEST and number != newest) or number == first:
            other = newest
        else:
            other = max((each for each in numbers if each < number), default=number)
        return min(number, other), max(number, other)

    def _compare(self) -> None:
        self._drop()
        number = self.number
        if number is None:
            return
        before, after = self._pair(number)
        is_newest, is_alone = number == self._rows[0].number, before == after
        self.bar.show_choices(self._rows, number, before if after == number else after, self._wish)
        self.bar.restore.setEnabled(not is_newest)
        self.bar.restore.setToolTip(tr("This is the newest version") if is_newest else "")
        self.bar.show_count("")
        mode = self.bar.mode
        self.versions.show_second(None if is_alone or mode == "whole" else before if after == number else after)
        self._captions.show_pair(before, after)
        self._captions.setVisible(mode == "sides" and not is_alone)
        if is_alone and mode != "whole":
            self._stack.setCurrentWidget(self.changes)
            self.changes.show_words(
                tr("This is the first version. Every change after it is kept here, and you can always come back.")
            )
            return
        if mode == "whole":
            before = after = number
        services, artifact = self._workbench.services, self.artifact.id
        assert services is not None
        versions = services.ledger.artifacts

        def find(_cancel: CancelToken) -> _Found:
            from forgeapp.services.comparing import compare

            old, new = versions.version(artifact, before).content, versions.version(artifact, after).content
            comparison = compare(old, new)
            shown: Listing | Picture
            shown = listing_of(comparison) if mode == "changes" else picture_of(comparison, mode, services.number_looks)
            return old, new, shown, len(comparison.hunks)

        self._busy.begin()
        show = partial(self._on_found, mode)
        self._job = self._workbench.jobs.run(find, show, ignore_cancelled(self._on_failed), Lane.VIEWS)

    def _drop(self) -> None:
        for job in (self._job, *self._values):
            if job is not None:
                job.drop()
        self._job, self._values = None, []
        self._busy.end()

    def _on_found(self, mode: Mode | str, found: _Found) -> None:
        self._drop()
        old, new, shown, total = found
        self.bar.show_count(count_text(total) if total else "")
        if isinstance(shown, Picture):
            view = self._view(mode, shown)
            view.show_picture(shown.shown, shown.told, None)
            self._stack.setCurrentWidget(view)
            if isinstance(view, GridsView):
                self._values = follow_values(self._workbench, view, old, new)
            return
        self._stack.setCurrentWidget(self.changes)
        if total:
            self.changes.show_listing(shown)
        else:
            self.changes.show_words(tr("Nothing differs."))

    def _view(self, mode: str, picture: Picture) -> ChangesView:
        view = self._views.get(mode)
        if view is None:
            view = self._views[mode] = make_view(picture.kind, self._workbench.jobs, is_sided=mode == "sides")
            view.setObjectName(f"history_{mode}")
            self._stack.addWidget(view)
        return view

    def _on_failed(self, error: Exception) -> None:
        self._drop()
        self._workbench.failed.emit(error)

    # What Qt calls.

    def _arrange(self) -> None:
        is_stacked = self.width() < px(_STACKED_BELOW)
        self._box.setDirection(QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight)
        if is_stacked:
            self.side.setMinimumSize(0, 0)
            self.side.setMaximumSize(16_777_215, max(110, self.height() // 3))
        else:
            self.side.setMaximumSize(px(_LIST_WIDTH), 16_777_215)
            self.side.setMinimumWidth(px(_LIST_WIDTH))
        room = self.width() - (0 if is_stacked else px(_LIST_WIDTH))
        self.bar.set_roomy(room >= px(_ROOMY))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._read()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_F2):
            self.versions.keyPressEvent(event)
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        edge = self.side.geometry()
        is_stacked = self._box.direction() is QBoxLayout.Direction.TopToBottom
        line = (
            QRect(0, edge.bottom() + 1, self.width(), 1) if is_stacked else QRect(edge.right() + 1, 0, 1, self.height())
        )
        QPainter(self).fillRect(line, color("line"))
