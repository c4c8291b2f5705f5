"""What stands in the composer: the words being written, and how they are to be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import ForgeRequest, Mode

if TYPE_CHECKING:
    from forgeapp.services.forge import Preview
    from forgeapp.ui.workbench import Workbench

AUTO, CHAT_ONLY, PASTE = "auto", "chat", "paste"
_ESTIMATE_AFTER_MS = 350
_SAVE_AFTER_MS = 700


class Composer(QObject):
    """`kind`: AUTO, CHAT_ONLY or a Kind's value. `mode`: PASTE or a Mode's value.

    `model`: 'PROVIDER/MODEL', None for any.

    `changed` follows each choice, `text_replaced` a text that was not typed (another conversation's draft, a recalled
    message), `estimated` each new `estimate`.
    """

    changed = Signal()
    text_replaced = Signal()
    estimated = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.kind = AUTO
        self.mode: str = Mode.PROVIDERS.value
        self.is_mode_chosen = False
        """Whether the user chose the mode; until then it follows from what is set up."""
        self.model: str | None = None
        self.text = ""
        self.uses_artifact = True
        self.estimate: Preview | None = None
        self._draft_of: int | None = None
        self._kept_text = ""
        workbench.status.changed.connect(self._choose_first_mode)
        self._save_timer = self._timer(_SAVE_AFTER_MS, self.save_draft)
        self._estimate_timer = self._timer(_ESTIMATE_AFTER_MS, self._ask_estimate)
        self._estimate_number = 0

    @property
    def is_paste(self) -> bool:
        return self.mode == PASTE

    @property
    def estimate_nano_usd(self) -> int | None:
        """Of the model that will be asked first; None where it is unknown or nobody will be asked."""
        return _first_cost(self.estimate)

    def set_kind(self, kind: str) -> None:
        self.kind = kind
        self._choose()

    def set_mode(self, mode: str) -> None:
        self.mode, self.is_mode_chosen = mode, True
        self.model = None
        self._choose()

    def set_model(self, model: str | None) -> None:
        self.model = model
        self._choose()

    def set_uses_artifact(self, uses: bool) -> None:
        """Whether the open artifact goes along."""
        self.uses_artifact = uses
        self._choose()

    def set_text(self, text: str) -> None:
        """What the user has typed so far; kept as a draft within a second."""
        if text == self.text:
            return
        self.text = text
        if not self._save_timer.isActive():
            self._save_timer.start()
        self._estimate_timer.start()

    def replace_text(self, text: str) -> None:
        self.set_text(text)
        self.text_replaced.emit()

    def request(self, text: str) -> ForgeRequest:
        """The request these choices make of a text, in the conversation that is open."""
        active = self._workbench.artifacts.active
        with_artifact = self.uses_artifact and active is not None
        return ForgeRequest(
            text=text,
            conversation=self._workbench.chat.conversation,
            project=self._workbench.conversations.project,
            kind=Kind(self.kind) if self.kind not in (AUTO, CHAT_ONLY) else None,
            chat_only=self.kind == CHAT_ONLY,
            model=self.model,
            mode=Mode.PROVIDERS if self.is_paste else Mode(self.mode),
            artifact=active.id if active is not None and with_artifact else None,
            without_artifact=not with_artifact,
        )

    def take(self) -> ForgeRequest:
        """The words and choices as a request; they leave the field, and stay the draft until the message is stored."""
        request = self.request(self.text)
        self._save_timer.stop()
        self.text = ""
        self.uses_artifact = True
        self.text_replaced.emit()
        self._set_estimate(None)
        return request

    def give_back(self, request: ForgeRequest) -> None:
        """Words that were not sent after all, before those typed since."""
        self.replace_text("\n\n".join(filter(None, (request.text, self.text))))

    def show_draft_of(self, conversation: int | None) -> None:
        """Puts the old draft away and takes out the one of another conversation."""
        self.save_draft()
        self._draft_of = conversation

        def show(text: str) -> None:
            if self._draft_of == conversation and not self.text:
                self.text = self._kept_text = text
                self.text_replaced.emit()
                self._estimate_timer.start()

        self.text = self._kept_text = ""
        self.text_replaced.emit()
        self._workbench.call(lambda services: services.ledger.drafts.get(conversation), show)

    def keep_draft_for(self, conversation: int) -> None:
        """The new conversation has got its number: what is typed from now on is its draft."""
        if self._draft_of is None:
            text, self.text = self.text, ""
            self.save_draft()
            self._draft_of, self.text = conversation, text
            self.save_draft()

    def save_draft(self) -> None:
        self._save_timer.stop()
        text, conversation = self.text, self._draft_of
        if text == self._kept_text:
            return
        self._kept_text = text
        self._workbench.call(lambda services: services.ledger.drafts.save(conversation, text))

    def _choose_first_mode(self) -> None:
        """Own key if a provider is set up, else a local model, else templates."""
        if self.is_mode_chosen:
            return
        providers = [row for row in self._workbench.status.providers if row.is_enabled]
        if any(row.prices != "local" for row in providers):
            mode = Mode.PROVIDERS
        else:
            mode = Mode.LOCAL if providers else Mode.TEMPLATES
        if mode.value != self.mode:
            self.mode = mode.value
            self.changed.emit()

    def _choose(self) -> None:
        self.changed.emit()
        self._estimate_timer.start()

    def estimate_for(self, request: ForgeRequest, then: Callable[[int | None], None]) -> None:
        """Gives `then` what the request would cost at the model asked first; None where that is not known."""
        self._workbench.call(
            lambda services: services.forge.preview(request),
            lambda estimate: then(_first_cost(estimate)),
            # An estimate that cannot be made is none; sending says why.
            lambda _error: then(None),
        )

    def _ask_estimate(self) -> None:
        self._estimate_timer.stop()
        if not self.text.strip() or self.mode == Mode.TEMPLATES.value:
            self._set_estimate(None)
            return
        if self._workbench.services is None or not self._workbench.chat.is_loaded:
            # Counting brings much along the first time; the conversation comes first.
            self._estimate_timer.start()
            return
        self._estimate_number += 1
        number, request = self._estimate_number, self.request(self.text)

        def show(estimate: Preview | None) -> None:
            if number == self._estimate_number and self.text:
                self._set_estimate(estimate)

        self._workbench.call(lambda services: services.forge.preview(request), show, lambda _error: show(None))

    def _set_estimate(self, estimate: Preview | None) -> None:
        self.estimate = estimate
        self.estimated.emit()

    def _timer(self, after_ms: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(then)
        return timer


def _first_cost(estimate: Preview | None) -> int | None:
    return estimate.estimates[0].cost_nano_usd if estimate is not None and estimate.estimates else None
