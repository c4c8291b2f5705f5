"""What was lost when a file was opened is told once more with the first file that is made of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from forgeapp.domain.export_request import ArtifactSubject, Subject
from forgeapp.domain.wording import Text
from forgeapp.ledger import Ledger

_TOLD: Final = ("lost_", "document_lost_")
_NO_LOSS: Final = ("lost_hidden", "lost_refused", "lost_excel_tables", "lost_filters", "lost_names")
"""Told when a file is opened, but still there."""
_MOST: Final = 20
_MOST_CHARS: Final = 500
"""Of each."""


def losses(told: Iterable[str]) -> list[str]:
    """Of what is told when a file is opened, that which is not in the artifact."""
    keys = ((text, getattr(text, "key", "")) for text in told)
    return [str(text) for text, key in keys if key.startswith(_TOLD) and not key.startswith(_NO_LOSS)][:_MOST]


def told_at_first_export(ledger: Ledger, subject: Subject) -> tuple[str, ...]:
    """Of the file an artifact was opened from, where it has not been exported yet."""
    if not isinstance(subject, ArtifactSubject) or ledger.exports.last_of(subject.artifact) is not None:
        return ()
    match next(iter(ledger.artifacts.opened_as(subject.artifact)), {}):
        # It may have come with an archive, which anybody can have written.
        case {"file": str(file), "lost": [_, *_] as lost}:
            told = " ".join(str(loss)[:_MOST_CHARS] for loss in lost[:_MOST])
            return (Text("lost_at_opening", "When {file} was opened: {losses}", file=file, losses=told),)
        case _:
            return ()
