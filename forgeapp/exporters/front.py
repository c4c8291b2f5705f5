"""What stands around the text is worded alike wherever there are pages: the cover, the contents, the foot of a page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from forgeapp.domain.document import Blocks, Footnote, Heading, plain_text, walk
from forgeapp.domain.publication import Publication

_COVER_CHARS: Final = 500
"""Of a title, in letters that still leave the rest of its page room."""
_FOOT_CHARS: Final = 80
"""Of a title beside the number of a page."""
DEEPEST_LEVEL: Final = 3
"""Of the headings in the contents."""
_FEWEST: Final = 2
"""Contents of a single line would lead nobody."""


def created_at(publication: Publication) -> datetime:
    """When the content was made, else now."""
    try:
        return datetime.fromisoformat(publication.properties.get("created", ""))
    except ValueError:
        return datetime.now(UTC)


def cover_title(title: str) -> str:
    return _cut(title, _COVER_CHARS)


def footer_title(title: str) -> str:
    """What stands at the left of a page's foot; at its right: 'page / pages'."""
    return _cut(title, _FOOT_CHARS)


def _cut(title: str, most: int) -> str:
    """On one line, of at most so many characters."""
    title = " ".join(title.split())
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"


def listed_headings(blocks: Blocks) -> list[tuple[int, Heading]]:
    """The headings that the contents name, each with its number, from 0, among all headings of the text.

    A single heading of the first level above all others is the title, and is left out. [] for too few of them.
    """
    body = [block for block in blocks if not isinstance(block, Footnote)]
    headings = list(enumerate(block for block in walk(body) if isinstance(block, Heading)))
    title = title_heading(blocks)
    listed = [(number, heading) for number, heading in headings if is_listed(heading, title)]
    return listed if len(listed) >= _FEWEST else []


def title_heading(blocks: Blocks) -> Heading | None:
    """The heading with which a text begins, where it is the only one of the first level."""
    headings = (block for block in walk(blocks) if isinstance(block, Heading) and block.level == 1)
    tops = [heading for heading in headings if _says_something(heading)]
    return tops[0] if len(tops) == 1 and blocks[0] is tops[0] else None


def is_listed(heading: Heading, title: Heading | None) -> bool:
    """Whether the contents, if there are any, name it. `title`: the `title_heading`."""
    return heading.level <= DEEPEST_LEVEL and heading != title and _says_something(heading)


def _says_something(heading: Heading) -> bool:
    return bool(plain_text(heading.inlines).strip())
