"""The state of the window: what is open, what runs, what stands in the composer.

Widgets show it and call its methods; they keep nothing that would be lost with them, and can be built again from it
at any time. Services are built after the first paint; what is asked of them before waits until they are there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from forgeapp.domain.money import NANO_PER_USD
from forgeapp.domain.request import ForgeRequest, Mode
from forgeapp.ui.jobs import Jobs, Lane, OnError
from forgeapp.ui.workbench.archives import Archives
from forgeapp.ui.workbench.artifacts import Artifacts
from forgeapp.ui.workbench.budgets import Budgets
from forgeapp.ui.workbench.chat import Chat, Exchange
from forgeapp.ui.workbench.composer import Composer
from forgeapp.ui.workbench.conversations import Conversations
from forgeapp.ui.workbench.copying import Copying
from forgeapp.ui.workbench.exports import Exports
from forgeapp.ui.workbench.keeping import Keeping
from forgeapp.ui.workbench.kept_replies import KeptReplies
from forgeapp.ui.workbench.registry import Registry
from forgeapp.ui.workbench.reports import Reports
from forgeapp.ui.workbench.reviews import Reviews
from forgeapp.ui.workbench.revising import Revising
from forgeapp.ui.workbench.routes import Routes
from forgeapp.ui.workbench.services import Services
from forgeapp.ui.workbench.status import Status
from forgeapp.ui.workbench.thumbnails import Thumbnails

if TYPE_CHECKING:
    from forgeapp.domain.events import Finished
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

__all__ = ["Chat", "Exchange", "Services", "Workbench"]

T = TypeVar("T")
_LEDGER_TIMEOUT_S = 40.0
"""How long closing waits for what is being stored: as long as the database waits for another process."""
_PAINTED_AFTER_MS = 100
"""When a conversation that has been read is on the screen."""


class Workbench(QObject):
    """`chat` is the conversation in view.

    Signals: `started` (the services are there), `start_failed(Exception)`, `chat_opened` (another chat is in view),
    `turn_ended(Chat, Exchange)`, `failed(Exception)` for whoever tells the user, `file_opened(Path, lost)`,
    `export_wished(artifact, Format or None)`: an export asked for in words, `price_asked(Chat, nano-dollars)`: a
    message that costs more than goes unasked has come back into the composer, `settings_changed`,
    `configuration_wished`, `provider_needs_user(ForgeError)`: one failed in a way that only the user can mend.
    """

    started = Signal()
    start_failed = Signal(object)
    chat_opened = Signal()
    turn_ended = Signal(object, object)
    failed = Signal(object)
    file_opened = Signal(object, object)
    export_wished = Signal(int, object)
    price_asked = Signal(object, object)
    settings_changed = Signal()
    configuration_wished = Signal()
    provider_needs_user = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.services: Services | None = None
        self.jobs = Jobs(self.failed.emit, self)
        self._waiting: list[Callable[[], None]] = []
        self._patient: list[Callable[[], None]] = []
        self._is_restored = False
        self._build: Callable[[], Services] | None = None
        self.status = Status(self)
        self.conversations = Conversations(self)
        self.artifacts = Artifacts(self)
        self.thumbnails = Thumbnails(self)
        self.exports = Exports(self)
        self.copying = Copying(self)
        self.archives = Archives(self)
        self.chat = Chat(self, None)
        self.composer = Composer(self)
        self.registry = Registry(self)
        self.routes = Routes(self)
        self.budgets = Budgets(self)
        self.keeping = Keeping(self)
        self.revising = Revising(self)
        self.kept_replies = KeptReplies(self)
        self.reports = Reports(self)
        self.reviews = Reviews(self)
        self.turn_ended.connect(self._on_turn_ended)
        self.reviews.changed.connect(self._on_review_changed)
        self.settings_changed.connect(self.status.refresh)

    def start(self, build: Callable[[], Services]) -> None:
        """Builds the services in a worker thread."""
        self._build = build
        self.start_again()

    def start_again(self) -> None:
        """After what had kept the services from being built was mended."""
        build = self._build
        assert build is not None
        self.jobs.run(lambda _cancel: build(), self.take_services, self.start_failed.emit)

    def when_ready(self, then: Callable[[], None]) -> None:
        """At once, or as soon as the services are there."""
        if self.services is not None:
            then()
        else:
            self._waiting.append(then)

    def when_restored(self, then: Callable[[], None]) -> None:
        """At once, or as soon as the conversation left last is on the screen: for what can wait until it is."""
        if self._is_restored:
            then()
        else:
            self._patient.append(then)

    def call(
        self,
        work: Callable[[Services], T],
        show: Callable[[T], None] | None = None,
        on_error: OnError | None = None,
    ) -> None:
        """Short work with the services in the ledger's lane: calls happen in the order they were made."""

        def go() -> None:
            services = self.services
            assert services is not None
            self.jobs.run(lambda _cancel: work(services), show, on_error, Lane.LEDGER)

        self.when_ready(go)

    def send(self, text: str) -> None:
        """A message by the composer's choices, into the conversation in view."""
        self.send_request(self.composer.request(text), self.chat, is_price_accepted=True)

    def send_request(self, request: ForgeRequest, chat: Chat, is_price_accepted: bool = False) -> None:
        """Begins a turn: shown at once, then hand edits are stored, then the price is looked at.

        Where it is above what the user wants unasked the words go back, and `price_asked` follows. While a reply is
        under way the message waits for it.
        """
        if not request.text.strip():
            return
        if chat.live is not None:
            chat.queue.add(request, is_price_accepted)
            return
        exchange = chat.prepare(request)

        def look(too_much: int | None) -> None:
            if too_much is None or exchange.live is None:
                chat.begin(exchange)
            else:
                chat.withdraw(exchange)
                self.price_asked.emit(chat, too_much)

        def go() -> None:
            if is_price_accepted:
                chat.begin(exchange)
            else:
                self.look_at_price(request, look)

        self._after_saving(request, go, lambda: chat.withdraw(exchange))

    def look_at_price(self, request: ForgeRequest, then: Callable[[int | None], None]) -> None:
        """Gives `then` what the request would cost where that is more than goes unasked, else None."""
        if request.mode in (Mode.LOCAL, Mode.TEMPLATES):
            then(None)
            return

        def look(cost: int | None) -> None:
            services = self.services
            assert services is not None
            most = services.settings.ask_above_usd * NANO_PER_USD
            then(cost if cost is not None and cost > most else None)

        self.composer.estimate_for(request, look)

    def regenerate(self, exchange: Exchange, model: str | None = None) -> None:
        """Another reply to the same message, by the same choices or by another model.

        In Copy/paste mode nobody can be asked: the words go into the composer.
        """
        if model is None and exchange.request is None and self.composer.is_paste:
            self.composer.replace_text(exchange.text)
            return
        request = self._request_of(exchange)
        self._answer_again(exchange, replace(request, model=model or request.model, use_cache=False))

    def confirm(self, exchange: Exchange, is_wanted: bool) -> None:
        """The answer to the gatekeeper's question: make it, or just chat."""
        request = self._request_of(exchange)
        self._answer_again(exchange, replace(request, confirmed=is_wanted, chat_only=not is_wanted))

    def fill_slots(self, exchange: Exchange, slots: dict[str, str]) -> None:
        """What a template was missing; what is still missing stays visibly blank."""
        self._answer_again(exchange, replace(self._request_of(exchange), confirmed=True, slots=slots))

    def paste(self, request: ForgeRequest, reply: str, model: str, done: Callable[[], None]) -> None:
        """A reply from another chat to a message, read as if it had been streamed; then `done`."""
        chat, exchange = self.chat, Exchange(request.text)

        def show(finished: Finished) -> None:
            chat.add_finished(exchange, finished)
            for version in finished.artifacts:
                self.artifacts.take(chat, version)
            if finished.proposal is not None and request.artifact is not None:
                self.reviews.take(chat, request.artifact, None)
            done()

        def go() -> None:
            self.call(lambda services: services.forge.paste(request, reply, model.strip() or None), show)

        self._after_saving(request, go, lambda: None)

    def _request_of(self, exchange: Exchange) -> ForgeRequest:
        """As it was sent in this run of the program, else its words; by who may answer now."""
        mode = self.composer.request_mode
        if exchange.request is not None:
            return replace(exchange.request, mode=exchange.request.mode if self.composer.is_paste else mode)
        from forgeapp.services.revising.quick_actions import is_instruction

        return ForgeRequest(
            text=exchange.text,
            conversation=self.chat.conversation,
            mode=mode,
            is_revision=is_instruction(exchange.text.partition("\n")[2]),
            reviews=self.composer.reviews,
        )

    def _answer_again(self, exchange: Exchange, request: ForgeRequest) -> None:
        chat = self.chat
        if chat.live is None and exchange.message is not None:
            chat.prepare_again(exchange, request)
            self._after_saving(request, lambda: chat.begin(exchange), lambda: chat.withdraw(exchange))

    def _after_saving(self, request: ForgeRequest, then: Callable[[], None], on_error: Callable[[], None]) -> None:
        """Once the services are there and hand edits of what goes along are stored."""
        tab = self.artifacts.find(request.artifact) if request.artifact is not None else self.artifacts.active

        def go() -> None:
            if tab is not None:
                self.artifacts.save(tab, then, on_error)
            else:
                then()

        self.when_ready(go)

    def close(self, timeout_s: float = 3.0) -> bool:
        """Stores drafts and hand edits, ends every job. False where something still runs after `timeout_s`."""
        self.composer.save_draft()
        self.artifacts.save_all()
        is_over = self.jobs.close(timeout_s, _LEDGER_TIMEOUT_S)
        for tab in self.artifacts.tabs:
            # Python's collector may free a step before the stack in C++ that still lists it.
            tab.undo_stack.clear()
        if self.services is not None and is_over:
            self.services.close()
        return is_over

    def keep_setting(self, name: str, value: object) -> None:
        """Changes one of the settings, also on disk."""

        def keep(services: Services) -> None:
            from forgeapp.settings import save_settings

            settings = replace(services.settings, **{name: value})  # type: ignore[arg-type]
            save_settings(services.home.settings, settings)
            services.use_settings(settings)

        self.call(keep, lambda _: self.settings_changed.emit())

    def take_services(self, services: Services) -> None:
        """They are there: what waited for them goes on."""
        self.services = services
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()
        self.conversations.refresh()
        self.artifacts.refresh_recent()
        self.status.refresh()
        if self.chat.is_loaded:
            self._on_restored()
        else:
            painted = partial(QTimer.singleShot, _PAINTED_AFTER_MS, self, self._on_restored)
            self.chat.loaded.connect(painted, Qt.ConnectionType.SingleShotConnection)
        self.started.emit()

    def _on_restored(self) -> None:
        self._is_restored = True
        patient, self._patient = self._patient, []
        for then in patient:
            then()

    def _on_turn_ended(self, chat: Chat, exchange: Exchange) -> None:
        self.status.refresh()
        self.conversations.refresh()
        chat.queue.go_on(exchange)

    def _on_review_changed(self, tab: OpenArtifact) -> None:
        for chat in self.conversations.chats:
            chat.look_again(tab.id)
