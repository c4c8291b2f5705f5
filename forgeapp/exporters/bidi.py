"""Right-to-left order of a paragraph: UAX #9 without explicit formatting characters, which are taken out before.

Linear in the text's length. Done: P2-P3, W1-W7, N0-N2, I1-I2, and L2 for the runs of one line.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

_T = TypeVar("_T")
_OPENING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}
_CLOSING = {close: opening for opening, close in _OPENING.items()}
_DEEPEST = 63
"""Open brackets remembered, as in the standard (BD16)."""


def base_level(text: str) -> int:
    """1 where the first strong character runs from right to left, else 0."""
    for character in text:
        match unicodedata.bidirectional(character):
            case "L":
                return 0
            case "R" | "AL":
                return 1
    return 0


def embedding_levels(text: str) -> list[int]:
    """The level of each character: even ones run from left to right, odd ones from right to left."""
    base = base_level(text)
    forward = "R" if base else "L"
    kinds = _resolve_numbers([unicodedata.bidirectional(c) or "L" for c in text], forward)
    _resolve_brackets(text, kinds, forward)
    _resolve_neutrals(kinds, forward)
    if base:
        return [1 if kind == "R" else 2 for kind in kinds]
    return [0 if kind == "L" else 1 if kind == "R" else 2 for kind in kinds]


def visual_order(runs: Sequence[_T], levels: Sequence[int]) -> list[_T]:
    """The runs of one line from left to right (L2)."""
    order = list(range(len(runs)))
    highest = max(levels, default=0)
    for level in range(highest, 0, -1):
        start = 0
        while start < len(order):
            if levels[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end
    return [runs[index] for index in order]


def _resolve_numbers(kinds: list[str], forward: str) -> list[str]:
    """W1-W7: marks take the kind of their base, numbers and their signs hold together."""
    previous, strong = forward, forward
    for index, kind in enumerate(kinds):
        if kind == "NSM":
            kind = kinds[index] = previous
        elif kind == "EN" and strong == "AL":
            kind = kinds[index] = "AN"
        if kind in ("L", "R", "AL"):
            strong = kind
        previous = kind
    for index, kind in enumerate(kinds):
        if kind == "AL":
            kinds[index] = "R"
        elif kind in ("ES", "CS") and 0 < index < len(kinds) - 1:
            before, after = kinds[index - 1], kinds[index + 1]
            if before == after and (before == "EN" or (before == "AN" and kind == "CS")):
                kinds[index] = before
    for indexes in (range(len(kinds)), range(len(kinds) - 1, -1, -1)):
        previous = ""
        for index in indexes:
            if kinds[index] == "ET" and previous == "EN":
                kinds[index] = "EN"
            previous = kinds[index]
    strong = forward
    for index, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
        elif kind not in ("EN", "AN"):
            kinds[index] = "ON"
    return kinds


def _direction(kind: str) -> str:
    return "R" if kind in ("EN", "AN") else kind


def _resolve_brackets(text: str, kinds: list[str], forward: str) -> None:
    """N0: both brackets of a pair run as what they enclose, or as what stands before them."""
    backward = "L" if forward == "R" else "R"
    along = [0, *accumulate(_direction(kind) == forward for kind in kinds)]
    against = [0, *accumulate(_direction(kind) == backward for kind in kinds)]
    before: list[str] = []
    last = forward
    for kind in kinds:
        before.append(last)
        if kind != "ON":
            last = _direction(kind)
    stack: list[tuple[str, int]] = []
    for index, character in enumerate(text):
        if kinds[index] != "ON":
            continue
        if character in _OPENING:
            if len(stack) == _DEEPEST:
                return
            stack.append((character, index))
        elif character in _CLOSING:
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == _CLOSING[character]:
                    start = stack[depth][1]
                    del stack[depth:]
                    if along[index] > along[start]:
                        kinds[start] = kinds[index] = forward
                    elif against[index] > against[start]:
                        kinds[start] = kinds[index] = before[start]
                    break


def _resolve_neutrals(kinds: list[str], forward: str) -> None:
    """N1-N2: neutral characters between two of one direction take it, others that of the paragraph."""
    index, before = 0, forward
    while index < len(kinds):
        if kinds[index] != "ON":
            before = _direction(kinds[index])
            index += 1
            continue
        end = index
        while end < len(kinds) and kinds[end] == "ON":
            end += 1
        after = _direction(kinds[end]) if end < len(kinds) else forward
        kinds[index:end] = [before if before == after else forward] * (end - index)
        index = end
