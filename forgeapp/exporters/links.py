"""The addresses that files may link to."""

from __future__ import annotations

import re
from urllib.parse import quote

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)


def web_address(link: str | None) -> str | None:
    """An http(s) or mailto address in ASCII (RFC 3986), non-ASCII characters percent-encoded; None for all others."""
    if not link or not _ADDRESS.fullmatch(link):
        return None
    return quote(link.encode(errors="replace"), safe="%/:=&?~#+!$,;'@()*[]")
