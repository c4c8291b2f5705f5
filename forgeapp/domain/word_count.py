"""How much of a Markdown text is read: neither where its links lead, nor what its pictures are made of."""

from __future__ import annotations

import re
from typing import Final

_IDEOGRAPHS: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:['’.,-][^\W_{_IDEOGRAPHS}]+)*")
_DATA: Final = re.compile(r"data:image/[^\s)\"'>]+")
_ADDRESS: Final = re.compile(r"(?<=\]\()(?:[^()\s]|\([^()\s]*\))+|^ {0,3}\[(?!\^)[^\[\]\n]{1,999}\]:[ \t]+\S+", re.M)
"""Of '[words](address "title")', and all of '[label]: address'."""


def count_words(text: str) -> int:
    """Words as people count them; each ideograph is one."""
    return sum(1 for _ in _WORD.finditer(read_text(text)))


def read_text(text: str) -> str:
    """The text without what nobody reads in it."""
    return _DATA.sub("", _ADDRESS.sub("", text))
