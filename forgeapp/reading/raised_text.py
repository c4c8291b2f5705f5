"""Raised and lowered text: Markdown has none, but Unicode has small figures and a few letters."""

from __future__ import annotations

_RAISED = dict(zip("0123456789+-=()ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻", strict=True))
_LOWERED = dict(zip("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋", strict=True))


def on_the_line(text: str, position: str) -> tuple[str, bool]:
    """The text in small characters where there is one for each, and whether there was."""
    signs = _RAISED if position == "superscript" else _LOWERED
    if all(character in signs or character.isspace() for character in text):
        return "".join(signs.get(character, character) for character in text), True
    return text, False
