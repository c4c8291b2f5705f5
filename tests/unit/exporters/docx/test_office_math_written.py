from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forgeapp.exporters.docx.equations import equation_line, expected_equation, found_equation
from forgeapp.exporters.docx.office_math import office_math
from forgeapp.exporters.mathml import MAX_CHARS
from forgeapp.reading.office_math import tex_of
from tests.pace import assert_linear, repeated
from tests.unit.exporters.formula_samples import FORMULAS

_M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_ORDER = {
    "f": ("fPr", "num", "den"),
    "rad": ("radPr", "deg", "e"),
    "sSub": ("e", "sub"),
    "sSup": ("e", "sup"),
    "sSubSup": ("e", "sub", "sup"),
    "sPre": ("sub", "sup", "e"),
    "nary": ("naryPr", "sub", "sup", "e"),
    "naryPr": ("chr", "limLoc", "subHide", "supHide"),
    "func": ("fName", "e"),
    "limLow": ("e", "lim"),
    "limUpp": ("e", "lim"),
    "dPr": ("begChr", "sepChr", "endChr"),
    "acc": ("accPr", "e"),
    "bar": ("barPr", "e"),
    "groupChr": ("groupChrPr", "e"),
    "groupChrPr": ("chr", "pos", "vertJc"),
    "borderBox": ("borderBoxPr", "e"),
    "borderBoxPr": ("hideTop", "hideBot", "hideLeft", "hideRight", "strikeH", "strikeBLTR", "strikeTLBR"),
    "phant": ("phantPr", "e"),
    "rPr": ("lit", "nor", "sty"),
}
_OPTIONAL = {"fPr", "radPr", "deg", "borderBoxPr", "sepChr", "subHide", "supHide", "lit", "nor", "sty"}
_OPTIONAL |= {"hideTop", "hideBot", "hideLeft", "hideRight", "strikeH", "strikeBLTR", "strikeTLBR"}


def _parsed(tex: str, is_block: bool = True) -> etree._Element:
    text = office_math(tex, is_block)
    assert text is not None, tex
    return etree.fromstring(f'<r xmlns:m="{_M}" xmlns:w="{_W}">{text}</r>')[0]


def _check(math: etree._Element) -> None:
    """Children complete and in the order of the schema (ECMA-376 part 1, A.6.1)."""
    for element in math.iter(f"{{{_M}}}*"):
        name = etree.QName(element).localname
        if name in _ORDER:
            found = [etree.QName(child).localname for child in element if child.tag.startswith(f"{{{_M}}}")]
            order = [part for part in _ORDER[name] if part in found]
            assert found == order, name
            assert set(_ORDER[name]) - _OPTIONAL <= set(found), name


@pytest.mark.parametrize("tex", FORMULAS)
def test_every_common_construct_becomes_an_equation_that_says_the_same(tex: str) -> None:
    for is_block in (True, False):
        math = _parsed(tex, is_block)
        assert math.tag == f"{{{_M}}}{'oMathPara' if is_block else 'oMath'}"
        _check(math)
        assert found_equation(math) == expected_equation(tex, is_block)
        empty = [e for e in math.iter(f"{{{_M}}}e", f"{{{_M}}}num", f"{{{_M}}}den", f"{{{_M}}}lim") if len(e) == 0]
        assert not empty, "Word draws a dotted box"


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        (r"\frac{a}{b}", "(a)/(b)"),
        (r"\sqrt[3]{x}", "√(3&x)"),
        (r"\sum_{i=1}^n i", "∑_(i=1)^(n)i"),
        (r"\int_0^1 x\,\mathrm{d}x", "∫_(0)^(1)x⸢d⸣x"),
        (r"\lim_{x \to 0} \sin x", "⸢lim⸣_(x→0)⸢sin⸣x"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(■(a&b@c&d))"),
        (r"\begin{cases} a & \text{if } b \\ c \end{cases}", "{■(a&“if\xa0”b@c&)"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "■(a&=b@&=c)"),
        (r"\hat{x} + \overline{AB}", "x^(^)+AB^(‾)"),
        (r"\underbrace{a+b}_{n}", "a+b_(⏟)_(n)"),
        (r"\left. x \right|_0", "x|_(0)"),
        (r"\binom{n}{k}", "((n)¦(k))"),
        (r"\cancel{x} \boxed{y}", "▭BLTR(x)▭(y)"),
        (r"{}^{14}_6C", "_(6)^(14)C"),
        (r"\left[\begin{array}{c|c} a & b \end{array}\right]", "[■(a)|■(b)]"),
    ],
)
def test_equations_on_one_line(tex: str, line: str) -> None:
    assert found_equation(_parsed(tex)) == line


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{a}{b+c}", r"\sqrt[3]{x+1}", "x_1^2", r"\sum_{i=1}^n i^2", r"\int_0^1 f(x)", r"\left(\frac{a}{b}\right)",
        r"\left\{x\right\}", r"\left.\frac{a}{b}\right|", r"\begin{matrix}a & b \\ c & d\end{matrix}",
        r"\begin{cases}a \\ b\end{cases}", r"\begin{aligned}a&=b \\ &=c\end{aligned}", r"\binom{n}{k}", r"\hat{x}",
        r"\vec{v}", r"\overline{AB}", r"\underbrace{a+b}_n", r"\overbrace{a+b}^n", r"\lim_{x\to 0} f", r"\boxed{x}",
        r"\sin x", r"\log_2 n", r"\text{if }x>0", r"{\mathbb{R}}^n", r"a\le b", r"\alpha +\beta", r"\overset{!}{=}",
        r"0{,}87\ \mathrm{kN}", "f(1,2)",
        r"{}_6^{14}C", r"\max_x f", r"\prod_{k=1}^{\infty} a_k", "a-b", r"100\%",
    ],
)  # fmt: skip
def test_the_reader_of_equations_gives_the_tex_back(tex: str) -> None:
    assert tex_of(_parsed(tex)) == (tex, True)


