"""Which lines of a Markdown text stand in fenced code: quick, and wherever in quotes and lists the fence stands.

CommonMark 0.31, 'Fenced code blocks'.
"""

from __future__ import annotations

import re
from typing import Final

_OPENS: Final = re.compile(r"[ \t>]*(`{3,}|~{3,})")


def open_fence(line: str, fence: str) -> str:
    """The fence that is open behind a line, given the one open before it; '' for none."""
    if not fence:
        opening = _OPENS.match(line)
        return opening[1] if opening else ""
    rest = line.strip(" \t>")
    return "" if rest.startswith(fence) and not rest.strip(fence[0]) else fence
