"""The window: conversations, chat and artifact side by side, and what the commands do to them."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QAction, QCloseEvent, QGuiApplication, QResizeEvent, QUndoStack
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QStackedLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from forgeapp.domain.artifact import Format
from forgeapp.errors import Crashed, ForgeError
from forgeapp.ui.actions import Actions
from forgeapp.ui.announcements import Announcements
from forgeapp.ui.artifact.pane import ArtifactPane
from forgeapp.ui.artifact.selection_follower import SelectionFollower
from forgeapp.ui.chat import ChatPane
from forgeapp.ui.divider import MIN_PANE, Panes
from forgeapp.ui.exports.desk import ExportDesk
from forgeapp.ui.file_choice import chosen_file
from forgeapp.ui.notices import NoticeBar
from forgeapp.ui.sidebar import Sidebar
from forgeapp.ui.start_failure import StartFailure
from forgeapp.ui.status_bar import StatusBar
from forgeapp.ui.theme import theme
from forgeapp.ui.top_bar import TopBar
from forgeapp.ui.window_memory import WindowMemory
from forgeapp.ui.window_state import WindowState
from forgeapp.ui.workbench import Workbench

if TYPE_CHECKING:
    from forgeapp.ui.artifact.asking import Asking
    from forgeapp.ui.control.centre import ControlCentre
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

SIDEBAR_WIDTH = 232
BOTH_PANES_FROM = 820
"""Below this width of both panes together, one shows at a time."""
_COMPACT_BELOW = 1_000


class MainWindow(QMainWindow):
    """`state` is where the window stands; it is kept in `state_path`, None keeps it nowhere."""

    def __init__(self, workbench: Workbench, state: WindowState, state_path: Path | None = None) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("ForgeApp")
        self.setMinimumSize(MIN_PANE + 20, 420)
        self.workbench = workbench
        self._state = state
        self._front = "chat"
        self._is_sidebar_forced = False
        self._control: ControlCentre | None = None
        self._left_for_control: QWidget | None = None
        """Who had the keyboard among the panes."""
        self.is_over = True
        self.exporting: ExportDesk = ExportDesk(self)
        self.actions_by_id = Actions(self)
        self._memory = WindowMemory(self, state, state_path)
        self._build()
        self._connect()
        self._place()
        if state.conversation is not None:
            workbench.conversations.restore(state.conversation)
        else:
            workbench.composer.move_to(workbench.chat)
        # Else Qt gives the keyboard to the first button there is.
        self.chat_pane.focus_composer()

    def _build(self) -> None:
        centre = QWidget()
        self._pages = QStackedLayout(centre)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.sidebar = Sidebar(self.workbench)
        self.sidebar.setFixedWidth(SIDEBAR_WIDTH)
        self.chat_pane = ChatPane(self.workbench)
        self.artifact_pane = ArtifactPane(self.workbench)
        for pane in (self.chat_pane, self.artifact_pane):
            pane.setMinimumWidth(MIN_PANE)
        self.panes = Panes(self.chat_pane, self.artifact_pane)
        self.top_bar = TopBar(self)
        self._desk = QWidget()
        middle = QHBoxLayout(self._desk)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.sidebar)
        middle.addWidget(self.panes, 1)
        self._middle = QStackedWidget()
        self._middle.addWidget(self._desk)
        self.status_bar = StatusBar(self.workbench)
        column.addWidget(self.top_bar)
        column.addWidget(self._middle, 1)
        column.addWidget(self.status_bar)
        self._pages.addWidget(body)
        self.setCentralWidget(centre)
        SelectionFollower(self.artifact_pane, self.chat_pane.composer_box.field, self.workbench, self)
        self.notices = NoticeBar(self)
        Announcements(self.workbench, self.notices, self._show_history, self.exporting.show_list, self)

    def _connect(self) -> None:
        workbench = self.workbench
        workbench.started.connect(self._memory.restore)
        workbench.start_failed.connect(self._on_start_failed)
        workbench.export_wished.connect(self._on_export_wished)
        workbench.artifacts.arrived.connect(self._on_artifact_arrived)
        workbench.artifacts.wished.connect(self._on_artifact_wished)
        workbench.chat_opened.connect(self.leave_control)
        workbench.configuration_wished.connect(partial(self.open_control, "configuration"))
        workbench.artifacts.version_wished.connect(self._on_version_wished)
        workbench.composer.wanted.connect(self.focus_composer)
        self.artifact_pane.tabs.save_wished.connect(self.save_artifact_as)
        self.artifact_pane.tabs.import_wished.connect(self.import_version)
        self.artifact_pane.tabs.copy_wished.connect(self.exporting.copy_all)
        self.panes.moved.connect(self._on_divider_moved)

    def _place(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        if self._state.geometry is not None:
            wanted = QRect(*self._state.geometry)
            # A screen that has gone must not keep the window out of reach.
            self.setGeometry(wanted if screen.intersects(wanted) else _centred(screen))
        else:
            self.setGeometry(_centred(screen))
        self.panes.set_share(self._state.share)
        self._arrange()

    def show_as_left(self) -> None:
        """As it stood when it was closed."""
        if self._state.is_maximized:
            self.showMaximized()
        else:
            self.show()

    # What the commands do

    def new_conversation(self) -> None:
        self.workbench.conversations.new()
        self.focus_composer()

    def open_file(self) -> None:
        path = chosen_file(self, self._state.export_folder or "")
        if path:
            self.workbench.artifacts.open_file(path)

    def open_control(self, page: str) -> None:
        """The control centre over the panes, at this page."""
        if self._control is None:
            from forgeapp.ui.control.centre import ControlCentre

            self._control = ControlCentre(self, self._middle)
            self._control.left.connect(self.leave_control)
            self._middle.addWidget(self._control)
        if not self.is_control_open:
            self._left_for_control = self._desk.focusWidget()
            self.artifact_pane.finish_editing()
        self._control.show_page(page)
        self._middle.setCurrentWidget(self._control)
        self._control.focus_page()
        self._arrange()

    def leave_control(self) -> None:
        """Back to the panes, and to who had the keyboard there."""
        if not self.is_control_open:
            return
        self._middle.setCurrentIndex(0)
        self._arrange()
        before, self._left_for_control = self._left_for_control, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.chat_pane.focus_composer()

    @property
    def is_control_open(self) -> bool:
        return self._middle.currentIndex() != 0

    def export(self) -> None:
        self.leave_control()
        self.artifact_pane.finish_editing()
        self._bring_artifact()
        self.artifact_pane.open_export()

    def save_artifact_as(self) -> None:
        """The card that saves the active artifact as something else, under its tab."""
        from forgeapp.ui.artifact.save_as import SaveAs, subject_of_tab

        tab = self.workbench.artifacts.active
        assert tab is not None
        self.leave_control()
        self.artifact_pane.finish_editing()
        self._bring_artifact()
        SaveAs(subject_of_tab(tab, self.workbench), self.workbench, self).open_under(self.artifact_pane.tabs_row)

    def import_version(self) -> None:
        """A file as the next version of the active artifact."""
        tab = self.workbench.artifacts.active
        assert tab is not None
        path = chosen_file(self, self._state.export_folder or "")
        if path:
            self.workbench.artifacts.open_file(path, as_version_of=tab.id)

    def close_tab(self) -> None:
        if self.workbench.artifacts.active is not None:
            self.workbench.artifacts.close(self.workbench.artifacts.active)

    def step_tab(self, by: int) -> None:
        artifacts = self.workbench.artifacts
        self.leave_control()
        if artifacts.active is not None:
            place = (artifacts.tabs.index(artifacts.active) + by) % len(artifacts.tabs)
            artifacts.activate(artifacts.tabs[place])

    @property
    def undo_stack(self) -> QUndoStack:
        assert self.workbench.artifacts.active is not None
        return self.workbench.artifacts.active.undo_stack

    def ask_about_selection(self) -> None:
        asking = self._asking
        if asking is not None:
            asking.ask()
        else:
            self.workbench.composer.wanted.emit()
            self.workbench.composer.set_uses_artifact(True)

    def open_quick_actions(self) -> None:
        asking = self._asking
        if asking is not None:
            asking.open_menu()

    @property
    def _asking(self) -> Asking | None:
        """Of the editor, which comes into view for it."""
        self.leave_control()
        self._bring_artifact()
        if self.artifact_pane.page is not None and self.artifact_pane.page.artifact.view != "edit":
            self.artifact_pane.show_view("edit")
        page = self.artifact_pane.page
        return page.editor.asking if page is not None and page.editor is not None else None

    def undo(self) -> None:
        if not self.artifact_pane.take_back():
            self.undo_stack.undo()

    def redo(self) -> None:
        self.undo_stack.redo()

    def editor_actions(self) -> list[QAction]:
        """What the editor in view offers besides."""
        return self.artifact_pane.editor_actions()

    def show_view(self, view: str) -> None:
        self.leave_control()
        self._bring_artifact()
        self.artifact_pane.show_view(view)

    def focus_composer(self) -> None:
        self.leave_control()
        self.bring_to_front("chat")
        self.chat_pane.focus_composer()

    def open_palette(self) -> None:
        from forgeapp.ui.palette import Palette

        Palette(self).open_over(self)

    def show_shortcuts(self) -> None:
        from forgeapp.ui.palette import ShortcutSheet

        ShortcutSheet(self).open_over(self)

    @property
    def theme_choice(self) -> str:
        return theme().choice

    def choose_theme(self, choice: str) -> None:
        theme().choose(choice)  # type: ignore[arg-type]
        self.workbench.keep_setting("theme", choice)

    # Which panes are in view

    @property
    def is_sidebar_shown(self) -> bool:
        return not self.sidebar.isHidden()

    @property
    def is_artifact_shown(self) -> bool:
        return not self.artifact_pane.isHidden()

    def fold_sidebar(self) -> None:
        if self.is_control_open:
            self.leave_control()
            if self.is_sidebar_shown:
                return
        is_shown = self.is_sidebar_shown
        self._is_sidebar_forced = not is_shown
        self._state.is_sidebar_folded = is_shown
        self._arrange()
        self._memory.keep_later()

    def fold_artifact(self) -> None:
        if self.is_control_open:
            self.leave_control()
            if self.is_artifact_shown:
                return
        if self._shows_one and not self._state.is_artifact_folded:
            self.bring_to_front("chat" if self._front == "artifact" else "artifact")
            return
        self._state.is_artifact_folded = not self._state.is_artifact_folded
        self._arrange()
        self._memory.keep_later()

    def bring_to_front(self, pane: str) -> None:
        """Which pane is in view where only one fits."""
        self._front = pane
        self._arrange()

    @property
    def _shows_one(self) -> bool:
        room = self.width() - (SIDEBAR_WIDTH if self.is_sidebar_shown else 0)
        return room < BOTH_PANES_FROM

    def _bring_artifact(self) -> None:
        self._state.is_artifact_folded = False
        self.bring_to_front("artifact")

    def _arrange(self) -> None:
        has_room = self.width() - SIDEBAR_WIDTH >= BOTH_PANES_FROM
        self.sidebar.setVisible(not self._state.is_sidebar_folded and (has_room or self._is_sidebar_forced))
        if has_room:
            self._is_sidebar_forced = False
        shows_one, is_folded = self._shows_one, self._state.is_artifact_folded
        self.chat_pane.setVisible(is_folded or not shows_one or self._front == "chat")
        self.artifact_pane.setVisible(not is_folded and (not shows_one or self._front == "artifact"))
        self.top_bar.switch.setVisible(shows_one and not is_folded and not self.is_control_open)
        self.top_bar.switch.set_value(self._front)
        self.top_bar.set_narrow(self.width() < _COMPACT_BELOW)
        self.panes.set_share(self._state.share)
        self.actions_by_id.refresh()

    # What the workbench tells

    def _on_start_failed(self, error: Exception) -> None:
        """Nothing can be done without the services: the whole window says so."""
        if not isinstance(error, ForgeError):
            sys.excepthook(type(error), error, error.__traceback__)
            error = Crashed()
        page = StartFailure(error)
        page.again.clicked.connect(self._start_again)
        page.leave.clicked.connect(self.close)
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def _start_again(self) -> None:
        page = self._pages.currentWidget()
        self._pages.setCurrentIndex(0)
        if page is not None:
            self._pages.removeWidget(page)
            page.deleteLater()
        self.workbench.start_again()

    def _on_export_wished(self, artifact: int, file_format: Format | None) -> None:
        """An export asked for in words."""
        tab = self.workbench.artifacts.find(artifact)
        if tab is not None:
            self.workbench.artifacts.activate(tab)
            self._bring_artifact()
            self.artifact_pane.open_export(file_format)

    def _on_artifact_arrived(self) -> None:
        """A folded pane unfolds by itself, once for each turn; where one pane shows, not while a message is written."""
        if not (self._shows_one and self._is_writing):
            self._bring_artifact()

    @property
    def _is_writing(self) -> bool:
        """Whether a message is being written."""
        return self.chat_pane.isAncestorOf(self.focusWidget() or self) and bool(self.workbench.composer.text)

    def _on_artifact_wished(self) -> None:
        """What the user opened has the keyboard, but is not typed into in the midst of a message."""
        self.leave_control()
        self._bring_artifact()
        if not self._is_writing:
            self.artifact_pane.focus_view()

    def _on_version_wished(self, number: int) -> None:
        self._bring_artifact()
        self.artifact_pane.show_version(number)

    def _show_history(self, tab: OpenArtifact) -> None:
        self.workbench.artifacts.activate(tab)
        self.show_view("history")

    def _on_divider_moved(self, share: float) -> None:
        self._state.share = share
        self._memory.keep_later()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
        self._memory.keep_later()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            # Providers may have been set up in a terminal meanwhile.
            self.workbench.status.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        try:
            self.artifact_pane.finish_editing()
            self._memory.keep()
            self.hide()
        finally:
            self.is_over = self.workbench.close()


def _centred(screen: QRect) -> QRect:
    width, height = min(1440, screen.width()), min(900, screen.height())
    return QRect(
        screen.x() + (screen.width() - width) // 2, screen.y() + (screen.height() - height) // 2, width, height
    )
