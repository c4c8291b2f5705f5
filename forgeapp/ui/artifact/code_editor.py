"""The code editor: one or more files, coloured by their language. Nothing is ever run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.filenames import safe_name
from forgeapp.ui.artifact.asking import Asking
from forgeapp.ui.artifact.code.code_edit import CodeEdit
from forgeapp.ui.artifact.code.file_tabs import FileTabs
from forgeapp.ui.artifact.code.findings import Findings, Placed
from forgeapp.ui.artifact.code.findings_strip import FindingsStrip
from forgeapp.ui.artifact.code.go_to_line import GoToLine
from forgeapp.ui.artifact.code.languages import PLAIN, choices
from forgeapp.ui.artifact.selections import selected_lines
from forgeapp.ui.artifact.text.find_bar import FindBar
from forgeapp.ui.artifact.text.lexing import LexLines, load_lexer
from forgeapp.ui.artifact.text.pieces import PiecedText
from forgeapp.ui.controls import HLine, IconButton, Label, Menu, MenuButton, Toolbar, tell_obstacle
from forgeapp.ui.jobs import Lane
from forgeapp.ui.long_lines import has_long_line, has_long_line_at
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import number_text, tr
from forgeapp.ui.workbench.open_artifact import TEXT_MARGIN

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.ui.artifact.code.language_search import LanguageSearch
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact, OpenText


_ALL: Final = "\0all"
"""The row of the language menu that is no language."""


class CodeEditor(QWidget):
    """Edits an OpenText that is code; files are added, renamed and deleted as steps for Undo."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact: OpenText = artifact  # type: ignore[assignment]
        self._workbench = workbench
        self._lexers: dict[str, LexLines | None] = {}
        self._place = 0
        self._shown: QTextDocument | None = None
        self._pieces: PiecedText | None = None
        self._refit = QTimer(self)
        self._refit.setSingleShot(True)
        self._refit.setInterval(0)
        self._refit.timeout.connect(lambda: self.show_file(self._place))
        self._kept: dict[QTextDocument, tuple[int, int]] = {}
        self._changed: dict[QTextDocument, int] = {}
        self._followed: set[QTextDocument] = set()
        self.setObjectName("code_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.text = CodeEdit(self.artifact)
        self.asking = Asking(self, self.text, artifact, workbench)
        self.find_bar = FindBar(self.text)
        self.go_to_line = GoToLine(self.text)
        self.findings = Findings(self.artifact, workbench, self)
        self.strip = FindingsStrip()
        self._search: LanguageSearch | None = None
        new = self.text.new_action
        self._look_actions = [
            new(tr("Find"), "Ctrl+F", lambda: self._open_find(False), "search"),
            new(tr("Replace"), "Ctrl+H", lambda: self._open_find(True), "replace"),
            new(tr("Go to line"), "Ctrl+G", self._open_go_to_line, "text-cursor-input"),
            new(tr("Next finding"), "F7", lambda: self.step_finding(1), "triangle-alert"),
            new(tr("Previous finding"), "Shift+F7", lambda: self.step_finding(-1), "triangle-alert"),
        ]
        self.files = FileTabs()
        self.add_button = IconButton("plus", tr("Add a file"), side=28)
        self.add_button.setObjectName("add_file")
        self.more_button = IconButton("ellipsis", tr("More for files"), side=28)
        self.more_button.setObjectName("code_more")
        self.language = MenuButton(tr("Plain text"))
        self.language.setObjectName("language_picker")
        self._delete_action = self._action(tr("Delete the file"), self.delete_file, "trash-2")
        self._file_actions = [
            self._action(tr("Add a file"), self.add_file, "file-plus"),
            self._action(tr("Rename the file"), self.rename_file, "pencil"),
            self._action(tr("Duplicate the file"), self.copy_file, "copy-plus"),
            self._delete_action,
            self._action(tr("Save as files…"), self.save_files, "folder"),
        ]
        self._lay_out()
        self.files.chosen.connect(self.show_file)
        self.files.renamed.connect(self._on_renamed)
        self.files.deletion_asked.connect(self.delete_file)
        self.files.copy_asked.connect(self.copy_file)
        self.files.moved.connect(self.move_file)
        self.files.addition_asked.connect(self.add_file)
        self.findings.changed.connect(self._show_findings)
        self.strip.chosen.connect(self.show_finding)
        self.strip.stepped.connect(self.step_finding)
        self.add_button.clicked.connect(self.add_file)
        self.more_button.clicked.connect(self._open_more)
        self.language.chosen.connect(self._on_language_chosen)
        self.artifact.files_changed.connect(self._on_files_changed)
        self.text.stepped.connect(self._on_stepped)
        self.setFocusProxy(self.text)
        self._on_files_changed()

    def finish_editing(self) -> None:
        """Nothing waits here: with each key the text is part of the artifact."""

    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None:
        """What is selected in the file in view; `is_chosen`: where nothing is, the line of the cursor."""
        return selected_lines(self.text, self._file.name, is_chosen) if self._pieces is None else None

    def selection_for_copying(self) -> Code | None:
        """What is selected in the file in view; None for all of it."""
        selected = self.selection_for_asking()
        if selected is None:
            return None
        return Code(None, (CodeFile(self._file.name, self._file.language, selected.text),))

    def actions_for_menu(self) -> list[QAction]:
        """What a menu may show of what this editor does."""
        return [*self._file_actions, *self._look_actions, *self.text.line_actions, self.text.copy_action]

    @property
    def place(self) -> int:
        """Which file is in view."""
        return self._place

    @property
    def _file(self) -> CodeFile:
        return self.artifact.files[self._place]

    def show_file(self, place: int) -> None:
        """Each file keeps its cursor and scroll position while it is out of view."""
        if self._shown is not None:
            self._kept[self._shown] = (self.text.textCursor().position(), self.text.verticalScrollBar().value())
        self._place = min(max(place, 0), len(self.artifact.documents) - 1)
        document = self.artifact.documents[self._place]
        is_long = has_long_line(document)
        is_as_before = (self._pieces is not None and self._pieces.is_of(document)) if is_long else self._pieces is None
        if document is not self._shown or not is_as_before:
            self._shown = document
            before = self._pieces
            self._pieces = PiecedText(document, TEXT_MARGIN) if is_long else None
            shown = document if self._pieces is None else self._pieces.document
            self.text.highlighter.show(shown, None)
            self.text.show_code(document, self._file.language, self._pieces)
            self._show_foot()
            if before is not None:
                before.document.deleteLater()
            position, scroll = self._kept.get(document, (0, 0))
            position = min(position, shown.characterCount() - 1)
            self.text.select(position, position)
            self.text.verticalScrollBar().setValue(scroll)
        self.files.show_names([file.name for file in self.artifact.files], self._place)
        self._show_language()
        self.findings.prefer(document)
        self._show_findings()

    def add_file(self) -> None:
        """An empty file in the language of the one in view; its name can be typed at once."""
        from forgeapp.reading.languages import file_name

        language = self._file.language
        name = file_name(language or PLAIN, {file.name for file in self.artifact.files})
        content = self._content
        self._replace_files([*content.files, CodeFile(name, language, "")], tr("Add a file"))
        self.show_file(len(self.artifact.files) - 1)
        self.files.rename(self._place)

    def rename_file(self) -> None:
        self.files.rename(self._place)

    def delete_file(self, place: int | None = None) -> None:
        """One file always stays."""
        files = list(self._content.files)
        if len(files) > 1:
            del files[self._place if place is None else place]
            self._replace_files(files, tr("Delete a file"))

    def copy_file(self, place: int | None = None) -> None:
        """Beside itself, under a free name."""
        place = self._place if place is None else place
        files = list(self._content.files)
        name = _free_name(files[place].name, {file.name for file in files})
        files.insert(place + 1, replace(files[place], name=name))
        self._replace_files(files, tr("Duplicate a file"))
        self.show_file(place + 1)

    def move_file(self, place: int, to: int) -> None:
        """To another place among the files, where it stays in view."""
        files = list(self._content.files)
        files.insert(to, files.pop(place))
        self._replace_files(files, tr("Move a file"))
        self.show_file(to)

    def save_files(self) -> None:
        """The card under Export, with files in a folder as what is chosen."""
        from forgeapp.domain.export_request import FILES

        self._workbench.exports.formats[self.artifact.kind.value] = FILES
        self._workbench.export_wished.emit(self.artifact.id, None)

    def show_finding(self, placed: Placed) -> None:
        """Its file and place, selected."""
        document = placed.cursor.document()
        if document not in self.artifact.documents:
            return
        self.show_file(self.artifact.documents.index(document))
        if self._pieces is None:
            self.text.select(placed.cursor.selectionStart(), placed.cursor.selectionEnd())
            self.text.centerCursor()
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_finding(self, by: int) -> None:
        """The next one, or the one before, from the cursor on; behind the last file's comes the first file's."""
        documents = self.artifact.documents
        every = [
            ((number, placed.cursor.selectionStart()), placed)
            for number, document in enumerate(documents)
            for placed in self.findings.of(document)
        ]
        if not every:
            return
        here = (self._place, self.text.textCursor().selectionStart())
        if by > 0:
            found = next((placed for at, placed in every if at > here), every[0][1])
        else:
            found = next((placed for at, placed in reversed(every) if at < here), every[-1][1])
        self.show_finding(found)

    @property
    def _content(self) -> Code:
        content = self.artifact.content
        assert isinstance(content, Code)
        return content if content.files else replace(content, files=self.artifact.files)

    def _action(self, text: str, act, icon_name: str) -> QAction:  # type: ignore[no-untyped-def]
        from forgeapp.ui.icons import icon

        action = QAction(icon(icon_name), text, self)
        action.triggered.connect(lambda: act())
        return action

    def _lay_out(self) -> None:
        bar = Toolbar()
        bar.row.setContentsMargins(6, 0, 8, 1)
        bar.row.addWidget(self.files, 1)
        bar.row.addWidget(self.add_button)
        bar.row.addWidget(self.more_button)
        bar.row.addSpacing(4)
        bar.row.addWidget(self.language)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.find_bar)
        column.addWidget(self.go_to_line)
        column.addWidget(self.text, 1)
        column.addWidget(self.strip)
        column.addWidget(self._new_foot())

    def _new_foot(self) -> QWidget:
        self.foot = Label("", LABEL, role="ink_3", wrap=True)
        self.foot.setObjectName("code_foot")
        self._foot_row = QWidget()
        column = QVBoxLayout(self._foot_row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(HLine("line"))
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 8)
        row.addWidget(self.foot)
        column.addLayout(row)
        self._foot_row.hide()
        return self._foot_row

    def _show_foot(self) -> None:
        if self._pieces is not None:
            longest = number_text(self._pieces.longest)
            self.foot.setText(
                tr(
                    "A line of {count} characters is too long to be edited here: it is shown in pieces, read only.",
                    count=longest,
                )
            )
        self._foot_row.setVisible(self._pieces is not None)

    def _open_more(self) -> None:
        menu = Menu(self)
        menu.setObjectName("code_menu")
        menu.addActions(self._file_actions)
        menu.addSeparator()
        menu.addActions(self._look_actions)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height() + 2)))

    def _open_find(self, replacing: bool) -> None:
        self.go_to_line.hide()
        self.find_bar.open(replacing)

    def _open_go_to_line(self) -> None:
        if self.find_bar.isVisible():
            self.find_bar.close_bar()
        self.go_to_line.open()

    def _show_findings(self) -> None:
        documents = self.artifact.documents
        in_view = self.findings.of(documents[self._place])
        self.text.show_findings(in_view if self._pieces is None else ())
        every = [placed for document in documents for placed in self.findings.of(document)]
        self.strip.show_findings(every, names_files=len(documents) > 1)

    def _replace_files(self, files: list[CodeFile], label: str) -> None:
        self.artifact.replace(replace(self._content, files=tuple(files)), label)

    def _change_file(self, place: int, file: CodeFile, label: str) -> None:
        files = list(self._content.files)
        files[place] = file
        self._replace_files(files, label)

    def _show_language(self) -> None:
        language = self._file.language
        self.text.language = language
        shown = language or PLAIN
        self.language.set_choices([*choices(language), None, (_ALL, tr("All languages…"), None)], shown)
        self.language.setAccessibleName(tr("Language: {language}", language=self.language.text()))
        tell_obstacle(self._delete_action, "" if len(self.artifact.files) > 1 else tr("It is the only file"))
        if shown == PLAIN or shown in self._lexers:
            self._colour(shown, self._lexers.get(shown))
        else:
            self._workbench.jobs.run(
                lambda _cancel: load_lexer(shown), lambda lexer: self._colour(shown, lexer), lane=Lane.VIEWS
            )

    def _colour(self, language: str, lexer: LexLines | None) -> None:
        if not isValid(self):  # the tab was closed before the lexer came
            return
        self._lexers[language] = lexer
        if (self._file.language or PLAIN) == language and self._shown is not None and self._pieces is None:
            self.text.highlighter.show(self._shown, lexer)

    def _on_files_changed(self) -> None:
        """Other files, or the same under another name: the one in view stays in view where it is still there."""
        documents = self.artifact.documents
        for document in documents:
            if document not in self._followed:
                self._followed.add(document)
                document.contentsChange.connect(self._on_contents_change)
        self._kept = {document: kept for document, kept in self._kept.items() if document in documents}
        place = documents.index(self._shown) if self._shown in documents else self._place
        self.show_file(place)

    def _on_contents_change(self, position: int, _removed: int, added: int) -> None:
        document = self.sender()
        assert isinstance(document, QTextDocument)
        self._changed[document] = position + added
        if document is self._shown and (self._pieces is not None or has_long_line_at(document, position, added)):
            self._refit.start()

    def _on_stepped(self, again: bool) -> None:
        """What Undo and Redo do to a file that is not in view is shown."""
        changed, self._changed = self._changed, {}
        if not again or self._shown in changed:
            return
        for place, document in enumerate(self.artifact.documents):
            if document in changed:
                self.show_file(place)
                at = min(changed[document], self.text.document().characterCount() - 1)
                self.text.select(at, at)
                self.text.ensureCursorVisible()
                return

    def _on_renamed(self, place: int, name: str) -> None:
        from forgeapp.reading.languages import language_of_file

        file = self.artifact.files[place]
        taken = {other.name for number, other in enumerate(self.artifact.files) if number != place}
        name = _free_name(safe_name(name, file.name), taken)
        if name != file.name:
            same_ending = name.rpartition(".")[2] == file.name.rpartition(".")[2]
            language = file.language if same_ending else language_of_file(name) or file.language
            current = self._content.files[place]
            self._change_file(place, replace(current, name=name, language=language), tr("Rename a file"))
        self.files.show_names([file.name for file in self.artifact.files], self._place)

    def _on_language_chosen(self, language: str) -> None:
        if language == _ALL:
            self.language.set_value(self._file.language or PLAIN)
            self._open_language_search()
            return
        self._change_file(
            self._place,
            replace(self._content.files[self._place], language="" if language == PLAIN else language),
            tr("Change the language"),
        )

    def _open_language_search(self) -> None:
        from forgeapp.ui.artifact.code.language_search import LanguageSearch

        if self._search is None:
            self._search = LanguageSearch(self._workbench, self)
            self._search.chosen.connect(self._on_language_chosen)
        self._search.open_for(self.language)


def _free_name(name: str, taken: set[str]) -> str:
    """The name, numbered where another file has it."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    number = 2
    free = name
    while free in taken:
        free = f"{stem}{number}{dot}{ending}"
        number += 1
    return free
