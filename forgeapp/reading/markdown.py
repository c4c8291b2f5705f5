"""Markdown into the tree of blocks every exporter and view is given.

Nothing in the tree can run or load anything (S1): tags are dropped and their text kept, scripts and styles go
entirely, links are http(s), mailto or lead to a place in the document. A picture whose source carries no bytes is
words for all who show or write it.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from markdown_it.token import Token

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    Inlines,
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
)
from forgeapp.reading.definitions import lift_definitions
from forgeapp.reading.dialect import MAX_NESTING, document_parser, nest_shallow_bullets, set_math_apart
from forgeapp.reading.front_matter import body_in_place
from forgeapp.reading.raw_html import InlineStyle, apply_tag, end_raised, html_blocks, joined, safe_link

MAX_CHARS_AT_ONCE = 200_000
_PICTURE_BYTES = re.compile(r"data:image/[\w.+-]{1,20};base64,[A-Za-z0-9+/=]{200,}")
_FENCE_LINE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_FIRST_WORD = re.compile(r"\s*([\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]|\S+)")
NARROWEST_WRAP = 40
"""Nobody breaks running text into lines shorter than that."""


def parse(markdown: str) -> Blocks:
    """The blocks of `markdown`, footnotes last. Long texts are parsed in pieces cut between blocks."""
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    blocks: list[Block] = []
    footnotes: dict[str, Footnote] = {}
    pictures = LiftedPictures()
    for piece, _ in self_contained_pieces(set_math_apart(nest_shallow_bullets(pictures.lift(markdown)))):
        for tokens in _one_by_one(document_parser().parse(piece)):
            pictures.put_back(tokens)
            for block in blocks_of(tokens):
                if isinstance(block, Footnote):
                    footnotes.setdefault(block.label, block)
                else:
                    blocks.append(block)
    return (*blocks, *footnotes.values())


def parse_document(markdown: str) -> Blocks:
    """As `parse`, of a whole document: its front matter is none of its blocks."""
    return parse(body_in_place(markdown))


def blocks_of(tokens: Sequence[Token]) -> Blocks:
    """The tree of whole top-level tokens."""
    return tuple(_Tree(tokens).blocks())


def _one_by_one(tokens: list[Token]) -> Iterator[list[Token]]:
    """The tokens of each top-level block, which are let go after it: with their pictures back they take a lot."""
    tokens.reverse()
    block: list[Token] = []
    depth = 0
    while tokens:
        block.append(tokens.pop())
        depth += block[-1].nesting
        if depth == 0:
            yield block
            block = []
    if block:
        yield block


class LiftedPictures:
    """Takes the bytes of pictures out of a text, for they would count as words to be parsed, and puts them back."""

    def __init__(self) -> None:
        self._stem = f"data:image/{secrets.token_hex(8)}-"
        self._sources: dict[str, str] = {}

    def lift(self, markdown: str) -> str:
        return _PICTURE_BYTES.sub(self._name, markdown)

    def _name(self, match: re.Match[str]) -> str:
        name = f"{self._stem}{len(self._sources)}-"
        self._sources[name] = match[0]
        return name

    def put_back(self, tokens: Iterable[Token]) -> None:
        if not self._sources:
            return
        names = re.compile(re.escape(self._stem) + r"\d+-")
        for token in tokens:
            token.content = names.sub(lambda name: self._sources.get(name[0], name[0]), token.content)
            source = token.attrs.get("src")
            if isinstance(source, str) and source in self._sources:
                token.attrs["src"] = self._sources[source]
            self.put_back(token.children or ())


def self_contained_pieces(markdown: str) -> Iterator[tuple[str, int]]:
    """Pieces of a long text, each with the links and footnotes it uses, wherever they are defined.

    With each, how many lines of the text it is; definitions from elsewhere stand before them.
    """
    if len(markdown) <= MAX_CHARS_AT_ONCE:
        yield markdown, markdown.count("\n") + 1
        return
    definitions = lift_definitions(markdown)
    for piece in _pieces(markdown if definitions is None else definitions.body):
        yield piece if definitions is None else definitions.used_by(piece) + piece, piece.count("\n") + 1


def _pieces(markdown: str) -> Iterator[str]:
    piece: list[str] = []
    size, fence = 0, ""
    for line in markdown.split("\n"):
        marker = _FENCE_LINE.match(line)
        if marker and not fence:
            fence = marker[1]
        elif marker and marker[1].startswith(fence) and not marker[2].strip():
            fence = ""
        piece.append(line)
        size += len(line) + 1
        between_blocks = not line.strip() and not fence
        if (size > MAX_CHARS_AT_ONCE // 2 and between_blocks) or size > MAX_CHARS_AT_ONCE:
            yield "\n".join(piece)
            piece, size = [], 0
    if piece:
        yield "\n".join(piece)


class _Tree:
    """Reads a flat list of tokens; MAX_NESTING of the parser bounds its recursion."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._items = 0
        """How many items of lists are open."""

    def blocks(self, end: str = "") -> Iterator[Block]:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == end:
                return
            yield from self._block(token)

    def _block(self, token: Token) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                yield Heading(int(token.tag[1]), self._inlines("heading_close"))
            case "paragraph_open":
                inlines = self._inlines("paragraph_close")
                if inlines:
                    yield Paragraph(inlines)
            case "bullet_list_open" | "ordered_list_open":
                yield self._list(token)
            case "blockquote_open" | "alert_open":
                yield Quote(tuple(self.blocks(token.type.replace("_open", "_close"))))
            case "alert_title_open":
                title = self._inlines("alert_title_close")
                yield Paragraph(tuple(replace(i, bold=True) if isinstance(i, Run) else i for i in title))
            case "fence" | "code_block":
                language = token.info.split()[0] if token.info.strip() else ""
                yield CodeBlock(language, token.content.removesuffix("\n"))
            case "hr":
                # A blank to be filled in: '1. ____' is no rule within an item.
                is_blank = self._items > 0 and token.markup.startswith("_")
                yield Paragraph((Run(token.markup[1:]),)) if is_blank else Rule()
            case "table_open":
                yield self._table()
            case "math_block" | "math_block_eqno" | "math_block_label":
                yield MathBlock(token.content.strip())
            case "html_block":
                yield from html_blocks(token.content)
            case "footnote_open":
                label = str(token.meta.get("label") or f"n{token.meta['id'] + 1}")
                yield Footnote(label, tuple(self.blocks("footnote_close")))
            case "inline":
                inlines = inlines_of(token)
                if inlines:
                    yield Paragraph(inlines)
            case _:
                pass

    def _inlines(self, end: str) -> Inlines:
        result: Inlines = ()
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == end:
                break
            if token.type == "inline":
                result = inlines_of(token)
        return result

    def _list(self, opening: Token) -> ListBlock:
        ordered = opening.type == "ordered_list_open"
        end = "ordered_list_close" if ordered else "bullet_list_close"
        items: list[ListItem] = []
        tight = True
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == end:
                break
            if token.type == "list_item_open":
                start = self._at
                self._items += 1
                blocks = tuple(self.blocks("list_item_close"))
                self._items -= 1
                level = token.level + 1
                tight = tight and all(
                    inner.hidden
                    for inner in self._tokens[start : self._at]
                    if inner.type == "paragraph_open" and inner.level == level
                )
                items.append(ListItem(blocks, token.meta.get("checked")))
        return ListBlock(ordered, tuple(items), int(opening.attrs.get("start", 1)), tight)

    def _table(self) -> TableBlock:
        rows: list[tuple[Inlines, ...]] = []
        alignments: list[str | None] = []
        row: list[Inlines] = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                row = []
            elif token.type == "tr_close":
                rows.append(tuple(row))
            elif token.type in ("th_open", "td_open"):
                if token.type == "th_open":
                    style = str(token.attrs.get("style", ""))
                    alignments.append(next((a for a in ("left", "right", "center") if style.endswith(a)), None))
                row.append(self._inlines(token.type.replace("_open", "_close")))
        header, *body = rows
        return TableBlock(header, tuple(body), tuple(alignments))


