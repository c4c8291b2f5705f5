"""What stands in the composer: the words being written, and how they are to be sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import ForgeRequest, Mode, Tier

if TYPE_CHECKING:
    from forgeapp.services.forge import Preview
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat

AUTO, CHAT_ONLY, PASTE = "auto", "chat", "paste"
_ESTIMATE_AFTER_MS = 350
_SAVE_AFTER_MS = 700


class Composer(QObject):
    """`kind`: AUTO, CHAT_ONLY or a Kind's value. `mode`: PASTE or a Mode's value.

    `model`: 'PROVIDER/MODEL', None for any. `tier`: which of any, None leaves it to the routes. `asks_anew`: no kept
    reply may answer the next message; off again once that is sent.

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
        self.tier: Tier | None = None
        self.asks_anew = False
        self.text = ""
        self._uses_artifact: bool | None = None
        self.estimate: Preview | None = None
        self._chat = workbench.chat
        self._kept: tuple[int | None, str] = (None, "")
        """What the ledger holds as the draft of which conversation."""
        self._held: dict[Chat, str] = {}
        """Words on their way, by chat."""
        self._typed: dict[Chat, str] = {}
        """What was typed after those, in a chat that is not in view."""
        workbench.status.changed.connect(self._choose_first_mode)
        self._save_timer = self._timer(_SAVE_AFTER_MS, self.save_draft)
        self._estimate_timer = self._timer(_ESTIMATE_AFTER_MS, self._ask_estimate)
        self._estimate_number = 0

    @property
    def is_paste(self) -> bool:
        return self.mode == PASTE

    @property
    def request_mode(self) -> Mode:
        """Who may answer what is sent; what is pasted is answered by the user's own chat."""
        return Mode.PROVIDERS if self.is_paste else Mode(self.mode)

    @property
    def estimate_nano_usd(self) -> int | None:
        """Of the model that will be asked first; None where it is unknown or nobody will be asked."""
        return _first_cost(self.estimate)

    def set_kind(self, kind: str) -> None:
        self.kind = kind
        self._choose()

    def set_mode(self, mode: str) -> None:
        self.mode, self.is_mode_chosen = mode, True
        self.model = self.tier = None
        self._choose()

    def set_model(self, model: str | None) -> None:
        self.model, self.tier = model, None
        self._choose()

    def set_tier(self, tier: Tier) -> None:
        """Any model of it."""
        self.model, self.tier = None, tier
        self._choose()

    def set_asks_anew(self, asks_anew: bool) -> None:
        self.asks_anew = asks_anew
        self._choose()

    @property
    def uses_artifact(self) -> bool:
        """Whether the open artifact goes along: as the user said, else where it was made in this conversation."""
        active = self._workbench.artifacts.active
        if active is None:
            return False
        if self._uses_artifact is not None:
            return self._uses_artifact
        return active.conversation is not None and active.conversation == self._workbench.chat.conversation

    def set_uses_artifact(self, uses: bool | None) -> None:
        """None leaves it to where the artifact was made."""
        self._uses_artifact = uses
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
        active = self._workbench.artifacts.active if self.uses_artifact else None
        return ForgeRequest(
            text=text,
            conversation=self._workbench.chat.conversation,
            project=self._workbench.conversations.project,
            kind=Kind(self.kind) if self.kind not in (AUTO, CHAT_ONLY) else None,
            chat_only=self.kind == CHAT_ONLY,
            model=self.model,
            tier=self.tier,
            mode=self.request_mode,
            use_cache=not self.asks_anew,
            artifact=active.id if active is not None else None,
            without_artifact=active is None,
        )

    def take(self) -> ForgeRequest:
        """The words and choices as a request. They leave the field, and stay the draft until the message is stored."""
        request = self.request(self.text)
        self._held[self._chat] = _joined(self._held.get(self._chat, ""), request.text)
        self.text = ""
        self._uses_artifact = None
        self.asks_anew = False
        self.save_draft()
        self.text_replaced.emit()
        self.changed.emit()
        self._set_estimate(None)
        return request

    def let_go(self, chat: Chat) -> None:
        """The message is stored; what stays a draft is what was typed since."""
        if self._held.pop(chat, None) is None:
            return
        typed = self._typed.pop(chat, "")
        if chat is self._chat:
            self.save_draft()
        else:
            self._workbench.call(lambda services: services.ledger.drafts.save(chat.conversation, typed))

    def give_back(self, request: ForgeRequest, chat: Chat) -> None:
        """Words that were not sent after all, before those typed since; in another chat they are its draft already."""
        self._held.pop(chat, None)
        self._typed.pop(chat, None)
        if chat is self._chat:
            self.asks_anew = not request.use_cache
            self.replace_text(_joined(request.text, self.text))
            self.changed.emit()

    def move_to(self, chat: Chat) -> None:
        """Puts the draft of one chat away and takes out that of another."""
        self.save_draft()
        if self._chat in self._held:
            self._typed[self._chat] = self.text
        self._chat, self._uses_artifact, self.asks_anew = chat, None, False
        conversation = chat.conversation
        self.text = self._typed.get(chat, "")
        self._kept = (conversation, _joined(self._held.get(chat, ""), self.text))
        self.text_replaced.emit()
        self._set_estimate(None)
        self.changed.emit()
        if chat in self._held:
            return

        def show(text: str) -> None:
            if self._chat is chat and not self.text:
                self.text = text
                self._kept = (conversation, text)
                self.text_replaced.emit()
                self._estimate_timer.start()

        self._workbench.call(lambda services: services.ledger.drafts.get(conversation), show)

    def keep_draft_for(self, chat: Chat, conversation: int) -> None:
        """A new conversation has got its number: what is written there is its draft from now on."""
        if chat is self._chat:
            self._kept = (conversation, "")
            self._workbench.call(lambda services: services.ledger.drafts.save(None, ""))
            self.save_draft()

    def save_draft(self) -> None:
        self._save_timer.stop()
        conversation, text = self._chat.conversation, _joined(self._held.get(self._chat, ""), self.text)
        if (conversation, text) != self._kept:
            self._kept = (conversation, text)
            self._workbench.call(lambda services: services.ledger.drafts.save(conversation, text))

    def _choose_first_mode(self) -> None:
        """The key that came with the program, else the user's own, else a local model, else templates."""
        status = self._workbench.status
        if self.is_mode_chosen and (self.mode != Mode.APP_KEY.value or status.app_askable):
            return
        providers = status.askable
        if status.app_askable:
            mode = Mode.APP_KEY
        elif any(not row.is_local for row in providers):
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


def _joined(first: str, second: str) -> str:
    return "\n\n".join(filter(None, (first, second)))
