"""Raised and lowered text: Markdown has none, but Unicode has small figures, most letters and a few signs."""

from __future__ import annotations

import html
import re
from typing import Final

_RAISED: Final = dict(
    zip(
        "0123456789+-=()−abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ",
        strict=True,
    )
)
_LOWERED: Final = dict(
    zip("0123456789+-=()−aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True)
)
_ELEMENT: Final = re.compile(r"<(su[pb])\b[^<>]*>([^<>]*)</\1\s*>", re.IGNORECASE)


def on_the_line(text: str, position: str) -> tuple[str, bool]:
    """The text in small characters where there is one for each, and whether there was.

    Else it is marked, '^(1.5)' or '_(max Q)', for 10 raised to 6 is not 106. `position`: 'superscript', 'subscript'.
    """
    signs = _RAISED if position == "superscript" else _LOWERED
    if all(character in signs or character.isspace() for character in text):
        return "".join(signs.get(character, character) for character in text), True
    said = text.strip()
    if said.startswith(("[", "^(", "_(")) or not any(character.isalnum() for character in said):
        # '[1]', '*' and '™' are not taken for part of a number or word.
        return text, False
    before, _, after = text.partition(said)
    return f"{before}{'^' if position == 'superscript' else '_'}({said}){after}", False


def with_elements_on_the_line(source: str) -> str:
    """HTML with the text of its `sup` and `sub` elements as `on_the_line`."""
    return _ELEMENT.sub(_element, source) if "<" in source else source


def _element(match: re.Match[str]) -> str:
    position = "superscript" if match[1].lower() == "sup" else "subscript"
    return html.escape(on_the_line(html.unescape(match[2]), position)[0], quote=False)
