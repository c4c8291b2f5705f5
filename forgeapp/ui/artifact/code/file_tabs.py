"""The names of code's files in a row: choose, rename, delete, copy, put in another order."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QTabBar, QToolButton, QWidget

from forgeapp.ui.controls import Menu, tell_obstacle
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.controls.painting import advance, draw_ring, fill_round
from forgeapp.ui.icons import icon
from forgeapp.ui.theme import BODY, CONTROL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

_EDGE: Final = 10
_MAX_WIDTH: Final = 240
_MIN_WIDTH: Final = 84
_MIN_CURRENT: Final = 108
_DRAG_FROM: Final = 8


class FileTabs(QTabBar):
    """Arrow keys choose, F2 or a double click renames in place, Delete deletes, Insert adds, Ctrl+D copies, Alt with
    the arrow keys or dragging moves.

    `chosen(place)`, `renamed(place, name)`, `deletion_asked(place)`, `copy_asked(place)`, `moved(place, to)` and
    `addition_asked()` tell of what the user did.
    """

    chosen = Signal(int)
    renamed = Signal(int, str)
    deletion_asked = Signal(int)
    copy_asked = Signal(int)
    moved = Signal(int, int)
    addition_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("code_files")
        self.setAccessibleName(tr("Files"))
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._by_keyboard = False
        self._pressed_at: int | None = None
        self._dragged: int | None = None
        self._drop_at: int | None = None
        self._editor: QLineEdit | None = None
        self.currentChanged.connect(self.chosen)

    def _dress_scroll_buttons(self) -> None:
        words = (tr("Files to the left"), tr("Files to the right"))
        for button, name, told in zip(self.findChildren(QToolButton), ("left", "right"), words, strict=False):
            button.setArrowType(Qt.ArrowType.NoArrow)
            button.setIcon(icon(f"chevron-{name}"))
            button.setAccessibleName(told)

    def show_names(self, names: list[str], current: int) -> None:
        """Without a signal."""
        self.blockSignals(True)
        while self.count() > len(names):
            self.removeTab(self.count() - 1)
        for place, name in enumerate(names):
            if place == self.count():
                self.addTab(name)
            elif self.tabText(place) != name:
                self.setTabText(place, name)
            self.setTabToolTip(place, plain_tooltip(name))
        self.setCurrentIndex(current)
        self.blockSignals(False)
        self.updateGeometry()
        self.update()

    def rename(self, place: int) -> None:
        """A field over the name; Enter or leaving it takes the name, Esc leaves all as it was."""
        self.setCurrentIndex(place)
        self._close_editor()
        area = self.tabRect(place).adjusted(2, 2, -2, -2)
        area.setWidth(max(area.width(), 140))
        field = _NameField(self.tabText(place), self)
        field.setGeometry(area)
        field.editingFinished.connect(lambda: self._on_named(place, field))
        field.show()
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        stem = self.tabText(place).rpartition(".")[0]
        field.setSelection(0, len(stem) or len(self.tabText(place)))
        self._editor = field

    def _on_named(self, place: int, field: QLineEdit) -> None:
        if self._editor is not field:
            return
        name = field.text()
        had_focus = field.hasFocus()
        self._close_editor()
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.renamed.emit(place, name)

    def _close_editor(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            editor.hide()
            editor.deleteLater()

    def new_menu(self, place: int) -> Menu:
        menu = Menu(self)
        rename = menu.addAction(icon("pencil"), tr("Rename"))
        rename.setShortcut(Qt.Key.Key_F2)
        rename.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        rename.triggered.connect(lambda: self.rename(place))
        last = self.count() - 1
        no_left = "" if place > 0 else tr("It is the first file")
        no_right = "" if place < last else tr("It is the last file")
        is_only = "" if last > 0 else tr("It is the only file")
        rows = (
            ("copy-plus", tr("Duplicate"), "Ctrl+D", "", lambda: self.copy_asked.emit(place)),
            ("arrow-left", tr("Move left"), "Alt+Left", no_left, lambda: self.moved.emit(place, place - 1)),
            ("arrow-right", tr("Move right"), "Alt+Right", no_right, lambda: self.moved.emit(place, place + 1)),
            ("trash-2", tr("Delete file"), "Del", is_only, lambda: self.deletion_asked.emit(place)),
        )
        for icon_name, words, keys, obstacle, act in rows:
            action = menu.addAction(icon(icon_name), words)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            tell_obstacle(action, obstacle)
            action.triggered.connect(act)
        menu.addSeparator()
        add = menu.addAction(icon("file-plus"), tr("Add a file"))
        add.setShortcut(Qt.Key.Key_Insert)
        add.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        add.triggered.connect(lambda: self.addition_asked.emit())
        return menu

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        # Here: with each layout Qt gives them its own arrows again.
        self._dress_scroll_buttons()

    def tabSizeHint(self, index: int) -> QSize:
        metrics = QFontMetricsF(font(BODY, 600))
        width = min(advance(metrics, self.tabText(index)) + 2 * _EDGE, px(_MAX_WIDTH))
        return QSize(width, max(CONTROL, round(metrics.height()) + 12))

    def minimumTabSizeHint(self, index: int) -> QSize:
        hint = self.tabSizeHint(index)
        # The one in view stays readable longest.
        least = px(_MIN_CURRENT if index == self.currentIndex() else _MIN_WIDTH)
        return QSize(min(hint.width(), least), hint.height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        place = self.currentIndex()
        is_moving = event.modifiers() & Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Left | Qt.Key.Key_Right if is_moving:
                to = place + (1 if event.key() == Qt.Key.Key_Right else -1)
                if 0 <= to < self.count():
                    self.moved.emit(place, to)
            case Qt.Key.Key_Insert:
                self.addition_asked.emit()
            case Qt.Key.Key_D if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.copy_asked.emit(place)
            case Qt.Key.Key_F2:
                self.rename(self.currentIndex())
            case Qt.Key.Key_Delete if self.count() > 1:
                self.deletion_asked.emit(self.currentIndex())
            case Qt.Key.Key_Home:
                self.setCurrentIndex(0)
            case Qt.Key.Key_End:
                self.setCurrentIndex(self.count() - 1)
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if place >= 0:
            self.rename(place)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Here they mean the file, not what the window has for such keys.
            is_held = event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier)
            if is_held and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_D):
                event.accept()
                return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed_at, self._dragged = event.position().toPoint().x(), None
            self._drop_at = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        x = event.position().toPoint().x()
        if self._pressed_at is not None and self._dragged is None and abs(x - self._pressed_at) >= _DRAG_FROM:
            self._dragged = self.currentIndex()
        if self._dragged is not None:
            self._drop_at = sum(x > self.tabRect(place).center().x() for place in range(self.count()))
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        dragged, drop_at = self._dragged, self._drop_at
        self._pressed_at = self._dragged = self._drop_at = None
        if dragged is not None and drop_at is not None:
            to = drop_at - (drop_at > dragged)
            if to != dragged:
                self.moved.emit(dragged, to)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() is not Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        place = self.tabAt(event.pos())
        if place >= 0:
            menu = self.new_menu(place)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        under = self.tabAt(self.mapFromGlobal(self.cursor().pos())) if self.underMouse() else -1
        for place in range(self.count()):
            area = self.tabRect(place)
            is_current = place == self.currentIndex()
            inner = QRect(area.left(), area.top() + 3, area.width(), area.height() - 6)
            if place == under and not is_current:
                fill_round(painter, inner, RADIUS, color("hover"))
            type_ = font(BODY, 600 if is_current else 400)
            painter.setFont(type_)
            painter.setPen(color("ink" if is_current else "ink_2"))
            room = area.width() - 2 * _EDGE
            text = QFontMetricsF(type_).elidedText(self.tabText(place), Qt.TextElideMode.ElideMiddle, room + 1)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, text)
            if is_current and self.hasFocus() and self._by_keyboard:
                draw_ring(painter, inner, RADIUS)
        if self._drop_at is not None:
            at = (
                self.tabRect(self._drop_at).left()
                if self._drop_at < self.count()
                else self.tabRect(self.count() - 1).right()
            )
            painter.fillRect(at - 1, 6, 2, self.height() - 12, color("accent"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self.update()


class _NameField(QLineEdit):
    """Esc gives the old name back."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(name, parent)
        self._name = name
        self.setObjectName("file_name")
        self.setAccessibleName(tr("Name of the file"))
        self.setMaxLength(200)
        self.setStyleSheet("QLineEdit, QLineEdit:focus { padding: 0 6px; min-height: 20px; }")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._name)
            self.editingFinished.emit()
            return
        super().keyPressEvent(event)
