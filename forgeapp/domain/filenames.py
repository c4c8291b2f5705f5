"""File names that every system takes and that stay in their folder."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import count

MAX_BYTES = 120
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def safe_name(name: str, fallback: str = "untitled") -> str:
    """A name with its extension kept: no separators, control or direction marks, no leading dot, at most MAX_BYTES.

    Lone surrogates, which no file system holds, are left out too.
    """
    name = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", name))
    name = re.sub(r"\s+", " ", name).strip(" .")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 10 or " " in extension:
        stem, extension = name, ""
    ending = f".{extension}" if extension else ""
    budget = MAX_BYTES - len(ending.encode())
    stem = stem.encode()[:budget].decode(errors="ignore").rstrip(" .") or fallback
    result = stem + ending
    return f"_{result}" if _RESERVED.fullmatch(result) else result


def numbered(stem: str, ending: str = "") -> Iterator[str]:
    """'a.csv', 'a (2).csv', 'a (3).csv' and so on, for who looks for a name that is free."""
    yield f"{stem}{ending}"
    for number in count(2):
        yield f"{stem} ({number}){ending}"
