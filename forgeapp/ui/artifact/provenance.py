"""Where what is in view comes from: who asked for what, who answered, at what cost, and what became of it since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Run, TableBlock
from forgeapp.ui.artifact.derived import DerivedView, Work
from forgeapp.ui.artifact.provenance_words import call_row, facts, outcome_text, step_name, step_note, step_text
from forgeapp.ui.controls import Button, Card, Label
from forgeapp.ui.theme import BODY, CAPTION, LABEL, PAGE, TITLE, color, font, px
from forgeapp.ui.wording import number_text, tr, when

if TYPE_CHECKING:
    from forgeapp.services.provenance import Provenance, Step
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

MAX_STEPS: Final = 50
"""Steps that are shown; a line says how many more there are."""
_MAX_CALLS: Final = 100
_MAX_PROMPT_CHARS: Final = 200_000
_MAX_WIDTH: Final = 720
_NAMES: Final = 132
_NARROW: Final = 480
_DOT: Final = 4


class ProvenanceView(DerivedView):
    """`export_asked()`: the artifact is to be exported with this page."""

    export_asked = Signal()

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(artifact, workbench, parent)
        self.setObjectName("provenance")
        self.setAccessibleName(tr("Provenance"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "ground")
        self.area = QScrollArea()
        self.area.setObjectName("provenance_page")
        self.area.setAccessibleName(tr("Where it comes from"))
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.export = Button(tr("Export with it…"), "download", small=True)
        self.export.setObjectName("export_with_provenance")
        self.export.clicked.connect(self.export_asked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.area)
        self.setFocusProxy(self.area)
        self._page: _Page | None = None

    @property
    def page(self) -> QWidget | None:
        """None until it is read."""
        return self._page

    def work(self) -> Work:
        services, artifact, number = self.workbench.services, self.artifact.id, self.artifact.version
        assert services is not None

        def read(_cancel: CancelToken) -> Provenance:
            from forgeapp.services.provenance import provenance_of

            return provenance_of(services.ledger, artifact, number)

        return read

    def show_result(self, result: Provenance) -> None:
        at = self.area.verticalScrollBar().value()
        self.export.setParent(None)
        self._page = _Page(result, self.export)
        self.area.setWidget(self._page)
        self._page.fit(self.area.viewport().width())
        self.export.show()
        self.area.verticalScrollBar().setValue(at)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._page is not None:
            self._page.fit(self.area.viewport().width())


class _Page(QWidget):
    def __init__(self, provenance: Provenance, export: Button) -> None:
        super().__init__()
        self._is_unfolded = False
        self._column = QVBoxLayout(self)
        self._column.setSpacing(12)
        self._head(provenance, export)
        self._facts(provenance)
        self._steps(provenance.steps)
        self._calls(provenance)
        self._prompt(provenance.maker)
        self._column.addStretch(1)

    def fit(self, width: int) -> None:
        """Keeps lines readable in a wide pane."""
        around = 12 if width < px(_NARROW) else 24
        side = max(around, (width - px(_MAX_WIDTH)) // 2)
        self._column.setContentsMargins(side, around, side, around)

    def _head(self, provenance: Provenance, export: Button) -> None:
        title = Label(provenance.title, PAGE, 600, wrap=True)
        last = provenance.steps[-1]
        words = f"{tr('Version {number}', number=provenance.number)} · {step_text(last)} · {when(last.at)}"
        row = QHBoxLayout()
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(title)
        texts.addWidget(Label(words, LABEL, role="ink_2", wrap=True))
        row.addLayout(texts, 1)
        row.addWidget(export, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)

    def _facts(self, provenance: Provenance) -> None:
        card, column = self._card("")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnMinimumWidth(0, px(_NAMES) * 2 // 3)
        grid.setColumnStretch(1, 1)
        for number, (name, value) in enumerate(facts(provenance)):
            label = Label(name, LABEL, role="ink_3")
            shown = Label(value, BODY, wrap=True)
            shown.setAccessibleName(f"{name}: {value}")
            grid.addWidget(label, number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, number, 1)
        column.addLayout(grid)
        self._column.addWidget(card)

    def _steps(self, steps: Sequence[Step]) -> None:
        if len(steps) < 2:
            return
        card, column = self._card(tr("Steps"))
        shown = list(reversed(steps))[:MAX_STEPS]
        rows = QVBoxLayout()
        rows.setSpacing(0)
        for place, step in enumerate(shown):
            rows.addWidget(_StepRow(step, is_first=place == 0, is_last=place == len(shown) - 1))
        column.addLayout(rows)
        if len(steps) > len(shown):
            left = number_text(len(steps) - len(shown))
            column.addWidget(Label(tr("and {count} before; History has them all", count=left), LABEL, role="ink_3"))
        self._column.addWidget(card)

    def _calls(self, provenance: Provenance) -> None:
        from forgeapp.ui.richtext import BlocksView

        calls = [(step, call) for step in provenance.steps for call in step.calls]
        if not calls:
            return
        card, column = self._card(tr("Calls"))
        header = (tr("Version"), tr("Model"), tr("Outcome"), tr("Tokens in"), tr("Tokens out"), tr("Cost"))
        rows = [call_row(step, call) for step, call in calls[-_MAX_CALLS:]]
        table = TableBlock(
            tuple((Run(text),) for text in header),
            tuple(tuple((Run(text),) for text in row) for row in rows),
            (None, None, None, "right", "right", "right"),
        )
        blocks = BlocksView("chat")
        blocks.setAccessibleName(tr("Calls"))
        blocks.show_blocks((table,))
        column.addWidget(blocks)
        if len(calls) > _MAX_CALLS:
            left = number_text(len(calls) - _MAX_CALLS)
            column.addWidget(Label(tr("and {count} calls before", count=left), LABEL, role="ink_3"))
        self._column.addWidget(card)

    def _prompt(self, maker: Step) -> None:
        if not maker.prompt:
            return
        card, column = self._card(tr("The exact prompt"))
        if maker.prompt_version:
            words = tr("As it was sent, prompt version {version}", version=maker.prompt_version)
            column.addWidget(Label(words, LABEL, role="ink_3", wrap=True))
        unfold = Button(tr("Show it"), "chevron-down", "quiet", small=True)
        unfold.setObjectName("unfold_prompt")
        column.addWidget(unfold, 0, Qt.AlignmentFlag.AlignLeft)
        unfold.clicked.connect(partial(self._unfold, unfold, maker, column))
        self._column.addWidget(card)

    def _unfold(self, button: Button, maker: Step, column: QVBoxLayout) -> None:
        texts = self.findChildren(QPlainTextEdit, "prompt_text")
        is_shown, self._is_unfolded = self._is_unfolded, not self._is_unfolded
        if not texts:
            for role, text in maker.prompt:
                field = QPlainTextEdit(text[:_MAX_PROMPT_CHARS])
                field.setObjectName("prompt_text")
                field.setAccessibleName(outcome_text(role))
                field.setReadOnly(True)
                field.setTabChangesFocus(True)
                field.setFont(font(LABEL, mono=True))
                lines = min(16, max(3, text.count("\n") + 1 + len(text) // 90))
                field.setFixedHeight(lines * px(18) + 20)
                label = Label(outcome_text(role), CAPTION, 500, "ink_3")
                label.setObjectName("prompt_role")
                column.addWidget(label)
                column.addWidget(field)
        else:
            for widget in (*texts, *self.findChildren(Label, "prompt_role")):
                widget.setVisible(not is_shown)
        button.set_text(tr("Show it") if is_shown else tr("Hide it"))
        button.set_icon("chevron-down" if is_shown else "chevron-up")

    def _card(self, title: str) -> tuple[Card, QVBoxLayout]:
        card = Card()
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(8)
        if title:
            column.addWidget(Label(title, TITLE, 600))
        return card, column


class _StepRow(QWidget):
    """One version on the way, on the line that leads from the first to the newest."""

    def __init__(self, step: Step, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self._is_first, self._is_last = is_first, is_last
        self.setObjectName(f"step_{step.number}")
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 2, 0, 8)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(step_name(step), BODY, 500))
        head.addStretch(1)
        head.addWidget(Label(when(step.at), CAPTION, role="ink_3"))
        column.addLayout(head)
        column.addWidget(Label(step_text(step), LABEL, role="ink_2", wrap=True))
        note = step_note(step)
        if note:
            column.addWidget(Label(note, LABEL, role="ink_3", wrap=True))
        self.setAccessibleName(", ".join(part for part in (step_name(step), step_text(step), note) if part))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = px(12)
        top = middle if self._is_first else 0
        bottom = middle if self._is_last else self.height()
        painter.fillRect(_DOT, top, 1, bottom - top, color("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("accent" if self._is_first else "ink_3"))
        painter.drawEllipse(QPointF(_DOT + 0.5, middle), _DOT, _DOT)
