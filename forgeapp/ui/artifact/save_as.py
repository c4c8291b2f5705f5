"""The card that saves an artifact, or a reply's words, as something else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.controls import Button, Label, Popover, SearchField, SegmentedControl
from forgeapp.ui.icons import KIND_ICONS, icon
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_ROW: Final = Qt.ItemDataRole.UserRole
_WIDTH: Final = 340
_NEW, _NEXT, _SOURCE = "new", "next", "source"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is saved: of which `kind` it becomes an artifact, and how. `save` is given a title, or the artifact whose
    next version it becomes. `artifact`: itself, where it is one."""

    kind: Kind
    title: str
    save: Callable[[str, int | None], object]
    save_as_source: Callable[[str], object]
    artifact: int | None = None


def subject_of_tab(tab: OpenArtifact, workbench: Workbench) -> Subject:
    keeping = workbench.keeping
    return Subject(
        tab.kind,
        tab.title,
        lambda title, artifact: keeping.save_artifact(tab, title, artifact),
        lambda title: keeping.save_artifact_as_source(tab, title),
        tab.id,
    )


def subject_of_reply(message: int, title: str, workbench: Workbench) -> Subject:
    keeping = workbench.keeping
    return Subject(
        Kind.DOCUMENT,
        title,
        lambda words, artifact: keeping.save_reply(message, words, artifact),
        lambda words: keeping.save_reply_as_source(message, words),
    )


class SaveAs(Popover):
    """As a new artifact, as the next version of another of its kind, or as a source."""

    def __init__(self, subject: Subject, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._subject = subject
        self._rows = [
            row for row in workbench.artifacts.rows if row.kind is subject.kind and row.id != subject.artifact
        ]
        self.setObjectName("save_as")
        self.setAccessibleName(tr("Save as"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.ways = SegmentedControl(
            [(_NEW, _new_words(subject.kind)), (_NEXT, tr("Next version of…")), (_SOURCE, tr("Source"))]
        )
        self.ways.setObjectName("save_as_ways")
        self.ways.setAccessibleName(tr("Save as"))
        self.ways.selected.connect(self._show_way)
        self.title = QLineEdit(subject.title)
        self.title.setObjectName("save_as_title")
        self.title.setAccessibleName(tr("Title"))
        self.title.textChanged.connect(self._show_savable)
        self.title.returnPressed.connect(self._save)
        self.query = SearchField(tr("Search"))
        self.query.setObjectName("save_as_query")
        self.query.textChanged.connect(self._show_rows)
        self.query.installEventFilter(self)
        self.list = QListWidget()
        self.list.setObjectName("save_as_list")
        self.list.setAccessibleName(tr("Artifacts"))
        self.list.setProperty("look", "plain")
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(px(170))
        self.list.itemDoubleClicked.connect(self._save)
        self.list.currentRowChanged.connect(self._show_savable)
        self.nothing = Label("", LABEL, role="ink_3", wrap=True)
        self.hint = Label(tr("A text that is kept to be given to models as context."), LABEL, role="ink_3", wrap=True)
        self.save_button = Button(tr("Save"), "save", "primary")
        self.save_button.setObjectName("save_as_save")
        self.save_button.clicked.connect(self._save)
        self._lay_out()
        self._show_rows()
        self._show_way(_NEW)

    def _lay_out(self) -> None:
        named = QWidget()
        column = QVBoxLayout(named)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        label = Label(tr("Title"), LABEL, role="ink_2")
        label.setBuddy(self.title)
        column.addWidget(label)
        column.addWidget(self.title)
        column.addWidget(self.hint)
        column.addStretch()
        found = QWidget()
        column = QVBoxLayout(found)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.query)
        column.addWidget(self.nothing)
        column.addWidget(self.list)
        self._pages = QStackedWidget()
        self._pages.addWidget(named)
        self._pages.addWidget(found)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.save_button)
        self.content.addWidget(self.ways)
        self.content.addWidget(self._pages)
        self.content.addLayout(foot)
        self.setMinimumWidth(px(_WIDTH) + 24)

    def _show_way(self, way: str) -> None:
        self._pages.setCurrentIndex(1 if way == _NEXT else 0)
        # Each page as high as it needs to be: a card half empty looks unfinished.
        for number in range(self._pages.count()):
            page = self._pages.widget(number)
            assert page is not None
            page.setVisible(number == self._pages.currentIndex())
        page = self._pages.currentWidget()
        assert page is not None
        self.hint.setVisible(way == _SOURCE)
        self._pages.setFixedHeight(page.sizeHint().height())
        self._show_savable()
        self.adjustSize()

    def _show_rows(self) -> None:
        """Those with every word in their title, the one changed last first."""
        words = self.query.text().casefold().split()
        hits = [row for row in self._rows if all(word in row.title.casefold() for word in words)]
        self.list.clear()
        for row in hits:
            words_of = tr("{title} · version {number}", title=row.title, number=row.version)
            item = QListWidgetItem(icon(KIND_ICONS[row.kind]), words_of, self.list)
            item.setData(_ROW, row.id)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(hits))
        self.query.setVisible(bool(self._rows))
        self.nothing.setVisible(not hits)
        self.nothing.setText(tr("Nothing is called that.") if self._rows else tr("There is no other of its kind yet."))
        self._show_savable()

    def _show_savable(self) -> None:
        is_next = self.ways.value == _NEXT
        self.save_button.setEnabled(self.list.currentItem() is not None if is_next else bool(self.title.text().strip()))

    def _save(self) -> None:
        self._show_savable()
        if not self.save_button.isEnabled():
            return
        title, item = self.title.text().strip(), self.list.currentItem()
        way, subject = self.ways.value, self._subject
        self.close()
        if way == _SOURCE:
            subject.save_as_source(title)
        elif way == _NEXT and item is not None:
            subject.save(subject.title, item.data(_ROW))
        else:
            subject.save(title, None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.query and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            match event.key():
                case Qt.Key.Key_Down | Qt.Key.Key_Up:
                    row = self.list.currentRow() + (1 if event.key() == Qt.Key.Key_Down else -1)
                    self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                    return True
                case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                    self._save()
                    return True
                case _:
                    pass
        return super().eventFilter(watched, event)


def _new_words(kind: Kind) -> str:
    match kind:
        case Kind.TABLE:
            return tr("New table")
        case Kind.SPREADSHEET:
            return tr("New spreadsheet")
        case Kind.CODE:
            return tr("New code")
        case Kind.IMAGE:
            return tr("New image")
    return tr("New document")
