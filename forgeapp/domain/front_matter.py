"""Where the front matter of a Markdown text ends: properties in YAML between '---' lines at its very top.

Jekyll, pandoc and Obsidian write it so. Only the shape of the lines is looked at here; what they say is read by
`reading.front_matter`.
"""

from __future__ import annotations

import re
from typing import Final

MAX_CHARS: Final = 65_536
"""Nobody says more about a text before it begins."""
_OPENING: Final = re.compile(r"\ufeff?---[ \t]*\r?\n")
_CLOSING: Final = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_KEY: Final = re.compile(r"(?P<key>[^\W\d][\w.-]{0,60}|\"[^\"\n]{1,60}\"|'[^'\n]{1,60}')[ \t]*:(?:[ \t]|\r?$)")
_WITHIN: Final = re.compile(r"[ \t].*|[ \t]*\r?|#.*|-(?:[ \t].*)?\r?|[\]}],?[ \t]*\r?")
_NAMES: Final = frozenset(
    ("title", "subtitle", "author", "authors", "lang", "language", "description", "keywords", "tags", "abstract")
)


def front_matter_end(markdown: str) -> int:
    """The characters it takes, the line end behind its last mark included; 0 where a text begins with none.

    A thematic break is none: a blank line follows it, or text that names nothing. Nor is the head of a memo, whose
    names are capitalised words of the text ('To:', 'From:'): one name at least begins with a small letter, or is one
    that only properties have. Linear time.
    """
    opening = _OPENING.match(markdown)
    closing = _CLOSING.search(markdown, opening.end(), opening.end() + MAX_CHARS) if opening else None
    if opening is None or closing is None:
        return 0
    is_named = False
    for number, line in enumerate(markdown[opening.end() : closing.start()].split("\n")[:-1]):
        name = _KEY.match(line)
        if name is not None:
            key = name["key"].strip("\"'")
            is_named = is_named or key[:1].islower() or key.casefold() in _NAMES
        elif number == 0 or not _WITHIN.fullmatch(line):
            return 0
    return min(closing.end() + 1, len(markdown)) if is_named else 0
