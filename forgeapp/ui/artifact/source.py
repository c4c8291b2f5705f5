"""An artifact as text, to be read and copied: Markdown, CSV, JSON, or a file's own text."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QFontMetricsF, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.formulas import refusal
from forgeapp.domain.image import Image
from forgeapp.domain.tab_separated import to_tsv
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook, column_letters
from forgeapp.ui.artifact.derived import DerivedView, Work
from forgeapp.ui.controls import Button, Label, MenuButton, SegmentedControl, Toolbar
from forgeapp.ui.theme import CAPTION, LABEL, font
from forgeapp.ui.wording import number_text, size_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

MAX_SHOWN_CHARS: Final = 400_000
"""Of a longer text the beginning is shown; Copy takes all of it."""
_MAX_CELLS: Final = 2_000_000
_MAX_COLUMN: Final = 36
_MAX_CELL_CHARS: Final = 240
_COPIED_MS: Final = 1_500
_REFUSED: Final = "#BLOCKED!"
"""The value of a formula that reaches out of its workbook."""


def forms(kind: Kind) -> list[tuple[str, str]]:
    """The forms in which a kind can be read, as (key, words); the first is the usual one."""
    match kind:
        case Kind.TABLE:
            return [("markdown", tr("Markdown")), ("csv", "CSV")]
        case Kind.SPREADSHEET:
            return [("formulas", tr("Formulas")), ("json", "JSON")]
        case Kind.CODE:
            return [("text", tr("Text"))]
        case Kind.IMAGE:
            return [("facts", tr("Facts"))]
        case _:
            return [("markdown", tr("Markdown"))]


def parts(content: Content, form: str) -> list[str]:
    """Names of what is read one by one: sheets as formulas, files of code; [] for what is one text."""
    match content:
        case Workbook(sheets=sheets) if form == "formulas":
            return [sheet.name for sheet in sheets]
        case Code(files=files):
            return [file.name for file in files]
    return []


@dataclass(frozen=True, slots=True)
class Source:
    """What is `shown`, and what Copy puts on the clipboard: another text only where cells are to be pasted."""

    shown: str
    copied: str


def source_of(content: Content, form: str, part: int = 0) -> Source:
    """The content in this form; `part` counts in `parts`.

    A sheet's formulas are shown in columns under their letters, and copied as spreadsheets take cells: without what
    exports refuse, and with texts guarded that would run as formulas (S2).
    """
    if isinstance(content, Workbook) and form == "formulas":
        if part >= len(content.sheets):
            return Source("", "")
        sheet = content.sheets[part]
        return Source(_in_columns(_grid(sheet, _as_written)), to_tsv(_grid(sheet, _as_copied)))
    text = _text(content, form, part)
    return Source(text, text)


def _text(content: Content, form: str, part: int) -> str:
    match content:
        case Document(markdown=markdown):
            return markdown
        case Code(files=files):
            return files[part].text if part < len(files) else ""
        case Image():
            return _facts(content)
        case Workbook():
            return json.dumps(to_json(content), ensure_ascii=False, indent=2)
        case Table(columns=columns, rows=rows):
            if form == "csv":
                from forgeapp.exporters.csv.exporter import guarded

                return _csv([[guarded(cell) for cell in row] for row in (columns, *rows)])
            from forgeapp.domain.markdown_blocks import blocks_markdown
            from forgeapp.services.exporting.publishing import publication

            return blocks_markdown(publication(content, "", {}).blocks)


def _facts(image: Image) -> str:
    """What is known of a picture, in place of its bytes."""
    facts = [
        (tr("Format"), image.format_name),
        (tr("Width"), tr("{count} pixels", count=number_text(image.width))),
        (tr("Height"), tr("{count} pixels", count=number_text(image.height))),
        (tr("Size"), size_text(len(image.data))),
        (tr("SHA-256"), hashlib.sha256(image.data).hexdigest()),
        (tr("Description"), image.alt or tr("none")),
    ]
    width = max(len(name) for name, _ in facts)
    return "\n".join(f"{name:{width}}  {value}" for name, value in facts)


def _grid(sheet: Sheet, text_of: Callable[[Cell], str]) -> list[list[str]]:
    """The texts of a sheet's cells, without blank rows and columns at the end."""
    rows = max((row for row, _ in sheet.cells), default=-1) + 1
    columns = max((column for _, column in sheet.cells), default=-1) + 1
    rows = min(rows, _MAX_CELLS // max(columns, 1))
    grid = [[""] * columns for _ in range(rows)]
    for (row, column), cell in sheet.cells.items():
        if row < rows:
            grid[row][column] = text_of(cell)
    return grid


def _as_written(cell: Cell) -> str:
    return cell.text


def _as_copied(cell: Cell) -> str:
    from forgeapp.exporters.csv.exporter import guarded

    if cell.is_formula:
        return _REFUSED if refusal(cell.text) else cell.text
    return guarded(cell.text) if cell.number is None else cell.text


def _in_columns(rows: Sequence[Sequence[str]]) -> str:
    """The cells under letters and beside row numbers; a long one pushes the rest of its row aside."""
    if not rows:
        return ""
    width = len(str(len(rows)))
    cells = [[_short(cell) for cell in row] for row in rows]
    widths = [min(max(map(len, column)), _MAX_COLUMN) for column in zip(*cells, strict=True)]
    widths = [max(column, 3) for column in widths]
    letters = "  ".join(column_letters(number).ljust(column) for number, column in enumerate(widths))
    lines = [f"{'':{width}}  {letters}".rstrip()]
    for number, row in enumerate(cells, 1):
        words = "  ".join(cell.ljust(column) for cell, column in zip(row, widths, strict=True))
        lines.append(f"{number:{width}}  {words}".rstrip())
    return "\n".join(lines)


def _short(cell: str) -> str:
    flat = " ".join(cell.split()) if "\n" in cell or "\t" in cell else cell
    return flat if len(flat) <= _MAX_CELL_CHARS else f"{flat[: _MAX_CELL_CHARS - 1]}…"


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


class SourceView(DerivedView):
    """The text, read only, with Copy; a choice of form and part where there are several."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(artifact, workbench, parent)
        self.setObjectName("source_view")
        self._source = Source("", "")
        self._part = 0
        choices = forms(artifact.kind)
        self._form = choices[0][0]
        bar = Toolbar()
        self.form = SegmentedControl(choices, self._form)
        self.form.setObjectName("source_form")
        self.form.setAccessibleName(tr("Form"))
        self.form.selected.connect(self._on_form_selected)
        self.name = Label(choices[0][1], LABEL, 500, "ink_2")
        self.part = MenuButton(tr("Part"))
        self.part.setObjectName("source_part")
        self.part.setAccessibleName(tr("File") if artifact.kind is Kind.CODE else tr("Sheet"))
        self.part.chosen.connect(self._on_part_chosen)
        self.measure = Label("", CAPTION, role="ink_3")
        self.copy = Button(tr("Copy"), "copy", small=True)
        self.copy.setObjectName("source_copy")
        self.copy.clicked.connect(self._on_copied)
        for widget in (self.form, self.name, self.part):
            bar.row.addWidget(widget)
        bar.row.addStretch(1)
        bar.row.addWidget(self.measure)
        bar.row.addSpacing(4)
        bar.row.addWidget(self.copy)
        self.text = QPlainTextEdit()
        self.text.setObjectName("source_text")
        self.text.setAccessibleName(tr("Source"))
        self.text.setReadOnly(True)
        self.text.setUndoRedoEnabled(False)
        self.text.setProperty("look", "plain")
        self.text.setLineWrapMode(
            QPlainTextEdit.LineWrapMode.WidgetWidth
            if artifact.kind is Kind.DOCUMENT
            else QPlainTextEdit.LineWrapMode.NoWrap
        )
        self.text.document().setDocumentMargin(16)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.text, 1)
        self.form.setVisible(len(choices) > 1)
        self.name.setVisible(len(choices) == 1)
        self.setFocusProxy(self.text)
        self._set_font()
        self._name_parts()

    @property
    def source(self) -> Source:
        return self._source

    def work(self) -> Work:
        content, form, part = self.artifact.content, self._form, self._part
        return lambda _cancel: (source_of(content, form, part), parts(content, form))

    def show_result(self, result: tuple[Source, list[str]]) -> None:
        source, names = result
        whole = source.shown
        if self._part and self._part >= len(names):
            self._part = 0
            self.refresh()
            return
        self._name_parts()
        is_first = not self._source.shown
        bar = self.text.verticalScrollBar()
        at = bar.value()
        self._source = source
        self.text.setPlainText(whole[:MAX_SHOWN_CHARS])
        bar.setValue(0 if is_first else at)
        lines = whole.count("\n") + bool(whole and not whole.endswith("\n"))
        if len(whole) > MAX_SHOWN_CHARS:
            self.measure.setText(tr("the beginning; Copy takes all"))
        elif lines == 1:
            self.measure.setText(tr("1 line"))
        else:
            self.measure.setText(tr("{count} lines", count=number_text(lines)))

    def _name_parts(self) -> None:
        names = parts(self.artifact.content, self._form)
        self.part.setVisible(len(names) > 1)
        if len(names) > 1:
            part = min(self._part, len(names) - 1)
            self.part.set_choices([(str(number), name, None) for number, name in enumerate(names)], str(part))
        if self.artifact.kind is Kind.CODE and len(names) == 1:
            self.name.setText(names[0])
        self.name.setVisible(self.form.isHidden() and len(names) <= 1)

    def _on_form_selected(self, form: str) -> None:
        self._form, self._source = form, Source("", "")
        self._name_parts()
        self.refresh()

    def _on_part_chosen(self, part: str) -> None:
        self._part, self._source = int(part), Source("", "")
        self.refresh()

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self._source.copied)
        self.copy.set_text(tr("Copied"))
        self.copy.set_icon("check")
        QTimer.singleShot(_COPIED_MS, self.copy, self._offer_copy)

    def _offer_copy(self) -> None:
        self.copy.set_text(tr("Copy"))
        self.copy.set_icon("copy")

    def _set_font(self) -> None:
        mono = font(LABEL, mono=True)
        if self.text.font() != mono:
            self.text.setFont(mono)
            self.text.setTabStopDistance(4 * QFontMetricsF(mono).horizontalAdvance(" "))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "text"):
            self._set_font()
