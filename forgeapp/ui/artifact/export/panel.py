"""The card under the Export button: which format with which options, a look at the file, what name, where to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.domain.export_options import ExportOptions, honoured
from forgeapp.ui.artifact.export.chips import FormatChips
from forgeapp.ui.artifact.export.formats import Choice
from forgeapp.ui.artifact.export.options import OptionsBox
from forgeapp.ui.artifact.export.place import PlaceFields
from forgeapp.ui.artifact.export.preview import ExportPreview
from forgeapp.ui.artifact.export.subject import ArtifactToExport, Subject
from forgeapp.ui.chat.marks import MarkedLine
from forgeapp.ui.controls import Button, Label, Popover
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_CHOICES: Final = 400
_PREVIEW: Final = (380, 560)
"""The least and the greatest width of the preview."""
_HEIGHT: Final = (440, 640)
"""The least and the greatest height of the card with it."""
_AROUND: Final = 24 + 24
"""The card's margins and shadow, both sides."""
_GAP: Final = 16


class ExportPanel(Popover):
    """Open it with `open_for`. Enter exports, Esc closes; a name typed by hand is kept when the format changes."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_panel")
        self.setAccessibleName(tr("Export"))
        self._workbench = workbench
        self._subject: Subject | None = None
        self._anchor: QWidget | None = None
        self._wants_provenance = False
        self._is_wished = False
        """Whether it is to begin as soon as it is known that nothing is replaced."""
        workbench.artifacts.closed.connect(self._on_artifact_closed)
        self._build()

    def _build(self) -> None:
        self.formats = FormatChips()
        self.formats.chosen.connect(self._show_choice)
        self.options = OptionsBox()
        self.options.changed.connect(self._on_options_changed)
        self.place = PlaceFields(self._workbench)
        self.name = self.place.name
        self.place.typed.connect(self._on_name_typed)
        self.place.folder_wished.connect(self._on_change_clicked)
        self.place.looked.connect(self._on_looked)
        self.warning = MarkedLine("triangle-alert", "", "warn", wrap=True)
        self.warning.setObjectName("export_warning")
        self.start = Button(tr("Export"), "download", "primary")
        self.start.setObjectName("export_start")
        self.start.clicked.connect(self.export)
        self.preview = ExportPreview(self._workbench)
        self.preview.warned.connect(self._show_remarks)
        self.refusal = MarkedLine("triangle-alert", "", "bad", wrap=True)
        self.refusal.setObjectName("export_refusal")
        self.refusal.hide()
        self.remarks = MarkedLine("info", "", "ink_2", wrap=True)
        self.remarks.setObjectName("export_remarks")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.warning, 1)
        foot.addWidget(self.start, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
        self._title = Label(tr("Export as"), LABEL, 500, "ink_2")
        choices = QVBoxLayout()
        choices.setSpacing(8)
        choices.addWidget(self._title)
        choices.addWidget(self.formats)
        choices.addSpacing(8)
        choices.addWidget(self.options)
        choices.addStretch(1)
        choices.addSpacing(8)
        choices.addWidget(self.place)
        choices.addSpacing(4)
        choices.addLayout(foot)
        self._choices = QWidget()
        self._choices.setLayout(choices)
        choices.setContentsMargins(0, 0, 0, 0)
        self._seen = QWidget()
        seen = QVBoxLayout(self._seen)
        seen.setContentsMargins(0, 0, 0, 0)
        seen.setSpacing(8)
        seen.addWidget(self.preview, 1)
        seen.addWidget(self.refusal)
        seen.addWidget(self.remarks)
        both = QHBoxLayout()
        both.setSpacing(_GAP)
        both.addWidget(self._choices)
        both.addWidget(self._seen, 1)
        self.content.addLayout(both)

    @property
    def target(self) -> Path | None:
        """The file that would be written, or the folder of files; None without a name."""
        return self.place.target

    def open_for(
        self,
        artifact: OpenArtifact,
        anchor: QWidget,
        file_format: Format | None = None,
        version: StoredVersion | None = None,
        has_provenance: bool | None = None,
    ) -> None:
        """Shows the card for an artifact: in this format, else in the one its kind went into last.

        `version`: an older one. `has_provenance` None: as its kind was exported last.
        """
        self.open_subject(ArtifactToExport(artifact, version), anchor, file_format, bool(has_provenance))

    def open_subject(
        self, subject: Subject, anchor: QWidget, file_format: Format | None = None, wants_provenance: bool = False
    ) -> None:
        self._subject, self._anchor = subject, anchor
        self._wants_provenance = wants_provenance
        offered = subject.choices()
        wanted = file_format.value if file_format is not None else self._workbench.exports.formats.get(subject.key)
        if wants_provenance:
            able = [one for one in offered if "provenance" in honoured(subject.kind, one.format)]
            wanted = wanted if wanted in [one.key for one in able] else able[0].key if able else wanted
        self._title.setText(tr("Export as") if subject.kind is not None else tr("Export all of the conversation as"))
        self.place.clear()
        self._is_wished = False
        self.warning.hide()
        self.formats.show_choices(offered, next((one for one in offered if one.key == wanted), offered[0]))
        self._show_choice()
        self._show()

    def export(self) -> None:
        """Begins the export and closes; nothing without a name. What stands there already is looked for first, and a
        folder that was typed and is not there is made.
        """
        subject, target = self._subject, self.target
        self._is_wished = not self.place.is_known
        if subject is None or target is None or self._is_wished or not self.start.isEnabled():
            return
        if self.place.found == "new folder":
            self._is_wished = True
            self.place.make_folder()
            return
        choice, options = self.formats.choice, self.options.options
        self._workbench.exports.remember(subject.key, choice.key, options)
        # What the warning says is agreed to with the button.
        may_replace = self.place.standing
        self.close()
        subject.start(self._workbench, choice, target, self._honoured(choice, options), may_replace)

    def _honoured(self, choice: Choice, options: ExportOptions) -> ExportOptions:
        """Without what was chosen for other formats."""
        assert self._subject is not None
        names = honoured(self._subject.kind, choice.format)
        return ExportOptions(**{name: getattr(options, name) for name in names})

    def _show_choice(self, keeps_name: bool = False) -> None:
        """What belongs to the format: its options, a name, a look at the file."""
        subject, choice = self._subject, self.formats.choice
        if subject is None:
            return
        options = self._workbench.exports.options_for(subject.key, choice.key)
        names = honoured(subject.kind, choice.format)
        self.options.show_options(replace(options, provenance=options.provenance or self._wants_provenance), names)
        if not keeps_name:
            self.place.show_choice(subject.title, choice, subject.content, self.formats.offered)
        self._word_start()
        self._look()

    def _show(self) -> None:
        assert self._anchor is not None
        self._fit()
        self.open_under(self._anchor, align_right=True)
        self.place.name.setFocus(Qt.FocusReason.PopupFocusReason)
        self._look()

    def _fit(self) -> None:
        """The preview folds away where the window has no room for it."""
        assert self._anchor is not None
        window = self._anchor.window().size()
        choices, least, most = px(_CHOICES), px(_PREVIEW[0]), px(_PREVIEW[1])
        room = min(window.width() - 2 * 16 - choices - _GAP - _AROUND, most)
        has_preview = room >= least and window.height() >= px(_HEIGHT[0]) + 80
        self._seen.setVisible(has_preview)
        self._choices.setFixedWidth(choices)
        self.setFixedWidth(choices + _AROUND + (room + _GAP if has_preview else 0))
        height = min(max(window.height() - 160, px(_HEIGHT[0])), px(_HEIGHT[1]))
        self.setMinimumHeight(height if has_preview else 0)

    def _look(self) -> None:
        subject, choice = self._subject, self.formats.choice
        if subject is None or not self.isVisible() or self._seen.isHidden():
            return
        self.remarks.hide()
        self.refusal.hide()
        self.preview.look_at(subject.look(choice, self._honoured(choice, self.options.options)), choice.format)

    def _show_remarks(self) -> None:
        """The first things the export will warn of; the tooltip has all."""
        differences, warnings = self.preview.differences, self.preview.warnings
        self.refusal.setVisible(bool(differences))
        if differences:
            told = tr(
                "The file would differ, and be written only if you keep it anyway: {difference}",
                difference=differences[0],
            )
            self.refusal.label.setText(told)
            self.refusal.setToolTip(plain_tooltip("\n".join(differences[:_TOLD])))
        shown = list(warnings[:_REMARKS])
        if len(warnings) > _REMARKS:
            shown.append(tr("and {count} more", count=number_text(len(warnings) - _REMARKS)))
        self.remarks.label.setText("\n".join(shown))
        self.remarks.setToolTip(plain_tooltip("\n".join(warnings[:_TOLD])))
        self.remarks.setAccessibleName("\n".join(shown))
        self.remarks.setVisible(bool(warnings))

    def _on_looked(self) -> None:
        words = {
            "file": tr("Replaces the file that is there"),
            "files": tr("Replaces files that are there"),
            "folder": tr("A folder has this name"),
            "no folder": tr("A file has this name"),
            "nowhere": tr("There is no such folder, and it cannot be made"),
            "new folder": tr("Makes the folder {name}", name=_shortened(self.place.new_folder)),
        }.get(self.place.found, "")
        if not words and self.place.other_name:
            words = tr("Will be called {name}", name=_shortened(self.place.other_name))
        self.warning.label.setText(words)
        self.warning.setVisible(bool(words))
        self._word_start()
        is_wished, self._is_wished = self._is_wished, False
        if is_wished and not self.place.found:
            self.export()

    def _word_start(self) -> None:
        choice = self.formats.choice
        words = tr("Save the files") if choice.is_folder else tr("Export {format}", format=choice.name)
        self.start.set_text(words)
        self.start.setEnabled(self.target is not None and self.place.found not in _IN_THE_WAY)

    def _on_options_changed(self) -> None:
        subject, options = self._subject, self.options.options
        self._wants_provenance = self._wants_provenance and options.provenance
        if subject is not None:
            self._workbench.exports.options[f"{subject.key}.{self.formats.choice.key}"] = options
        self._look()

    def _on_name_typed(self, text: str) -> None:
        """An extension that is typed is a choice, too."""
        self._is_wished = False
        extension = PurePath(text).suffix.lstrip(".").casefold()
        meant = next((one for one in self.formats.offered if extension and one.takes(extension)), None)
        if meant is not None and meant is not self.formats.choice:
            self.formats.choose(meant)
            self.place.take_choice(meant)
            self._show_choice(keeps_name=True)
        self._word_start()

    def _on_change_clicked(self) -> None:
        """The card gives way to the system's dialog, and comes back with what stood in it."""
        before, subject = self.place.folder, self._subject
        self.hide()
        window = self._anchor.window() if self._anchor is not None else None
        chosen = QFileDialog.getExistingDirectory(window, tr("Export to"), str(before or ""))
        self._subject = subject
        if subject is None:
            return
        if chosen:
            self._workbench.exports.folder = Path(chosen)
            self.place.use_folder(Path(chosen))
        self._show()
        self.place.propose(subject.title)

    def _on_artifact_closed(self, artifact: int) -> None:
        subject = self._subject
        if isinstance(subject, ArtifactToExport) and subject.tab.id == artifact:
            self._subject = None
            self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.preview.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.export()
            return
        super().keyPressEvent(event)


def _shortened(name: str) -> str:
    """Its beginning and its end, where it is long."""
    return name if len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS // 2]}…{name[-_NAME_CHARS // 2 :]}"


_NAME_CHARS: Final = 60
_IN_THE_WAY: Final = ("folder", "no folder", "nowhere")
"""What a file cannot go to."""
_REMARKS: Final = 3
_TOLD: Final = 20
"""So many remarks stand below the preview, and in its tooltip."""
