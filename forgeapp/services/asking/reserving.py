"""No budget is overspent: the most a call can cost is set aside before it is sent, and replies are kept short.

Not here: the transaction that decides, which is the ledger's (`Calls.begin`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from forgeapp.domain.chat import Message, Prompt
from forgeapp.errors import BudgetExceeded, PriceUnknown
from forgeapp.ledger import Ledger
from forgeapp.ledger.budgets import Cap
from forgeapp.ledger.calls import NewCall, Reservation
from forgeapp.services.asking.routing import Candidate

MostCost = Callable[[Candidate, Sequence[Message], int], int | None]
"""The most a call with these messages and so many tokens of reply can cost, in nano-dollars; None: unknown."""
Caps = Callable[[Candidate], tuple[Cap, ...]]
"""The limits besides budgets that hold for a call to this candidate."""

_TRIES: Final = 5
"""Others may take from the same budget between the look at it and the reservation."""


class Reserving:
    def __init__(self, ledger: Ledger, most_cost: MostCost, caps: Caps, least_output_tokens: int) -> None:
        self._ledger = ledger
        self._most_cost = most_cost
        self._caps = caps
        self._least_output_tokens = least_output_tokens

    def begin(self, candidate: Candidate, new_call: NewCall, prompt: Prompt, lease_s: float) -> tuple[int, Prompt]:
        """Notes the call with its reservation; gives its id, and the prompt with the longest reply there is money for.

        Raises BudgetExceeded where not even a short reply can be paid, PriceUnknown where a budget holds and nobody
        knows the price, nor has the user allowed that; his consent is to his own money, and moves no cap.
        """
        if candidate.is_local:
            return self._ledger.calls.begin(new_call), prompt
        caps = self._caps(candidate)
        for last in (*(False,) * (_TRIES - 1), True):
            room = self._ledger.budgets.room(new_call.conversation, new_call.project, new_call.kind, caps)
            allowed, most = self._allowed(candidate, prompt, room)
            if most is None:
                if caps or (room is not None and not candidate.model.allows_unknown_price):
                    raise PriceUnknown(provider=candidate.provider.name, model=candidate.model.name)
                return self._ledger.calls.begin(new_call), allowed
            try:
                return self._ledger.calls.begin(new_call, Reservation(most, lease_s, caps)), allowed
            except BudgetExceeded:
                if last or room is None or most > room:
                    raise
        raise AssertionError("the last try returns or raises")

    def _allowed(self, candidate: Candidate, prompt: Prompt, room: int | None) -> tuple[Prompt, int | None]:
        """The prompt with as long a reply as `room` pays for, at least the shortest one; and its most."""

        def most(output_tokens: int) -> int | None:
            return self._most_cost(candidate, prompt.messages, output_tokens)

        wanted = prompt.max_output_tokens
        assert wanted is not None, "what may cost without end can't be reserved"
        whole = most(wanted)
        if whole is None or room is None or whole <= room:
            return prompt, whole
        fits, too_long = min(self._least_output_tokens, wanted), wanted
        shortest = most(fits) or 0
        if shortest > room:
            return prompt, shortest
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if (most(middle) or 0) <= room:
                fits = middle
            else:
                too_long = middle
        return replace(prompt, max_output_tokens=fits), most(fits)
