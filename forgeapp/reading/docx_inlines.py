"""The text of a DOCX paragraph as inlines: runs, links, fields, notes, pictures, equations, tracked changes.

Sources: ECMA-376 part 1, 17.3 (runs), 17.13.5 (tracked changes), 17.16 (fields).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from forgeapp.domain.document import FootnoteMark, Inline, InlineMath, LineBreak, MathBlock, Run
from forgeapp.reading.document_losses import Loss
from forgeapp.reading.docx_source import Source
from forgeapp.reading.docx_styles import PLAIN, RunLook, run_look
from forgeapp.reading.docx_xml import MC, WP, A, M, O, R, V, W, value_of
from forgeapp.reading.office_math import tex_of
from forgeapp.reading.raised_text import on_the_line

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_DEPTH = 40
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]{1,4000})"', re.IGNORECASE)
_NOTE_REFERENCE = re.compile(r"NOTEREF\s+(\S{1,200})", re.IGNORECASE)
_LEFT_OUT = re.compile(r"\s*(?:TOC|INDEX|TOA|BIBLIOGRAPHY_CONTENTS)\b", re.IGNORECASE)
_SILENT = {W + "del", W + "moveFrom"}
_TRANSPARENT = {
    W + name
    for name in ("ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "dir", "bdo", "ruby", "rubyBase")
}
_SIGNS = {"2611": "\u2611", "2610": "\u2610", "F0FE": "\u2611", "F0FD": "\u2612", "F0A8": "\u2610", "F06F": "\u2610",
          "F0B7": "\u2022", "F0E0": "\u2192", "F04A": "\u263a", "F0FC": "\u2713"}  # fmt: skip


@dataclass(slots=True)
class ParagraphText:
    """What a paragraph holds. `boxes`: the contents of text boxes that hang on it. `is_dressed`: coloured, lined."""

    inlines: list[Inline] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    equations: list[MathBlock] = field(default_factory=list)
    is_rule: bool = False
    is_dressed: bool = False


@dataclass(slots=True)
class _Field:
    instruction: list[str] = field(default_factory=list)
    is_result: bool = False
    link: str | None = None
    is_silent: bool = False


class InlineReader:
    """Reads the paragraphs of one part in their order: fields may reach over several of them."""

    def __init__(self, source: Source, part: str, root: _Element) -> None:
        self._source = source
        self._part = part
        self._fields: list[_Field] = []
        self._bookmarks: list[str] = []
        self._notes: dict[str, FootnoteMark] = {}
        self._is_note = False
        kinds = [mark.get(W + "fldCharType") for mark in root.iter(W + "fldChar")]
        self._has_fields = kinds.count("begin") == kinds.count("end")

    def read(self, paragraph: _Element, look: RunLook = PLAIN) -> ParagraphText:
        text = ParagraphText()
        self._is_note = False
        self._children(paragraph, text, look, None, 0)
        return text

    @property
    def is_silent(self) -> bool:
        """Whether what follows belongs to a field that is left out."""
        return any(field.is_silent or not field.is_result for field in self._fields)

    def _children(self, parent: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        for child in parent.iterchildren("*"):
            self._part_of(child, text, look, link, depth)

    def _part_of(self, child: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        tag = str(child.tag)
        if depth > MAX_DEPTH:
            self._source.losses[Loss.DEPTH] += 1
            self._say("".join(found.text or "" for found in child.iter(W + "t")), text, look, link)
        elif tag == W + "r":
            self._run(child, text, look, link, depth)
        elif tag == W + "hyperlink":
            self._children(child, text, look, self._address(child) or link, depth + 1)
        elif tag in _TRANSPARENT:
            if tag in (W + "ins", W + "moveTo"):
                self._source.losses[Loss.CHANGES] += 1
            self._children(child, text, look, link, depth + 1)
        elif tag in _SILENT:
            self._source.losses[Loss.CHANGES] += 1
        elif tag == W + "fldSimple":
            self._simple_field(child, text, look, link, depth)
        elif tag == W + "bookmarkStart":
            self._bookmarks.append(child.get(W + "name", ""))
        elif tag == M + "oMath":
            self._equation(child, text, is_block=False)
        elif tag == M + "oMathPara":
            for equation in child.iterchildren(M + "oMath"):
                self._equation(equation, text, is_block=True)
        elif tag == MC + "AlternateContent":
            self._alternative(child, text, look, link, depth)

    def _run(self, run: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        properties = run.find(W + "rPr")
        style = value_of(properties, "rStyle")
        look = run_look(properties).over(self._source.styles.run(style)).over(look)
        if look.is_dressed and not look.code and link is None and self._field_link is None:
            text.is_dressed = True
        for child in run.iterchildren("*"):
            self._run_part(child, text, look, link, depth)

    def _run_part(self, child: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        tag = str(child.tag)
        match tag.removeprefix(W):
            case "t":
                self._say(child.text or "", text, look, link)
            case "tab" | "ptab":
                self._say("\t", text, look, link)
            case "br" | "cr":
                if child.get(W + "type") in ("page", "column"):
                    self._source.losses[Loss.PAGE_BREAKS] += 1
                elif not self.is_silent:
                    text.inlines.append(LineBreak())
            case "noBreakHyphen":
                self._say("\u2011", text, look, link)
            case "softHyphen":
                self._say("\u00ad", text, look, link)
            case "sym":
                code = child.get(W + "char", "")[:8].upper()
                self._say(_SIGNS.get(code) or _character(code), text, look, link)
            case "footnoteReference" | "endnoteReference":
                self._mark(tag.removeprefix(W).removesuffix("Reference"), child.get(W + "id", ""), text)
            case "footnoteRef" | "endnoteRef":
                self._is_note = True
            case "fldChar":
                self._field_mark(child.get(W + "fldCharType", ""), text)
            case "instrText":
                if self._fields and not self._fields[-1].is_result:
                    self._fields[-1].instruction.append(child.text or "")
            case "drawing" | "pict" | "object":
                self._drawing(child, text)
            case "ruby":
                base = child.find(W + "rubyBase")
                if base is not None:
                    self._children(base, text, look, link, depth + 1)
            case _:
                if tag == MC + "AlternateContent":
                    self._alternative(child, text, look, link, depth)

    def _say(self, said: str, text: ParagraphText, look: RunLook, link: str | None) -> None:
        if self._is_note:
            # The blank between a note's number and its text.
            said = said.lstrip(" \t\u00a0")
            self._is_note = not said
        if not said or self.is_silent:
            return
        if look.hidden:
            self._source.losses[Loss.HIDDEN] += 1
            return
        if look.math:
            text.inlines.append(InlineMath(said))
            return
        if look.position in ("superscript", "subscript"):
            said, is_whole = on_the_line(said, look.position)
            self._source.losses[Loss.RAISED] += not is_whole
        run = Run(
            said, bool(look.bold), bool(look.italic), bool(look.strike), bool(look.code), self._field_link or link
        )
        text.inlines.append(run)

    def _mark(self, kind: str, identity: str, text: ParagraphText) -> None:
        if self.is_silent:
            return
        mark = self._source.mark(kind, identity)
        for name in self._bookmarks:
            self._notes.setdefault(name, mark)
        self._bookmarks.clear()
        text.inlines.append(mark)

    def _equation(self, equation: _Element, text: ParagraphText, is_block: bool) -> None:
        if self.is_silent:
            return
        tex, is_whole = tex_of(equation)
        self._source.losses[Loss.EQUATIONS] += not is_whole
        if tex and is_block:
            text.equations.append(MathBlock(tex))
        elif tex:
            text.inlines.append(InlineMath(tex))

    # Fields

    @property
    def _field_link(self) -> str | None:
        return next((field.link for field in reversed(self._fields) if field.link), None)

    def _field_mark(self, kind: str, text: ParagraphText) -> None:
        if not self._has_fields:
            return
        if kind == "begin" and len(self._fields) < MAX_DEPTH:
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].is_result = True
            self._begin_result(self._fields[-1], text)
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.is_result:
                self._begin_result(ended, text)

    def _begin_result(self, begun: _Field, text: ParagraphText) -> None:
        instruction = "".join(begun.instruction)[:5_000]
        if _LEFT_OUT.match(instruction):
            self._source.losses[Loss.CONTENTS] += 1
            begun.is_silent = True
        elif link := _HYPERLINK.search(instruction):
            begun.link = _safe(link[1])
        elif (note := _NOTE_REFERENCE.search(instruction)) and note[1] in self._notes:
            if not self.is_silent:
                text.inlines.append(self._notes[note[1]])
            begun.is_silent = True

    def _simple_field(self, child: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        self._fields.append(_Field([child.get(W + "instr", "")], is_result=True))
        self._begin_result(self._fields[-1], text)
        self._children(child, text, look, link, depth + 1)
        if self._fields:
            self._fields.pop()

    def _address(self, hyperlink: _Element) -> str | None:
        relation = self._source.relations(self._part).get(hyperlink.get(R + "id", ""))
        if relation is None:
            if hyperlink.get(W + "anchor") and not self.is_silent:
                self._source.losses[Loss.INNER_LINKS] += 1
            return None
        return _safe(relation.target) if relation.is_external else None

    # Drawings

    def _alternative(self, child: _Element, text: ParagraphText, look: RunLook, link: str | None, depth: int) -> None:
        """The newer way of saying it, as readers that know it take it; the older one where it alone has a picture."""
        choice, fallback = child.find(MC + "Choice"), child.find(MC + "Fallback")
        chosen = choice if choice is not None else fallback
        if chosen is None:
            return
        for part in chosen.iterchildren("*"):
            if str(part.tag) in (W + "drawing", W + "pict", W + "object"):
                self._drawing(part, text)
            else:
                self._part_of(part, text, look, link, depth + 1)

    def _drawing(self, drawing: _Element, text: ParagraphText) -> None:
        if self.is_silent:
            return
        boxes = [box for box in drawing.iter(W + "txbxContent") if _is_outermost(box, drawing)]
        if boxes:
            self._source.losses[Loss.TEXT_BOXES] += len(boxes)
            text.boxes += boxes
        if any(shape.get(O + "hr") in ("t", "true", "1") for shape in drawing.iter(V + "rect")):
            text.is_rule = True
            return
        alt = _description(drawing)
        pictures = [blip.get(R + "embed") or blip.get(R + "link") or "" for blip in drawing.iter(A + "blip")]
        pictures += [data.get(R + "id", "") for data in drawing.iter(V + "imagedata")]
        is_object = drawing.tag == W + "object"
        for relation in pictures:
            if is_object:
                continue
            found = self._source.picture(self._part, relation, alt)
            if not isinstance(found, Run) or found.text:
                text.inlines.append(found)
        if is_object:
            self._source.losses[Loss.EMBEDDED] += 1
        elif not pictures and not boxes:
            kinds = {data.get("uri", "").rpartition("/")[2] for data in drawing.iter(A + "graphicData")}
            self._source.losses[Loss.CHARTS if kinds & {"chart", "chartex"} else Loss.SHAPES] += 1


def _is_outermost(box: _Element, drawing: _Element) -> bool:
    for above in box.iterancestors():
        if above is drawing:
            return True
        if above.tag in (W + "txbxContent", MC + "Fallback"):
            return False
    return True


def _description(drawing: _Element) -> str:
    for properties in drawing.iter(WP + "docPr"):
        return " ".join((properties.get("descr") or properties.get("title") or "").split())[:500]
    for shape in drawing.iter(V + "shape"):
        return " ".join(shape.get("alt", "").split())[:500]
    return ""


def _safe(address: str) -> str | None:
    address = address.strip()
    return address if _LINK.match(address) else None


def _character(code: str) -> str:
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    # Symbol fonts keep their signs in the private area, at the places of ASCII.
    number = number - 0xF000 if 0xF020 <= number <= 0xF07E else number
    return chr(number) if 0x20 <= number < 0xD800 or 0xF900 <= number <= 0xFFFD else "\u2022"


def plain_of(inlines: Iterable[Inline]) -> str:
    """The text of code and equations: breaks are lines, the rest is what it says."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case Run(text=said):
                parts.append(said)
            case InlineMath(tex=tex):
                parts.append(tex)
            case LineBreak():
                parts.append("\n")
            case _:
                pass
    return "".join(parts)
