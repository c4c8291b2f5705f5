"""Messages sent while a reply is under way: each goes once the turn before it has ended well."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.request import ForgeRequest

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat, Exchange


@dataclass(eq=False)
class Queued:
    """A message that waits. `is_price_accepted`: what it may cost was looked at when it was sent."""

    request: ForgeRequest
    is_price_accepted: bool = False


class Queue(QObject):
    """Those of one chat, in `items`. `is_held`: the turn before them went wrong or was stopped, the user says how to
    go on. `changed` follows each change of either."""

    changed = Signal()

    def __init__(self, workbench: Workbench, chat: Chat) -> None:
        super().__init__(chat)
        self._workbench = workbench
        self._chat = chat
        self.items: list[Queued] = []
        self.is_held = False
        self._held_by: Exchange | None = None

    def add(self, request: ForgeRequest, is_price_accepted: bool = False) -> None:
        """At the end. What costs more than goes unasked comes back at once, as from Send."""
        item = Queued(request, is_price_accepted)
        self.items.append(item)
        self.changed.emit()
        if not is_price_accepted:
            self._workbench.look_at_price(request, lambda cost: self._on_price(item, cost))

    def remove(self, item: Queued) -> None:
        """It is not wanted any more."""
        if item in self.items:
            self._take_out(item)
            self._workbench.composer.let_go(item.request, self._chat)

    def send_now(self, item: Queued) -> None:
        """Before the others, which follow it; not while a reply is under way."""
        if item in self.items and self._chat.live is None:
            self.is_held = False
            self._send(item)

    def go_on(self, exchange: Exchange) -> None:
        """A turn has ended: the next message goes, unless it ended in trouble or with a question."""
        if not self.items or self._chat.live is not None:
            return
        from forgeapp.domain.events import Status

        if exchange.ending is None or exchange.ending.status not in (Status.DONE, Status.CHAT):
            self.hold(exchange)
        elif not self.is_held or exchange is self._held_by:
            self.is_held = False
            self._send(self.items[0])

    def hold(self, exchange: Exchange) -> None:
        """Nothing goes by itself until a turn of this exchange ends well."""
        if self.items:
            self.is_held, self._held_by = True, exchange
            self.changed.emit()

    def _send(self, item: Queued) -> None:
        self._take_out(item)
        request = replace(item.request, conversation=self._chat.conversation)
        self._workbench.send_request(request, self._chat, item.is_price_accepted)

    def _take_out(self, item: Queued) -> None:
        self.items.remove(item)
        if not self.items:
            self.is_held = False
        self.changed.emit()

    def _on_price(self, item: Queued, too_much: int | None) -> None:
        if item not in self.items:
            return
        item.is_price_accepted = too_much is None
        if too_much is not None:
            self._take_out(item)
            self._workbench.composer.give_back(item.request, self._chat)
            self._workbench.price_asked.emit(self._chat, too_much)
