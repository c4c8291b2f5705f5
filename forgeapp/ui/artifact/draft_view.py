"""An artifact while a turn writes it: read only, growing, gone when the stored one takes its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Kind
from forgeapp.ui.artifact.paper import PaperArea
from forgeapp.ui.chat.captions import kind_text
from forgeapp.ui.controls import Busy, Button, ElidedLabel, Label, Toolbar
from forgeapp.ui.theme import CAPTION, LABEL, font, px
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench.live_turn import LiveTurn

_HEIGHT: Final = 44
_FRAME_MS: Final = 40
_MEASURE_MS: Final = 250


class DraftView(QWidget):
    """Shows one turn's artifact. It follows the end unless the reader has scrolled up."""

    def __init__(self, live: LiveTurn, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("draft_view")
        self.setAccessibleName(tr("The draft being written"))
        self._live = live
        self._waiting: list[str] = []
        self._is_text: bool | None = None
        self._follows = True
        self._is_scrolling = False
        self.paper: PaperArea | None = None
        self.text: QPlainTextEdit | None = None
        self._reply: QWidget | None = None
        self._build()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._show_waiting)
        self._measure_timer = QTimer(self)
        self._measure_timer.setSingleShot(True)
        self._measure_timer.setInterval(_MEASURE_MS)
        self._measure_timer.timeout.connect(self._measure)
        live.artifact_grew.connect(self._on_grew)
        live.restarted.connect(self._on_restarted)
        live.changed.connect(self._on_changed)
        self._on_changed()
        if live.artifact_text:
            self._on_grew(live.artifact_text)

    def _build(self) -> None:
        bar = Toolbar()
        bar.setFixedHeight(max(_HEIGHT, px(20) + 24))
        bar.row.setSpacing(8)
        self._words = ElidedLabel("", weight=500)
        self._size = Label("", CAPTION, role="ink_3")
        self.stop = Button(tr("Stop"), "circle-stop")
        self.stop.setObjectName("draft_stop")
        self.stop.clicked.connect(self._live.stop)
        bar.row.addWidget(Busy(16))
        bar.row.addWidget(self._words)
        bar.row.addWidget(self._size)
        bar.row.addStretch(1)
        bar.row.addWidget(self.stop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(bar)
        self._body = QWidget()
        self._column.addWidget(self._body, 1)

    @property
    def shown_text(self) -> str:
        """What has been shown so far, raw."""
        return "" if self._is_text is None else self._live.artifact_text[: self._shown]

    def _on_changed(self) -> None:
        kind, asked = self._live.artifact_kind, self._live.asked
        words = tr("Writing the {kind}", kind=kind_text(kind).lower()) if kind else tr("Writing")
        self._words.setText(f"{words} · {asked}" if asked else words)
        self.stop.setEnabled(not self._live.is_stopping)
        self.stop.set_text(tr("Stopping") if self._live.is_stopping else tr("Stop"))

    def _on_restarted(self) -> None:
        """What was shown is void: another attempt begins."""
        self._waiting.clear()
        self._frame.stop()
        self._put(QWidget())
        self._is_text, self.text, self.paper, self._reply = None, None, None, None
        self._shown = 0
        self._follows = True

    def _on_grew(self, text: str) -> None:
        self._waiting.append(text)
        if not self._frame.isActive():
            self._frame.start()
        if not self._measure_timer.isActive():
            self._measure_timer.start()

    _shown = 0

    def _show_waiting(self) -> None:
        text, self._waiting = "".join(self._waiting), []
        if not text:
            return
        if self._is_text is None:
            self._is_text = reads_as_text(self._live.artifact_kind, self._live.artifact_text)
            self._put(self._make_text() if self._is_text else self._make_paper())
        self._shown += len(text)
        if self.text is not None:
            self._append(self.text, text)
        elif self._reply is not None:
            self._reply.feed(text)  # type: ignore[attr-defined]

    def _append(self, view: QPlainTextEdit, text: str) -> None:
        bar = view.verticalScrollBar()
        cursor = QTextCursor(view.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        self._is_scrolling = True
        cursor.insertText(text)
        if self._follows:
            bar.setValue(bar.maximum())
        self._is_scrolling = False

    def _make_text(self) -> QWidget:
        view = self.text = QPlainTextEdit()
        view.setObjectName("draft_text")
        view.setAccessibleName(tr("The draft being written"))
        view.setReadOnly(True)
        view.setUndoRedoEnabled(False)
        view.setProperty("look", "plain")
        view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        view.document().setDocumentMargin(16)
        view.setFont(font(LABEL, mono=True))
        view.verticalScrollBar().valueChanged.connect(self._on_text_scrolled)
        return view

    def _make_paper(self) -> QWidget:
        from forgeapp.ui.richtext import ReplyView

        paper = self.paper = PaperArea()
        paper.setObjectName("draft_paper")
        paper.setAccessibleName(tr("The draft being written"))
        self._reply = reply = ReplyView(style="page")
        paper.lay(reply)
        bar = paper.verticalScrollBar()
        bar.valueChanged.connect(self._on_paper_scrolled)
        bar.rangeChanged.connect(self._on_range_changed)
        return paper

    def _put(self, widget: QWidget) -> None:
        self._column.replaceWidget(self._body, widget)
        self._body.hide()
        self._body.deleteLater()
        self._body = widget

    def _on_text_scrolled(self, value: int) -> None:
        if self.text is not None and not self._is_scrolling:
            self._follows = value >= self.text.verticalScrollBar().maximum() - 1

    def _on_paper_scrolled(self) -> None:
        if self.paper is not None and not self._is_scrolling:
            self._follows = self.paper.is_at_end

    def _on_range_changed(self) -> None:
        if self.paper is not None and self._follows:
            self._is_scrolling = True
            self.paper.scroll_to_end()
            self._is_scrolling = False

    def _measure(self) -> None:
        lines = self._live.artifact_text.count("\n")
        self._size.setText(tr("1 line") if lines == 1 else tr("{count} lines", count=number_text(lines)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and getattr(self, "text", None) is not None:
            assert self.text is not None
            if self.text.font() != font(LABEL, mono=True):
                self.text.setFont(font(LABEL, mono=True))


def reads_as_text(kind: Kind | None, beginning: str) -> bool:
    """Whether a draft is shown letter by letter: code, and tables that come as CSV or JSON instead of Markdown."""
    if kind is Kind.CODE:
        return True
    if kind not in (Kind.TABLE, Kind.SPREADSHEET):
        return False
    first = beginning.lstrip().split("\n", 1)[0]
    return not first.startswith(("|", "#", "*", "-")) and "|" not in first
