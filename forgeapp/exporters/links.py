"""The addresses that files may link to."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\x00-\x1f\x7f]+", re.IGNORECASE)


def web_address(link: str | None) -> str | None:
    """An http(s) or mailto address in ASCII (RFC 3986), non-ASCII characters percent-encoded; None for all others.

    None also where a name stands before the host: 'https://bank.example@elsewhere.example/' reads as another place.
    """
    if not link or not _ADDRESS.fullmatch(link.strip()):
        return None
    address = quote(link.strip().encode(errors="replace"), safe="%/:=&?~#+!$,;'@()*[]")
    return address if _is_whole(address) else None


def _is_whole(address: str) -> bool:
    """Whether it names a host, or somebody to write to."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return "@" in parts.path if parts.scheme == "mailto" else bool(parts.hostname) and "@" not in parts.netloc


def hidden_host(address: str) -> str:
    """The host an address with a name before it leads to; '' for all others."""
    try:
        parts = urlsplit(address.strip())
        return (parts.hostname or "") if "@" in parts.netloc else ""
    except ValueError:
        return ""
