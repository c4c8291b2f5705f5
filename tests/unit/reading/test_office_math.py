"""Equations of Office files as TeX."""

from __future__ import annotations

import pytest
from lxml import etree

from forgeapp.reading.office_math import tex_of
from tests.unit.reading.docx_packages import NAMESPACES


def r(text: str, properties: str = "") -> str:
    return f"<m:r>{f'<m:rPr>{properties}</m:rPr>' if properties else ''}<m:t>{text}</m:t></m:r>"


def e(content: str, name: str = "e") -> str:
    return f"<m:{name}>{content}</m:{name}>"


def tex(content: str) -> tuple[str, bool]:
    return tex_of(etree.fromstring(f"<m:oMath {NAMESPACES}>{content}</m:oMath>"))


SUM = '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
ROW = "<m:mr>" + e(r("a")) + e(r("b")) + "</m:mr>"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        (r("E=m") + e(e(r("c")) + e(r("2"), "sup"), "sSup"), "E=mc^2"),
        (e(e(r("1"), "num") + e(r("n+1"), "den"), "f"), r"\frac{1}{n+1}"),
        (e('<m:fPr><m:type m:val="noBar"/></m:fPr>' + e(r("n"), "num") + e(r("k"), "den"), "f"), r"\binom{n}{k}"),
        (e(e("", "deg") + e(r("x")), "rad"), r"\sqrt{x}"),
        (e(e(r("3"), "deg") + e(r("x")), "rad"), r"\sqrt[3]{x}"),
        (e(e(r("a")) + e(r("ij"), "sub"), "sSub"), "a_{ij}"),
        (e(e(r("a")) + e(r("i"), "sub") + e(r("2"), "sup"), "sSubSup"), "a_i^2"),
        (SUM + e(r("i=1"), "sub") + e(r("n"), "sup") + e(r("i")) + "</m:nary>", r"\sum_{i=1}^n i"),
        (e(e(r("0"), "sub") + e(r("∞"), "sup") + e(r("f")), "nary"), r"\int_0^{\infty} f"),
        (r("αβΓΩλφ≤∞×"), r"\alpha \beta \Gamma \Omega \lambda \varphi \le \infty \times"),
        (r("𝑥 𝐀"), r"x \mathbf{A}"),
        (e(e(r("x")), "d"), r"\left(x\right)"),
        (e('<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>' + e(e(ROW + ROW, "m")), "d"),
         r"\left[\begin{matrix}a & b \\ a & b\end{matrix}\right]"),
        (e('<m:dPr><m:begChr m:val="{"/><m:endChr m:val=""/></m:dPr>' + e(e(e(r("a")) + e(r("b")), "eqArr")), "d"),
         r"\begin{cases}a \\ b\end{cases}"),
        (e(e(r("sin", '<m:sty m:val="p"/>'), "fName") + e(r("x")), "func"), r"\sin x"),
        (e(e(e(e(r("lim", '<m:sty m:val="p"/>')) + e(r("x→0"), "lim"), "limLow"), "fName") + e(r("f")), "func"),
         r"\lim_{x\to 0} f"),
        (e('<m:accPr><m:chr m:val="⃗"/></m:accPr>' + e(r("v")), "acc"), r"\vec{v}"),
        (e('<m:barPr><m:pos m:val="top"/></m:barPr>' + e(r("z")), "bar"), r"\overline{z}"),
        (r("if ", "<m:nor/>") + r("x"), r"\text{if }x"),
        (r("50%_{}"), r"50\%\_\{\}"),
        (r("0,87") + r("\u2004", "<m:nor/>") + r("kN", '<m:sty m:val="p"/>'), r"0{,}87\ \mathrm{kN}"),
        (r("f(1,") + r("2)"), "f(1,2)"),
    ],
)  # fmt: skip
def test_common_equations_become_tex(content: str, wanted: str) -> None:
    assert tex(content) == (wanted, True)


def test_what_has_no_rule_keeps_its_text_and_is_told() -> None:
    assert tex(e(e(r("x")), "unheardOf")) == ("x", False)
    assert tex('<m:acc><m:accPr><m:chr m:val="☂"/></m:accPr>' + e(r("x")) + "</m:acc>") == ("x", False)


def test_depth_is_bounded() -> None:
    text, is_whole = tex("<m:f><m:num>" * 80 + r("x") + "</m:num></m:f>" * 80)
    assert "x" in text and not is_whole
