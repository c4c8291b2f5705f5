from __future__ import annotations

from xml.etree.ElementTree import fromstring, tostring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.exporters.mathml import MAX_CHARS, MAX_DEPTH, math_tree
from tests.pace import assert_linear, repeated

_OPENING = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline"><mrow>'


def mathml(tex: str, is_block: bool) -> str | None:
    tree = math_tree(tex, is_block)
    return None if tree is None else tostring(tree, encoding="unicode")


def _inside(tex: str, is_block: bool = False) -> str:
    text = mathml(tex, is_block)
    assert text is not None
    return text.replace('"block"', '"inline"').removeprefix(_OPENING).removesuffix("</mrow></math>")


@pytest.mark.parametrize(
    ("tex", "expected"),
    [
        (r"\frac{a}{2}", "<mfrac><mrow><mi>a</mi></mrow><mrow><mn>2</mn></mrow></mfrac>"),
        (r"\Gamma\alpha", '<mi mathvariant="normal">Γ</mi><mi>α</mi>'),
        (r"\textbf{größte}", '<mtext mathvariant="bold" style="font-weight: bold">größte</mtext>'),
        (r"a < b", "<mi>a</mi><mo>&lt;</mo><mi>b</mi>"),
        (r"0{,}87", "<mn>0,87</mn>"),
        (r"1{,}5^2", "<msup><mn>1,5</mn><mn>2</mn></msup>"),
        (r"1,2", "<mn>1</mn><mo>,</mo><mn>2</mn>"),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi><mi>x</mi>'),
        (r"\mathbf{v}\mathbb{R}\mathfrak{g}", "<mi>𝐯</mi><mi>ℝ</mi><mi>𝔤</mi>"),
        (r"\boldsymbol{\alpha}", "<mrow><mi>𝜶</mi></mrow>"),
        (r"\not= \not\in", "<mo>≠</mo><mo>∉</mo>"),
        (
            r"\text{5\% of $x$}",
            '<mstyle displaystyle="false" scriptlevel="0"><mtext>5%\xa0of\xa0</mtext><mrow><mi>x</mi></mrow></mstyle>',
        ),
        (r"\color{red}{x}", "<mstyle><mrow><mi>x</mi></mrow></mstyle>"),
        ("x % a note", "<mi>x</mi>"),
        (r"\hat{x}", '<mover accent="true"><mrow><mi>x</mi></mrow><mo>^</mo></mover>'),
        (r"x\mkern9mu y", '<mi>x</mi><mspace width="0.500em" /><mi>y</mi>'),
    ],
)
def test_tex_becomes_clean_mathml(tex: str, expected: str) -> None:
    assert _inside(tex) == expected


def test_limits_stand_below_large_operators_and_words_also_within_braces() -> None:
    assert '<munder><mo movablelimits="true">lim</mo>' in _inside(r"{\lim_{x \to 0}}", True)
    assert '<munderover><mo movablelimits="true">∑</mo>' in _inside(r"\frac{\sum_{i}^{n} i}{2}", True)
    assert "<msubsup><mo>∫</mo>" in _inside(r"\int_0^1 x", True)


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= b \\ c &= d \end{aligned}",
        r"\begin{align*} a &= b \\ c &= d \end{align*}",
        r"\begin{alignat}{2} a &= b \\ c &= d \end{alignat}",
        r"a &= b \\ c &= d",
    ],
)
def test_aligned_rows_are_a_table_without_stray_ampersands(tex: str) -> None:
    text = _inside(tex, True)
    assert text.count("<mtr>") == 2
    assert text.count("<mtd") == 4
    assert "&amp;" not in text


def test_cases_and_rows_without_an_environment() -> None:
    assert _inside(r"\begin{dcases} a & b \\ c & d \end{dcases}").count("<mtd") == 4
    assert _inside(r"\begin{rcases} a \\ c \end{rcases}").endswith('form="postfix">}</mo></mrow>')
    assert _inside(r"a \\ b", True).count("<mtr>") == 2


@pytest.mark.parametrize(
    "tex",
    ["", "  ", r"\foo x", r"\frac{a}", "x^", r"\left( x", "a & b", r"\begin{matrix} a", r"\ce{H2O}", r"\unicode{x0}",
     r"\begin{tikzpicture}x\end{tikzpicture}", r"a \begin x", r"\begin{foo} a \\ b \end{foo}",
     "\x07", r"\newcommand{\a}{b}\a", r"\def\a{\a\a}\a", "x" * (MAX_CHARS + 1),
     "{" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1)],
)  # fmt: skip
def test_what_is_not_understood_gives_nothing(tex: str) -> None:
    assert mathml(tex, True) is None


@pytest.mark.security
@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{background:url(https://example.com)}{x}",
        r"\class{x onclick=alert(1)}{x}",
        r"\color{red;url(x)}{x}",
        r"\text{\"><img src=x onerror=alert(1)>}",
        r"\operatorname{<b>}",
        r"\mathrm{<img>}",
        r"\hspace{1em\" onclick=\"x}",
    ],
)
def test_nothing_but_formula_elements_comes_out(tex: str) -> None:
    text = mathml(tex, True)
    if text is None:
        return
    for element in fromstring(text).iter():
        assert element.tag.split("}")[1] in {
            "math", "mrow", "mi", "mo", "mn", "mtext", "mstyle", "mspace",
        }  # fmt: skip
        assert set(element.attrib) <= {"display", "stretchy", "mathvariant", "width"}


_PIECES = st.sampled_from(
    [r"\frac", "{", "}", "x", "^", "_", "2", r"\sqrt", "[", "]", r"\left(", r"\right)", r"\sum", "&", r"\\",
     r"\text{a<b}", r"\begin{matrix}", r"\end{matrix}", r"\begin{cases}", r"\end{cases}", "'", r"\hat", r"\not", "%",
     "<", r"\mathbf",
     r"\limits", r"\over", r"\binom", r"\begin{aligned}", r"\end{aligned}", r"\unicode{x41}", "é", "日", r"\color{red}"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join), st.booleans())
def test_any_tex_gives_xml_or_nothing(tex: str, is_block: bool) -> None:
    text = mathml(tex, is_block)
    if text is not None:
        assert fromstring(text).tag.endswith("math")


@pytest.mark.parametrize(
    "piece", [r"\sqrt", r"\hat", "x'", r"\not", "x_1^2", r"\left(", r"\frac", "{}", r"\text{", "^{", r"\\", "%"]
)
def test_hostile_repetition_takes_linear_time_and_what_is_too_long_is_not_read(piece: str) -> None:
    assert_linear(lambda tex: mathml(tex, True), repeated(piece), MAX_CHARS)
    assert mathml("x" + piece * 50_000, True) is None
