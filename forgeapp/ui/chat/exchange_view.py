"""A message of the user's and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.domain.events import Finished, Status
from forgeapp.errors import Cancelled, ForgeError, PriceUnknown
from forgeapp.ui.chat.artifact_card import ArtifactCard
from forgeapp.ui.chat.captions import failed_calls, message_text, question_text
from forgeapp.ui.chat.live_view import LiveView
from forgeapp.ui.chat.marks import HopMark
from forgeapp.ui.chat.parts import Part, parts_of, title_of
from forgeapp.ui.chat.questions import AskAgain, FaultCard, Question, Remedy, SlotsForm, Tone
from forgeapp.ui.chat.reply_actions import HEIGHT, ReplyActions
from forgeapp.ui.chat.reply_view import StoredReplyView
from forgeapp.ui.chat.texts import Bubble
from forgeapp.ui.chat.words import arriving_words
from forgeapp.ui.wording import error_text, tr
from forgeapp.ui.workbench.chat import Exchange
from forgeapp.ui.workbench.composer import PASTE

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.stored_chat import Reply

_TITLE_CHARS = 60
_PASTE_HELPS = ("no_provider", "nothing_fits", "key_missing", "budget_exceeded")
_CONFIGURATION_HELPS = (
    "no_provider",
    "nothing_fits",
    "key_missing",
    "key_rejected",
    "key_unusable",
    "quota_exhausted",
    "budget_exceeded",
    "price_unknown",
)


class ExchangeView(QWidget):
    """Shows an Exchange; `refresh` after it changed. `focus_left`: the widget that had the focus is gone."""

    focus_left = Signal()

    def __init__(self, exchange: Exchange, workbench: Workbench, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exchange = exchange
        self._workbench = workbench
        self._width = width
        self._is_last = False
        self._shown: object = None
        self._parts: list[Part] = []
        self.setObjectName("exchange")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.bubble = Bubble(message_text(exchange.text), self)
        self._column.addWidget(self.bubble)
        self._column.addSpacing(16)
        self.body: QWidget | None = None
        self.reply_actions: ReplyActions | None = None
        self.question: QWidget | None = None
        self.refresh()

    def refresh(self) -> None:
        """Builds what stands below the message again, where something else is to be shown."""
        exchange = self.exchange
        wanted: tuple[object, ...] = (
            exchange.live,
            exchange.ending,
            exchange.shown,
            len(exchange.replies),
            exchange.message,
            exchange.reply.proposals if exchange.reply is not None else (),
        )
        if exchange.live is not None:
            wanted = (exchange.live,)
        if wanted == self._shown:
            return
        self._shown = wanted
        had_focus = self.body is not None and self.body.isAncestorOf(QApplication.focusWidget() or self)
        before = self.body
        self.reply_actions = self.question = None
        self.body = QWidget(self)
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if exchange.live is not None:
            column.addWidget(LiveView(exchange.live, self._text_width, self.body))
            column.addSpacing(HEIGHT)
        else:
            self._fill(column)
        self._column.addWidget(self.body)
        if self.isVisible():
            # At once, not when the layout comes round to it: in between there would be nothing to see.
            self.body.show()
        if before is not None:
            self._column.removeWidget(before)
            before.hide()
            before.deleteLater()
            if had_focus:
                self.focus_left.emit()

    @property
    def _text_width(self) -> int:
        """The width a reply has; before this is laid out, that of the column it is for."""
        return self.width() if self.testAttribute(Qt.WidgetAttribute.WA_WState_Created) else self._width

    def set_last(self, is_last: bool) -> None:
        """The last exchange's actions are always seen."""
        self._is_last = is_last
        self._show_actions()

    def set_models(self, models: list[str]) -> None:
        if self.reply_actions is not None:
            self.reply_actions.set_models(models)

    def _fill(self, column: QVBoxLayout) -> None:
        exchange, ending = self.exchange, self.exchange.ending
        reply = exchange.reply
        if reply is not None:
            is_own = ending is not None and ending.reply in (None, reply.message)
            warnings = ending.summary.warnings if ending is not None and is_own else ()
            export_to = ending.export_to if ending is not None and is_own else None
            view = StoredReplyView(reply, self._workbench, self._text_width, warnings, export_to, self.body)
            view.opened.connect(self._workbench.artifacts.open_version)
            view.export_wished.connect(self._on_export_wished)
            view.review_wished.connect(self._workbench.artifacts.review)
            view.part_wished.connect(partial(self._save_part, reply))
            column.addWidget(view)
        if ending is not None:
            self._add_ending(column, ending)
        elif reply is None and exchange.message is not None:
            for hop in failed_calls(exchange.calls):
                column.addWidget(HopMark(hop, self.body))
            self._add_ask_again(column, tr("No reply yet"))
        if reply is not None:
            self._add_actions(column, reply)
        else:
            column.addSpacing(HEIGHT - 8)

    def _add_ending(self, column: QVBoxLayout, ending: Finished) -> None:
        reply = self.exchange.reply
        match ending.status:
            case Status.NEEDS_CONFIRMATION:
                question = Question(question_text(ending.decision), parent=self.body)
                question.answered.connect(self._on_answered)
                column.addLayout(question.in_row())
                self.question = question
            case Status.NEEDS_SLOTS:
                title = ending.summary.title or tr("what you asked for")
                form = SlotsForm(
                    tr("A little more is needed for {title}", title=title), ending.missing_slots, self.body
                )
                form.filled.connect(self._on_filled)
                column.addLayout(form.in_row())
                self.question = form
            case Status.FAILED | Status.BLOCKED:
                if isinstance(ending.error, Cancelled):
                    if reply is None:
                        self._add_ask_again(column, tr("Stopped before anything came"))
                    return
                if ending.summary.content.strip() and (reply is None or ending.summary.content != reply.text):
                    words = arriving_words(self._text_width, column.parentWidget() or self)
                    words.feed(ending.summary.content)
                    words.finish()
                    column.addWidget(words)
                if reply is None:
                    for hop in failed_calls(self.exchange.calls):
                        column.addWidget(HopMark(hop, self.body))
                self._add_fault(column, ending)
            case Status.DONE if reply is None:
                for version in ending.artifacts:
                    card = ArtifactCard(
                        version.artifact,
                        version.number,
                        version.kind,
                        version.title,
                        parent=self.body,
                        thumbnails=self._workbench.thumbnails,
                    )
                    card.offer_export(ending.export_to)
                    card.opened.connect(self._workbench.artifacts.open_version)
                    card.export_wished.connect(self._on_export_wished)
                    column.addWidget(card)

    def _add_fault(self, column: QVBoxLayout, ending: Finished) -> None:
        error = ending.error or ForgeError()
        tone: Tone = "warn" if ending.status is Status.BLOCKED else "bad"
        card = FaultCard(error_text(error), tone, list(self._remedies(error, ending)), self.body)
        card.retried.connect(self._on_retried)
        column.addLayout(card.in_row())

    def _remedies(self, error: ForgeError, ending: Finished) -> Iterator[Remedy]:
        """What helps against this fault, besides trying again."""
        workbench, exchange = self._workbench, self.exchange
        offer = str(error.params.get("offer") or "")
        if "/" in offer:
            text = tr("Ask {model}", model=offer)
            yield Remedy("ask_larger", text, "bot", lambda: workbench.regenerate(exchange, offer))
        if error.key == PriceUnknown.key:
            provider, model = str(error.params.get("provider")), str(error.params.get("model"))
            allow = partial(self._allow_unknown_price, provider, model)
            yield Remedy("allow_price", tr("Allow it without a price"), "check", allow)
        if error.key in _CONFIGURATION_HELPS:
            yield Remedy("configure", tr("Open Configuration"), "settings", workbench.configuration_wished.emit)
        if error.key in _PASTE_HELPS:
            yield Remedy("use_paste", tr("Use copy/paste"), "clipboard-paste", self._on_pasting_chosen)
        if ending.report is not None:
            show = partial(workbench.reports.file_ready.emit, ending.report.pdf or ending.report.markdown)
            yield Remedy("open_report", tr("Open the report"), "file-text", show)

    def _add_ask_again(self, column: QVBoxLayout, text: str) -> None:
        line = AskAgain(text, self.body)
        line.asked.connect(self._on_retried)
        column.addWidget(line)

    def _add_actions(self, column: QVBoxLayout, reply: Reply) -> None:
        self._parts = parts_of(reply.blocks)
        self.reply_actions = ReplyActions(reply.text, [part.words for part in self._parts], self.body)
        self.reply_actions.save_wished.connect(partial(self._on_save_wished, reply))
        self.reply_actions.part_wished.connect(lambda place: self._save_part(reply, self._parts[place]))
        self.reply_actions.pager.set_page(self.exchange.shown, len(self.exchange.replies))
        self.reply_actions.regenerated.connect(self._on_regenerated)
        self.reply_actions.paged.connect(self._on_paged)
        column.setSpacing(4)
        column.addWidget(self.reply_actions)
        self._show_actions()

    def _show_actions(self) -> None:
        if self.reply_actions is not None:
            self.reply_actions.set_seen(self._is_last or self.underMouse())

    def _on_answered(self, is_wanted: bool) -> None:
        self._workbench.confirm(self.exchange, is_wanted)

    def _on_filled(self, values: dict[str, str]) -> None:
        self._workbench.fill_slots(self.exchange, values)

    def _on_retried(self) -> None:
        self._workbench.regenerate(self.exchange)

    def _allow_unknown_price(self, provider: str, model: str) -> None:
        self._workbench.call(
            lambda services: services.ledger.providers.change_model(provider, model, allows_unknown_price=True),
            lambda _: self._on_retried(),
        )

    def _on_regenerated(self, model: str) -> None:
        self._workbench.regenerate(self.exchange, model or None)

    def _on_save_wished(self, reply: Reply) -> None:
        from forgeapp.ui.artifact.save_as import SaveAs, subject_of_reply

        assert self.reply_actions is not None
        title = title_of(reply.blocks) or " ".join(message_text(self.exchange.text).split())[:_TITLE_CHARS]
        subject = subject_of_reply(reply.message, title, self._workbench)
        SaveAs(subject, self._workbench, self).open_under(self.reply_actions.save)

    def _save_part(self, reply: Reply, part: Part) -> None:
        self._workbench.keeping.save_part(part.content, part.title, reply.message)

    def _on_paged(self, index: int) -> None:
        self._workbench.chat.show_reply(self.exchange, index)

    def _on_export_wished(self, artifact: int, format_: Format | None) -> None:
        """What is to be exported is opened first."""
        workbench = self._workbench
        if workbench.artifacts.find(artifact) is None:
            workbench.artifacts.open(artifact)
        workbench.call(lambda _services: None, lambda _: workbench.export_wished.emit(artifact, format_))

    def _on_pasting_chosen(self) -> None:
        self._workbench.composer.set_mode(PASTE)
        self._workbench.composer.replace_text(self.exchange.text)
        self.focus_left.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._show_actions()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_actions()
