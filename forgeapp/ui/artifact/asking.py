"""Asking about what is selected in an editor: quick actions, by a bar, a menu and keys, and 'Ask about this'."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from forgeapp.ui.artifact.grid import GridView
from forgeapp.ui.artifact.selections import where_words
from forgeapp.ui.artifact.text.text_edit import TextEdit
from forgeapp.ui.controls import Button, IconButton, Menu
from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.icons import icon
from forgeapp.ui.name_popover import NamePopover
from forgeapp.ui.theme import CARD_RADIUS, color
from forgeapp.ui.wording import noop, text_below, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.services.revising.quick_actions import QuickAction
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

ASK_KEYS: Final = "Ctrl+Shift+A"
ACTION_KEYS: Final = "Ctrl+J"
_SHADOW: Final = 8
_ENDS: Final = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Resize, QEvent.Type.FocusOut)
_AWAY: Final = 6
"""Between the bar and the line it stands by."""
_LANGUAGES: Final = (
    noop("English"),
    noop("German"),
    noop("French"),
    noop("Spanish"),
    noop("Italian"),
    noop("Portuguese"),
    noop("Dutch"),
    noop("Polish"),
    noop("Chinese"),
    noop("Japanese"),
)


class Asked(Protocol):
    """What is needed of an editor."""

    def finish_editing(self) -> None: ...
    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None: ...


class Asking(QObject):
    """What an editor offers of this. `actions` for its menus; over a text a bar appears once the mouse has selected."""

    def __init__(
        self, editor: QWidget, view: TextEdit | GridView, artifact: OpenArtifact, workbench: Workbench
    ) -> None:
        super().__init__(editor)
        self._view = view
        self._artifact = artifact
        self._workbench = workbench
        self._menu: Menu | None = None
        self.bar = QuickBar(view, self) if isinstance(view, TextEdit) else None
        self.actions = [
            self._action("selection.change", tr("Change by the model…"), "sparkles", ACTION_KEYS, self.open_menu),
            self._action("selection.ask", tr("Ask about this…"), "message-circle", ASK_KEYS, self.ask),
        ]
        for action in self.actions:
            view.bind(action)

    @property
    def _editor(self) -> QWidget:
        # Its parent and not kept: else neither would go before the garbage is collected.
        return cast(QWidget, self.parent())

    @property
    def _asked(self) -> Asked:
        return cast(Asked, self.parent())

    def selection(self, is_chosen: bool = False) -> Selection | None:
        """What is selected, where that can be seen: a review may stand in the editor's place."""
        return self._asked.selection_for_asking(is_chosen) if self._view.isVisible() else None

    def ask(self) -> None:
        """What is selected, also a single cell or line, goes into the composer with the keyboard."""
        self._hide_bar()
        self._asked.finish_editing()
        selection = self.selection(True)
        composer = self._workbench.composer
        composer.wanted.emit()
        if selection is None:
            composer.set_uses_artifact(True)
        else:
            composer.set_selection(selection)

    def run(self, action: QuickAction, language: str = "") -> None:
        self._hide_bar()
        self._asked.finish_editing()
        self._workbench.revising.run(self._artifact, action, self.selection(), language)

    def open_menu(self, at: QPoint | None = None) -> None:
        """The quick actions, by the selection unless another place is given."""
        self._hide_bar()
        menu = self._menu = Menu(self._editor)
        menu.setObjectName("quick_actions")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        about = menu.addAction(self._about())
        about.setEnabled(False)
        menu.addSeparator()
        for action in self.quick_actions():
            words, mark = text_below(action.label), icon(action.icon)
            if action.wants_language:
                languages = self.language_menu(action, menu)
                languages.setTitle(tr("{action} into", action=words))
                languages.setIcon(mark)
                menu.addMenu(languages)
            else:
                menu.addAction(mark, words, partial(self.run, action)).setObjectName(f"quick_{action.id}")
        menu.addSeparator()
        menu.addAction(self.actions[1])
        menu.popup(at or self._corner())
        menu.setActiveAction(menu.actions()[2])

    def open_menu_over(self, button: QWidget) -> None:
        """Above a button at the foot."""
        self.open_menu()
        menu = self._menu
        if menu is not None:
            menu.move(button.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def language_menu(self, action: QuickAction, parent: QWidget) -> Menu:
        """The languages to translate into: the last one first, and any other by its name."""
        menu = Menu(parent)
        menu.setObjectName("quick_languages")
        last = self._workbench.revising.language
        names = [tr(name) for name in _LANGUAGES]
        for name in ([last] if last else []) + [name for name in names if name != last]:
            menu.addAction(name.replace("&", "&&"), partial(self.run, action, name))
        menu.addSeparator()
        menu.addAction(tr("Another language…"), partial(self._ask_language, action))
        return menu

    def quick_actions(self) -> tuple[QuickAction, ...]:
        from forgeapp.services.revising.quick_actions import quick_actions

        return quick_actions(self._artifact.kind)

    def new_button(self) -> Button:
        """For the foot of a grid."""
        button = Button("", "sparkles", "quiet", small=True)
        button.setObjectName("quick_actions_button")
        button.setAccessibleName(tr("Change by the model"))
        button.setToolTip(f"{tr('Change by the model')}  {ACTION_KEYS}")
        button.clicked.connect(partial(self.open_menu_over, button))
        return button

    def _about(self) -> str:
        selection = self.selection()
        part = where_words(selection.where, self._artifact.content) if selection is not None else tr("All of it")
        return part[:1].upper() + part[1:]

    def _ask_language(self, action: QuickAction) -> None:
        card = NamePopover(tr("Translate into"), tr("Translate"), partial(self.run, action), self._editor)
        card.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        anchor = self._view.viewport()
        card.open_under(anchor)
        corner = self._corner() - QPoint(12, 12)
        screen = anchor.screen().availableGeometry()
        card.move(min(corner.x(), screen.right() - card.width()), min(corner.y(), screen.bottom() - card.height()))

    def _corner(self) -> QPoint:
        """Below the end of what is selected, within what is seen."""
        view = self._view
        if not view.isVisible():
            above = self._editor.parentWidget() or self._editor
            return above.mapToGlobal(QPoint(24, 24))
        seen = view.viewport().rect()
        if isinstance(view, TextEdit):
            place = view.cursorRect().bottomLeft()
        else:
            block = view.block()
            place = seen.center()
            if block is not None:
                place = view.visualRect(view.model().index(block.bottom, block.left)).bottomLeft()
        x = min(max(place.x(), seen.left()), seen.right())
        y = min(max(place.y() + 4, seen.top()), seen.bottom())
        return view.viewport().mapToGlobal(QPoint(x, y))

    def _hide_bar(self) -> None:
        if self.bar is not None:
            self.bar.hide()

    def _action(self, name: str, text: str, icon_name: str, keys: str, act) -> QAction:  # type: ignore[no-untyped-def]
        action = QAction(icon(icon_name), text, self._editor)
        action.setObjectName(name)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: act())
        return action


