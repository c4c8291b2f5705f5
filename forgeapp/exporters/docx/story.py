"""Inlines as WordprocessingML, for the body and for the footnotes: each a story with its own relationships."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby

from forgeapp.domain.anchors import place_number
from forgeapp.domain.document import Footnote, FootnoteMark, Heading, Inline, InlineMath, LineBreak, Picture, Run
from forgeapp.domain.wording import Text
from forgeapp.exporters.docx.front import reference_of
from forgeapp.exporters.docx.office_math import office_math
from forgeapp.exporters.docx.parts import STYLE_LISTS
from forgeapp.exporters.docx.text import Typesetter, escape, text_elements
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pictures import PictureFile, description, read_picture

MAX_ADDRESS_CHARS = 2_083
"""Word refuses longer addresses."""
EMU_PER_TWIP = 635
_EMU_PER_PIXEL = 9_525
_TALLEST_PICTURE = 0.85
"""Of the text's height: what stands beneath a picture is to stay on its page."""
_SHOWN_CHARS = 60
"""Of a formula in a warning."""


def link_target(address: str) -> str | None:
    """The address as a relationship may hold it; None for those that no file links to and those too long for Word."""
    target = web_address(address)
    return target if target and len(target) <= MAX_ADDRESS_CHARS else None


@dataclass(slots=True)
class Manuscript:
    """What the stories of one file share: pictures, footnote numbers, lists, warnings.

    `text_width` and `text_height` are those of the section being written. `notes`: every footnote by label.
    `has_contents`: there are contents, which name all headings of the upper levels but the `title`.
    `numbers`: the number of each label marked so far, in order. `headings`: how many of those that the contents name
    have been written; `passed`: how many of all outside footnotes; `linked`: the numbers of those that links lead to.
    `lists`: (kind, level, start) of each list, in the order of their `w:numId`.
    """

    text_width: int
    text_height: int
    notes: Mapping[str, Footnote]
    has_line_numbers: bool = False
    has_contents: bool = False
    title: Heading | None = None
    typesetter: Typesetter = field(default_factory=Typesetter)
    numbers: dict[str, int] = field(default_factory=dict)
    lists: list[tuple[str, int, int]] = field(default_factory=list)
    pictures: dict[str, PictureFile] = field(default_factory=dict)
    notices: dict[Text, int] = field(default_factory=dict)
    bookmarks: dict[str, int] = field(default_factory=dict)
    drawings: int = 0
    headings: int = 0
    linked: frozenset[int] = frozenset()
    passed: int = 0

    def notice(self, text: Text) -> None:
        self.notices[text] = self.notices.get(text, 0) + 1

    def warnings(self) -> list[str]:
        counted = [
            Text("docx_notice_counted", "{notice} ({count} times)", notice=text, count=count) if count > 1 else text
            for text, count in self.notices.items()
        ]
        return [*self.typesetter.warnings(), *counted]

    def add_list(self, kind: str, level: int, start: int) -> int:
        """Its `w:numId`; `kind` 'number', 'bullet' or 'task'."""
        self.lists.append((kind, level, start))
        return len(STYLE_LISTS) + len(self.lists)

    def bookmarked(self, name: str, content: str) -> str:
        return f"{self.bookmark_start(name)}{content}{self.bookmark_end(name)}"

    def bookmark_start(self, name: str) -> str:
        number = self.bookmarks[name] = len(self.bookmarks) + 1
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>'

    def bookmark_end(self, name: str) -> str:
        return f'<w:bookmarkEnd w:id="{self.bookmarks[name]}"/>'


