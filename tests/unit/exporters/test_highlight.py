from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.exporters import highlight as highlighting
from forgeapp.exporters.highlight import INKS, MAX_HIGHLIGHTED_CHARS, highlight
from forgeapp.exporters.html.style import DARK_GROUND, GROUND


def _joined(text: str, language: str) -> str:
    return "\n".join("".join(span.text for span in line) for line in highlight(text, language))


@given(st.text("ab \t\n\r\"'#/*{}<>é0:=", max_size=80), st.sampled_from(("python", "json", "html", "bash", "", "none")))
def test_spans_joined_are_the_text_with_plain_line_ends(text: str, language: str) -> None:
    assert _joined(text, language) == text.replace("\r\n", "\n").replace("\r", "\n")


def test_keywords_strings_and_comments_have_colours_of_their_own() -> None:
    (line,) = highlight("return 'x'  # why", "python")
    colors = {span.text.strip(): span.color for span in line}
    assert len({colors["return"], colors["'x'"] if "'x'" in colors else colors["x"], colors["# why"]}) == 3


@pytest.mark.parametrize("language", ["", "no such language"])
def test_unknown_languages_come_plain(language: str) -> None:
    assert [[span.color for span in line] for line in highlight("def x\n\nreturn", language)] == [[None], [], [None]]


def test_long_code_comes_plain_for_no_lexer_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlighting, "lex", None)
    text = "x = 1\n" * (MAX_HIGHLIGHTED_CHARS // 6 + 1)
    lines = highlight(text, "python")
    assert all(span.color is None for line in lines for span in line)


def test_colours_can_be_read_on_their_ground() -> None:
    """WCAG 2.1, 1.4.3: a contrast of 4.5 or more."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, other: str) -> float:
        dark, light = sorted((luminance(one), luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    for ink in INKS:
        assert min(contrast(ink.color, ground) for ground in ("#ffffff", GROUND)) >= 4.5, ink
        assert contrast(ink.dark, DARK_GROUND) >= 4.5, ink