class QuickBar(QWidget):
    """The quick actions as a row of icons above the end of what the mouse has selected. By keys there is the menu.

    It goes with the next key, click or scroll, and takes no focus.
    """

    def __init__(self, text: TextEdit, asking: Asking) -> None:
        super().__init__(text.viewport())
        self._text = text
        self._asking = asking
        self._is_filled = False
        self.setObjectName("quick_bar")
        self.setAccessibleName(tr("Change what is selected"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(_SHADOW + 4, _SHADOW + 4, _SHADOW + 4, _SHADOW + 4)
        self._row.setSpacing(2)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()
        text.viewport().installEventFilter(self)
        text.installEventFilter(self)
        text.scrolled.connect(self.hide)
        text.selectionChanged.connect(self._on_selection_changed)

    def appear(self) -> None:
        """Where something is selected that is not all there is."""
        if self._text.isReadOnly() or self._asking.selection() is None:
            return
        if not self._is_filled:
            self._fill()
        self.adjustSize()
        self.move(self._place(self.sizeHint()))
        self.show()
        self.raise_()

    def _fill(self) -> None:
        self._is_filled = True
        for button in self._buttons():
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._row.addWidget(button)

    def _buttons(self) -> Iterator[IconButton]:
        for action in self._asking.quick_actions():
            button = IconButton(action.icon, text_below(action.label), side=28)
            button.setObjectName(f"quick_{action.id}")
            if action.wants_language:
                button.clicked.connect(partial(self._open_languages, action, button))
            else:
                button.clicked.connect(partial(self._asking.run, action))
            yield button
        ask = IconButton("message-circle", tr("Ask about this"), ASK_KEYS, side=28)
        ask.setObjectName("quick_ask")
        ask.clicked.connect(self._asking.ask)
        yield ask

    def _open_languages(self, action: QuickAction, button: QWidget) -> None:
        menu = self._asking.language_menu(action, self._text)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    def _place(self, size: QSize) -> QPoint:
        cursor = QTextCursor(self._text.textCursor())
        cursor.setPosition(cursor.selectionEnd())
        line, seen = self._text.cursorRect(cursor), self._text.viewport().rect()
        x = min(
            max(line.center().x() - size.width() // 2, seen.left() - _SHADOW), seen.right() - size.width() + _SHADOW
        )
        y = line.top() - _AWAY - size.height() + _SHADOW
        if y < seen.top() - _SHADOW:
            y = line.bottom() + _AWAY - _SHADOW
        return QPoint(max(x, -_SHADOW), min(y, seen.bottom() - size.height() + _SHADOW))

    def _on_selection_changed(self) -> None:
        if not self._text.textCursor().hasSelection():
            self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _ENDS:
            self.hide()
        elif event.type() is QEvent.Type.MouseButtonRelease and watched is self._text.viewport():
            QTimer.singleShot(0, self, self.appear)
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = QRect(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        draw_shadow(painter, card, CARD_RADIUS, _SHADOW)
        fill_round(painter, card, CARD_RADIUS, color("raised"), color("line"))