class Story:
    """One part that holds text; `relationships` is filled while it is written: target to (id, kind).

    Word takes footnote marks in the body only; where `holds_marks` is False they are written as text.
    """

    def __init__(self, manuscript: Manuscript, holds_marks: bool = True) -> None:
        self.manuscript = manuscript
        self.relationships: dict[str, tuple[str, str]] = {}
        self.holds_marks = holds_marks

    def inlines(self, inlines: Iterable[Inline], rtl: bool = False, width: int | None = None) -> str:
        """Runs, hyperlinks and drawings; `width`, in twips, is the most a picture may take."""
        parts: list[str] = []
        for address, group in groupby(inlines, _address):
            content = list(group)
            number = place_number(address)
            target = link_target(address) if address else None
            if address and not target and not number:
                self.manuscript.notice(
                    Text("docx_link_as_text", "a link with an address longer than Word takes was left as text")
                )
                content = [replace(inline, link=None) if isinstance(inline, Run) else inline for inline in content]
            xml = "".join([self._inline(inline, rtl, width) for inline in content])
            if number and xml:
                xml = f'<w:hyperlink w:anchor="{reference_of(number)}" w:history="1">{xml}</w:hyperlink>'
            elif target and xml:
                xml = f'<w:hyperlink r:id="{self._relate(target, "hyperlink")}" w:history="1">{xml}</w:hyperlink>'
            parts.append(xml)
        return "".join(parts)

    def _inline(self, inline: Inline, rtl: bool, width: int | None) -> str:
        match inline:
            case Run():
                return self.manuscript.typesetter.runs(inline, rtl)
            case LineBreak():
                return "<w:r><w:br/></w:r>"
            case InlineMath(tex=tex):
                return self.math(tex, is_block=False)
            case FootnoteMark(label=label):
                return self._mark(label)
            case Picture():
                return self._picture(inline, rtl, width or self.manuscript.text_width)

    def math(self, tex: str, is_block: bool) -> str:
        """An equation of Word's own, which a block needs a paragraph of its own for; else the TeX as text."""
        equation = office_math(tex, is_block)
        if equation is not None:
            return equation
        clean = self.manuscript.typesetter.clean(tex)
        if not clean:
            return ""
        shown = " ".join(clean.split())
        shown = shown if len(shown) <= _SHOWN_CHARS else f"{shown[:_SHOWN_CHARS]}..."
        self.manuscript.notice(
            Text(
                "docx_formula_as_tex",
                "a formula that Word's equations cannot hold was written as TeX: {tex}",
                tex=shown,
            )
        )
        return f'<w:r><w:rPr><w:rStyle w:val="MathText"/></w:rPr>{text_elements(clean)}</w:r>'

    def _mark(self, label: str) -> str:
        """The first mark makes the footnote; Word allows no second one, so that later marks refer to the first."""
        numbers = self.manuscript.numbers
        if not self.holds_marks or label not in self.manuscript.notes:
            self.manuscript.notice(
                Text("docx_mark_as_text", "a footnote mark that Word cannot hold at its place was written as text")
            )
            return self._note_run(text_elements(f"[{self.manuscript.typesetter.clean(label)}]"))
        if label in numbers:
            number = numbers[label]
            shown = self._note_run(text_elements(str(number)))
            return f'<w:fldSimple w:instr=" NOTEREF _Note{number} \\f \\h ">{shown}</w:fldSimple>'
        number = numbers[label] = len(numbers) + 1
        mark = self._note_run(f'<w:footnoteReference w:id="{number}"/>')
        return self.manuscript.bookmarked(f"_Note{number}", mark)

    def _note_run(self, content: str) -> str:
        return f'<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>{content}</w:r>'

    def _picture(self, picture: Picture, rtl: bool, width: int) -> str:
        file = read_picture(picture.source)
        if not file:
            self.manuscript.notice(
                Text(
                    "docx_picture_as_text",
                    "a picture that is damaged or too large was written as its description",
                )
            )
            return self.manuscript.typesetter.runs(Run(description(picture), italic=True), rtl)
        name = f"{sha256(file.data).hexdigest()}.{file.extension}"
        self.manuscript.pictures.setdefault(name, file)
        self.manuscript.drawings += 1
        number = self.manuscript.drawings
        most_wide = width * EMU_PER_TWIP
        most_high = self.manuscript.text_height * _TALLEST_PICTURE * EMU_PER_TWIP
        natural_wide, natural_high = file.width * _EMU_PER_PIXEL, file.height * _EMU_PER_PIXEL
        scale = min(1.0, most_wide / natural_wide, most_high / natural_high)
        wide, high = max(1, round(natural_wide * scale)), max(1, round(natural_high * scale))
        alt = escape(" ".join(self.manuscript.typesetter.clean(picture.alt).split()))
        return (
            f'<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{number}" name="Picture {number}" descr="{alt}"/>'
            '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
            f'<pic:nvPicPr><pic:cNvPr id="{number}" name="Picture {number}"/><pic:cNvPicPr/></pic:nvPicPr>'
            f'<pic:blipFill><a:blip r:embed="{self._relate(name, "image")}"/><a:stretch><a:fillRect/></a:stretch>'
            f'</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>'
            "</wp:inline></w:drawing></w:r>"
        )

    def _relate(self, target: str, kind: str) -> str:
        return self.relationships.setdefault(target, (f"rId{len(self.relationships) + 1}", kind))[0]


def _address(inline: Inline) -> str | None:
    return inline.link if isinstance(inline, Run) else None
