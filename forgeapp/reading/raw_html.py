"""HTML within Markdown, as most viewers show it: emphasis, links, pictures and line ends count, other tags go.

Nothing of it runs or loads: scripts, styles and comments go with what they hold.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Paragraph,
    Picture,
    Run,
    TableBlock,
)
from forgeapp.reading.html_tables import read_html_tables
from forgeapp.reading.raised_text import on_the_line

MAX_RAISED: Final = 8
"""How deep raised text within raised text is looked at."""
_SILENT: Final = re.compile(r"<(script|style|template|iframe|object|noscript)\b[^<>]*>|<!--", re.IGNORECASE)
_ATTRIBUTES: Final = r"[^<>\"']*(?:(?:\"[^\"<]*\"|'[^'<]*')[^<>\"']*)*"
_TAG: Final = re.compile(rf"<(/?)([a-zA-Z][\w:-]*)(?:({_ATTRIBUTES})|([^<>]*))>")
_INLINE_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:-]*)(.*)>", re.DOTALL)
_ATTRIBUTE: Final = re.compile(r"(?<![\w-])(alt|href|src)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_PRE: Final = re.compile(r"<pre\b[^<>]*>", re.IGNORECASE)
_PICTURE: Final = re.compile(rf"<img\b({_ATTRIBUTES})>", re.IGNORECASE)
_NAME: Final = re.compile("\ue000([0-9]{1,7})\ue001")
_SPACE: Final = re.compile(r"\s+")
_EMPTY_LINE: Final = re.compile(r"\n\s*\n")
_SAFE_LINK: Final = re.compile(r"(?:https?://|mailto:|#.)", re.IGNORECASE)
_STYLES: Final = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em", "cite", "dfn", "var"), "italic"),
    **dict.fromkeys(("s", "del", "strike"), "strike"),
    **dict.fromkeys(("code", "kbd", "samp", "tt"), "code"),
}
_POSITIONS: Final = {"sup": "superscript", "sub": "subscript"}
_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PARTING: Final = _HEADINGS | frozenset(
    (
        *(
            "p",
            "div",
            "center",
            "li",
            "ul",
            "ol",
            "dl",
            "dt",
            "dd",
            "tr",
            "td",
            "th",
            "details",
            "summary",
            "blockquote",
        ),
        *("section", "article", "header", "footer", "main", "aside", "figure", "figcaption", "address", "hr"),
    )
)
"""Elements of which each stands in a paragraph of its own."""


@dataclass
class InlineStyle:
    """How many open marks and tags ask for each style, and the links and raised texts that are open."""

    bold: int = 0
    italic: int = 0
    strike: int = 0
    code: int = 0
    links: list[str | None] = field(default_factory=list)
    tag_links: list[str | None] = field(default_factory=list)
    raised: list[tuple[str, int]] = field(default_factory=list)
    """The name of the tag, and how many inlines stood before it."""

    def run(self, text: str, code: bool = False) -> Run:
        link = next((links[-1] for links in (self.links, self.tag_links) if links), None)
        return Run(text, self.bold > 0, self.italic > 0, self.strike > 0, code or self.code > 0, link)


def safe_link(address: str) -> str | None:
    """An http(s) or mailto address, or '#' and a place in the document; None for all others."""
    return address if _SAFE_LINK.match(address) else None


def apply_tag(tag: str, style: InlineStyle, found: list[Inline]) -> None:
    """What a tag within a line means for what follows it, or for what stands between it and its beginning."""
    match = _INLINE_TAG.fullmatch(tag)
    if match:
        _apply(match[2].lower(), match[1] == "/", match[3], style, found)


def end_raised(style: InlineStyle, found: list[Inline]) -> None:
    """At the end of a line of text: raised text that nothing ends reaches to here."""
    while style.raised:
        _settle_raised(*style.raised.pop(), found)


def _apply(name: str, is_closing: bool, attributes: str, style: InlineStyle, found: list[Inline]) -> None:
    if name == "br":
        found.append(LineBreak())
    elif name == "img":
        said = _said(attributes)
        alt = _SPACE.sub(" ", said.get("alt", "")).strip()
        if said.get("src", "").strip():
            found.append(Picture(said["src"].strip(), alt))
        elif alt:
            found.append(style.run(alt))
    elif name == "a":
        if is_closing:
            del style.tag_links[-1:]
        else:
            style.tag_links.append(safe_link(_said(attributes).get("href", "").strip()))
    elif name == "q":
        found.append(style.run("\u201d" if is_closing else "\u201c"))
    elif name in _POSITIONS:
        if not is_closing:
            if len(style.raised) < MAX_RAISED:
                style.raised.append((name, len(found)))
        elif style.raised and style.raised[-1][0] == name:
            _settle_raised(*style.raised.pop(), found)
    elif name in _STYLES:
        attribute = _STYLES[name]
        setattr(style, attribute, max(0, getattr(style, attribute) + (-1 if is_closing else 1)))


def _settle_raised(name: str, start: int, found: list[Inline]) -> None:
    """What stands from `start` on in small characters; marked at both ends where there are not all of them."""
    runs = [(number, inline) for number, inline in enumerate(found[start:], start) if isinstance(inline, Run)]
    text = "".join(run.text for _, run in runs)
    said = text.strip()
    shown, is_whole = on_the_line(text, _POSITIONS[name])
    if not said or shown == text:
        return
    if is_whole:
        for number, run in runs:
            found[number] = replace(run, text=on_the_line(run.text, _POSITIONS[name])[0])
        return
    opening, _, closing = shown.strip().partition(said)
    first, last = runs[0][0], runs[-1][0]
    for number, run in runs:
        text = run.text
        if number == first:
            text = opening + text.lstrip()
        if number == last:
            text = text.rstrip() + closing
        found[number] = replace(run, text=text)


def _said(attributes: str) -> dict[str, str]:
    """The attributes that count, by their names."""
    return {
        match[1].lower(): html.unescape(next((value for value in match.groups()[1:] if value is not None), ""))
        for match in reversed(list(_ATTRIBUTE.finditer(attributes)))
    }


def html_blocks(source: str) -> Iterator[Block]:
    """Lines of HTML: tables, headings and preformatted text as such, everything else as paragraphs."""
    source = _without_silent(source)
    if "<table" not in source.lower():
        yield from _text_blocks(source)
        return
    pictures: list[Picture] = []
    source = _PICTURE.sub(lambda match: _named(match, pictures), _NAME.sub("", source))
    at = 0
    for table in read_html_tables(source):
        yield from _text_blocks(_put_back(source[at : table.start], pictures))
        if table.rows:
            header, *body = (tuple(_cell(cell, pictures) for cell in row) for row in table.rows)
            yield TableBlock(header, tuple(body), (None,) * len(header))
        at = table.end
    yield from _text_blocks(_put_back(source[at:], pictures))


def _named(match: re.Match[str], pictures: list[Picture]) -> str:
    """What stands for a picture while tables are read, which know nothing but text."""
    said = _said(match[1])
    pictures.append(Picture(said.get("src", "").strip(), _SPACE.sub(" ", said.get("alt", "")).strip()))
    return f"\ue000{len(pictures) - 1}\ue001"


def _put_back(source: str, pictures: list[Picture]) -> str:
    def tag(match: re.Match[str]) -> str:
        picture = pictures[int(match[1])]
        return f'<img src="{html.escape(picture.source)}" alt="{html.escape(picture.alt)}">'

    return _NAME.sub(tag, source) if pictures else source


def _cell(text: str, pictures: list[Picture]) -> Inlines:
    """The text of a cell with its pictures."""
    if "\ue000" not in text:
        return (Run(text),) if text else ()
    found: list[Inline] = []
    for number, part in enumerate(_NAME.split(text)):
        if number % 2:
            picture = pictures[int(part)]
            found.append(picture if picture.source else Run(picture.alt))
        elif part:
            found.append(Run(part))
    return joined(found)


def _without_silent(source: str) -> str:
    """Comments, scripts, styles and the like go with what they hold."""
    kept: list[str] = []
    at = 0
    while match := _SILENT.search(source, at):
        kept.append(source[at : match.start()])
        at = _end_of(match[1], source, match.end())[1]
    return "".join((*kept, source[at:]))


def _text_blocks(source: str) -> Iterator[Block]:
    at = 0
    while opening := _PRE.search(source, at):
        yield from _flowing(source[at : opening.start()])
        end, at = _end_of("pre", source, opening.end())
        text = html.unescape(_TAG.sub("", source[opening.end() : end])).removeprefix("\n").rstrip()
        if text:
            yield CodeBlock("", text)
    yield from _flowing(source[at:])


def _end_of(name: str | None, source: str, at: int) -> tuple[int, int]:
    """Where the closing tag begins, and what follows it; without a name those of a comment."""
    # Not by lower(): there are letters of which it makes two, and what stands behind them would be elsewhere.
    closing = re.compile(f"</{name}" if name else "-->", re.IGNORECASE).search(source, at)
    if closing is None:
        return len(source), len(source)
    return closing.start(), source.find(">", closing.start()) + 1 or len(source)


def _flowing(source: str) -> Iterator[Block]:
    style, found, level = InlineStyle(), list[Inline](), 0

    def ended() -> Iterator[Block]:
        nonlocal found
        end_raised(style, found)
        inlines = _without_breaks_at_ends(joined(found))
        found = []
        if any(isinstance(inline, Picture) or (isinstance(inline, Run) and inline.text.strip()) for inline in inlines):
            yield Heading(level, inlines) if level else Paragraph(inlines)

    at = 0
    for tag in _TAG.finditer(source):
        yield from _said_between(source[at : tag.start()], style, found, ended)
        at = tag.end()
        name = tag[2].lower()
        if name in _PARTING:
            yield from ended()
            level = int(name[1]) if name in _HEADINGS and not tag[1] else 0
        else:
            _apply(name, tag[1] == "/", tag[3] or tag[4] or "", style, found)
    yield from _said_between(source[at:], style, found, ended)
    yield from ended()


def _said_between(
    text: str, style: InlineStyle, found: list[Inline], ended: Callable[[], Iterator[Block]]
) -> Iterator[Block]:
    """Text between two tags; an empty line in it ends a paragraph."""
    for number, part in enumerate(_EMPTY_LINE.split(text)):
        if number:
            yield from ended()
        said = _SPACE.sub(" ", html.unescape(part))
        if said:
            found.append(style.run(said))


def joined(found: list[Inline]) -> Inlines:
    """Neighbouring runs of one style become one; space at the ends goes."""
    result: list[Inline] = []
    texts: list[str] = []
    for inline in (*found, None):
        last = result[-1] if result else None
        if isinstance(inline, Run) and isinstance(last, Run) and replace(inline, text=last.text) == last:
            texts.append(inline.text)
            continue
        if isinstance(last, Run) and texts:
            result[-1] = replace(last, text=last.text + "".join(texts))
        texts = []
        if inline is not None and inline != Run(""):
            result.append(inline)
    result = [inline for inline in result if not (isinstance(inline, Run) and not inline.text)]
    if result and isinstance(result[0], Run):
        result[0] = replace(result[0], text=result[0].text.lstrip(" \n"))
    if result and isinstance(result[-1], Run):
        result[-1] = replace(result[-1], text=result[-1].text.rstrip(" \n"))
    return tuple(inline for inline in result if not (isinstance(inline, Run) and not inline.text))


def _without_breaks_at_ends(inlines: Inlines) -> Inlines:
    """Nor blanks beside a break."""
    line = list(inlines)
    for number, inline in enumerate(line):
        if isinstance(inline, Run):
            text = inline.text
            if number and isinstance(line[number - 1], LineBreak):
                text = text.lstrip(" ")
            if number + 1 < len(line) and isinstance(line[number + 1], LineBreak):
                text = text.rstrip(" ")
            line[number] = replace(inline, text=text)
    line = [inline for inline in line if not (isinstance(inline, Run) and not inline.text)]
    while line and isinstance(line[-1], LineBreak):
        line.pop()
    while line and isinstance(line[0], LineBreak):
        line.pop(0)
    return tuple(line)
