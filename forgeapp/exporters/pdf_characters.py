"""Characters on their way to a PDF page: what is taken out, what needs shaping, where a line may break."""

from __future__ import annotations

import re

SUBSTITUTE = "\ufffd"
"""Shown for a character that no font has, or that stands for nothing one can see."""

JOINERS = "\u200c\u200d"

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Format characters and those of no width. Direction marks go too: they can make a text read as another one."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BREAKS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[^\S\u00a0\u2007\u202f]+")

NEEDS_SHAPING = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0590-\u109f\u1780-\u18af\u1920-\u194f\u1980-\u1cff\u1dc0-\u1dff\u200c\u200d"
    "\u20d0-\u20ff\ua800-\uabff\ufb1d-\ufdff\ufe20-\ufe2f\ufe70-\ufefc\U00010800-\U00010fff"
    "\U00011000-\U000116ff\U0001e800-\U0001efff]"
)
"""Combining marks, and scripts whose letters change with their neighbours or run from right to left."""

RUNS_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")

_WIDE = "\u2e80-\u30ff\u31c0-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
_OPENING = "「『（［｛〔【《〈"
_CLOSING = "、。，．・：；？！」』）］｝〕】》〉ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ),.;:!?%”’"

WIDE = re.compile(f"[{_WIDE}]")
TOKEN = re.compile(rf" +|\n|[{_OPENING}]*[{_WIDE}][{re.escape(_CLOSING)}]*|[^ \n{_WIDE}]+")
"""Spaces, a line end, one Chinese or Japanese character with what may not leave it, or a word."""

INSIDE_WORD = re.compile(r"(?<=\w[-–—/])(?=[^\W\d_])")
"""A line may also break after a hyphen or slash between letters."""


def flowing(text: str) -> str:
    """Running text: every white space one blank, but for those that do not break."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return _UNSHOWABLE.sub(SUBSTITUTE, _INVISIBLE.sub("", _SPACES.sub(" ", text)))


def verbatim(text: str, tab: int = 4) -> str:
    """One line of code: blanks kept, tabs as blanks up to the next stop."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSHOWABLE.sub(SUBSTITUTE, _INVISIBLE.sub("", text.expandtabs(tab)))


def single_line_ends(text: str) -> str:
    """Every kind of line end as a line feed."""
    return _BREAKS.sub("\n", text)


def unshowable(text: str) -> list[str]:
    """The characters that `flowing` and `verbatim` replace."""
    return [] if text.isascii() and text.isprintable() else _UNSHOWABLE.findall(text)
