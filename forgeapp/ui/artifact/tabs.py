"""The row of tabs: one an open artifact, and one for the draft that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QTabBar, QToolButton, QToolTip, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.artifact.image.thumbnail import paint_square
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls import Busy, Menu
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.controls.painting import advance, draw_ring
from forgeapp.ui.icons import KIND_ICONS, icon, pixmap
from forgeapp.ui.theme import BODY, color, font, px
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.copying import TABULAR

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.live_turn import LiveTurn
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_TAB_HEIGHT: Final = 32
_EDGE: Final = 12
_ICON: Final = 16
_GAP: Final = 8
_CROSS: Final = 18
_MAX_WIDTH: Final = 220
_MIN_WIDTH: Final = 104
_MIN_CURRENT: Final = 150
_DRAFT: Final = 0
"""Stands for the draft where an artifact's id stands; those count from 1."""


class ArtifactTabs(QTabBar):
    """Shows `workbench.artifacts.tabs`. Middle click or Delete closes, dragging reorders, double click or F2 renames.

    `draft_chosen` tells that the draft's tab was chosen; the others go to the workbench. `laid_out` follows each change
    of what there is. `save_wished`, `import_wished`, `copy_wished(CopyForm)`: Save as, Import, and Copy all as ... were
    chosen for the one that is active by then.
    """

    draft_chosen = Signal()
    save_wished = Signal()
    import_wished = Signal()
    copy_wished = Signal(str)
    laid_out = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("artifact_tabs")
        self.setAccessibleName(tr("Open artifacts"))
        self._artifacts = workbench.artifacts
        self._thumbnails = workbench.thumbnails
        self._thumbnails.made.connect(self._on_thumbnail_made)
        self._draft: LiveTurn | None = None
        self._busy = Busy(14, self)
        self._busy.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._busy.hide()
        self._hovered = -1
        self._pressed = -1
        self._pressed_cross = -1
        self._by_keyboard = False
        self._editor: QLineEdit | None = None
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._dress_scroll_buttons()
        self.currentChanged.connect(self._on_current_changed)
        for changed in (self._artifacts.opened, self._artifacts.closed, self._artifacts.activated):
            changed.connect(self.refresh)
        self._artifacts.opened.connect(self._on_opened)
        for tab in self._artifacts.tabs:
            self._on_opened(tab)
        self._is_draft_shown = False
        self.refresh()

    def show_draft(self, is_shown: bool) -> None:
        """Whether the draft's tab is the one in view."""
        self._is_draft_shown = is_shown
        self.refresh()

    def overflows(self, width: int) -> bool:
        """Whether the tabs need more than `width`, each as narrow as it may be."""
        return sum(self.minimumTabSizeHint(index).width() for index in range(self.count())) > width

    def refresh(self) -> None:
        """Makes the tabs those of the workbench."""
        tabs, draft = self._artifacts.tabs, self._artifacts.draft
        wanted = [tab.id for tab in tabs] + ([_DRAFT] if draft is not None else [])
        self.blockSignals(True)
        if [self.tabData(index) for index in range(self.count())] != wanted:
            self._close_editor(is_taken=False)
            while self.count():
                self.removeTab(0)
            for key in wanted:
                self.setTabData(self.addTab(""), key)
        for index, tab in enumerate(tabs):
            self._word(index, tab.title, kind_text(tab.kind))
        if draft is not None:
            self._follow(draft)
            self._word(len(tabs), _draft_title(draft), tr("is being written"))
        self._busy.setVisible(draft is not None)
        active = self._artifacts.active
        if draft is not None and self._is_draft_shown:
            self.setCurrentIndex(len(tabs))
        elif active in tabs:
            self.setCurrentIndex(tabs.index(active))
        self.blockSignals(False)
        self.update()
        self.laid_out.emit()

    def rename(self, index: int) -> None:
        """Opens a field over the tab's title: Enter takes the new one, Esc leaves it."""
        tab = self._tab(index)
        if tab is None:
            return
        self._close_editor(is_taken=True)
        editor = self._editor = QLineEdit(tab.title, self)
        editor.setObjectName("artifact_title")
        editor.setAccessibleName(tr("Title"))
        editor.setProperty("index", index)
        area = self.tabRect(index)
        editor.setGeometry(area.adjusted(_EDGE + _ICON + 2, 3, -6, -3))
        editor.setStyleSheet("QLineEdit { min-height: 0; padding: 0 4px; }")
        editor.selectAll()
        editor.show()
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        editor.editingFinished.connect(lambda: self._close_editor(is_taken=True))
        editor.installEventFilter(self)

    def cross(self, index: int) -> QRect:
        """Where a tab's cross is."""
        area = self.tabRect(index)
        return QRect(area.right() - _CROSS - 6, area.top() + (area.height() - _CROSS) // 2 + 1, _CROSS, _CROSS)

    def _word(self, index: int, title: str, kind: str) -> None:
        # QTabBar reads '&' as the mark of a shortcut, and lays out anew at each text.
        if self.tabText(index) != (text := title.replace("&", "&&")):
            self.setTabText(index, text)
        self.setAccessibleTabName(index, f"{title}, {kind}")

    def _tab(self, index: int) -> OpenArtifact | None:
        key = self.tabData(index) if 0 <= index < self.count() else None
        return self._artifacts.find(key) if key else None

    def _follow(self, draft: LiveTurn) -> None:
        if self._draft is not draft:
            self._draft = draft
            draft.changed.connect(self.refresh)

    def _close_editor(self, is_taken: bool) -> None:
        editor, self._editor = self._editor, None
        if editor is None:
            return
        tab = self._tab(editor.property("index"))
        had_focus = editor.hasFocus()
        editor.hide()
        editor.deleteLater()
        if is_taken and tab is not None:
            self._artifacts.rename(tab, editor.text())
        if had_focus:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_thumbnail_made(self, _artifact: int, _version: int) -> None:
        self.update()

    def _on_opened(self, tab: OpenArtifact) -> None:
        tab.stored.connect(self.refresh)

    def _on_current_changed(self, index: int) -> None:
        key = self.tabData(index)
        tab = self._artifacts.find(key) if key else None
        if tab is not None:
            self._artifacts.activate(tab)
        elif key == _DRAFT and self._artifacts.draft is not None:
            self.draft_chosen.emit()

    def _close_tab(self, index: int) -> None:
        tab = self._tab(index)
        if tab is not None:
            self._artifacts.close(tab)

    def _close_all(self, tabs: list[OpenArtifact]) -> None:
        for tab in tabs:
            self._artifacts.close(tab)

    def _dress_scroll_buttons(self) -> None:
        for button, name, words in zip(
            self.findChildren(QToolButton),
            ("chevron-left", "chevron-right"),
            (tr("Tabs to the left"), tr("Tabs to the right")),
            strict=False,
        ):
            button.setArrowType(Qt.ArrowType.NoArrow)
            button.setIcon(icon(name))
            button.setAccessibleName(words)

    def tabSizeHint(self, index: int) -> QSize:
        words = advance(QFontMetricsF(font(BODY, 500)), self.tabText(index).replace("&&", "&"))
        width = _EDGE + _ICON + _GAP + words + _CROSS + 8
        return QSize(max(_MIN_WIDTH, min(width, px(_MAX_WIDTH))), max(_TAB_HEIGHT, px(22) + 10))

    def minimumTabSizeHint(self, index: int) -> QSize:
        hint = self.tabSizeHint(index)
        # The one in view stays readable longest.
        return QSize(min(hint.width(), _MIN_CURRENT) if index == self.currentIndex() else _MIN_WIDTH, hint.height())

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        self._dress_scroll_buttons()
        self.laid_out.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            tab = self._tab(self.tabAt(event.pos()))
            if tab is not None:
                QToolTip.showText(event.globalPos(), _tooltip(tab), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override]
        if watched is self._editor and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._close_editor(is_taken=False)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._close_editor(is_taken=True)
                return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._by_keyboard = False
        index = self.tabAt(event.position().toPoint())
        self._close_editor(is_taken=True)
        if event.button() is Qt.MouseButton.LeftButton and self._tab(index) is not None:
            if self.cross(index).contains(event.position().toPoint()):
                self._pressed_cross = index
                return
            self._pressed = index
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._hovered = self.tabAt(at)
        if self._pressed >= 0 and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag(at)
        self.update()

    def _drag(self, at: QPoint) -> None:
        """The tab that is held changes places with its neighbour once it would lie over the middle of it."""
        tab = self._tab(self._pressed)
        for to in (self._pressed - 1, self._pressed + 1):
            if tab is None or self._tab(to) is None:
                continue
            area = self.tabRect(to)
            is_past = at.x() < area.center().x() if to < self._pressed else at.x() > area.center().x()
            if is_past:
                self._artifacts.move(tab, to)
                self._pressed = to
                self.refresh()
                return

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pressed = -1
        index = self.tabAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton:
            self._close_tab(index)
            return
        pressed, self._pressed_cross = self._pressed_cross, -1
        if pressed >= 0:
            if pressed == index and self.cross(index).contains(event.position().toPoint()):
                self._close_tab(index)
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.rename(self.tabAt(event.position().toPoint()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.tabAt(event.pos()) if event.reason() is not QContextMenuEvent.Reason.Keyboard else -1
        index = self.currentIndex() if index < 0 else index
        tab = self._tab(index)
        if tab is None:
            return
        menu = Menu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(icon("pencil"), tr("Rename"), lambda: self.rename(index))
        menu.addAction(icon("save"), tr("Save as…"), lambda: self._wish(self.save_wished, tab))
        menu.addAction(icon("upload"), tr("Import as next version…"), lambda: self._wish(self.import_wished, tab))
        menu.addSeparator()
        menu.addAction(icon("copy"), tr("Copy all as rich text"), lambda: self._wish(self.copy_wished, tab, "rich"))
        menu.addAction(icon("copy"), tr("Copy all as Markdown"), lambda: self._wish(self.copy_wished, tab, "markdown"))
        if tab.kind in TABULAR:
            words = tr("Copy all as table (TSV)")
            menu.addAction(icon("table-2"), words, lambda: self._wish(self.copy_wished, tab, "tsv"))
        menu.addSeparator()
        menu.addAction(icon("x"), tr("Close"), lambda: self._artifacts.close(tab))
        others = [other for other in self._artifacts.tabs if other is not tab]
        close_others = menu.addAction(tr("Close the others"), lambda: self._close_all(others))
        close_others.setEnabled(bool(others))
        menu.popup(event.globalPos())

    def _wish(self, wished: SignalInstance, tab: OpenArtifact, *what: str) -> None:
        self._artifacts.activate(tab)
        wished.emit(*what)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._by_keyboard = True
        match event.key():
            case Qt.Key.Key_F2:
                self.rename(self.currentIndex())
            case Qt.Key.Key_Delete:
                self._close_tab(self.currentIndex())
            case Qt.Key.Key_Home if self.count():
                self.setCurrentIndex(0)
            case Qt.Key.Key_End if self.count():
                self.setCurrentIndex(self.count() - 1)
            case _:
                super().keyPressEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._by_keyboard = event.reason() not in (
            Qt.FocusReason.MouseFocusReason,
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.ActiveWindowFocusReason,
        )
        super().focusInEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = -1
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        current = self.currentIndex()
        painter.fillRect(0, self.height() - 1, self.width(), 1, color("line"))
        for index in range(self.count()):
            area = self.tabRect(index)
            if area.right() < 0 or area.left() > self.width():
                continue
            self._paint_tab(painter, index, area, index == current)

    def _paint_tab(self, painter: QPainter, index: int, area: QRect, is_current: bool) -> None:
        is_lit = is_current or index == self._hovered
        if is_current:
            _paint_sheet(painter, area)
        elif is_lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("hover"))
            painter.drawRoundedRect(area.adjusted(2, 3, -2, -5), 6, 6)
        tab = self._tab(index)
        kind = tab.kind if tab is not None else self._draft.artifact_kind if self._draft is not None else None
        if tab is None:
            at = QPoint(area.right() - 14 - 10, area.center().y() - 6)
            if self._busy.pos() != at:  # scrolling moves tabs without a word
                self._busy.move(at)
        role = "ink" if is_lit else "ink_2"
        ratio = self.devicePixelRatioF()
        top = area.top() + (area.height() - _ICON) // 2
        is_image = tab is not None and tab.kind is Kind.IMAGE
        thumbnail = self._thumbnails.of(tab.id, tab.version) if tab is not None and is_image else None
        if thumbnail is not None:
            paint_square(painter, QRect(area.left() + _EDGE, top, _ICON, _ICON), thumbnail)
        else:
            painter.drawPixmap(
                QPoint(area.left() + _EDGE, top),
                pixmap(KIND_ICONS[kind] if kind else "sparkles", role, _ICON, ratio),
            )
        left = area.left() + _EDGE + _ICON + _GAP
        has_cross = tab is not None and is_lit
        right = area.right() - (_CROSS + 8 if has_cross or tab is None else 8)
        painter.setFont(font(BODY, 500))
        painter.setPen(color(role))
        words = self.tabText(index).replace("&&", "&")
        shown = QFontMetricsF(font(BODY, 500)).elidedText(words, Qt.TextElideMode.ElideRight, right - left)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(QRect(left, area.top(), right - left + 4, area.height()), flags, shown)
        if has_cross:
            self._paint_cross(painter, index, is_current)
        if is_current and self.hasFocus() and self._by_keyboard:
            draw_ring(painter, area.adjusted(0, 0, -2, -1), 8)

    def _paint_cross(self, painter: QPainter, index: int, is_current: bool) -> None:
        area = self.cross(index)
        is_over = self.underMouse() and area.contains(self.mapFromGlobal(self.cursor().pos()))
        if is_over:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("line" if not is_current else "hover"))
            painter.drawRoundedRect(area, 4, 4)
        drawn = pixmap("x", "ink" if is_over else "ink_2", 14, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(area.left() + (_CROSS - 14) // 2, area.top() + (_CROSS - 14) // 2), drawn)


def _paint_sheet(painter: QPainter, area: QRect) -> None:
    """The tab in view: open at the bottom, so that it belongs to what is below."""
    left, top, right, bottom = area.left() + 0.5, area.top() + 0.5, area.right() - 1.5, area.bottom() + 1.0
    radius = 8.0
    path = QPainterPath()
    path.moveTo(left, bottom)
    path.lineTo(left, top + radius)
    path.quadTo(left, top, left + radius, top)
    path.lineTo(right - radius, top)
    path.quadTo(right, top, right, top + radius)
    path.lineTo(right, bottom)
    painter.fillPath(path, color("surface"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("line"), 1))
    painter.drawPath(path)


def _draft_title(draft: LiveTurn) -> str:
    return tr("Writing {title}…", title=draft.artifact_title) if draft.artifact_title else tr("Writing…")


def _tooltip(tab: OpenArtifact) -> str:
    state = tr("Saved as version {number}", number=tab.version) if tab.is_saved else tr("Saved in a moment")
    return plain_tooltip(f"{tab.title}\n{state}")
