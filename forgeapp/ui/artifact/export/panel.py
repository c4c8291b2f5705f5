"""The card under the Export button: which format, what name, where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QGridLayout, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.export_options import honoured
from forgeapp.domain.filenames import safe_name
from forgeapp.ui.artifact.export.formats import Choice, choices
from forgeapp.ui.chat.marks import Mark, MarkedLine
from forgeapp.ui.controls import Button, ElidedLabel, Label, Popover
from forgeapp.ui.controls.painting import PaintedButton, advance, draw_ring, fill_round
from forgeapp.ui.jobs import Job, Lane
from forgeapp.ui.theme import CAPTION, LABEL, RADIUS, color, font, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_WIDTH: Final = 440
_COLUMNS: Final = 4
_LOOK_AFTER_MS: Final = 120


class ExportPanel(Popover):
    """Open it with `open_for`. Enter exports, Esc closes; a name typed by hand is kept when the format changes."""

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_panel")
        self.setAccessibleName(tr("Export"))
        self._workbench = workbench
        self._artifact: OpenArtifact | None = None
        self._version: StoredVersion | None = None
        """An older version that is to be written; None: the newest."""
        self._anchor: QWidget | None = None
        self._folder: Path | None = None
        self._is_typed = False
        self._proposal = 0
        self._look: Job | None = None
        self._look_timer = QTimer(self)
        self._look_timer.setSingleShot(True)
        self._look_timer.setInterval(_LOOK_AFTER_MS)
        self._look_timer.timeout.connect(self._look_for_file)
        workbench.artifacts.closed.connect(self._on_artifact_closed)
        self._build()

    def _build(self) -> None:
        self.formats = FormatChips()
        self.formats.chosen.connect(self._on_format_chosen)
        self.name = QLineEdit()
        self.name.setObjectName("export_name")
        self.name.setAccessibleName(tr("File name"))
        self.name.textEdited.connect(self._on_name_edited)
        self.folder = ElidedLabel("", LABEL, role="ink_2", mode=Qt.TextElideMode.ElideLeft)
        self.folder.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.change = Button(tr("Change…"), kind="quiet", small=True)
        self.change.setObjectName("export_folder")
        self.change.setAccessibleName(tr("Choose another folder"))
        self.change.clicked.connect(self._on_change_clicked)
        self.warning = MarkedLine("triangle-alert", "", "warn")
        self.warning.setObjectName("export_warning")
        keeps_place = self.warning.sizePolicy()
        keeps_place.setRetainSizeWhenHidden(True)
        self.warning.setSizePolicy(keeps_place)
        self.provenance = QCheckBox(tr("Add a page on where it comes from"))
        self.provenance.setObjectName("export_provenance")
        self.provenance.setAccessibleName(tr("Add a page on where it comes from"))
        self.start = Button(tr("Export"), "download", "primary")
        self.start.setObjectName("export_start")
        self.start.clicked.connect(self.export)
        folder_row = QHBoxLayout()
        folder_row.setSpacing(8)
        folder_row.addWidget(Mark("folder", side=14))
        folder_row.addWidget(self.folder, 1)
        folder_row.addWidget(self.change)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.warning, 1)
        foot.addWidget(self.start)
        self.content.addWidget(Label(tr("Export as"), LABEL, 500, "ink_2"))
        self.content.addWidget(self.formats)
        self.content.addSpacing(4)
        self._name_label = Label(tr("File name"), LABEL, 500, "ink_2")
        self.content.addWidget(self._name_label)
        self.content.addWidget(self.name)
        self.content.addLayout(folder_row)
        self.content.addWidget(self.provenance)
        self.content.addSpacing(4)
        self.content.addLayout(foot)

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
        self._artifact, self._anchor, self._is_typed = artifact, anchor, False
        self._version = version
        was_added = artifact.kind.value in self._workbench.exports.with_provenance
        self.provenance.setChecked(was_added if has_provenance is None else has_provenance)
        offered = choices(artifact.kind, version.content if version is not None else artifact.content)
        last = self._workbench.exports.formats.get(artifact.kind.value)
        wanted = file_format.value if file_format is not None else last
        if has_provenance and wanted is not None and not can_append(wanted):
            wanted = None
        self.formats.show_choices(offered, next((one for one in offered if one.key == wanted), offered[0]))
        self.name.clear()
        self.folder.setText("")
        self.warning.hide()
        self._word_start()
        self._show()
        self._propose()

    def export(self) -> None:
        """Begins the export and closes; nothing without a name."""
        artifact, target = self._artifact, self.target
        if artifact is None or target is None or not self.start.isEnabled():
            return
        choice = self.formats.choice
        exports = self._workbench.exports
        exports.formats[artifact.kind.value], kinds = choice.key, exports.with_provenance
        number = self._version.number if self._version is not None else None
        has_provenance = self.provenance.isChecked() and self.provenance.isEnabled()
        (kinds.add if self.provenance.isChecked() else kinds.discard)(artifact.kind.value)
        # What the warning says is agreed to with the button.
        replaces = self.warning.isVisible()
        self.close()
        if choice.is_folder:
            exports.save_files(artifact, target, replaces, number)
        else:
            exports.start(artifact, target, number, has_provenance)

    @property
    def target(self) -> Path | None:
        """The file that would be written, or the folder of files; None without a name."""
        name = self.name.text().strip()
        if self._folder is None or not name:
            return None
        extension = self.formats.choice.extension
        if PurePath(name).suffix.lstrip(".").casefold() != extension and extension:
            name = f"{name}.{extension}"
        folder, _, last = name.rpartition("/")
        if name.startswith(("/", "~/")) and Path(f"{folder}/").expanduser().is_dir():
            # A whole path was typed.
            return Path(f"{folder}/").expanduser() / safe_name(last)
        return self._folder / safe_name(name)

    def _content(self) -> Content | None:
        """Of what is to be written."""
        if self._version is not None:
            return self._version.content
        return self._artifact.content if self._artifact is not None else None

    def _show(self) -> None:
        assert self._anchor is not None
        self.setFixedWidth(px(_WIDTH) + 24)
        self.open_under(self._anchor, align_right=True)
        self.name.setFocus(Qt.FocusReason.PopupFocusReason)

    def _propose(self) -> None:
        """A free name in the folder; of several questions only the last one's answer counts."""
        artifact, choice = self._artifact, self.formats.choice
        if artifact is None:
            return
        self._proposal += 1
        number = self._proposal

        def show(path: Path) -> None:
            if number != self._proposal or self._artifact is None:
                return
            self._folder = path.parent
            self.folder.setText(_shown(path.parent))
            if not self._is_typed:
                self.name.setText(path.name)
                self.name.setSelection(0, len(path.stem))
            self._word_start()
            self._look_for_file()

        def show_own(path: Path) -> None:
            own = path.with_name(safe_name(choice.file_name or path.name))
            self._workbench.jobs.run(lambda _cancel: free_path(own), show, lane=Lane.VIEWS)

        def show_folder(path: Path) -> None:
            folder = path.with_name(path.stem)
            self._workbench.jobs.run(lambda _cancel: free_path(folder), show, lane=Lane.VIEWS)

        named = show_folder if choice.is_folder else show if choice.file_name is None else show_own
        self._workbench.exports.propose(artifact, choice.format, named)

    def _look_for_file(self) -> None:
        """Off this thread: a folder may lie in a network that is slow."""
        if self._look is not None:
            self._look.drop()
        target = self.target
        if target is None:
            self.warning.hide()
            return

        content = self._content() if self._artifact is not None and self.formats.choice.is_folder else None

        def look(_cancel: object) -> str:
            try:
                if content is not None:
                    return _found_for_files(content, target)
                return "folder" if target.is_dir() else "file" if target.exists() else ""
            except OSError:
                return ""

        self._look = self._workbench.jobs.run(look, self._on_looked, lane=Lane.VIEWS)

    def _on_looked(self, found: str) -> None:
        self._look = None
        words = {
            "file": tr("Replaces the file that is there"),
            "files": tr("Replaces files that are there"),
            "folder": tr("A folder has this name"),
            "no folder": tr("A file has this name"),
        }.get(found, "")
        self.warning.label.setText(words)
        self.warning.setVisible(bool(words))
        self._word_start(is_blocked=found in ("folder", "no folder"))

    def _word_start(self, is_blocked: bool = False) -> None:
        is_folder = self.formats.choice.is_folder
        words = tr("Save the files") if is_folder else tr("Export {format}", format=self.formats.choice.name)
        self.start.set_text(words)
        name = tr("Name of the folder") if is_folder else tr("File name")
        self._name_label.setText(name)
        has_room = can_append(self.formats.choice.key) and not is_folder
        self.provenance.setEnabled(has_room)
        self.provenance.setToolTip("" if has_room else tr("Not in this format"))
        self.name.setAccessibleName(name)
        self.start.setEnabled(self.target is not None and not is_blocked)

    def _on_format_chosen(self) -> None:
        if self._is_typed:
            extension, name = self.formats.choice.extension, self.name.text().strip()
            known = {one.extension for one in self.formats.offered if one.extension}
            stem, _, ending = name.rpartition(".")
            stem = stem if stem and ending.casefold() in known else name
            self.name.setText(f"{stem}.{extension}" if extension else stem)
            self._word_start()
            self._look_for_file()
        else:
            self._propose()
        self._word_start()

    def _on_name_edited(self, text: str) -> None:
        """An extension that is typed is a choice, too."""
        self._is_typed = bool(text.strip())
        extension = PurePath(text.strip()).suffix.lstrip(".").casefold()
        meant = next((one for one in self.formats.offered if extension and one.extension == extension), None)
        if meant is not None:
            self.formats.choose(meant)
        self._word_start()
        self._look_timer.start()

    def _on_change_clicked(self) -> None:
        """The card gives way to the system's dialog, and comes back with what stood in it."""
        before = self._folder
        self.hide()
        window = self._anchor.window() if self._anchor is not None else None
        chosen = QFileDialog.getExistingDirectory(window, tr("Export to"), str(before or ""))
        if self._artifact is None:
            return
        if chosen:
            self._workbench.exports.folder = self._folder = Path(chosen)
            self.folder.setText(_shown(self._folder))
        self._show()
        self._propose()

    def _on_artifact_closed(self, artifact: int) -> None:
        if self._artifact is not None and self._artifact.id == artifact:
            self._artifact = None
            self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look_timer.stop()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.export()
            return
        super().keyPressEvent(event)


