"""The card with every language there is, found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from forgeapp.ui.artifact.code.languages import all_languages
from forgeapp.ui.controls import Label, Popover, SearchField
from forgeapp.ui.jobs import Lane
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

_ALIAS: Final = Qt.ItemDataRole.UserRole


class LanguageSearch(Popover):
    """`chosen(alias)`. Arrow keys move through the list while words are typed; Enter takes the one marked."""

    chosen = Signal(str)

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("language_search")
        self.setAccessibleName(tr("All languages"))
        self._jobs = workbench.jobs
        self._languages: list[tuple[str, str, str]] = []
        self.query = SearchField(tr("Search languages"))
        self.query.setObjectName("language_query")
        self.query.textChanged.connect(self._show_hits)
        self.list = QListWidget()
        self.list.setObjectName("language_list")
        self.list.setAccessibleName(tr("Languages"))
        self.list.setProperty("look", "plain")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(px(240))
        self.list.itemClicked.connect(self._take)
        self.list.itemActivated.connect(self._take)
        self.nothing = Label(tr("No language of that name"), LABEL, role="ink_3")
        self.nothing.hide()
        self.content.addWidget(self.query)
        self.content.addWidget(self.nothing)
        self.content.addWidget(self.list)
        self.setFixedWidth(px(300) + 24)

    def open_for(self, anchor: QWidget) -> None:
        self.query.clear()
        self.open_under(anchor, align_right=True)
        self.query.setFocus(Qt.FocusReason.PopupFocusReason)
        if self._languages:
            self._show_hits()
        else:
            self._jobs.run(lambda _cancel: all_languages(), self._fill, lane=Lane.VIEWS)

    def _fill(self, languages: list[tuple[str, str, str]]) -> None:
        self._languages = languages
        self._show_hits()

    def _show_hits(self) -> None:
        """Those that begin with the words come first."""
        words = self.query.text().casefold().strip()
        hits = [row for row in self._languages if words in row[2]]
        hits.sort(key=lambda row: not row[2].startswith(words))
        self.list.clear()
        for alias, name, _ in hits:
            item = QListWidgetItem(name, self.list)
            item.setData(_ALIAS, alias)
        self.list.setCurrentRow(0)
        self.nothing.setVisible(bool(self._languages) and not hits)

    def _take(self, item: QListWidgetItem) -> None:
        self.close()
        self.chosen.emit(item.data(_ALIAS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if self.list.currentItem() is not None:
                    self._take(self.list.currentItem())
            case Qt.Key.Key_Down | Qt.Key.Key_Up:
                row = self.list.currentRow() + (1 if event.key() == Qt.Key.Key_Down else -1)
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            case _:
                super().keyPressEvent(event)