@pytest.mark.parametrize("tex", FORMULAS)
def test_every_equation_is_read_back_as_one_that_says_the_same(tex: str) -> None:
    read, is_whole = tex_of(_parsed(tex))
    assert is_whole
    assert equation_line(read) == equation_line(tex), read


@pytest.mark.parametrize(
    ("tex", "place"),
    [(r"\sum_i x", "undOvr"), (r"\int_0^1 x", "subSup"), (r"\int\limits_0^1 x", "undOvr")],
)
def test_limits_stand_where_tex_sets_them_in_a_line_of_their_own(tex: str, place: str) -> None:
    found = _parsed(tex).find(f".//{{{_M}}}limLoc")
    assert found is not None
    assert found.get(f"{{{_M}}}val") == place


def test_a_large_operator_holds_what_it_is_applied_to() -> None:
    for tex, inside in ((r"\sum_i a_i + b", "a_(i)"), (r"\int x + 1\,dx = 2", "x+1dx"), (r"(\sum_i a) b", "a")):
        operand = _parsed(tex).find(f".//{{{_M}}}nary/{{{_M}}}e")
        assert operand is not None
        assert found_equation(operand) == inside


@pytest.mark.parametrize(
    "tex",
    [
        "",
        r"\foo",
        r"\begin{tikzpicture}\end{tikzpicture}",
        r"\begin{array}{c|c}\end{array}",
        r"\left(\begin{array}{c|c}\end{array}\right)",
        r"\ce{H2O}",
        "x" * (MAX_CHARS + 1),
    ],
)
def test_what_word_cannot_hold_stays_tex(tex: str) -> None:
    assert office_math(tex, True) is None
    assert expected_equation(tex, True) is None


_PIECES = st.sampled_from(
    [r"\frac", "{", "}", "x", "^", "_", "2", r"\sqrt", "[", "]", r"\left(", r"\right)", r"\sum", r"\int", "&", r"\\",
     "'", r"\begin{matrix}", r"\end{matrix}", r"\begin{cases}", r"\end{cases}", r"\hat", r"\not", "<", r"\lim", r"\sin",
     "(", ")", r"\big(", r"\big)", r"\binom", r"\overline", r"\underbrace", r"\text{a & b}", r"\quad", "=", "+",
     r"\mathrm{d}", r"\begin{array}{c|c}", r"\end{array}", r"\cancel", r"\phantom", r"\xrightarrow", "{}"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=20).map("".join), st.booleans())
def test_any_formula_is_whole_xml_that_says_the_same(tex: str, is_block: bool) -> None:
    if office_math(tex, is_block) is not None:
        math = _parsed(tex, is_block)
        _check(math)
        assert found_equation(math) == expected_equation(tex, is_block)


@pytest.mark.parametrize("piece", [r"\sum", r"\int_0", r"\hat", "(", r"\big(", r"\sqrt", "x_1^2"])
@pytest.mark.parametrize("tail", ["", "x"])
def test_long_formulas_take_linear_time(piece: str, tail: str) -> None:
    assert_linear(lambda tex: office_math(tex, True), repeated(piece, "", tail), MAX_CHARS - 1)


@pytest.mark.parametrize("piece", [r"\sin", r"\sin(", "x"])
def test_formulas_longer_than_the_bound_are_not_mapped(piece: str) -> None:
    # Within it a row of functions is gone through again for each of them.
    assert office_math(piece * (MAX_CHARS // len(piece) + 1), True) is None
