"""Where a file goes: its name, its folder, and what stands there already."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.filenames import safe_name
from forgeapp.domain.standing import Standing
from forgeapp.ui.artifact.export.formats import Choice
from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.controls import Button, ElidedLabel, Label
from forgeapp.ui.jobs import Job, Lane
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr
from forgeapp.ui.workbench.places import is_folder, shown_folder

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.ui.workbench import Workbench

_LOOK_AFTER_MS: Final = 120
_SEPARATORS: Final = "".join({"/", os.sep})


class PlaceFields(QWidget):
    """`typed(str)`: a name by hand, which is kept when the format changes; `folder_wished`; `looked`: `found` is known.

    A name with a separator in it is a path: from the root, from the home folder, or from the folder that is shown.
    `found`: what stands at the target: '' nothing, 'file', 'files' (of code, in the folder), 'folder', 'no folder';
    'new folder': the one that was typed is not there, but can be made; 'nowhere': it cannot.
    `standing`: the very files that were found. `is_known`: it is of the name as it stands.
    """

    typed = Signal(str)
    folder_wished = Signal()
    looked = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.folder: Path | None = None
        self.found = ""
        self.standing: Standing = ()
        self._is_typed = False
        self._choice: Choice | None = None
        self._content: Content | None = None
        self._proposal = 0
        self._look: Job | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LOOK_AFTER_MS)
        self._later.timeout.connect(self._look_for_file)
        self._label = Label(tr("File name"), LABEL, 500, "ink_2")
        self.name = QLineEdit()
        self.name.setObjectName("export_name")
        self.name.textEdited.connect(self._on_edited)
        self._shown_folder = ElidedLabel("", LABEL, role="ink_2", mode=Qt.TextElideMode.ElideLeft)
        self._shown_folder.setObjectName("export_folder_shown")
        self._shown_folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.change = Button(tr("Change…"), kind="quiet", small=True)
        self.change.setObjectName("export_folder")
        self.change.setAccessibleName(tr("Choose another folder"))
        self.change.clicked.connect(self.folder_wished)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Mark("folder", side=14))
        row.addWidget(self._shown_folder, 1)
        row.addWidget(self.change)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._label)
        column.addWidget(self.name)
        column.addLayout(row)

    @property
    def is_known(self) -> bool:
        return self._look is None and not self._later.isActive()

    @property
    def target(self) -> Path | None:
        """The file that would be written, or the folder of files; None without a name."""
        name = self.name.text().strip()
        if self._choice is not None and self._choice.is_folder:
            name = name.rstrip(_SEPARATORS)
        if self.folder is None or not name or self._choice is None or name.endswith(tuple(_SEPARATORS)):
            return None
        typed = Path(self._with_ending(name))
        if is_in_home(name):
            typed = typed.expanduser()
        return self.folder / typed.parent / safe_name(typed.name)

    @property
    def other_name(self) -> str:
        """What the file will be called, where that is not what was typed: not every system takes every name."""
        target, name = self.target, self._with_ending(self.name.text().strip().rstrip(_SEPARATORS))
        return target.name if target is not None and target.name != Path(name).name else ""

    @property
    def new_folder(self) -> str:
        """What is to be made of the folder that was typed, for a person to read."""
        target = self.target
        if target is None or self.folder is None:
            return ""
        parent = target.parent
        return str(parent.relative_to(self.folder)) if parent.is_relative_to(self.folder) else shown_folder(parent)

    def _with_ending(self, name: str) -> str:
        choice = self._choice
        if choice is None or not choice.extension or choice.takes(_ending_of(name)):
            return name
        return f"{name}.{choice.extension}"

    def make_folder(self) -> None:
        """The one that was typed; then what stands there is looked for again. Where it cannot be made, 'nowhere'."""
        target = self.target
        if target is None:
            return

        def make(_cancel: object) -> bool:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
            except (OSError, ValueError):
                return False
            return True

        def show(is_made: bool) -> None:
            if target == self.target:
                self._on_looked("" if is_made else "nowhere")

        self._look = self._workbench.jobs.run(make, show, lane=Lane.VIEWS)

    def clear(self) -> None:
        """Before another subject: nothing is proposed yet."""
        self._is_typed = False
        self._later.stop()
        if self._look is not None:
            self._look.drop()
            self._look = None
        self.name.clear()
        self._shown_folder.setText("")
        self.folder, self.found, self.standing = None, "", ()

    def show_choice(self, title: str, choice: Choice, content: Content | None, offered: Sequence[Choice]) -> None:
        """Proposes a free name, or gives the one typed by hand another ending, where it has one of those `offered`."""
        self._choice, self._content = choice, content if choice.is_folder else None
        words = tr("Name of the folder") if choice.is_folder else tr("File name")
        self._label.setText(words)
        self.name.setAccessibleName(words)
        if not self._is_typed:
            self.propose(title)
            return
        name = self.name.text().strip()
        stem, _, ending = name.rpartition(".")
        has_ending = any(one.extension and one.takes(ending.casefold()) for one in offered)
        stem = stem if stem and has_ending else name
        self.name.setText(f"{stem}.{choice.extension}" if choice.extension else stem)
        self._look_for_file()

    def propose(self, title: str) -> None:
        """A free name in the folder; of several questions only the last one's answer counts."""
        choice = self._choice
        if choice is None:
            return
        self._proposal += 1
        number = self._proposal

        def show(path: Path) -> None:
            if number != self._proposal:
                return
            self.folder = path.parent
            if not self._is_typed:
                self.name.setText(path.name)
                self.name.setSelection(0, len(path.stem))
                self._show_folder()
                self._on_looked("")
            else:
                self._show_folder()
                self._look_for_file()

        stem = PurePath(choice.file_name).name.removesuffix(f".{choice.extension}") if choice.file_name else title
        self._workbench.exports.propose(stem, choice.extension, show)

    def use_folder(self, folder: Path) -> None:
        self.folder = folder
        self._show_folder()

    def _show_folder(self) -> None:
        """The one the file goes to, as the name says it, too."""
        target = self.target
        folder = target.parent if target is not None else self.folder
        self._shown_folder.setText(shown_folder(folder) if folder is not None else "")

    def take_choice(self, choice: Choice) -> None:
        """The ending that was typed is the choice."""
        self._choice = choice

    def _on_edited(self, text: str) -> None:
        self._is_typed = bool(text.strip())
        self.typed.emit(text.strip())
        self._show_folder()
        self._later.start()

    def _look_for_file(self) -> None:
        """Off this thread: a folder may lie in a network that is slow."""
        self._later.stop()
        if self._look is not None:
            self._look.drop()
        target, content = self.target, self._content
        if target is None:
            self._on_looked("")
            return

        def look(_cancel: object) -> tuple[str, Standing]:
            try:
                if not is_folder(target.parent):
                    return "new folder" if _can_be_made(target.parent) else "nowhere", ()
                return _found_for_files(content, target) if content is not None else _found_for_file(target)
            except OSError:
                return "", ()

        self._look = self._workbench.jobs.run(look, lambda found: self._on_looked(*found), lane=Lane.VIEWS)

    def _on_looked(self, found: str, standing: Standing = ()) -> None:
        self._look = None
        self.found, self.standing = found, standing
        self.looked.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._later.stop()


