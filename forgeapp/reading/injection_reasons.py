"""What instructions to a model are after."""

from __future__ import annotations

from typing import Final

OVERRIDES: Final = "asks to ignore other instructions"
GIVES_ROLE: Final = "gives the model another role"
ADDRESSES: Final = "speaks to the model"
ASKS_SECRETS: Final = "asks for keys or the prompt"
SENDS_AWAY: Final = "asks to send or call something"
DICTATES: Final = "dictates what the reply says"
IMITATES: Final = "imitates the marks of a conversation"
HIDDEN: Final = "stands where people do not see it"

NOT_WHERE_DENIED: Final = frozenset({OVERRIDES, ASKS_SECRETS, SENDS_AWAY})
"""Those of which 'never do that' is the opposite."""
