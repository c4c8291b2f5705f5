"""What stands in the composer: the words being written, and how they are to be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from forgeapp.domain.artifact import Kind
from forgeapp.domain.request import ForgeRequest, Mode, Selection, Tier

if TYPE_CHECKING:
    from forgeapp.services.forge import Preview
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

AUTO, CHAT_ONLY, PASTE = "auto", "chat", "paste"
_ESTIMATE_AFTER_MS = 350
_SAVE_AFTER_MS = 700


class Composer(QObject):
    """`kind`: AUTO, CHAT_ONLY or a Kind's value. `mode`: PASTE or a Mode's value.

    `model`: 'PROVIDER/MODEL', None for any. `tier`: which of any, None leaves it to the routes. `asks_anew`: no kept
    reply may answer the next message; off again once that is sent.

    `changed` follows each choice, `text_replaced` a text that was not typed (another conversation's draft, a recalled
    message), `estimated` each new `estimate`. `wanted`: the keyboard is to go there.
    """

    changed = Signal()
    text_replaced = Signal()
    estimated = Signal()
    wanted = Signal()

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
        self.selection: Selection | None = None
        """What of the open artifact the next message is about."""
        self.is_revision = False
        """Whether the words are an instruction to change the open artifact that came back unsent."""
        self._selected_in: OpenArtifact | None = None
        self.estimate: Preview | None = None
        self._chat = workbench.chat
        self._kept: tuple[int | None, str] = (None, "")
        """What the ledger holds as the draft of which conversation."""
        self._held: dict[Chat, list[str]] = {}
        """Words on their way or waiting for the reply before them, by chat, in their order."""
        self._typed: dict[Chat, str] = {}
        """What was typed after those, in a chat that is not in view."""
        workbench.status.changed.connect(self._choose_first_mode)
        workbench.artifacts.activated.connect(self._on_artifact_activated)
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
        self._select(None)
        self._choose()

    def set_selection(self, selection: Selection | None) -> None:
        """What is selected in the open artifact goes along with the next message, or no longer does.

        It goes by itself once the artifact changes: what it named may stand elsewhere then.
        """
        if selection == self.selection:
            return
        if selection is not None:
            self._uses_artifact = True
        self._select(selection)
        self._choose()

    def _select(self, selection: Selection | None) -> None:
        tab = self._workbench.artifacts.active if selection is not None else None
        if self._selected_in is not tab:
            if self._selected_in is not None and self._selected_in in self._workbench.artifacts.tabs:
                self._selected_in.changed.disconnect(self._on_artifact_changed)
            if tab is not None:
                tab.changed.connect(self._on_artifact_changed)
        self.selection, self._selected_in = selection, tab

    def _on_artifact_changed(self, _where: object) -> None:
        self.set_selection(None)

    def _on_artifact_activated(self) -> None:
        if self._selected_in is not None and self._selected_in is not self._workbench.artifacts.active:
            self.set_selection(None)

    def set_text(self, text: str) -> None:
        """What the user has typed so far; kept as a draft within a second."""
        if text == self.text:
            return
        self.text = text
        self.is_revision = self.is_revision and bool(text.strip())
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
            selection=self.selection if active is not None else None,
            is_revision=self.is_revision and active is not None,
            reviews=self.reviews,
        )

    def revision(self, text: str, artifact: int, selection: Selection | None) -> ForgeRequest:
        """The request for a change of an open artifact, by the model and mode that are chosen."""
        return replace(
            self.request(text),
            artifact=artifact,
            without_artifact=False,
            selection=selection,
            is_revision=True,
            kind=None,
            chat_only=False,
        )

    @property
    def reviews(self) -> bool:
        """Whether a change by a model waits for the user to look at it."""
        services = self._workbench.services
        return services is None or services.settings.model_changes == "review"

    def take(self) -> ForgeRequest:
        """The words and choices as a request. They leave the field, and stay the draft until the message is stored."""
        request = self.request(self.text)
        if self._uses_artifact is None and self._chat.live is not None:
            # What the reply before it makes is what it is about.
            request = replace(request, without_artifact=False)
        self.text = ""
        self._uses_artifact = None
        self._select(None)
        self.asks_anew = self.is_revision = False
        self.hold(request, self._chat)
        self.text_replaced.emit()
        self.changed.emit()
        self._set_estimate(None)
        return request

    def hold(self, request: ForgeRequest, chat: Chat) -> None:
        """Words on their way are part of the draft until they are stored."""
        self._held.setdefault(chat, []).append(request.text)
        self._save_draft_of(chat)

    def let_go(self, request: ForgeRequest, chat: Chat) -> None:
        """The message is stored, or not wanted any more; what stays a draft is what waits, and was typed since."""
        if self._forget(request, chat):
            self._save_draft_of(chat)
            if chat not in self._held:
                self._typed.pop(chat, None)

    def give_back(self, request: ForgeRequest, chat: Chat) -> None:
        """Words that were not sent after all, before those typed since; in another chat they are its draft already."""
        self._forget(request, chat)
        if chat is not self._chat:
            if chat in self._held:
                self._typed[chat] = _joined(request.text, self._typed.get(chat, ""))
            else:
                self._typed.pop(chat, None)
            return
        self.asks_anew = not request.use_cache
        self.replace_text(_joined(request.text, self.text))
        active = self._workbench.artifacts.active
        if active is not None and request.artifact == active.id:
            self._uses_artifact = True
            self._select(request.selection)
            self.is_revision = request.is_revision
        self.changed.emit()

    def _forget(self, request: ForgeRequest, chat: Chat) -> bool:
        """Whether these words were on their way."""
        held = self._held.get(chat, [])
        if request.text not in held:
            return False
        held.remove(request.text)
        if not held:
            del self._held[chat]
        return True

    def _draft_of(self, chat: Chat) -> str:
        typed = self.text if chat is self._chat else self._typed.get(chat, "")
        return _joined(*self._held.get(chat, ()), typed)

    def _save_draft_of(self, chat: Chat) -> None:
        if chat is self._chat:
            self.save_draft()
        else:
            words = self._draft_of(chat)
            self._workbench.call(lambda services: services.ledger.drafts.save(chat.conversation, words))

    def move_to(self, chat: Chat) -> None:
        """Puts the draft of one chat away and takes out that of another."""
        self.save_draft()
        if self._chat in self._held:
            self._typed[self._chat] = self.text
        self._chat, self._uses_artifact, self.asks_anew, self.is_revision = chat, None, False, False
        self._select(None)
        conversation = chat.conversation
        self.text = self._typed.get(chat, "")
        self._kept = (conversation, self._draft_of(chat))
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
        conversation, text = self._chat.conversation, self._draft_of(self._chat)
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


def _joined(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
