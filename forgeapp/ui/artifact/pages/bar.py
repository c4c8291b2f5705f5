"""What stands below a preview: flow or pages, which page, and how large."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.ui.artifact.pages.area import MAX_ZOOM, MIN_ZOOM, STEP
from forgeapp.ui.artifact.pages.view import PagesView
from forgeapp.ui.controls import Busy, Button, ElidedLabel, IconButton, SegmentedControl
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr

_ROOMY: Final = 460


class PreviewBar(QWidget):
    """`switch` chooses 'flow' or 'pages'; the rest shows only for a view that `follow` was given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.setMinimumHeight(36)
        self.switch = SegmentedControl([("flow", tr("Flow")), ("pages", tr("Pages"))])
        self.switch.setObjectName("preview_switch")
        self.switch.setAccessibleName(tr("Flow or pages"))
        self._view: PagesView | None = None
        self._busy = Busy(14)
        self._busy.hide()
        self.state = ElidedLabel("", LABEL, role="ink_3")
        self.state.setObjectName("pages_state")
        self.page = ElidedLabel("", LABEL, role="ink_2")
        self.page.setObjectName("page_number")
        self.smaller = IconButton("zoom-out", tr("Smaller"), "Ctrl+-", side=28)
        self.smaller.setObjectName("zoom_out")
        self.larger = IconButton("zoom-in", tr("Larger"), "Ctrl++", side=28)
        self.larger.setObjectName("zoom_in")
        self.fit = Button(tr("Fit"), kind="quiet", small=True)
        self.fit.setObjectName("zoom_fit")
        self.fit.setToolTip(tr("As wide as there is room, or as large as it is printed"))
        self.smaller.clicked.connect(lambda: self._zoom(1 / STEP))
        self.larger.clicked.connect(lambda: self._zoom(STEP))
        self.fit.clicked.connect(self._on_fit)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        row.setSpacing(4)
        row.addWidget(self.switch)
        row.addSpacing(8)
        row.addWidget(self._busy)
        row.addWidget(self.state, 1)
        row.addStretch(1)
        row.addWidget(self.page)
        row.addSpacing(8)
        for widget in (self.smaller, self.fit, self.larger):
            row.addWidget(widget)
        self._tell()

    def follow(self, view: PagesView | None) -> None:
        """None: the flow is shown, which has neither pages nor a size."""
        if self._view is not None:
            self._view.told.disconnect(self._tell)
        self._view = view
        if view is not None:
            view.told.connect(self._tell)
        self._tell()

    def _zoom(self, factor: float) -> None:
        if self._view is not None:
            self._view.area.set_zoom(self._view.area.scale * factor)

    def _on_fit(self) -> None:
        if self._view is not None:
            area = self._view.area
            area.set_zoom(1.0 if area.zoom is None else None)

    def _tell(self) -> None:
        view = self._view
        has_pages = view is not None and view.area.count > 0
        for widget in (self.page, self.smaller, self.fit, self.larger):
            widget.setVisible(has_pages)
        is_working = view is not None and view.is_stale
        self._busy.setVisible(is_working)
        self.state.setVisible(is_working)
        if view is None:
            return
        self.state.setText(tr("Being updated …") if has_pages else tr("Pages are being made …"))
        area = view.area
        number, count = number_text(area.current + 1), number_text(area.count)
        is_roomy = self.width() >= _ROOMY
        self.page.setText(
            tr("Page {number} of {count}", number=number, count=count) if is_roomy else f"{number} / {count}"
        )
        self.fit.set_text(tr("{percent} %", percent=number_text(round(area.scale * 100))))
        self.fit.setAccessibleName(tr("Size: {percent} %", percent=number_text(round(area.scale * 100))))
        self.smaller.setEnabled(area.scale > MIN_ZOOM + 0.001)
        self.larger.setEnabled(area.scale < MAX_ZOOM - 0.001)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()
