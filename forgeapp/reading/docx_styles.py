"""What a DOCX file's styles mean: which are headings, quotes, code, in whatever language they are shown.

Built-in styles keep their English names in the file (ECMA-376 part 1, 17.7.4.9); outline levels tell the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from forgeapp.reading.docx_xml import W, is_on, number_of, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAX_CHAIN = 20
_HEADING = re.compile(r"heading([1-9])")
_CONTENTS = re.compile(r"(?:toc|contents|index|tableoffigures)(?:[1-9]|heading)?|contentsheading|indexheading")
_KINDS = {
    "title": "title",
    "quote": "quote",
    "intensequote": "quote",
    "quotations": "quote",
    "blocktext": "quote",
    "blockquote": "quote",
    "codeblock": "code",
    "codecontinued": "code",
    "htmlpreformatted": "code",
    "preformattedtext": "code",
    "sourcecode": "code",
    "plaintext": "code",
    "macrotext": "code",
    "math": "math",
    "horizontalline": "rule",
    "gap": "gap",
    "listcontinue": "continued",
    "tabletext": "cell",
    "tableheading": "heading cell",
}
_CODE_RUNS = {"code", "htmlcode", "sourcetext", "verbatimchar", "htmlkeyboard", "htmlsample", "htmltypewriter"}
_MONOSPACED = re.compile(
    r"\b(?:mono|monospace|consolas|courier|menlo|monaco|lucida console|lucida sans typewriter|andale mono|fixedsys"
    r"|cascadia|fira code|source code|inconsolata|sf mono|terminal|typewriter|monospaced)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ParagraphLook:
    """`kind`: 'heading', 'title', 'quote', 'code', 'math', 'rule', 'gap', 'contents', 'continued', 'cell',
    'heading cell' or ''. `level` of a heading 1..6. `indent` in twips. `list`: the style's own list and level."""

    kind: str = ""
    level: int = 0
    indent: int | None = None
    list: tuple[str | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class RunLook:
    """`position`: 'superscript', 'subscript' or ''. None: nothing is said."""

    bold: bool | None = None
    italic: bool | None = None
    strike: bool | None = None
    code: bool | None = None
    math: bool = False
    hidden: bool | None = None
    position: str | None = None
    is_dressed: bool = False

    def over(self, below: RunLook) -> RunLook:
        """This look laid over another one."""
        return RunLook(
            below.bold if self.bold is None else self.bold,
            below.italic if self.italic is None else self.italic,
            below.strike if self.strike is None else self.strike,
            below.code if self.code is None else self.code,
            self.math or below.math,
            below.hidden if self.hidden is None else self.hidden,
            below.position if self.position is None else self.position,
            self.is_dressed or below.is_dressed,
        )


PLAIN = RunLook()


def run_look(properties: _Element | None) -> RunLook:
    """What a `w:rPr` says by itself."""
    if properties is None or not len(properties):
        return PLAIN
    fonts = properties.find(W + "rFonts")
    font = (fonts.get(W + "ascii") or fonts.get(W + "hAnsi")) if fonts is not None else None
    strike = is_on(properties, "strike")
    color = value_of(properties, "color")
    underline, marked = value_of(properties, "u"), value_of(properties, "highlight")
    return RunLook(
        bold=is_on(properties, "b"),
        italic=is_on(properties, "i"),
        strike=is_on(properties, "dstrike") if strike is None else strike,
        code=None if font is None else is_monospaced(font),
        hidden=is_on(properties, "vanish"),
        position=value_of(properties, "vertAlign"),
        is_dressed=color not in (None, "auto", "", "000000") or underline not in (None, "none") or bool(marked),
    )


def is_monospaced(font: str) -> bool:
    return _MONOSPACED.search(font[:100]) is not None


class Styles:
    def __init__(self, root: _Element | None) -> None:
        self._elements: dict[str, _Element] = {}
        self._paragraphs: dict[str | None, ParagraphLook] = {}
        self._runs: dict[str | None, RunLook] = {None: PLAIN}
        self._default: str | None = None
        for style in root.iterchildren(W + "style") if root is not None else ():
            identity = style.get(W + "styleId", "")
            self._elements.setdefault(identity, style)
            if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true"):
                self._default = identity
        names = {_plain(value_of(style, "name") or "") for style in self._elements.values()}
        self.are_ours = {"codecontinued", "gap", "horizontalline", "mathtext"} <= names
        """Whether the file was written by this program, and perhaps saved by another one since."""

    def paragraph(self, identity: str | None) -> ParagraphLook:
        identity = self._default if identity is None else identity
        if identity not in self._paragraphs:
            self._paragraphs[identity] = self._paragraph(identity)
        return self._paragraphs[identity]

    def run(self, identity: str | None) -> RunLook:
        if identity not in self._runs:
            look = PLAIN
            for style in reversed(self._chain(identity)):
                name = _plain(value_of(style, "name") or "")
                properties = style.find(W + "rPr")
                # The colour and underline of a named style, as of links, are no decoration of the user's.
                look = replace(run_look(properties), is_dressed=False).over(look)
                if name in _CODE_RUNS:
                    look = replace(look, code=True)
                if name == "mathtext":
                    look = replace(look, math=True)
            self._runs[identity] = look
        return self._runs[identity]

    def is_code(self, identity: str | None) -> bool:
        """Whether a paragraph style is one of monospaced letters, unlike most of the text."""
        look = PLAIN
        for style in reversed(self._chain(identity)):
            if style.get(W + "styleId") == self._default:
                continue
            look = run_look(style.find(W + "rPr")).over(look)
        return bool(look.code)

    def _paragraph(self, identity: str | None) -> ParagraphLook:
        look = ParagraphLook()
        for style in reversed(self._chain(identity)):
            name = _plain(value_of(style, "name") or style.get(W + "styleId") or "")
            properties = style.find(W + "pPr")
            heading = _HEADING.fullmatch(name)
            outline = number_of(value_of(properties, "outlineLvl"))
            if heading:
                look = replace(look, kind="heading", level=min(int(heading[1]), 6))
            elif name in _KINDS:
                look = replace(look, kind=_KINDS[name])
            elif _CONTENTS.fullmatch(name):
                look = replace(look, kind="contents")
            elif outline is not None:
                is_heading = 0 <= outline <= 8
                look = replace(look, kind="heading" if is_heading else "", level=min(outline + 1, 6) * is_heading)
            numbering = properties.find(W + "numPr") if properties is not None else None
            if numbering is not None:
                own, level = value_of(numbering, "numId"), number_of(value_of(numbering, "ilvl"))
                look = replace(look, list=(own or look.list[0], look.list[1] if level is None else level))
            indent = indent_of(properties)
            if indent is not None:
                look = replace(look, indent=indent)
        return look

    def _chain(self, identity: str | None) -> list[_Element]:
        """The style and those it is based on, nearest first."""
        chain: list[_Element] = []
        while identity is not None and identity in self._elements and len(chain) < _MAX_CHAIN:
            style = self._elements[identity]
            if style in chain:
                break
            chain.append(style)
            identity = value_of(style, "basedOn")
        return chain


def indent_of(properties: _Element | None) -> int | None:
    """How far a `w:pPr` sets the text in, in twips."""
    indent = properties.find(W + "ind") if properties is not None else None
    return None if indent is None else number_of(indent.get(W + "left") or indent.get(W + "start"))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", name[:200]).lower()
