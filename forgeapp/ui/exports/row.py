"""One export in the list: what it is, how it stands, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.controls import Button, ElidedLabel, IconButton, Label, Meter
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.controls.painting import draw_ring, fill_round
from forgeapp.ui.exports.words import icon_of, reason_of, remarks_of, state_text
from forgeapp.ui.icons import pixmap
from forgeapp.ui.links import open_path
from forgeapp.ui.theme import LABEL, RADIUS, color
from forgeapp.ui.wording import number_text, tr
from forgeapp.ui.workbench.export import CANCELLED, COMPLETED, FAILED, RUNNING, Export

if TYPE_CHECKING:
    from forgeapp.ui.workbench.exports import Exports

_EDGE: Final = 12
_TILE: Final = 28
_REMARKS: Final = 100
"""Of one export; nobody reads more in a list."""


class ExportRow(QWidget):
    """Enter does what is nearest: opens the file, or tries again. Up and Down go to the rows beside."""

    def __init__(self, export: Export, exports: Exports, close: Callable[[], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("export_row")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.export = export
        self._exports = exports
        self._close = close
        self._made_for: tuple[object, ...] = ()
        self._main: Button | None = None
        self._shows_ring = False
        middle = Qt.TextElideMode.ElideMiddle
        self.name = ElidedLabel(export.target.name, weight=500, mode=middle)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.subject = ElidedLabel(export.title, LABEL, role="ink_2", mode=middle)
        self.state = ElidedLabel("", LABEL, role="ink_2")
        self.state.setObjectName("export_state")
        self.state.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.meter: Meter | None = None
        self.reason: Label | None = None
        self.details: Label | None = None
        self._actions = QHBoxLayout()
        self._actions.setSpacing(4)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addLayout(self._actions)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(_EDGE + _TILE + 10, 9, _EDGE, 9)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self._column.addLayout(self._lay_out_state())
        export.changed.connect(self.refresh)
        self.refresh()

    def _lay_out_state(self) -> QHBoxLayout:
        """What was exported gives way first: how it stands, and when, are what one looks for."""
        self._dot = Label("·", LABEL, role="ink_2")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.subject)
        row.addWidget(self._dot)
        row.addWidget(self.state)
        row.addStretch(1)
        return row

    def refresh(self) -> None:
        export = self.export
        words = state_text(export)
        self.name.setText(export.target.name)
        self.subject.setText(export.title)
        self.subject.setVisible(bool(export.title))
        self._dot.setVisible(bool(export.title))
        self.state.setText(words)
        self.setToolTip(plain_tooltip(str(export.target)))
        told = " · ".join(filter(None, (export.title, words)))
        self.setAccessibleName(f"{export.target.name}, {told}")
        self.setAccessibleDescription(reason_of(export))
        is_running = export.state == RUNNING and not export.is_elsewhere
        if is_running and self.meter is None:
            self.meter = Meter(role="accent")
            self._column.addWidget(self.meter)
        if self.meter is not None:
            self.meter.set_value(export.progress)
            self.meter.setVisible(is_running)
        made_for = (
            export.state,
            export.is_stopped,
            export.is_elsewhere,
            export.can_be_kept,
            remarks_of(export),
            reason_of(export),
        )
        if made_for != self._made_for:
            self._made_for = made_for
            self._show_reason(reason_of(export))
            self._make_actions()
            self.update()

    def _show_reason(self, reason: str) -> None:
        if reason and self.reason is None:
            self.reason = Label("", LABEL, role="bad", wrap=True)
            self.reason.setObjectName("export_reason")
            self._column.addWidget(self.reason)
        if self.reason is not None:
            self.reason.setText(reason)
            self.reason.setVisible(bool(reason))

    def _make_actions(self) -> None:
        while (item := self._actions.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._main = None
        export, name = self.export, self.export.target.name
        if export.is_elsewhere:
            return
        if not export.is_over:
            stop = self._add(tr("Stop"), "export_stop", tr("Stop writing {name}", name=name), self._on_stop)
            stop.setEnabled(not export.is_stopped)
            return
        if remarks_of(export):
            count = len(remarks_of(export))
            words = tr("1 remark on {name}", name=name)
            if count > 1:
                words = tr("{count} remarks on {name}", count=number_text(count), name=name)
            self._add(tr("Details"), "export_details", words, self._fold)
        if export.can_be_kept:
            words = tr("Keep {name} anyway, although it differs", name=name)
            self._add(tr("Keep anyway"), "export_keep", words, lambda: self._exports.keep_anyway(export))
        if export.state in (FAILED, CANCELLED) and export.id is not None:
            self._main = self._add(
                tr("Retry"), "export_retry", tr("Write {name} again", name=name), lambda: self._exports.retry(export)
            )
        if export.state == COMPLETED:
            if export.is_safe_to_open:
                self._main = self._add(tr("Open"), "export_open", tr("Open {name}", name=name), self._open)
            folder = IconButton("folder-open", tr("Show {name} in its folder", name=name), side=24, size=14)
            folder.setObjectName("export_show")
            folder.clicked.connect(self._show_folder)
            self._actions.addWidget(folder)

    def _add(self, text: str, name: str, words: str, act: Callable[[], object]) -> Button:
        button = Button(text, small=True, kind="quiet" if name == "export_details" else "plain")
        button.setObjectName(name)
        button.setAccessibleName(words)
        button.clicked.connect(lambda _checked=False: act())
        self._actions.addWidget(button)
        return button

    def _fold(self) -> None:
        if self.details is None:
            self.details = Label("", LABEL, role="ink_2", wrap=True)
            self.details.setObjectName("export_remarks")
            self._column.addWidget(self.details)
            self.details.hide()
        remarks = remarks_of(self.export)
        shown = [f"• {remark}" for remark in remarks[:_REMARKS]]
        if len(remarks) > _REMARKS:
            shown.append(tr("and {count} more", count=number_text(len(remarks) - _REMARKS)))
        self.details.setText("\n".join(shown))
        self.details.setVisible(self.details.isHidden())

    def _on_stop(self) -> None:
        self._exports.stop(self.export)
        self.refresh()

    def _open(self) -> None:
        self._close()
        open_path(self.export.target)

    def _show_folder(self) -> None:
        self._close()
        open_path(self.export.target if self.export.is_folder else self.export.target.parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self._main is not None and self.hasFocus():
                self._main.click()
            case Qt.Key.Key_Down:
                self._go(1)
            case Qt.Key.Key_Up:
                self._go(-1)
            case _:
                super().keyPressEvent(event)

    def _go(self, by: int) -> None:
        body = self.parentWidget()
        rows = [row for row in body.findChildren(ExportRow) if row.isVisible()] if body is not None else []
        rows.sort(key=lambda row: row.y())
        place = rows.index(self) + by
        if 0 <= place < len(rows):
            rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._shows_ring = event.reason() not in (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        role, ground = _COLOURS.get(self.export.state, ("ink_2", "sunken"))
        if self.export.state == COMPLETED and self.export.differences:
            role, ground = "warn", "warn_soft"
        tile = self.rect().adjusted(_EDGE, 9, 0, 0)
        tile.setWidth(_TILE)
        tile.setHeight(_TILE)
        fill_round(painter, tile, RADIUS, color(ground))
        drawn = pixmap(icon_of(self.export), role, 16, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(tile.x() + 6, tile.y() + 6), drawn)
        painter.setPen(color("line_2"))
        painter.drawLine(_EDGE, self.height() - 1, self.width() - _EDGE, self.height() - 1)
        if self.hasFocus() and self._shows_ring:
            draw_ring(painter, self.rect().adjusted(2, 1, -2, -2), RADIUS)


_COLOURS: Final = {
    RUNNING: ("accent", "accent_soft"),
    COMPLETED: ("good", "good_soft"),
    FAILED: ("bad", "bad_soft"),
}