def inlines_of(token: Token) -> Inlines:
    """The inlines of an 'inline' token."""
    style = InlineStyle()
    found: list[Inline] = []
    ended = iter(_ended_lines(token))
    for child in token.children or ():
        match child.type:
            case "text" | "text_special":
                found.append(style.run(child.content))
            case "code_inline":
                found.append(style.run(child.content, code=True))
            case "softbreak":
                found.append(LineBreak() if next(ended, False) else style.run(" "))
            case "hardbreak":
                next(ended, None)
                found.append(LineBreak())
            case "strong_open" | "strong_close":
                style.bold += child.nesting
            case "em_open" | "em_close":
                style.italic += child.nesting
            case "s_open" | "s_close":
                style.strike += child.nesting
            case "link_open":
                style.links.append(safe_link(str(child.attrs.get("href", ""))))
            case "link_close":
                if style.links:
                    style.links.pop()
            case "image":
                found.append(_picture(child))
            case "math_inline" | "math_inline_double":
                found.append(InlineMath(child.content.strip()))
            case "footnote_ref":
                found.append(FootnoteMark(str(child.meta.get("label") or f"n{child.meta['id'] + 1}")))
            case "html_inline":
                apply_tag(child.content, style, found)
            case _:
                if child.content and child.type != "footnote_anchor":
                    found.append(style.run(child.content))
    end_raised(style, found)
    return joined(found)


def _ended_lines(token: Token) -> list[bool]:
    """For each line of a paragraph but the last whether its writer ended it, as in an address, a letter, a poem.

    Text that a program has wrapped goes on until the next word finds no room: where it would have found some, the
    line was ended on purpose. Markdown leaves to the reader how such a line end is shown (CommonMark 0.31, 6.8).
    """
    lines = token.content.split("\n")
    breaks = sum(child.type in ("softbreak", "hardbreak") for child in token.children or ())
    if not breaks or breaks + 1 != len(lines):
        return []
    room = max([NARROWEST_WRAP, *(len(line.rstrip()) for line in lines if " " in line.strip())])
    ended = []
    for line, following in itertools.pairwise(lines):
        word = _FIRST_WORD.match(following)
        ended.append(word is None or len(line.rstrip()) + 1 + len(word[1]) <= room)
    return ended


def _picture(token: Token) -> Inline:
    return Picture(str(token.attrs.get("src", "")), "".join(child.content for child in token.children or ()))


__all__ = ["MAX_CHARS_AT_ONCE", "MAX_NESTING", "LiftedPictures", "blocks_of", "inlines_of", "parse", "parse_document"]
