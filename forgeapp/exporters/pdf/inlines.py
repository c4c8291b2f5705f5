"""Inlines of a document as styled text for a PDF: runs, links, footnote marks, formulas and pictures in a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from fpdf import FPDF

from forgeapp.domain.anchors import place_number
from forgeapp.domain.document import (
    Footnote,
    FootnoteMark,
    Inline,
    InlineMath,
    LineBreak,
    Picture,
    Run,
)
from forgeapp.domain.wording import Text
from forgeapp.exporters.formulas import Formula, Undrawn, draw
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pdf.characters import flowing
from forgeapp.exporters.pdf.drawings import FORMULA_SIZE, FormulaDrawing, PictureDrawing, UnknownShape
from forgeapp.exporters.pdf.notes import numbered
from forgeapp.exporters.pdf.style import CODE_IN_TEXT, LINK, MUTED, Mark, Style
from forgeapp.exporters.pdf.text import Span, Typesetter
from forgeapp.exporters.pictures import description, read_picture

MAX_FORMULAS = 5_000
"""Different ones of one file that are drawn, a few milliseconds each; those beyond are shown as TeX."""
_TALLEST_IN_LINE = 110.0
"""A picture in a cell or heading, in points."""
_NAMED_CHARS = 60
_MARK_SIZE = 0.68


class InlineSetter:
    """`warnings` gathers what the user should know, each once. `marks`: those of the footnotes by their number."""

    def __init__(self, paper: FPDF, typesetter: Typesetter, notes: Sequence[Footnote]) -> None:
        self.type = typesetter
        self.warnings: dict[Text, None] = {}
        self._numbers = numbered(notes)
        self.marks = {
            number: Mark(number, paper.add_link(page=1), paper.add_link(page=1)) for number in range(1, len(notes) + 1)
        }
        self._paper = paper
        self._places: dict[int, int] = {}
        self._drawn: dict[tuple[str, bool], Formula | Undrawn] = {}
        self._formulas: dict[tuple[str, bool, float], FormulaDrawing | None] = {}
        self._pictures: dict[str, PictureDrawing | None] = {}

    def warn(self, text: Text) -> None:
        self.warnings.setdefault(text)

    def spans(self, inlines: Iterable[Inline], style: Style) -> list[Span]:
        """Inlines as cleaned text with its looks."""
        return [self._span(inline, style) for inline in inlines]

    def place(self, number: int) -> int:
        """What leads to the heading of that number, wherever it will stand."""
        if number not in self._places:
            self._places[number] = self._paper.add_link(page=1)
        return self._places[number]

    def formula(self, tex: str, size: float, *, is_block: bool) -> FormulaDrawing | None:
        """Drawn for text of this size; None, and a warning, where it cannot be."""
        key = (tex, is_block, size)
        if key not in self._formulas:
            found = self._known(tex, is_block)
            try:
                self._formulas[key] = FormulaDrawing.of(found, size * FORMULA_SIZE) if found else None
            except UnknownShape as error:
                self._warn_of_tex(tex, str(error))
                self._formulas[key] = None
        return self._formulas[key]

    def _known(self, tex: str, is_block: bool) -> Formula | None:
        key = (tex, is_block)
        if key not in self._drawn:
            if len(self._drawn) >= MAX_FORMULAS:
                self._drawn[key] = Undrawn(Text("formula_one_too_many", "So many formulas are not drawn."))
            else:
                self._drawn[key] = draw(tex, is_block)
        found = self._drawn[key]
        if isinstance(found, Formula):
            return found
        if tex.strip():
            self._warn_of_tex(tex, found.reason)
        return None

    def _warn_of_tex(self, tex: str, reason: str) -> None:
        tex = " ".join(tex.split())
        tex = tex if len(tex) <= _NAMED_CHARS else tex[: _NAMED_CHARS - 1] + "…"
        self.warn(Text("pdf_tex", "Shown as TeX: {tex}. {reason}", tex=flowing(tex), reason=reason))

    def _span(self, inline: Inline, style: Style) -> Span:
        match inline:
            case Run(text=text):
                self.type.letters.note_unshowable(text)
                return flowing(text), self._run_style(inline, style)
            case InlineMath(tex=tex):
                self.type.letters.note_unshowable(tex)
                drawing = self.formula(tex, style.size, is_block=False)
                return flowing(tex), replace(style, drawing=drawing, italic=style.italic or drawing is None)
            case Picture(source=source):
                picture = self._picture(source)
                if picture:
                    return "", replace(style, drawing=picture)
                self.warn(Text("pdf_picture", "Pictures that are damaged or too large show their description."))
                described = description(inline)
                self.type.letters.note_unshowable(described)
                return flowing(described), replace(style, italic=True, color=MUTED)
            case FootnoteMark(label=label):
                return self._mark(label, style)
            case LineBreak():
                return "\n", style

    def _run_style(self, run: Run, style: Style) -> Style:
        if not (run.bold or run.italic or run.strike or run.code or run.link):
            return style
        number = place_number(run.link)
        link = self.place(number) if number else web_address(run.link)
        return replace(
            style,
            bold=style.bold or run.bold,
            italic=style.italic or run.italic,
            strike=style.strike or run.strike,
            mono=style.mono or run.code,
            ground=run.code,
            size=style.size * CODE_IN_TEXT if run.code else style.size,
            color=LINK if link else style.color,
            link=link or style.link,
        )

    def _mark(self, label: str, style: Style) -> Span:
        number = self._numbers.get(label)
        raised = replace(style, size=style.size * _MARK_SIZE, raised=True, color=LINK, link=None)
        if number is None:
            self.type.letters.note_unshowable(label)
            return f"[{flowing(label)}]", raised
        mark = self.marks[number]
        mark.is_named = True
        return str(number), replace(raised, link=mark.note, mark=mark)

    def _picture(self, source: str) -> PictureDrawing | None:
        if source not in self._pictures:
            picture = read_picture(source)
            self._pictures[source] = PictureDrawing.of(picture, _TALLEST_IN_LINE) if picture else None
        return self._pictures[source]


def around_pictures(inlines: Sequence[Inline]) -> Iterator[Sequence[Inline] | Picture]:
    """Pictures that carry their bytes stand on a line of their own."""
    if not any(isinstance(inline, Picture) for inline in inlines):
        yield inlines
        return
    part: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Picture) and inline.source.lstrip()[:5].lower() == "data:":
            if part:
                yield part
            yield inline
            part = []
        else:
            part.append(inline)
    if part:
        yield part
