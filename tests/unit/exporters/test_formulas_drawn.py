from __future__ import annotations

import pytest

from forgeapp.exporters.formulas import MAX_DEPTH, Formula, Undrawn, draw
from tests.pace import ends_within


@pytest.mark.parametrize(
    "tex",
    [
        "\\frac{" * 100 + "a" + "}{b}" * 100,
        "{" * 300 + "x" + "}" * 300,
        "\\left(" * 40 + "x" + "\\right)" * 40,
        "\\begin{matrix}" * 20 + "x" + "\\end{matrix}" * 20,
        "x^" * 600,
        "a" * 100_000,
        "\\sqrt{" * 3_000,
        "&" * 500,
        "中文",
        "",
        "\x00\ud800",
    ],
)
@pytest.mark.security
def test_hostile_formulas_end_and_say_why_they_are_not_drawn(tex: str) -> None:
    with ends_within(60):  # drawn, some would take hours
        drawn = draw(tex, True)
    assert isinstance(drawn, Undrawn)
    assert drawn.reason


@pytest.mark.parametrize("name", ["tikzpicture", "foo", "forest*"])
def test_environments_that_are_not_known_are_not_drawn_as_their_letters(name: str) -> None:
    drawn = draw(f"\\begin{{{name}}}x\\end{{{name}}}", True)
    assert isinstance(drawn, Undrawn) and f"\\begin{{{name}}}" in drawn.reason


@pytest.mark.parametrize(
    "name",
    ["aligned", "align*", "eqnarray*", "flalign", "alignat}{2", "gather", "gathered", "rcases", "split", "array}{l"],
)
def test_rows_of_every_usual_environment_are_drawn_one_below_the_other(name: str) -> None:
    amp = "" if name.startswith("gather") or name == "array}{l" else "&"
    drawn = draw(f"\\begin{{{name}}} a {amp}= b \\\\ c {amp}= d \\end{{{name.partition('}')[0]}}}", True)
    assert isinstance(drawn, Formula) and drawn.ascent + drawn.descent > 1.5


def test_formulas_as_deep_as_allowed_are_drawn() -> None:
    tex = "\\frac{" * MAX_DEPTH + "a" + "}{b}" * MAX_DEPTH
    assert isinstance(draw(tex, True), Formula)


def test_the_lines_of_aligned_formulas_stand_apart_as_those_of_a_matrix_do() -> None:
    heights = []
    for name in ("aligned", "matrix"):
        drawn = draw(f"\\begin{{{name}}} a \\\\ b \\end{{{name}}}", True)
        assert isinstance(drawn, Formula)
        heights.append(drawn.ascent + drawn.descent)
    assert heights[0] == pytest.approx(heights[1], rel=0.1)