def _ending_of(name: str) -> str:
    return PurePath(name).suffix.lstrip(".").casefold()


def is_in_home(name: str) -> bool:
    """Whether the path that was typed begins at the home folder."""
    return name.startswith(tuple(f"~{separator}" for separator in _SEPARATORS))


def _can_be_made(folder: Path) -> bool:
    """Whether what is there of its path are folders. Asks the disk."""
    there = next((above for above in folder.parents if os.path.lexists(above)), None)
    return not os.path.lexists(folder) and there is not None and is_folder(there)


def _found_for_file(target: Path) -> tuple[str, Standing]:
    """What stands there, as a word and as it may be replaced. Asks the disk."""
    from forgeapp.services.exporting.destinations import standing_at_target

    if target.is_dir():
        return "folder", ()
    # Looked at first: what changes between the two is not what the user is told of.
    standing = standing_at_target(target)
    return ("file" if os.path.lexists(target) else ""), standing


def _found_for_files(content: Content, folder: Path) -> tuple[str, Standing]:
    """What stands where code's files are to go, as `_found_for_file`."""
    from forgeapp.domain.code import Code
    from forgeapp.services.exporting.saving_files import files_in_the_way, files_standing

    if folder.exists() and not folder.is_dir():
        return "no folder", ()
    if not isinstance(content, Code):
        return "", ()
    standing = files_standing(content, folder)
    return ("files" if files_in_the_way(content, folder) else ""), standing
