"""The words in which what is wanted and what is found of an HTML file are compared; white space counts in code."""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import Final

_SPACES: Final = re.compile(r"\s+")
_UNSHOWABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
HOLE: Final = "\ufffc"
"""In texts where a formula or a picture stands."""


def plain(text: str) -> str:
    """Running text, every white space one blank."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", _UNSHOWABLE.sub("\ufffd", text.replace("\ufeff", ""))).strip()


def bare(text: str) -> str:
    """Text without white space."""
    return plain(text).replace(" ", "")


def verbatim(text: str) -> str:
    """Code; lxml leaves out a byte order mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    return _UNSHOWABLE.sub("\ufffd", text)


def list_words(start: str, count: int) -> str:
    """`start`: '' for a list without numbers."""
    return f"from {start}, {count} items" if start else f"{count} items"


def shape(widths: Counter[int]) -> str:
    """How many rows of how many cells."""
    return f"{widths.total()} rows of {'/'.join(map(str, sorted(widths)))} cells"


def picture_words(source: str, alt: str) -> str:
    digest = sha256("".join(source.split()).encode("utf-8", "replace")).hexdigest()[:12]
    return f"{plain(alt)} ({digest})"
