from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.document import (
    Block,
    Heading,
    InlineMath,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Run,
    TableBlock,
)
from forgeapp.exporters import fonts
from forgeapp.exporters.formulas import Formula, draw
from forgeapp.exporters.pdf import drawn_differences
from forgeapp.exporters.pdf import inlines as pdf_inlines
from forgeapp.exporters.pdf.drawings import UnknownShape, strokes_of
from forgeapp.exporters.pdf.exporter import EXPORTER
from forgeapp.exporters.pdf.formulas import parts_of
from tests.unit.exporters.page_samples import paragraph, publication, written
from tests.unit.exporters.pdf.opened import verified

ROOTS = r"x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}"


@pytest.fixture(autouse=True)
def _only_shipped_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "system_font_files", dict)


def inked(page: Any, left: float, right: float) -> bool:
    """Whether anything is drawn between two shares of a page's width."""
    image = page.render(scale=0.5).to_pil().convert("L")
    box = image.crop((int(image.width * left), 0, int(image.width * right), int(image.height * 0.94)))
    return bool(box.getextrema()[0] < 128)


def test_formulas_are_drawn_and_found_as_tex_in_text_tables_headings_and_lists(tmp_path: Path) -> None:
    formula = InlineMath(ROOTS)
    blocks: tuple[Block, ...] = (
        Heading(2, (Run("The "), formula)),
        paragraph("In a line ", formula, " of text."),
        MathBlock(ROOTS),
        TableBlock(((Run("h"),), (formula,)), (((formula,), ()),), (None, "right")),
        ListBlock(True, (ListItem((Paragraph((formula,)),)),)),
    )
    file = verified(publication(*blocks), tmp_path / "a.pdf")
    assert file.texts[0].count(r"\sqrt{b^2") == 6


def test_a_formula_stands_on_the_baseline_and_lifts_its_line_where_it_is_high(tmp_path: Path) -> None:
    low = verified(publication(paragraph("above"), paragraph("see ", InlineMath("x"))), tmp_path / "a.pdf")
    high = verified(
        publication(paragraph("above"), paragraph("see ", InlineMath(r"\frac{\frac{a}{b}}{\frac{c}{d}}"))),
        tmp_path / "b.pdf",
    )
    assert high.top_of("see") < low.top_of("see") - 3


def test_a_formula_used_often_is_drawn_once_and_adds_little(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def counted(tex: str, is_block: bool) -> Any:
        drawn.append(tex)
        return draw(tex, is_block)

    monkeypatch.setattr(pdf_inlines, "draw", counted)
    sizes = []
    for times in (1, 200):
        blocks = [paragraph("Again ", InlineMath(ROOTS), ".") for _ in range(times)]
        written(EXPORTER, publication(*blocks), tmp_path / "a.pdf")
        sizes.append((tmp_path / "a.pdf").stat().st_size)
    assert len(drawn) == 2
    assert sizes[1] - sizes[0] < 60_000


@pytest.mark.parametrize("tex", ["+".join(f"a_{{{n}}}" for n in range(80)), r"\boxed{" + "abcdefgh" * 12 + "}"])
def test_a_long_formula_stays_on_its_page(tex: str, tmp_path: Path) -> None:
    file = verified(publication(MathBlock(tex), Paragraph((InlineMath(tex),))), tmp_path / "a.pdf")
    assert inked(file.document[0], 0.1, 0.9)
    assert not inked(file.document[0], 0.9, 1.0)
    assert not inked(file.document[0], 0.0, 0.1)


def test_what_cannot_be_drawn_is_shown_as_tex_and_named(tmp_path: Path) -> None:
    content = publication(paragraph(InlineMath(r"\nosuch{x}")), MathBlock(r"\alsonot{y}"))
    warnings = written(EXPORTER, content, tmp_path / "a.pdf")
    assert [word in warning for word, warning in zip((r"\nosuch{x}", r"\alsonot{y}"), warnings, strict=True)] == [
        True
    ] * 2
    assert EXPORTER.verify(content, tmp_path / "a.pdf") == []


@pytest.mark.parametrize(
    "tex",
    [
        r"\left| \frac{A_t - F_t}{A_t} \right|",
        r"\begin{pmatrix} 1 \\ 2 \\ 3 \\ 4 \\ 5 \end{pmatrix}",
        r"\underbrace{a + b + c + d + e + f}_n",
        r"\overrightarrow{ABCDEFGH}",
    ],
)
def test_what_is_stretched_is_drawn(tex: str, tmp_path: Path) -> None:
    content = publication(MathBlock(tex), paragraph("also in a line ", InlineMath(tex)))
    assert written(EXPORTER, content, tmp_path / "a.pdf") == []
    assert EXPORTER.verify(content, tmp_path / "a.pdf") == []


def test_colours_of_a_formula_are_kept() -> None:
    drawn = draw(r"\color{red} x", False)
    assert isinstance(drawn, Formula)
    assert "1.000 0.000 0.000 rg" in strokes_of(drawn.svg)
    assert strokes_of('<svg><g fill="red"><path d="M 0 0"/></g></svg>').startswith("q 1.000 0.000 0.000 rg")


@pytest.mark.parametrize(
    "svg",
    [
        '<svg viewBox="0 0 1 1"><image/></svg>',
        '<svg viewBox="0 0 1 1"><g transform="scale(2)"><path d=""/></g></svg>',
        '<svg viewBox="0 0 1 1"><path d="" fill="url(#a)"/></svg>',
    ],
)
def test_an_outline_that_is_not_understood_is_refused(svg: str) -> None:
    with pytest.raises(UnknownShape):
        strokes_of(svg)


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        ("a = b + c", ["a ", "= b ", "+ c"]),
        (r"f(x + y) = \frac{a + b}{c}", ["f(x + y) ", r"= \frac{a + b}{c}"]),
        ("x^{-1} = -y", ["x^{-1} ", "= -y"]),
        (r"\left( a + b \right) + c", [r"\left( a + b \right) ", "+ c"]),
        (r"\begin{matrix}a+b\end{matrix} + c", [r"\begin{matrix}a+b\end{matrix} + c"]),
        (r"{a \over b} + c", [r"{a \over b} + c"]),
        ("(a + b", ["(a + b"]),
        ("", [""]),
    ],
)
def test_a_formula_is_broken_before_signs_that_nothing_encloses(tex: str, parts: list[str]) -> None:
    assert parts_of(tex) == parts
    assert "".join(parts) == tex


def test_of_very_many_formulas_those_beyond_stand_as_tex_and_the_file_is_still_right(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (pdf_inlines, drawn_differences):
        monkeypatch.setattr(module, "MAX_FORMULAS", 2)
    source = publication(*(MathBlock(f"x_{number}") for number in range(4)))
    warnings = written(EXPORTER, source, tmp_path / "many.pdf")
    assert sum("So many formulas are not drawn" in str(warning) for warning in warnings) == 2
    assert EXPORTER.verify(source, tmp_path / "many.pdf") == []


def test_a_binomial_has_no_bar() -> None:
    binomial, fraction = (draw(tex, True) for tex in (r"\binom{n}{k}", r"\frac{n}{k}"))
    assert isinstance(binomial, Formula)
    assert isinstance(fraction, Formula)
    assert " re " not in strokes_of(binomial.svg)
    assert " re " in strokes_of(fraction.svg)
