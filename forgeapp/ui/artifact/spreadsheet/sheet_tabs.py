"""The sheets of a workbook, below the grid."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QSizePolicy, QWidget

from forgeapp.ui.controls import IconButton, Menu
from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.theme import LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import number_text, tr

_EDGE = 8
_GAP = 2
_LEAST = 156
_MAX_NAME_CHARS = 31


class SheetTabs(QWidget):
    """Signals: `chosen(place)`, `added()`, `renamed(place, name)`, `removed(place)`: what the user asks for;
    `menu_requested(place, QPoint)`; `show_asked(place)`: a hidden sheet is to be shown again."""

    chosen = Signal(int)
    added = Signal()
    renamed = Signal(int, str)
    removed = Signal(int)
    menu_requested = Signal(int, QPoint)
    show_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sheet_tabs")
        self.setAccessibleName(tr("Sheets"))
        self._tabs: list[SheetTab] = []
        self._current = 0
        self._hidden: Collection[int] = ()
        self._line = QWidget()
        self._row = QHBoxLayout(self._line)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._area = _Strip(self._line)
        self._plus = IconButton("plus", tr("Add a sheet"), side=24, size=14)
        self._plus.setObjectName("add_sheet")
        self._plus.clicked.connect(self.added)
        self._hidden_sheets = IconButton("eye-off", "", side=24, size=14)
        self._hidden_sheets.setObjectName("hidden_sheets")
        self._hidden_sheets.clicked.connect(self._offer_hidden)
        self._hidden_sheets.hide()
        self._back = self._new_scroller("chevron-left", tr("Sheets further left"), "scroll_sheets_left", -1)
        self._on = self._new_scroller("chevron-right", tr("Sheets further right"), "scroll_sheets_right", 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self._area)
        row.addWidget(self._back)
        row.addWidget(self._on)
        row.addWidget(self._plus)
        row.addWidget(self._hidden_sheets)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for changed in (self._area.horizontalScrollBar().rangeChanged, self._area.horizontalScrollBar().valueChanged):
            changed.connect(self._show_scrollers)

    def _new_scroller(self, icon_name: str, words: str, name: str, way: int) -> IconButton:
        """For the mouse: the keyboard goes from tab to tab."""
        button = IconButton(icon_name, words, side=22, size=14)
        button.setObjectName(name)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._area.turn(way))
        button.hide()
        return button

    def _show_scrollers(self, *_: object) -> None:
        """While there are tabs out of sight."""
        bar = self._area.horizontalScrollBar()
        has_more = self.sizeHint().width() > self.width()
        for button, has_end in ((self._back, bar.value() <= 0), (self._on, bar.value() >= bar.maximum())):
            button.setVisible(has_more)
            button.setEnabled(not has_end)

    @property
    def names(self) -> list[str]:
        return [tab.text() for tab in self._tabs]

    @property
    def current(self) -> int:
        return self._current

    def tab(self, place: int) -> SheetTab:
        return self._tabs[place]

    @property
    def reached(self) -> list[QWidget]:
        """What Tab comes to, in its order."""
        seen = [tab for tab in self._tabs if not tab.isHidden()]
        return [*seen, self._plus, *([] if self._hidden_sheets.isHidden() else [self._hidden_sheets])]

    def show_sheets(self, names: Sequence[str], current: int, hidden: Collection[int] = ()) -> None:
        """These sheets, the one at `current` in view; those at `hidden` have no tab unless they are in view."""
        had_focus = any(tab.hasFocus() for tab in self._tabs)
        while len(self._tabs) > len(names):
            tab = self._tabs.pop()
            self._row.removeWidget(tab)
            tab.hide()
            tab.deleteLater()
        while len(self._tabs) < len(names):
            self._tabs.append(self._new_tab(len(self._tabs)))
        self._current, self._hidden = current, hidden
        for place, (tab, name) in enumerate(zip(self._tabs, names, strict=True)):
            tab.set_name(name, place in hidden)
            tab.setVisible(place == current or place not in hidden)
            tab.setChecked(place == current)
            tab.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == current else Qt.FocusPolicy.ClickFocus)
        count = len(hidden)
        words = tr("1 hidden sheet") if count == 1 else tr("{count} hidden sheets", count=number_text(count))
        self._hidden_sheets.set_tooltip(words)
        self._hidden_sheets.setVisible(bool(hidden))
        sizes = [tab.sizeHint() for tab in self._tabs if not tab.isHidden()]
        self._area.fit(QSize(sum(size.width() for size in sizes), max(size.height() for size in sizes)))
        self._row.activate()
        if had_focus:
            self._tabs[current].setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_scrollers()
        self._area.ensureWidgetVisible(self._tabs[current], 0, 0)

    def _offer_hidden(self) -> None:
        """Their names; the one that is chosen is shown again."""
        menu = Menu(self)
        menu.setObjectName("hidden_sheets_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for place in sorted(self._hidden):
            words = tr("Show {name}", name=self._tabs[place].text())
            menu.addAction(words.replace("&", "&&"), partial(self.show_asked.emit, place))
        menu.popup(self._hidden_sheets.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def begin_rename(self, place: int) -> None:
        """A field over the tab: Enter or leaving takes the name, Esc gives up."""
        self._area.ensureWidgetVisible(self._tabs[place], 0, 0)
        field = _NameField(self, self._tabs[place])
        field.named.connect(lambda name: self.renamed.emit(place, name))

    def finish_editing(self) -> None:
        """Takes the name being typed, if one is."""
        for field in (self.parentWidget() or self).findChildren(_NameField):
            field.finish()

    def _new_tab(self, place: int) -> SheetTab:
        tab = SheetTab(self)
        tab.setObjectName(f"sheet_tab_{place + 1}")
        tab.clicked.connect(lambda: self.chosen.emit(place))
        tab.double_clicked.connect(lambda: self.begin_rename(place))
        tab.stepped.connect(lambda by: self._step(place, by))
        tab.rename_asked.connect(lambda: self.begin_rename(place))
        tab.remove_asked.connect(lambda: self.removed.emit(place))
        tab.menu_asked.connect(lambda at: self.menu_requested.emit(place, at))
        self._row.addWidget(tab)
        tab.show()
        return tab

    def _step(self, place: int, by: int) -> None:
        seen = [each for each, tab in enumerate(self._tabs) if not tab.isHidden()]
        target = seen[min(max(seen.index(place) + by, 0), len(seen) - 1)]
        if target != place:
            self._tabs[target].setFocus(Qt.FocusReason.TabFocusReason)
            self.chosen.emit(target)

    # Neither asks for the scrollers' room: else the tabs would grow as they come, and they would go again.

    def sizeHint(self) -> QSize:
        area, plus = self._area.sizeHint(), self._plus.sizeHint()
        more = 0 if self._hidden_sheets.isHidden() else _GAP + self._hidden_sheets.sizeHint().width()
        return QSize(area.width() + _GAP + plus.width() + more, max(area.height(), plus.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), px(_LEAST)), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_scrollers()
        if self._tabs:
            self._area.ensureWidgetVisible(self._tabs[self._current], 0, 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and self._tabs:
            self.show_sheets(self.names, self._current, self._hidden)


class SheetTab(PaintedButton):
    double_clicked = Signal()
    stepped = Signal(int)
    rename_asked = Signal()
    remove_asked = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self._is_hidden = False

    def set_name(self, name: str, is_hidden: bool = False) -> None:
        self.setText(name)
        self._is_hidden = is_hidden
        words = tr("Sheet {name}, hidden", name=name) if is_hidden else tr("Sheet {name}", name=name)
        self.setAccessibleName(words)
        self.setToolTip(tr("Hidden. Double click to rename") if is_hidden else tr("Double click to rename"))
        self.updateGeometry()
        self.update()

    def _font(self, weight: int) -> QFont:
        made = font(LABEL, weight)
        made.setItalic(self._is_hidden)
        return made

    def nextCheckState(self) -> None:
        """Which one is in view is decided elsewhere."""

    def sizeHint(self) -> QSize:
        return QSize(advance(QFontMetricsF(self._font(600)), self.text()) + 2 * _EDGE, px(26))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_hovered and not self.isChecked():
            fill_round(painter, self.rect(), RADIUS, color("hover"))
        painter.setFont(self._font(600 if self.isChecked() else 400))
        quiet = "ink_3" if self._is_hidden else "ink_2"
        painter.setPen(color("ink" if self.isChecked() or self.is_hovered else quiet))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, self.text())
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -1_000, Qt.Key.Key_End: 1_000}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.key() == Qt.Key.Key_F2:
            self.rename_asked.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.remove_asked.emit()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_asked.emit(event.globalPos())


class _Strip(QScrollArea):
    """As wide as its tabs where there is room; then the wheel, and the keyboard, scroll it."""

    def __init__(self, line: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._line = line
        self.setWidget(line)
        self.setWidgetResizable(False)
        line.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._wanted = QSize(0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def fit(self, size: QSize) -> None:
        self._wanted = size
        self._line.resize(size)
        self.updateGeometry()

    def turn(self, way: int) -> None:
        """Most of a width to the left (-1) or right (1)."""
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() + way * max(round(self.viewport().width() * 0.8), 40))

    def sizeHint(self) -> QSize:
        return self._wanted

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._wanted.width(), 80), self._wanted.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))


class _NameField(QLineEdit):
    named = Signal(str)

    def __init__(self, tabs: SheetTabs, tab: SheetTab) -> None:
        # Over all the line below the grid: a name may be wider than its tab.
        super().__init__(tab.text(), tabs.parentWidget() or tabs)
        self._is_over = False
        self.setObjectName("sheet_name")
        self.setAccessibleName(tr("Name of the sheet"))
        self.setProperty("look", "cell")
        self.setMaxLength(_MAX_NAME_CHARS)
        self.setFont(font(LABEL, 600))
        self._tabs = tabs
        self._tab = tab
        self.textChanged.connect(self._fit)
        self._fit()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    def _fit(self) -> None:
        width = max(advance(QFontMetricsF(self.font()), self.text()) + 2 * _EDGE + 8, self._tab.width())
        editor = self._tabs.parentWidget() or self._tabs
        at = self._tab.mapTo(editor, QPoint(0, 0))
        room = max(editor.width() - at.x() - _EDGE, 40)
        self.setGeometry(QRect(at, QSize(min(width, room), self._tab.height())))

    def finish(self) -> None:
        self._end(True)

    def _end(self, takes: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        name = self.text()
        self.hide()
        self.deleteLater()
        if takes:
            self.named.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._end(True)
        elif event.key() == Qt.Key.Key_Escape:
            self._end(False)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._end(True)
