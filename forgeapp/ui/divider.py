"""The two panes and the divider between them, which moves by mouse and by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from forgeapp.ui.theme import color
from forgeapp.ui.wording import tr

MIN_PANE = 400
_STEP, _LEAP = 16, 96
_HANDLE = 7


class Panes(QSplitter):
    """Two panes side by side; the first one has `share` of the width, kept when the window grows.

    `moved(share)` follows each move by the user. Home on the divider, or a double click, gives both the same width.
    `words` is the divider's accessible name, `min_pane` the least width of a pane, `name` the
    divider's object name.
    """

    moved = Signal(float)

    def __init__(
        self,
        first: QWidget,
        second: QWidget,
        parent: QWidget | None = None,
        words: str = "",
        min_pane: int = MIN_PANE,
        name: str = "divider",
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.words = words or tr("Divider between chat and artifact")
        self._min_pane = min_pane
        self.setObjectName("panes")
        self.setHandleWidth(_HANDLE)
        self.setChildrenCollapsible(False)
        self._share = 0.5
        for pane in (first, second):
            self.addWidget(pane)
        # Not by the handle itself: the splitter names each one anew when it has made it.
        self.handle(1).setObjectName(name)
        self.splitterMoved.connect(self._on_moved)

    @property
    def share(self) -> float:
        return self._share

    def set_share(self, share: float) -> None:
        """Each pane keeps its least width."""
        self._share = min(max(share, 0.0), 1.0)
        self._lay_out()

    def move_by(self, pixels: int) -> None:
        """The divider, as if it had been dragged."""
        self.moveSplitter(self.sizes()[0] + pixels, 1)
        self._on_moved()

    def reset(self) -> None:
        self.set_share(0.5)
        self.moved.emit(self._share)

    def _lay_out(self) -> None:
        if any(pane is None or not pane.isVisibleTo(self) for pane in map(self.widget, (0, 1))):
            return
        room = self.width() - _HANDLE
        first = min(max(round(room * self._share), self._min_pane), max(room - self._min_pane, self._min_pane))
        self.setSizes([first, max(room - first, 0)])

    def _on_moved(self, *_: int) -> None:
        first, second = self.sizes()
        if first + second:
            self._share = first / (first + second)
            self.moved.emit(self._share)

    def createHandle(self) -> QSplitterHandle:
        return _Handle(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()


class _Handle(QSplitterHandle):
    def __init__(self, panes: Panes) -> None:
        super().__init__(Qt.Orientation.Horizontal, panes)
        self._panes = panes
        self._is_hovered = False
        self.setAccessibleName(panes.words)
        self.setToolTip(tr("Drag, or use the arrow keys; Home makes both panes the same width"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.SplitHCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _STEP
        match event.key():
            case Qt.Key.Key_Left:
                self._panes.move_by(-step)
            case Qt.Key.Key_Right:
                self._panes.move_by(step)
            case Qt.Key.Key_Home:
                self._panes.reset()
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self._panes.reset()

    def enterEvent(self, event: QEvent) -> None:
        self._is_hovered = True
        self.update()
        super().enterEvent(event)  # type: ignore[arg-type]

    def leaveEvent(self, event: QEvent) -> None:
        self._is_hovered = False
        self.update()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        right = self.width()
        painter.fillRect(self.rect(), color("surface"))
        painter.fillRect(QRect(right - 1, 0, 1, self.height()), color("line"))
        if self.hasFocus() or self._is_hovered:
            painter.fillRect(QRect(right - 3, 0, 3, self.height()), color("accent" if self.hasFocus() else "line"))
