"""What stands before the text is worded alike wherever there are pages: the day on the cover, and the contents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from forgeapp.domain.publication import Publication

CONTENTS: Final = "Contents"
DEEPEST_LEVEL: Final = 3
"""Of the headings in the contents."""
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def created_at(publication: Publication) -> datetime:
    """When the content was made, else now."""
    try:
        return datetime.fromisoformat(publication.properties.get("created", ""))
    except ValueError:
        return datetime.now(UTC)


def date_in_words(moment: datetime) -> str:
    """'21 November 2026', whatever the language of the system."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
