"""A provider as a row: what it is, how it stands, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.control.provider_words import Condition, condition_of, details_text, outcome_of
from forgeapp.ui.controls import Busy, Button, ElidedLabel, IconButton, Label, Menu, Switch
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.controls.painting import PaintedButton, draw_ring, fill_round
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import LABEL, RADIUS, color, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.providers import ProviderRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.registry import Probe

_STATE_WIDTH: Final = 132


class ProviderItem(PaintedButton):
    """A click or Enter selects it; Alt+Up and Alt+Down move it in the order, dragging it too.

    `dragged(y)` and `dropped` follow the mouse, in pixels of the parent; `edited` asks for the form, `key_wished` for
    its field for the key.
    """

    dragged = Signal(int)
    dropped = Signal()
    edited = Signal()
    key_wished = Signal()

    def __init__(self, workbench: Workbench, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"provider_{name}")
        self.name = name
        self._workbench = workbench
        self._pressed_at: QPoint | None = None
        self._is_dragged = False
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        grip = Mark("grip-vertical", side=14)
        grip.setCursor(Qt.CursorShape.OpenHandCursor)
        grip.setToolTip(tr("Drag to change the order in which they are asked; Alt+Up and Alt+Down do so, too"))
        self._title = ElidedLabel(name, weight=500)
        self._details = ElidedLabel("", LABEL, role="ink_2")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._details)
        self._state_mark = Mark("check", "good", 14)
        self._state = ElidedLabel("", LABEL)
        self._state.setObjectName("provider_state")
        self._condition = QWidget()
        self._condition.setFixedWidth(px(_STATE_WIDTH))
        state_row = QHBoxLayout(self._condition)
        state_row.setContentsMargins(0, 0, 0, 0)
        state_row.setSpacing(6)
        state_row.addWidget(self._state_mark)
        state_row.addWidget(self._state, 1)
        self.give_key = Button("", small=True)
        self.give_key.setObjectName("give_key")
        self.give_key.clicked.connect(self.key_wished)
        self.switch = Switch(tr("Ask {provider}", provider=name))
        self.switch.setObjectName("provider_switch")
        self.switch.toggled.connect(partial(workbench.registry.enable, name))
        self.more = IconButton("ellipsis", tr("What can be done with {provider}", provider=name), side=28)
        self.more.setObjectName("provider_menu")
        self.more.clicked.connect(self.open_menu)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(grip)
        line.addLayout(words, 1)
        line.addWidget(self.give_key)
        line.addWidget(self._condition)
        line.addWidget(self.switch)
        line.addWidget(self.more)
        self._outcome = OutcomeLine(workbench, name)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 4, 6)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._outcome)

    def show_row(self, row: ProviderRow, is_selected: bool) -> None:
        registry, status = self._workbench.registry, self._workbench.status
        source = registry.key_sources.get(row.name)
        self._details.setText(details_text(row, source, row.name in registry.key_sources))
        condition = condition_of(row, row.name in status.keyless, status.left_out.get(row.name))
        self._show_condition(condition)
        self.give_key.setVisible(bool(condition.key_action))
        self.give_key.set_text(condition.key_action)
        self.give_key.setAccessibleName(tr("{action}: {provider}", action=condition.key_action, provider=row.name))
        self.switch.blockSignals(True)
        self.switch.setChecked(row.is_enabled)
        self.switch.blockSignals(False)
        self._title.set_role("ink" if row.is_enabled else "ink_3")
        self.setChecked(is_selected)
        self._outcome.show_probe(registry.probes.get(row.name))
        self.setAccessibleName(tr("{provider}, {state}", provider=row.name, state=condition.text))
        self.setAccessibleDescription(self._details.text())
        self.update()

    def open_menu(self) -> None:
        registry, name = self._workbench.registry, self.name
        menu = Menu(self)
        menu.setObjectName("provider_actions")
        menu.addAction(icon("pencil"), tr("Edit…"), self.edited.emit)
        menu.addAction(icon("zap"), tr("Test the connection"), partial(registry.test, name))
        menu.addAction(icon("rotate-cw"), tr("Refresh its models"), partial(registry.refresh_models, name))
        menu.addSeparator()
        up = menu.addAction(icon("arrow-up"), tr("Move up"), partial(registry.move, name, -1))
        up.setShortcut("Alt+Up")
        down = menu.addAction(icon("arrow-down"), tr("Move down"), partial(registry.move, name, 1))
        down.setShortcut("Alt+Down")
        names = [row.name for row in registry.rows]
        up.setEnabled(names[:1] != [name])
        down.setEnabled(names[-1:] != [name])
        menu.addSeparator()
        menu.addAction(icon("trash-2", "bad"), tr("Remove"), partial(registry.remove, name))
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height() + 2))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))
        menu.setActiveAction(menu.actions()[0])

    def _show_condition(self, condition: Condition) -> None:
        self._state_mark.show_mark(condition.icon, condition.role)
        self._state.setText(condition.text)
        self._state.set_role(condition.role)
        self._condition.setToolTip(plain_tooltip(condition.why))

    def nextCheckState(self) -> None:
        """Which one is selected is said by the registry."""

    def sizeHint(self) -> QSize:
        layout = self.layout()
        assert layout is not None
        return layout.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._pressed_at = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._pressed_at is None:
            return
        here = event.position().toPoint()
        if self._is_dragged or (here - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._is_dragged = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.dragged.emit(self.mapToParent(here).y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed_at = None
        if self._is_dragged:
            self._is_dragged = False
            self.setDown(False)
            self.unsetCursor()
            self.dropped.emit()
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._workbench.registry.move(self.name, by)
        elif by is not None:
            event.ignore()
        elif event.key() == Qt.Key.Key_Menu:
            self.open_menu()
        elif event.key() == Qt.Key.Key_F2:
            self.edited.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self._workbench.registry.remove(self.name)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._workbench.registry.select(self.name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._is_dragged:
            fill_round(painter, self.rect(), RADIUS, color("hover"), color("line"))
        elif self.isChecked() or self.is_hovered:
            fill_round(painter, self.rect(), RADIUS, color("selected" if self.isChecked() else "hover"))
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


class OutcomeLine(QWidget):
    """What is being asked of a provider, with Stop; afterwards what came of it, with a cross."""

    def __init__(self, workbench: Workbench, name: str) -> None:
        super().__init__()
        self.setObjectName("provider_outcome")
        self._workbench = workbench
        self._busy = Busy(14)
        self._mark = Mark("circle-check", "good", 14)
        self._text = Label("", LABEL, role="ink_2", wrap=True)
        self._text.setObjectName("outcome_text")
        self._hint = Label("", LABEL, role="ink_3", wrap=True)
        self._hint.setObjectName("outcome_hint")
        self._stop = Button(tr("Stop"), "circle-stop", small=True)
        self._stop.setObjectName("outcome_stop")
        self._stop.clicked.connect(partial(workbench.registry.stop, name))
        self._close = IconButton("x", tr("Close this message"), side=22, size=14)
        self._close.setObjectName("outcome_close")
        self._close.clicked.connect(partial(workbench.registry.forget_probe, name))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._text)
        words.addWidget(self._hint)
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 2, 4, 2)
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        marks = QVBoxLayout()
        marks.setContentsMargins(0, 2, 0, 0)
        marks.addWidget(self._mark)
        marks.addStretch(1)
        row.addWidget(self._busy)
        row.addLayout(marks)
        row.addLayout(words, 1)
        row.addWidget(self._stop)
        row.addWidget(self._close, 0, top)
        self.hide()

    def show_probe(self, probe: Probe | None) -> None:
        self.setVisible(probe is not None)
        if probe is None:
            return
        self._busy.setVisible(probe.is_running)
        self._stop.setVisible(probe.is_running)
        self._mark.setVisible(not probe.is_running)
        self._close.setVisible(not probe.is_running)
        if probe.is_running:
            self._text.setText(
                tr("Asking for one word…") if probe.purpose == "test" else tr("Asking which models it has…")
            )
            self._text.set_role("ink_2")
            self._hint.hide()
            return
        outcome = outcome_of(probe)
        self._mark.show_mark(outcome.icon, outcome.role)
        self._text.setText(outcome.text)
        self._text.set_role("bad" if outcome.role == "bad" else "ink_2")
        self._hint.setText(outcome.hint)
        self._hint.setVisible(bool(outcome.hint))
