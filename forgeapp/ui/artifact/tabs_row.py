"""The tabs on the ground, and beside them the list of all once they do not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.ui.artifact.tabs import ArtifactTabs
from forgeapp.ui.controls import IconButton, Menu
from forgeapp.ui.icons import KIND_ICONS, icon
from forgeapp.ui.theme import color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

HEIGHT: Final = 38


class TabsRow(QWidget):
    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "ground")
        self.setFixedHeight(max(HEIGHT, px(22) + 16))
        self._workbench = workbench
        self.bar = ArtifactTabs(workbench)
        self.list_button = IconButton("chevron-down", tr("All open artifacts"), side=28)
        self.list_button.setObjectName("artifact_tab_list")
        self.list_button.clicked.connect(self._open_list)
        self.list_button.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 4, 0)
        row.setSpacing(4)
        row.addWidget(self.bar, 1, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self.list_button)
        # Afterwards: the layout under way would not see a button that comes or goes.
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._on_settled)
        self.bar.laid_out.connect(self._settling.start)

    def _on_settled(self) -> None:
        self.list_button.setVisible(self.bar.overflows(self.width() - 16))

    def _open_list(self) -> None:
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for tab in self._workbench.artifacts.tabs:
            action = menu.addAction(icon(KIND_ICONS[tab.kind]), tab.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(tab is self._workbench.artifacts.active)
            action.triggered.connect(lambda _checked=False, tab=tab: self._workbench.artifacts.activate(tab))
        size = menu.sizeHint()
        corner = self.list_button.mapToGlobal(QPoint(self.list_button.width(), self.list_button.height() + 2))
        menu.popup(corner - QPoint(size.width(), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settling.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("ground"))
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
