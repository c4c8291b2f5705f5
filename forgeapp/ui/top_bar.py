"""The row above the panes: menus, project, the way to everything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from forgeapp.ui.controls import IconButton, Label, MenuButton, SegmentedControl
from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.icons import pixmap
from forgeapp.ui.name_popover import NamePopover
from forgeapp.ui.theme import BODY, CAPTION, RADIUS, color, font
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

_ALL = ""
_NEW = "\0new"


class TopBar(QWidget):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("top_bar")
        self._window = window
        self.setFixedHeight(40)
        actions = window.actions_by_id
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(4)
        self.sidebar_button = IconButton("panel-left", tr("Show the conversations"))
        self.sidebar_button.setObjectName("fold_sidebar")
        self.sidebar_button.set_tooltip(tr("Show the conversations"), actions.keys("sidebar.fold"))
        self.sidebar_button.clicked.connect(window.fold_sidebar)
        name = Label("Forge", weight=600)
        name.setContentsMargins(4, 0, 8, 0)
        self.menu_bar = QMenuBar(self)
        self.menu_bar.setObjectName("menu_bar")
        self.menu_bar.setNativeMenuBar(False)
        self.menu_bar.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        actions.fill(self.menu_bar)
        self.project = MenuButton(tr("All projects"))
        self.project.setObjectName("project_picker")
        self.project.setAccessibleName(tr("Project"))
        self.project.chosen.connect(self._on_project_chosen)
        self.search = SearchButton(tr("Search or run a command"), actions.keys("palette.open"))
        self.search.setObjectName("search")
        self.search.clicked.connect(window.open_palette)
        self.switch = SegmentedControl([("chat", tr("Chat")), ("artifact", tr("Artifact"))])
        self.switch.setObjectName("pane_switch")
        self.switch.setAccessibleName(tr("Pane in view"))
        self.switch.selected.connect(window.bring_to_front)
        self.artifact_button = IconButton("panel-right", tr("Show the artifact pane"))
        self.artifact_button.setObjectName("fold_artifact")
        self.artifact_button.set_tooltip(tr("Show the artifact pane"), actions.keys("artifact.fold"))
        self.artifact_button.clicked.connect(window.fold_artifact)
        self.settings = IconButton("settings", tr("Configuration"))
        self.settings.setObjectName("settings")
        self.settings.set_tooltip(tr("Configuration"), actions.keys("configuration.open"))
        self.settings.clicked.connect(actions["configuration.open"].trigger)
        row.addWidget(self.sidebar_button)
        row.addWidget(name)
        row.addWidget(self.menu_bar)
        row.addWidget(self.project)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        row.addStretch(1)
        row.addWidget(self.switch)
        row.addWidget(self.artifact_button)
        row.addWidget(self.settings)
        window.workbench.conversations.listed.connect(self.show_projects)
        self.show_projects()

    def show_projects(self) -> None:
        conversations = self._window.workbench.conversations
        names = list(conversations.projects)
        if conversations.project and conversations.project not in names:
            names.append(conversations.project)
        self.project.set_choices(
            [
                (_ALL, tr("All projects"), None),
                *((name, name, "folder") for name in names),
                None,
                (_NEW, tr("New project…"), "plus"),
            ],
            conversations.project or _ALL,
        )
        if conversations.project is None:
            self.project.set_icon(None)

    def set_narrow(self, is_narrow: bool) -> None:
        """What is less needed gives way."""
        self.project.setVisible(not is_narrow)
        self.search.set_compact(is_narrow)

    def _on_project_chosen(self, key: str) -> None:
        conversations = self._window.workbench.conversations
        if key != _NEW:
            conversations.choose_project(key or None)
            return
        self.project.set_value(conversations.project or _ALL)
        question = tr("What is the project, or the client, called?")
        NamePopover(question, tr("Make it"), self._start_project, self).open_under(self.project)

    def _start_project(self, name: str) -> None:
        """It is stored with its first conversation."""
        conversations = self._window.workbench.conversations
        conversations.choose_project(name)
        self.show_projects()
        conversations.new()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line"))


class SearchButton(PaintedButton):
    """Looks like a search field, opens the palette."""

    def __init__(self, text: str, keys: str) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({keys})")
        self._keys = keys.replace("+", " ")
        self._is_compact = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(340)

    def set_compact(self, is_compact: bool) -> None:
        """Only the magnifier."""
        self._is_compact = is_compact
        self.setMaximumWidth(28 if is_compact else 340)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(28 if self._is_compact else 340, 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(28 if self._is_compact else 120, 28)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect(), RADIUS, color("hover" if self.is_hovered else "sunken"), color("line"))
        ratio = self.devicePixelRatioF()
        x = 7 if self._is_compact else 10
        painter.drawPixmap(x, (self.height() - 14) // 2, pixmap("search", "ink_3", 14, ratio))
        if not self._is_compact:
            self._paint_words(painter)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)

    def _paint_words(self, painter: QPainter) -> None:
        right = self.width() - 8
        painter.setFont(font(CAPTION, 500))
        keys_width = painter.fontMetrics().horizontalAdvance(self._keys) + 10
        if self.width() > 240 and self._keys:
            box = QRect(right - keys_width, (self.height() - 17) // 2, keys_width, 17)
            fill_round(painter, box, 4, color("surface"), color("line"))
            painter.setPen(color("ink_3"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._keys)
            right -= keys_width + 8
        painter.setFont(font(BODY))
        painter.setPen(color("ink_3"))
        area = QRect(32, 0, right - 32, self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)
