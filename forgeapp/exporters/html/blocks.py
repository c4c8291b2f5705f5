"""Blocks as HTML markup: every text escaped, nothing that runs, nothing that is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from xml.etree.ElementTree import Element, SubElement, tostring

from forgeapp.domain.anchors import place_number
from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.domain.wording import Text
from forgeapp.exporters.highlight import Span, highlight
from forgeapp.exporters.links import web_address
from forgeapp.exporters.mathml import math_tree
from forgeapp.exporters.pictures import description, read_picture

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CLASS = re.compile(r"[^A-Za-z0-9_+#-]")
_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ALIGNMENTS = ("left", "right", "center")


class Pen:
    """Writes blocks for a page with the style sheet. `warnings`: what the user should know, each once.

    Of `footnotes` with one label the first is meant.
    """

    def __init__(self, footnotes: Iterable[Footnote], has_line_numbers: bool = False) -> None:
        self.warnings: dict[Text, None] = {}
        self._has_line_numbers = has_line_numbers
        self._numbers: dict[str, int] = {}
        for number, note in enumerate(footnotes, 1):
            self._numbers.setdefault(note.label, number)
        self.marked: set[int] = set()
        """Numbers of the footnotes that have been referred to."""
        self._headings = 0

    def classed(self, *names: str) -> str:
        """The attribute that names what the style sheet is to do."""
        return f' class="{" ".join(names)}"' if names else ""

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level=level, inlines=inlines):
                self._headings += 1
                tag = f"h{min(max(level, 1), 6)}"
                yield f'<{tag} id="{heading_id(self._headings)}"{direction(inlines)}>{self.inlines(inlines)}</{tag}>\n'
            case Paragraph(inlines=inlines):
                yield f"<p{direction(inlines)}>{self.inlines(inlines)}</p>\n"
            case ListBlock():
                yield from self._list(block)
            case TableBlock():
                yield from self.table(block)
            case CodeBlock(language=language, text=text):
                yield self.code(language, text)
            case MathBlock(tex=tex):
                yield self.math(tex, is_block=True)
            case Quote(blocks=blocks):
                yield "<blockquote>\n"
                yield from self.blocks(blocks)
                yield "</blockquote>\n"
            case Rule():
                yield "<hr>\n"
            case Footnote():
                yield from self.notes([block])

    def notes(self, notes: Sequence[Footnote]) -> Iterator[str]:
        """Each goes back to its first mark."""
        yield '<section class="footnotes" aria-label="Footnotes">\n<ol>\n'
        for number, note in enumerate(notes, 1):
            yield f'<li id="note-{number}">\n'
            yield from self.blocks(note.blocks)
            if number in self.marked:
                yield f'<a class="back" href="#mark-{number}" aria-label="Back to the text">↩</a>'
            yield "</li>\n"
        yield "</ol>\n</section>\n"

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        for block in blocks:
            yield from self.block(block)

    def _list(self, block: ListBlock) -> Iterator[str]:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        yield f"<{tag}{start}{self.classed('tight') if block.tight else ''}>\n"
        for item in block.items:
            yield from self.item(item)
        yield f"</{tag}>\n"

    def item(self, item: ListItem) -> Iterator[str]:
        if item.checked is None:
            yield "<li>"
        else:
            state = ' checked aria-label="Done"' if item.checked else ' aria-label="To do"'
            yield f'<li class="task"><input type="checkbox" disabled{state}>'
        yield from self.blocks(item.blocks)
        yield "</li>\n"

    def table(self, table: TableBlock) -> Iterator[str]:
        classes = [self.classed(kind) if kind in _ALIGNMENTS else "" for kind in table.alignments]
        # Reached by Tab, for what is wider than the page is scrolled by the arrow keys.
        yield '<div class="scroll" role="region" aria-label="Table" tabindex="0"><table>\n'
        yield f"<thead{'' if any(table.header) else self.classed('blank')}><tr>"
        for inlines, kind in zip(table.header, classes, strict=True):
            yield f'<th scope="col"{kind}{direction(inlines)}>{self.inlines(inlines)}</th>'
        yield "</tr></thead>\n<tbody>\n"
        for row in table.rows:
            cells = (
                f"<td{kind}{direction(inlines)}>{self.inlines(inlines)}</td>"
                for inlines, kind in zip(row, classes, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>\n"
        yield "</tbody>\n</table></div>\n"

    def code(self, language: str, text: str) -> str:
        name = class_name(language)
        lines = ["".join(map(self.span, spans)) for spans in highlight(text, language)]
        classes = [f"language-{name}"] if name else []
        if self._has_line_numbers:
            classes.append("numbered")
            # Each line end within its line: selected and copied, the text is the code without the numbers.
            *others, last = lines
            lines = [*(f'<span class="line">{line}\n</span>' for line in others), f'<span class="line">{last}</span>']
            body = "".join(lines)
        else:
            body = "\n".join(lines)
        return f"<pre><code{self.classed(*classes)}>{body}</code></pre>\n"

    def span(self, span: Span) -> str:
        text = text_markup(span.text)
        return f"<span{self.classed(span.ink.name)}>{text}</span>" if span.ink else text

    def math(self, tex: str, is_block: bool) -> str:
        markup = math_markup(tex, is_block)
        if markup is None:
            self.warnings.setdefault(Text("html_tex", "Math that is not understood is shown as TeX."))
            markup = f"<code{self.classed('math')}>{text_markup(tex)}</code>"
            return f"<div{self.classed('math')}>{markup}</div>\n" if is_block else markup
        return f"<div{self.classed('formula')}>{markup}</div>\n" if is_block else markup

    def inlines(self, inlines: Iterable[Inline]) -> str:
        return "".join(map(self._inline, inlines))

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Run():
                return self.run(inline)
            case InlineMath(tex=tex):
                return self.math(tex, is_block=False)
            case Picture():
                return self._picture(inline)
            case FootnoteMark(label=label):
                return self._mark(label)
            case LineBreak():
                return "<br>\n"

    def run(self, run: Run) -> str:
        text = text_markup(run.text)
        if run.code:
            text = f"<code>{text}</code>"
        if run.bold:
            text = f"<strong>{text}</strong>"
        if run.italic:
            text = f"<em>{text}</em>"
        if run.strike:
            text = f"<s>{text}</s>"
        address = web_address(run.link)
        if address:
            return f'<a href="{text_markup(address)}" rel="noopener noreferrer">{text}</a>'
        number = place_number(run.link)
        return self.jump(number, text) if number else text

    def jump(self, number: int, text: str) -> str:
        """A link to the heading of that number."""
        return f'<a href="#{heading_id(number)}">{text}</a>'

    def _picture(self, picture: Picture) -> str:
        file = read_picture(picture.source)
        if file:
            source = text_markup("".join(picture.source.split()))
            return f'<img src="{source}" alt="{text_markup(picture.alt)}" width="{file.width}" height="{file.height}">'
        self.warnings.setdefault(
            Text("html_picture", "Pictures that are damaged or too large are shown by their description.")
        )
        return f"<span{self.classed('picture')}>{text_markup(description(picture))}</span>"

    def _mark(self, label: str) -> str:
        number = self._numbers.get(label)
        if number is None:
            return f"<sup>[{text_markup(label)}]</sup>"
        name = "" if number in self.marked else f' id="mark-{number}"'
        self.marked.add(number)
        return f'<sup><a{name} href="#note-{number}">{number}</a></sup>'


def class_name(language: str) -> str:
    """The part of a class that names a language of code."""
    return _CLASS.sub("", language)


def heading_id(number: int) -> str:
    """Of the heading that comes as the `number`th, from 1."""
    return f"section-{number}"


def math_markup(tex: str, is_block: bool) -> str | None:
    """MathML with the TeX as its annotation, None where it is not understood."""
    tree = math_tree(tex, is_block)
    if tree is None:
        return None
    row = Element("mrow")
    row.extend(list(tree))
    for child in list(tree):
        tree.remove(child)
    semantics = SubElement(tree, "semantics")
    semantics.append(row)
    SubElement(semantics, "annotation", {"encoding": "application/x-tex"}).text = tex.strip()
    for element in tree.iter():
        # The style sheet does it, and the policy allows no other.
        element.attrib.pop("style", None)
    return tostring(tree, encoding="unicode", short_empty_elements=False)


def direction(inlines: Sequence[Inline]) -> str:
    """Text that may run from right to left says so itself."""
    return ' dir="auto"' if runs_backwards(plain_text(inlines)) else ""


def runs_backwards(text: str) -> bool:
    """Whether some of it is of a script written from right to left."""
    return _BACKWARDS.search(text) is not None


def text_markup(text: str) -> str:
    """Escaped for elements and attributes alike; what HTML cannot hold as U+FFFD."""
    return escape(_UNSHOWABLE.sub("\ufffd", text))
