"""The command palette: one field that finds commands, conversations and artifacts; and the sheet of shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QGridLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from forgeapp.ui.commands import COMMANDS, MENUS
from forgeapp.ui.controls import Label, Popover, SearchField, ShortcutHint
from forgeapp.ui.controls.painting import fill_round
from forgeapp.ui.icons import KIND_ICONS, pixmap
from forgeapp.ui.theme import BODY, CAPTION, LABEL, TITLE, color, font
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow

Index = QModelIndex | QPersistentModelIndex
_WIDTH = 560
_ROW = 36
_MAX_ROWS = 10


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of the palette. `keys`: its shortcut; `hint`: what it is, where it is no command; `obstacle`: why it cannot
    be done now."""

    title: str
    icon: str
    act: Callable[[], None]
    keys: str = ""
    hint: str = ""
    obstacle: str = ""

    @property
    def is_enabled(self) -> bool:
        return not self.obstacle

    @property
    def note(self) -> str:
        return self.obstacle or self.keys or self.hint


class Palette(Popover):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("palette")
        self.setAccessibleName(tr("Search or run a command"))
        self._window = window
        self._hits = _all_hits(window)
        self.field = SearchField(tr("Search or run a command"))
        self.field.setObjectName("palette_field")
        self.field.textChanged.connect(self._on_text_changed)
        self.field.installEventFilter(self)
        self.list = QListView()
        self.list.setObjectName("palette_list")
        self.list.setProperty("look", "raised")
        self.list.setAccessibleName(tr("Commands, conversations and artifacts"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self._model = _Hits(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_HitDelegate(self))
        self.list.clicked.connect(lambda index: self._run(index.row()))
        self._nothing = Label(tr("Nothing is called that."), role="ink_3")
        self._nothing.setContentsMargins(12, 8, 12, 8)
        self.content.addWidget(self.field)
        self.content.addWidget(self.list)
        self.content.addWidget(self._nothing)
        self._on_text_changed("")

    def open_over(self, window: QWidget) -> None:
        """In the upper middle of the window."""
        self.adjustSize()
        self._came_from = window.focusWidget()
        corner = window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 32))
        self.move(corner)
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_text_changed(self, text: str) -> None:
        hits = found(self._hits, text)
        self._model.show(hits)
        self.list.setVisible(bool(hits))
        self._nothing.setVisible(not hits)
        rows = min(max(len(hits), 1), _MAX_ROWS)
        self.list.setFixedHeight(rows * _ROW)
        self.field.setFixedWidth(_WIDTH)
        self.list.setFixedWidth(_WIDTH)
        if hits:
            self.list.setCurrentIndex(self._model.index(0))
        self.adjustSize()

    def _run(self, row: int) -> None:
        hit = self._model.hits[row]
        if hit.is_enabled:
            self.close()
            hit.act()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row, last = self.list.currentIndex().row(), len(self._model.hits) - 1
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp if last >= 0:
                    by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}.get(Qt.Key(event.key()), -8)
                    far = abs(by) > 1
                    row = min(max(row + by, 0), last) if far else (row + by) % (last + 1)
                    self.list.setCurrentIndex(self._model.index(row))
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter if last >= 0:
                    self._run(max(row, 0))
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)


def found(hits: Sequence[Hit], text: str) -> list[Hit]:
    """Those with every word of `text` in their title: at the start of words first, else in their order."""
    words = text.casefold().split()
    if not words:
        return list(hits)
    ranked: list[tuple[int, int, Hit]] = []
    for place, hit in enumerate(hits):
        title = hit.title.casefold()
        if all(word in title for word in words):
            begins = sum(1 for word in words if f" {word}" in f" {title}")
            ranked.append((-begins - 2 * title.startswith(words[0]), place, hit))
    return [hit for _, _, hit in sorted(ranked, key=lambda rank: rank[:2])]


def _all_hits(window: MainWindow) -> list[Hit]:
    hits = []
    for command in COMMANDS:
        action = window.actions_by_id[command.id]
        if command.id != "palette.open":
            hits.append(
                Hit(
                    tr(command.title),
                    command.icon or "command",
                    action.trigger,
                    window.actions_by_id.keys(command.id),
                    obstacle=window.actions_by_id.obstacle(command),
                )
            )
    hits.sort(key=lambda hit: not hit.is_enabled)
    workbench = window.workbench
    artifacts, conversations = workbench.artifacts, workbench.conversations
    hits += [
        Hit(row.title, KIND_ICONS[row.kind], partial(artifacts.open, row.id), hint=tr("Artifact"))
        for row in artifacts.rows
    ]
    hits += [
        Hit(row.title, "message-square", partial(conversations.open, row.id), hint=tr("Conversation"))
        for row in conversations.all_rows
    ]
    return hits


class _Hits(QAbstractListModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def show(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(filter(None, (hit.title, hit.hint, hit.keys, hit.obstacle)))
        return None


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(_WIDTH, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit = index.model().hits[index.row()]  # type: ignore[attr-defined]
        area: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            fill_round(painter, area.adjusted(0, 1, 0, -1), 6, color("selected"))
        elif state & QStyle.StateFlag.State_MouseOver:
            fill_round(painter, area.adjusted(0, 1, 0, -1), 6, color("hover"))
        role = "ink" if hit.is_enabled else "ink_3"
        ratio = option.widget.devicePixelRatioF()  # type: ignore[attr-defined]
        mark = pixmap(hit.icon, "ink_2" if hit.is_enabled else "ink_3", 16, ratio)
        painter.drawPixmap(QPoint(area.left() + 10, area.center().y() - 7), mark)
        right = area.right() - 12
        note = hit.note
        if note:
            painter.setFont(font(LABEL))
            painter.setPen(color("ink_3"))
            width = painter.fontMetrics().horizontalAdvance(note)
            painter.drawText(
                QRect(right - width, area.top(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, note
            )
            right -= width + 12
        painter.setFont(font(BODY))
        painter.setPen(color(role))
        left = area.left() + 36
        title = painter.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, area.top(), right - left, area.height()), Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


class ShortcutSheet(Popover):
    """Every command that has keys, by menu."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.setObjectName("shortcut_sheet")
        self.setAccessibleName(tr("Keyboard shortcuts"))
        self.content.setSpacing(12)
        self.content.addWidget(Label(tr("Keyboard shortcuts"), TITLE, 600))
        grid = QGridLayout()
        grid.setHorizontalSpacing(40)
        grid.setVerticalSpacing(6)
        self.content.addLayout(grid)
        for column, menus in enumerate((MENUS[:2], MENUS[2:])):
            row = 0
            for name in menus:
                grid.addWidget(Label(tr(name), CAPTION, 500, "ink_3"), row, column * 2)
                row += 1
                for command in COMMANDS:
                    keys = window.actions_by_id.keys(command.id)
                    if command.menu == name and keys:
                        grid.addWidget(Label(tr(command.title), role="ink"), row, column * 2)
                        hint = ShortcutHint(keys)
                        grid.addWidget(hint, row, column * 2 + 1, Qt.AlignmentFlag.AlignRight)
                        row += 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def open_over(self, window: QWidget) -> None:
        self.adjustSize()
        self._came_from = window.focusWidget()
        self.move(window.mapToGlobal(QPoint((window.width() - self.width()) // 2, 48)))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)
