"""What a message asks for, as the gatekeeper decided it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forgeapp.domain.artifact import Format, Kind


class Intent(StrEnum):
    CHAT = "chat"
    CREATE = "create"
    REVISE = "revise"
    EXPORT = "export"


ACT_AT = 0.80
"""From this confidence on a decision is acted upon."""
ASK_AT = 0.60
"""From this confidence on, below ACT_AT, the user is asked first; below it the message is chat."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Intent, kind and file format of a message, with confidence 0..1 and the reasons in words.

    `kind` and `format` are None for chat. `unsupported` names a wished-for kind we do not make (slides, audio, ...).
    """

    intent: Intent
    kind: Kind | None = None
    format: Format | None = None
    confidence: float = 1.0
    reasons: tuple[str, ...] = ()
    unsupported: str | None = None

    @property
    def acts(self) -> bool:
        return self.intent is not Intent.CHAT and self.confidence >= ACT_AT

    @property
    def asks(self) -> bool:
        return self.intent is not Intent.CHAT and ASK_AT <= self.confidence < ACT_AT

    def to_json(self) -> dict[str, Any]:
        """The line `forgeapp gate` prints."""
        return {
            "intent": self.intent.value,
            "kind": self.kind.value if self.kind else None,
            "format": self.format.value if self.format else None,
            "confidence": round(self.confidence, 4),
            "reasons": list(self.reasons),
        }
