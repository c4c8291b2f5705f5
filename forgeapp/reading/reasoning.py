"""What a model thinks aloud within its reply: <think>...</think> and its kin, dropped before reading."""

from __future__ import annotations

import re

from forgeapp.reading.scan import fence_mark

_NAMES = "think|thinking|thought|reasoning|reflection|scratchpad|analysis"
_OPEN = re.compile(rf"\s*<({_NAMES})>", re.IGNORECASE)
_CLOSE = re.compile(rf"</({_NAMES})>", re.IGNORECASE)


def without_reasoning(text: str) -> tuple[str, bool]:
    """The reply proper, and whether thoughts were dropped. Thoughts that never end take the rest with them.

    Only what begins a line counts, and nothing within a fence. A closing tag alone, as servers leave it that cut off
    the opening one, drops all before it.
    """
    if "<" not in text or not (_CLOSE.search(text) or re.search(rf"<(?:{_NAMES})>", text, re.IGNORECASE)):
        return text, False
    kept: list[str] = []
    thinking, fence, dropped = False, "", False
    for line in text.split("\n"):
        rest = line
        if thinking:
            match = _CLOSE.search(rest)
            if not match:
                continue
            thinking, rest = False, rest[match.end() :]
            if not rest.strip():
                continue
        mark = fence_mark(rest)
        if mark and not fence:
            fence = mark[1]
        elif mark and fence and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        elif not fence:
            while match := _OPEN.match(rest):
                dropped = True
                closing = _CLOSE.search(rest, match.end())
                if not closing:
                    thinking = True
                    break
                rest = rest[closing.end() :]
            if thinking:
                continue
            if (match := _CLOSE.match(rest.lstrip())) and not dropped:
                kept.clear()
                dropped = True
                rest = rest.lstrip()[match.end() :]
        kept.append(rest)
    return "\n".join(kept), dropped
