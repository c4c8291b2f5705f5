"""One conversation as shown: its exchanges, and the turns under way in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.request import ForgeRequest
from forgeapp.errors import KeyMissing, KeyRejected, QuotaExhausted
from forgeapp.ui.jobs import Lane
from forgeapp.ui.workbench.live_turn import LiveTurn
from forgeapp.ui.workbench.queue import Queue
from forgeapp.ui.workbench.stored_chat import Page, Reply, StoredExchange, read_page

if TYPE_CHECKING:
    from forgeapp.domain.events import Event, Finished
    from forgeapp.ledger.calls import CallRow
    from forgeapp.ui.workbench import Workbench

PAGE_MESSAGES = 50


@dataclass(eq=False)
class Exchange:
    """A message of the user's and what came of it.

    `replies` are all it ever got, `shown` the index of the one in view. `live`: a turn under way. `ending`: how the
    last turn of this session ended; its question, error, missing slots and warnings are shown until another one begins.
    """

    text: str
    message: int | None = None
    at: str = ""
    replies: Sequence[Reply] = ()
    shown: int = -1
    calls: Sequence[CallRow] = ()
    live: LiveTurn | None = None
    ending: Finished | None = None
    request: ForgeRequest | None = field(default=None, repr=False)

    @property
    def reply(self) -> Reply | None:
        return self.replies[self.shown] if self.replies else None


class Chat(QObject):
    """`conversation` is None until the first message is stored.

    `added` follows a new exchange at the end, `earlier_added` how many came before the first, `changed` an exchange
    whose reply, turn or ending changed, `loaded` the first page. `queue`: what is to be sent after the turn under way.
    """

    added = Signal(object)
    earlier_added = Signal(int)
    changed = Signal(object)
    loaded = Signal()

    def __init__(self, workbench: Workbench, conversation: int | None) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.conversation = conversation
        self.exchanges: list[Exchange] = []
        self.queue = Queue(workbench, self)
        self.is_loaded = conversation is None
        self.has_earlier = False
        self._is_loading = False

    @property
    def live(self) -> LiveTurn | None:
        """The turn under way; one at a time in a conversation."""
        return next((exchange.live for exchange in reversed(self.exchanges) if exchange.live), None)

    @property
    def shown_replies(self) -> tuple[int, ...]:
        """The messages of the replies that are in view, of all that has been read."""
        replies = (exchange.reply for exchange in self.exchanges)
        return tuple(reply.message for reply in replies if reply is not None)

    @property
    def is_under_way(self) -> bool:
        """Whether something is still to be told to it."""
        return self.live is not None or self._is_loading or bool(self.queue.items)

    def load(self) -> None:
        """Reads the newest page."""
        self._read(None)

    def load_earlier(self) -> None:
        if self.has_earlier and self.exchanges:
            self._read(self.exchanges[0].message)

    def prepare(self, request: ForgeRequest) -> Exchange:
        """A message that is on its way: shown at once, begun by `begin`, or taken back by `withdraw`."""
        exchange = Exchange(request.text)
        self.exchanges.append(exchange)
        self._make_live(exchange, request)
        self.added.emit(exchange)
        return exchange

    def prepare_again(self, exchange: Exchange, request: ForgeRequest) -> None:
        """Another turn for a message that is stored: Regenerate, the answer to a question, filled slots."""
        self._make_live(exchange, replace(request, conversation=self.conversation, answers=exchange.message))
        self.changed.emit(exchange)

    def withdraw(self, exchange: Exchange) -> None:
        """A turn that does not begin: the words of a new message go back to who wrote them."""
        request = exchange.request
        exchange.live = None
        self.queue.hold(exchange)
        if exchange.message is not None:
            self.changed.emit(exchange)
            return
        self.exchanges.remove(exchange)
        self.loaded.emit()
        if request is not None:
            self._workbench.composer.give_back(request, self)

    def show_reply(self, exchange: Exchange, number: int) -> None:
        """One of several replies to the same message."""
        exchange.shown = max(0, min(number, len(exchange.replies) - 1))
        self.changed.emit(exchange)

    def stop(self) -> None:
        if self.live is not None:
            self.live.stop()

    def add_finished(self, exchange: Exchange, finished: Finished) -> None:
        """A turn that ended without streaming: a pasted reply."""
        if exchange not in self.exchanges:
            self.exchanges.append(exchange)
            self.added.emit(exchange)
        self.take_number(finished.conversation)
        self._finish(exchange, finished)

    def begin(self, exchange: Exchange) -> None:
        live, services = exchange.live, self._workbench.services
        if live is None:
            return
        if live.is_stopping:
            self.withdraw(exchange)
            return
        assert services is not None
        request = live.request
        tab = self._workbench.artifacts.find(request.artifact) if request.artifact is not None else None
        live.base, live.base_title = ((tab.id, tab.version), tab.title) if tab is not None else (None, "")
        live.job = self._workbench.jobs.stream(
            lambda cancel: services.forge.run(request, cancel),
            partial(self._on_event, exchange, live),
            on_error=partial(self._on_failed, exchange, live),
            lane=Lane.TURNS,
        )

    def _make_live(self, exchange: Exchange, request: ForgeRequest) -> None:
        exchange.live, exchange.ending, exchange.request = LiveTurn(request, self), None, request

    def _on_event(self, exchange: Exchange, live: LiveTurn, event: Event) -> None:
        if exchange.live is not live:
            return
        # Not needed before the first turn, and the window is to be there soon.
        from forgeapp.domain import events

        match event:
            case events.MessageStored(conversation=conversation, message=message):
                exchange.message = message
                self.take_number(conversation)
                self._workbench.composer.let_go(live.request, self)
            case events.Decided(decision=decision):
                live.decision = decision
                live.changed.emit()
            case events.PromptReady(input_tokens=tokens):
                live.input_tokens = tokens
                live.changed.emit()
            case events.AttemptStarted(provider=provider, model=model, is_cached=is_cached):
                live.begin_attempt(f"{provider}/{model}", is_cached)
            case events.CostGrew(output_tokens=tokens, cost_nano_usd=cost):
                live.output_tokens, live.cost_nano_usd = tokens, cost
                live.changed.emit()
            case events.Hop() | events.PassedOver():
                live.note_hop(event)
                if isinstance(event, events.Hop) and isinstance(event.error, KeyMissing | KeyRejected | QuotaExhausted):
                    self._workbench.provider_needs_user.emit(event.error)
            case events.Waiting():
                live.wait(event)
            case events.ChatGrew(text=text):
                live.feed(text)
            case events.ArtifactGrew(kind=kind, title=title, text=text):
                live.feed_artifact(kind, title, text)
                self._workbench.artifacts.show_draft(self, live)
            case events.ArtifactReady(version=version):
                self._workbench.artifacts.take(self, version, live)
            case events.ProposalReady(base=base):
                self._workbench.reviews.take(self, base.artifact, live)
            case events.Finished():
                self._finish(exchange, event)

    def _on_failed(self, exchange: Exchange, live: LiveTurn, error: Exception) -> None:
        """A turn that could not even begin, or a fault of ours in its midst."""
        if exchange.live is live:
            self._workbench.artifacts.end_draft(live)
            self.withdraw(exchange)
        self._workbench.failed.emit(error)

    def _finish(self, exchange: Exchange, finished: Finished) -> None:
        """The reply is read back as it was stored, so that it looks now as it will after a restart."""
        live, exchange.ending = exchange.live, finished

        def end() -> None:
            if exchange.live is live:
                exchange.live = None
            self.changed.emit(exchange)
            if live is not None:
                self._workbench.artifacts.end_draft(live)
                live.deleteLater()
            self._workbench.turn_ended.emit(self, exchange)

        def show(page: Page) -> None:
            stored = next((item for item in page.exchanges if item.message == exchange.message), None)
            if exchange.message is None and page.exchanges:
                stored = page.exchanges[-1]
            if stored is not None:
                self._take_stored(exchange, stored)
            end()

        def failed(error: Exception) -> None:
            end()
            self._workbench.failed.emit(error)

        conversation, message = finished.conversation, exchange.message
        before = message + 1 if message is not None and exchange is not self.exchanges[-1] else None
        self._workbench.call(
            lambda services: read_page(services.ledger, conversation, before, PAGE_MESSAGES), show, failed
        )

    def look_again(self, artifact: int) -> None:
        """Reads what became of the changes of an artifact that wait for the user."""
        for exchange in self.exchanges:
            waits = any(
                card.artifact == artifact and card.is_pending for reply in exchange.replies for card in reply.proposals
            )
            if waits and exchange.message is not None and exchange.live is None:
                self._read_again(exchange, exchange.message)

    def _read_again(self, exchange: Exchange, message: int) -> None:
        conversation = self.conversation
        assert conversation is not None

        def show(page: Page) -> None:
            stored = next((item for item in page.exchanges if item.message == message), None)
            if stored is not None and exchange.live is None:
                shown = exchange.shown
                self._take_stored(exchange, stored)
                exchange.shown = min(shown, len(stored.replies) - 1)
                self.changed.emit(exchange)

        self._workbench.call(
            lambda services: read_page(services.ledger, conversation, message + 1, PAGE_MESSAGES), show
        )

    def _take_stored(self, exchange: Exchange, stored: StoredExchange) -> None:
        exchange.text, exchange.message, exchange.at = stored.text, stored.message, stored.at
        exchange.replies, exchange.calls = stored.replies, stored.calls
        exchange.shown = len(stored.replies) - 1

    def take_number(self, conversation: int) -> None:
        """A new conversation has been stored."""
        if self.conversation is None:
            self.conversation = conversation
            self._workbench.conversations.take_number(self)
            self._workbench.composer.keep_draft_for(self, conversation)
        self._workbench.conversations.refresh()

    def _read(self, before: int | None) -> None:
        conversation = self.conversation
        if conversation is None or self._is_loading:
            return
        self._is_loading = True

        def show(page: Page) -> None:
            self._is_loading = False
            # A message sent while this was read is here already.
            known = {exchange.message for exchange in self.exchanges}
            items = [item for item in page.exchanges if item.message not in known]
            earlier = [Exchange(item.text, item.message, item.at) for item in items]
            for exchange, item in zip(earlier, items, strict=True):
                self._take_stored(exchange, item)
            self.exchanges[:0] = earlier
            self.has_earlier = page.has_earlier
            if before is None:
                self.is_loaded = True
                self.loaded.emit()
            else:
                self.earlier_added.emit(len(earlier))

        def failed(error: Exception) -> None:
            self._is_loading = False
            self.is_loaded = True
            self.loaded.emit()
            self._workbench.failed.emit(error)

        self._workbench.call(
            lambda services: read_page(services.ledger, conversation, before, PAGE_MESSAGES), show, failed
        )
