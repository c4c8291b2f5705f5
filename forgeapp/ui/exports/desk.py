"""What the commands about exports do: the list, a quick export, a whole conversation, copies."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from forgeapp.domain.export_options import ExportOptions, honoured
from forgeapp.ui.jobs import Lane
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.copying import TABULAR
from forgeapp.ui.workbench.places import free_path, is_folder

if TYPE_CHECKING:
    from forgeapp.domain.export_request import ExportRequest
    from forgeapp.services.exporting.copying import CopyForm
    from forgeapp.ui.artifact.export.formats import Choice
    from forgeapp.ui.artifact.export.panel import ExportPanel
    from forgeapp.ui.exports.archiving import Archiving
    from forgeapp.ui.main_window import MainWindow
    from forgeapp.ui.workbench.copying import Part
    from forgeapp.ui.workbench.open_artifact import OpenArtifact


class ExportDesk(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._workbench = window.workbench
        self._workbench.exports.conversation_wished.connect(self.export_conversation)

    @cached_property
    def panel(self) -> ExportPanel:
        """Of a conversation; that of the artifact is its pane's."""
        from forgeapp.ui.artifact.export.panel import ExportPanel

        return ExportPanel(self._workbench, self._window)

    @cached_property
    def archiving(self) -> Archiving:
        from forgeapp.ui.exports.archiving import Archiving

        return Archiving(self._window)

    def show_list(self) -> None:
        self._window.status_bar.exports.open_list()

    @property
    def conversation(self) -> int | None:
        """The one in view, else the one the active artifact was made in."""
        chat, tab = self._workbench.chat, self._workbench.artifacts.active
        if chat.conversation is not None:
            return chat.conversation
        return tab.conversation if tab is not None else None

    def export_conversation(self, conversation: int | None = None, title: str = "") -> None:
        """With the replies that are shown; None: see `conversation`."""
        from forgeapp.ui.artifact.export.subject import ConversationToExport

        if conversation is None:
            conversation = self.conversation
        if conversation is None:
            return
        chats = self._workbench.conversations.chats
        chat = next((chat for chat in chats if chat.conversation == conversation), None)
        shown = chat.shown_replies if chat is not None else ()
        rows = self._workbench.conversations.all_rows
        title = title or next((row.title for row in rows if row.id == conversation), "") or tr("Conversation")
        subject = ConversationToExport(conversation, title, shown)
        self.panel.open_subject(subject, self._window.top_bar.search)

    def quick_export(self) -> None:
        """The active artifact once more as the last time: there, under that name, in that format, unasked.

        What stands there is replaced only where it is still what that export left; else the new one goes beside it. One
        that was never exported goes into the folder of quick exports.
        """
        tab, services = self._workbench.artifacts.active, self._workbench.services
        if tab is None or services is None:
            return
        self._window.artifact_pane.finish_editing()
        exports, artifact, content = services.exports, tab.id, tab.content

        def go(earlier: ExportRequest | None) -> None:
            if earlier is None:
                self._export_first(tab)
            else:
                self._repeat(tab, earlier)

        self._workbench.jobs.run(lambda _cancel: exports.earlier(artifact, content), go, lane=Lane.VIEWS)

    def _repeat(self, tab: OpenArtifact, earlier: ExportRequest) -> None:
        self._workbench.exports.start(
            tab,
            earlier.target,
            options=earlier.options,
            is_folder=earlier.is_folder,
            may_replace=earlier.may_replace or (),
            is_quick=True,
        )

    def _export_first(self, tab: OpenArtifact) -> None:
        folder = self._workbench.exports.quick_folder
        if folder is None:
            self._ask_and_export(tab)
            return

        def found(is_there: bool) -> None:
            if is_there:
                self._export_into(folder, tab)
            else:
                # It has gone, or lies on a disk that is not there.
                self._ask_and_export(tab)

        self._workbench.jobs.run(lambda _cancel: is_folder(folder), found, lane=Lane.VIEWS)

    def _ask_and_export(self, tab: OpenArtifact) -> None:
        folder = self.choose_quick_folder()
        if folder is not None:
            self._export_into(folder, tab)

    def _export_into(self, folder: Path, tab: OpenArtifact) -> None:
        from forgeapp.ui.artifact.export.subject import ArtifactToExport

        exports, subject = self._workbench.exports, ArtifactToExport(tab)
        offered = subject.choices()
        choice = next((one for one in offered if one.key == exports.formats.get(subject.key)), offered[0])
        chosen = exports.options_for(subject.key, choice.key)
        options = ExportOptions(**{name: getattr(chosen, name) for name in honoured(tab.kind, choice.format)})

        def start(target: Path) -> None:
            exports.start(tab, target, options=options, is_folder=choice.is_folder, is_quick=True)

        self._begin_under_free_name(folder, _stem(choice) or tab.title, choice.extension, start)

    def _begin_under_free_name(self, folder: Path, title: str, extension: str, start: Callable[[Path], None]) -> None:
        taken = self._workbench.exports.targets

        def begin(target: Path) -> None:
            if target in self._workbench.exports.targets:
                # Another one was begun while a name was looked for.
                self._begin_under_free_name(folder, title, extension, start)
            else:
                start(target)

        self._workbench.jobs.run(lambda _cancel: free_path(folder, title, extension, taken), begin, lane=Lane.VIEWS)

    def choose_quick_folder(self) -> Path | None:
        """None where the user changed his mind; then it stays the one it was."""
        exports = self._workbench.exports
        before = exports.quick_folder or exports.folder
        chosen = QFileDialog.getExistingDirectory(self._window, tr("Quick exports go to"), str(before or ""))
        if not chosen:
            return None
        exports.set_quick_folder(Path(chosen))
        return Path(chosen)

    def copy(self, form: CopyForm) -> None:
        """What is selected in the editor in view, else all of the active artifact."""
        pane = self._window.artifact_pane
        pane.finish_editing()
        self._copy(form, pane.page.selection_for_copying() if pane.page is not None else None)

    def copy_all(self, form: CopyForm) -> None:
        """All of the active artifact, whatever is selected."""
        self._window.artifact_pane.finish_editing()
        self._copy(form, None)

    def _copy(self, form: CopyForm, part: Part | None) -> None:
        tab = self._workbench.artifacts.active
        if tab is not None:
            self._workbench.copying.copy(tab, form, part)

    @property
    def can_copy_table(self) -> bool:
        tab = self._workbench.artifacts.active
        return tab is not None and tab.kind in TABULAR


def _stem(choice: Choice) -> str:
    """Of code's own file."""
    return Path(choice.file_name).name.removesuffix(f".{choice.extension}") if choice.file_name else ""
