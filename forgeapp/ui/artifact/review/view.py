"""A proposal in place of the editor: its changes shown where they are made, decided on one by one or all at once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import kind_of
from forgeapp.ui.artifact.changes.grids_view import GridsView
from forgeapp.ui.artifact.changes.hunk_list import HunkList
from forgeapp.ui.artifact.changes.picture import Picture, make_view, picture_of
from forgeapp.ui.artifact.changes.values import follow_values
from forgeapp.ui.artifact.changes.words import told
from forgeapp.ui.artifact.review.bar import ReviewBar
from forgeapp.ui.artifact.review.strip import ReviewStrip
from forgeapp.ui.controls import LateBusy
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.changes.picture import ChangesView
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.reviews import OpenReview

_LIST_FROM: Final = 640
"""From this width on the changes of a grid stand in a list beside it."""
_LIST_WIDTH: Final = 232
_ACCEPTING: Final = ("A", "Return", "Enter")
_REJECTING: Final = ("R", "Del", "Backspace")


class ReviewView(QWidget):
    """`show_review` follows the workbench. Keys: Alt+Down and Alt+Up walk, A or Enter accepts, R or Delete rejects,
    Ctrl+Enter accepts the rest, Ctrl+Z takes the last decision back."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("review")
        self.setAccessibleName(tr("Review of the proposed changes"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.artifact = artifact
        self._workbench = workbench
        self._found: OpenReview | None = None
        self._picture: Picture | None = None
        self._job: Job | None = None
        self._values: list[Job] = []
        self._current: int | None = None
        self._view: ChangesView | None = None
        self.bar = ReviewBar()
        self.list = HunkList()
        self.strip = ReviewStrip()
        self._busy = LateBusy(self)
        self._middle = QHBoxLayout()
        self._middle.setSpacing(1)
        self._middle.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(self._middle, 1)
        column.addWidget(self.strip)
        self.list.hide()
        self.strip.hide()
        self._actions = self._make_actions()
        reviews = workbench.reviews
        self.bar.all_decided.connect(lambda is_taken: reviews.decide_rest(artifact, is_taken))
        self.bar.stepped.connect(self.step)
        self.bar.fit_asked.connect(lambda: reviews.fit(artifact))
        self.bar.keep_apart_asked.connect(lambda: reviews.keep_apart(artifact))
        self.bar.discarded.connect(lambda: reviews.decide_rest(artifact, False))
        self.list.reached.connect(self._on_reached)
        self.strip.decided.connect(self._decide)
        self.strip.reopened.connect(partial(reviews.reopen, artifact))

    def _make_actions(self) -> list[QAction]:
        made = []
        for keys, act in (
            (_ACCEPTING, partial(self._decide_current, True)),
            (_REJECTING, partial(self._decide_current, False)),
            (("Alt+Down",), partial(self.step, 1)),
            (("Alt+Up",), partial(self.step, -1)),
            (("Ctrl+Return", "Ctrl+Enter"), partial(self.bar.all_decided.emit, True)),
            (("Ctrl+Z",), partial(self._workbench.reviews.undo, self.artifact)),
        ):
            action = QAction(self)
            action.setShortcuts([QKeySequence(each) for each in keys])
            action.triggered.connect(lambda _checked=False, act=act: act())
            # It takes keys from the grids only: everywhere else they come up here.
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            made.append(action)
        return made

    @property
    def view(self) -> ChangesView | None:
        """None until the first picture is made."""
        return self._view

    @property
    def current(self) -> int | None:
        """The hunk that keys decide on."""
        return self._current

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is the review as it stands."""
        return self._picture is not None and self._job is None

    def show_review(self, found: OpenReview) -> None:
        """A review that has come, or whose base has moved."""
        if found is not self._found:
            self._found = found
            found.decided.connect(partial(self._on_decided, found))
            self._draw(found)
        self.bar.show_review(found)

    def close_review(self) -> None:
        """It is over."""
        self._drop()
        self._found = None

    def _draw(self, found: OpenReview) -> None:
        self._drop()
        comparison, services = found.review.comparison, self._workbench.services
        assert services is not None

        def work(_cancel: CancelToken) -> Picture:
            from forgeapp.services.comparing import compare

            if kind_of(comparison.before) is kind_of(comparison.after):
                return picture_of(comparison, "review", services.number_looks)
            # Another kind altogether: there is nothing to put side by side, all of it is one change.
            same = compare(comparison.after, comparison.after)
            whole = picture_of(same, "whole", services.number_looks)
            return replace(whole, told=tuple(map(told, comparison.hunks)), others=(0,))

        self._busy.begin()
        self._job = self._workbench.jobs.run(
            work, partial(self._show, found), ignore_cancelled(self._workbench.failed.emit), Lane.VIEWS
        )

    def _drop(self) -> None:
        for job in (self._job, *self._values):
            if job is not None:
                job.drop()
        self._job, self._values = None, []
        self._busy.end()

    def _show(self, found: OpenReview, picture: Picture) -> None:
        self._job = None
        self._busy.end()
        if self._picture is None or self._picture.kind is not picture.kind or self._view is None:
            self._replace_view(picture)
        self._picture = picture
        assert self._view is not None
        is_grid = isinstance(self._view, GridsView)
        # What was made for an older version can be looked at only.
        decisions = found.decisions if not found.review.is_outdated else None
        self._view.show_picture(picture.shown, picture.told, decisions)
        self.list.show_hunks(found.hunks, found.decisions)
        self._is_listed = is_grid or bool(picture.others)
        self._arrange()
        if isinstance(self._view, GridsView):
            comparison = found.review.comparison
            self._values = follow_values(self._workbench, self._view, comparison.before, comparison.after)
        self._current = None
        first = next(iter(found.undecided), 0)
        if found.hunks:
            self._go_to(first)

    _is_listed = False

    def _replace_view(self, picture: Picture) -> None:
        old = self._view
        view = self._view = make_view(picture.kind, self._workbench.jobs)
        view.decided.connect(self._decide)
        view.reopened.connect(partial(self._workbench.reviews.reopen, self.artifact))
        view.reached.connect(self._on_reached)
        if isinstance(view, GridsView):
            for action in self._actions:
                view.bind(action)
        had_focus = self._has_focus
        self._middle.insertWidget(0, view, 1)
        if old is not None:
            old.hide()
            old.deleteLater()
        self.setFocusProxy(view)
        if had_focus:
            view.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _has_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and (focused is self or self.isAncestorOf(focused))

    # Walking and deciding

    def step(self, by: int) -> None:
        """To the next hunk, or the one before; those still open first."""
        found = self._found
        if found is None or not found.hunks:
            return
        at = self._current if self._current is not None else -1 if by > 0 else 0
        order = range(at + 1, len(found.hunks)) if by > 0 else range(at - 1, -1, -1)
        open_ones = (hunk for hunk in order if hunk not in found.decisions)
        target = next(open_ones, None)
        if target is None and not found.undecided:
            target = next(iter(order), None)
        if target is None and found.undecided:
            target = found.undecided[0] if by > 0 else found.undecided[-1]
        if target is not None:
            self._go_to(target)

    def _go_to(self, hunk: int) -> None:
        self._current = hunk
        if self._view is not None:
            self._view.show_hunk(hunk)
        self.list.show_hunk(hunk)
        self._show_strip()

    def _on_reached(self, hunk: int) -> None:
        if hunk != self._current:
            self._current = hunk
            if self.sender() is self.list and self._view is not None:
                self._view.show_hunk(hunk)
            self.list.show_hunk(hunk)
            self._show_strip()

    def _decide(self, hunk: int, is_taken: bool) -> None:
        self._current = hunk
        self._workbench.reviews.decide(self.artifact, hunk, is_taken)

    def _decide_current(self, is_taken: bool) -> None:
        found = self._found
        if found is not None and self._current is not None and self._current not in found.decisions:
            self._decide(self._current, is_taken)

    def _on_decided(self, found: OpenReview, hunk: int | None) -> None:
        if found is not self._found or self._view is None:
            return
        if self._has_focus and not self._keeps_focus:
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bar.show_review(found)
        self._view.show_decisions(None if hunk is None else (hunk,))
        self.list.refresh()
        if hunk is not None and hunk in found.decisions and hunk == self._current:
            self.step(1)
        elif hunk is not None and hunk not in found.decisions:
            self._go_to(hunk)
        self._show_strip()

    @property
    def _keeps_focus(self) -> bool:
        """Whether what has the keyboard stays."""
        focused = QApplication.focusWidget()
        return focused is self.list or (focused is not None and self.bar.isAncestorOf(focused))

    def _show_strip(self) -> None:
        found = self._found
        if found is None or self._current is None or self._current >= len(found.hunks):
            self.strip.hide()
            return
        is_shown = self._is_listed and not found.review.is_outdated
        self.strip.setVisible(is_shown)
        if is_shown:
            hunk = found.hunks[self._current]
            self.strip.show_hunk(self._current, hunk, len(found.hunks), found.decisions)

    def _arrange(self) -> None:
        has_room = self.width() >= px(_LIST_FROM)
        self.list.setVisible(self._is_listed and has_room)
        self.list.setFixedWidth(px(_LIST_WIDTH))

    # What Qt calls.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if self._action_for(event) is not None:
                # Else the window's own Undo would take it.
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_for(event)
        if action is not None:
            action.trigger()
            return
        super().keyPressEvent(event)

    def _action_for(self, event: QKeyEvent) -> QAction | None:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        pressed = QKeySequence(event.key() | modifiers.value)
        return next((action for action in self._actions if pressed in action.shortcuts()), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.list.isVisible():
            edge = self.list.geometry()
            QPainter(self).fillRect(QRect(edge.left() - 1, edge.top(), 1, edge.height()), color("line"))