class FormatChips(QWidget):
    """The formats in rows; arrow keys move the choice, as they do in a group of radio buttons."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_formats")
        self.setAccessibleName(tr("Format"))
        self.offered: list[Choice] = []
        self._chips: list[FormatChip] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(6)
        for column in range(_COLUMNS):
            self._grid.setColumnStretch(column, 1)
        self._place = 0

    @property
    def choice(self) -> Choice:
        return self.offered[self._place]

    def show_choices(self, offered: Sequence[Choice], chosen: Choice) -> None:
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self.offered, self._chips = list(offered), []
        for number, choice in enumerate(offered):
            chip = FormatChip(choice, self)
            chip.clicked.connect(lambda _checked=False, choice=choice: self._on_clicked(choice))
            self._grid.addWidget(chip, number // _COLUMNS, number % _COLUMNS)
            self._chips.append(chip)
        self.choose(chosen)

    def choose(self, choice: Choice) -> None:
        """Shows it as chosen, without a signal."""
        self._place = self.offered.index(choice)
        for number, chip in enumerate(self._chips):
            chip.setChecked(number == self._place)
            is_chosen = number == self._place
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_chosen else Qt.FocusPolicy.ClickFocus)

    def _on_clicked(self, choice: Choice) -> None:
        self.choose(choice)
        self.chosen.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -_COLUMNS,
            Qt.Key.Key_Down: _COLUMNS,
        }.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        place = self._place + step
        if 0 <= place < len(self.offered):
            self._on_clicked(self.offered[place])
            self._chips[place].setFocus(Qt.FocusReason.TabFocusReason)


class FormatChip(PaintedButton):
    """'XLSX' above 'Excel workbook'."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.setCheckable(True)
        self.setObjectName(f"format_{choice.key or 'file'}")
        self.setText(choice.name)
        self.setAccessibleName(f"{choice.name}, {choice.words}")
        self.setToolTip(choice.words)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        words = advance(QFontMetricsF(font(CAPTION)), self._choice.words)
        return QSize(words + 16, px(34) + 10)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, *_ARROWS):
            event.ignore()
            return
        super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        is_on = self.isChecked()
        fill = color("accent_soft" if is_on else "hover" if self.is_hovered else "surface")
        fill_round(painter, self.rect(), RADIUS, fill, color("accent" if is_on else "line"))
        inner = self.rect().adjusted(8, 5, -4, -5)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        lower = QRect(inner.left(), upper.bottom() + 1, inner.width(), inner.height() - upper.height())
        for text, area, type_, role in (
            (self._choice.name, upper, font(LABEL, 600), "accent" if is_on else "ink"),
            (self._choice.words, lower, font(CAPTION), "ink_2"),
        ):
            painter.setFont(type_)
            painter.setPen(color(role))
            shown = QFontMetricsF(type_).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        if self.shows_focus:
            draw_ring(painter, self.rect(), RADIUS)


_ARROWS: Final = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down)


def can_append(key: str) -> bool:
    """Whether a format, by its extension, can hold more than the artifact."""
    return key in [each.value for each in Format if "provenance" in honoured(Kind.DOCUMENT, each)]


def free_path(path: Path) -> Path:
    """`path`, or with a number behind its name where that is taken. Asks the disk."""
    free, number = path, 2
    while free.exists():
        free, number = path.with_name(f"{path.stem} ({number}){path.suffix}"), number + 1
    return free


def _found_for_files(content: Content, folder: Path) -> str:
    """What stands where code's files are to go. Asks the disk."""
    from forgeapp.domain.code import Code
    from forgeapp.services.exporting.saving_files import files_in_the_way

    if folder.exists() and not folder.is_dir():
        return "no folder"
    return "files" if isinstance(content, Code) and files_in_the_way(content, folder) else ""


def _shown(folder: Path) -> str:
    """With the home folder as '~'."""
    try:
        inside = folder.relative_to(Path.home())
        return str(PurePath("~") / inside) if inside.parts else str(folder)
    except (ValueError, RuntimeError):
        return str(folder)
