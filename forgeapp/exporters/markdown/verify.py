"""A Markdown file read again by another reader than ours - markdown-it as GitHub has it, without our repairs of what
models write - and compared with the blocks it was written from. White space counts in code alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, islice
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

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
)
from forgeapp.domain.fences import open_fence
from forgeapp.domain.markdown_text import note_label, storable
from forgeapp.exporters.comparison import Part, differences_of

MAX_DIFFERENCES = 20
_MAX_NESTING = 130
"""Lists in lists count twice; what our reader gives is nested 60 deep at most."""
_MAX_CHARS_AT_ONCE = 500_000
_HEADER_LINES = 2
_LINK = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PICTURE = re.compile(r"https?://|data:image/(?:png|jpeg|gif|webp);", re.IGNORECASE)
_LANGUAGE = re.compile(r"[\w+#.-]*")
_STYLES = ("bold", "italic", "strike", "code")
_OPENING = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
_CLOSING = {"strong_close": "bold", "em_close": "italic", "s_close": "strike"}
_NAMES = {"bold": "bold text", "italic": "italic text", "strike": "struck text", "code": "code in text"}
_ITEM_STATES = {None: "", True: "done", False: "open"}


def differences(blocks: Iterable[Block], text: str) -> list[str]:
    """At most MAX_DIFFERENCES; [] for none."""
    found = (part for piece, is_table_going_on in _manageable(text) for part in _Found(piece).parts(is_table_going_on))
    told = differences_of(_Wanted(tuple(blocks)).parts(), found, lambda kind: _NAMES.get(kind, kind))
    return list(islice(told, MAX_DIFFERENCES))


def _manageable(text: str) -> Iterator[tuple[str, bool]]:
    """A text in pieces, for what is parsed at once takes a hundred times its memory: long tables are cut between rows.

    True with the pieces that go on with a table, its header before them. A text with footnotes is one piece.
    """
    if len(text) <= _MAX_CHARS_AT_ONCE or "[^" in text:
        yield text, False
        return
    piece: list[str] = []
    header: list[str] = []
    size, fence, is_going_on = 0, "", False
    for line in text.split("\n"):
        fence = open_fence(line, fence)
        if fence or not line.startswith("| "):
            header = []
        elif len(header) < _HEADER_LINES:
            header.append(line)
        elif size > _MAX_CHARS_AT_ONCE:
            yield "\n".join(piece), is_going_on
            piece, size, is_going_on = [*header], 0, True
        piece.append(line)
        size += len(line)
    yield "\n".join(piece), is_going_on


@dataclass(frozen=True, slots=True)
class _Piece:
    """Text of one style within a line. `break_` pieces, such as formulas, have neither style nor link."""

    text: str
    styles: frozenset[str] = frozenset()
    link: str = ""


def _line(kind: str, depth: int, pieces: Sequence[_Piece], others: Iterable[Part]) -> Iterator[Part]:
    """A line's text, then what is styled or linked in it, neighbours of one style as one, then `others`."""
    yield kind, depth, _bare("".join(piece.text for piece in pieces))
    if any(piece.styles or piece.link for piece in pieces):
        yield from _looks(depth, [piece for piece in pieces if piece.text.strip()])
    yield from others


def _looks(depth: int, shown: Sequence[_Piece]) -> Iterator[Part]:
    for style in _STYLES:
        for has_it, group in groupby(shown, lambda piece, style=style: style in piece.styles):  # type: ignore[misc]
            if has_it:
                yield style, depth, _bare("".join(piece.text for piece in group))
    for link, group in groupby(shown, lambda piece: piece.link):
        if link:
            yield "link", depth, f"{link} {_bare(''.join(piece.text for piece in group))}"


class _Wanted:
    def __init__(self, blocks: Sequence[Block]) -> None:
        self._notes = {note_label(block.label): block for block in blocks if isinstance(block, Footnote)}
        self._body = [block for block in blocks if not isinstance(block, Footnote)]
        self._marked: set[str] = set()

    def parts(self) -> Iterator[Part]:
        yield from self._blocks(self._body, 0)
        done: set[str] = set()
        # A note may have marks of its own.
        while waiting := sorted(self._marked - done):
            done.update(waiting)
            for label in waiting:
                yield "footnote", 0, label
                yield from self._blocks(self._notes[label].blocks, 0)

    def _blocks(self, blocks: Iterable[Block], depth: int) -> Iterator[Part]:
        for block in blocks:
            yield from self._block(block, depth)

    def _block(self, block: Block, depth: int) -> Iterator[Part]:
        match block:
            case Heading(level=level, inlines=inlines):
                yield from self._inlines(f"heading {level}", inlines, depth)
            case Paragraph(inlines=inlines):
                parts = list(self._inlines("paragraph", inlines, depth))
                if len(parts) > 1 or parts[0][2]:
                    yield from parts
            case ListBlock(ordered=ordered, items=items, start=start) if items:
                yield "list", depth, f"from {min(start, 999_999_999)}" if ordered else "without numbers"
                for item in items:
                    yield from self._item(item, depth + 1)
            case TableBlock(header=header, rows=rows, alignments=alignments) if header:
                yield "table", depth, " ".join(alignment or "-" for alignment in alignments)
                for row in (header, *rows):
                    yield "row", depth, f"of {len(row)} cells"
                    for cell in row:
                        yield from self._inlines("cell", cell, depth)
            case CodeBlock(language=language, text=text):
                yield "code block", depth, f"{language if _LANGUAGE.fullmatch(language) else ''}|{_code(text, depth)}"
            case MathBlock(tex=tex):
                yield "math", depth, _bare(tex)
            case Quote(blocks=blocks):
                yield "quote", depth, ""
                yield from self._blocks(blocks, depth + 1)
            case Rule():
                yield "line", depth, ""
            case _:
                pass

    def _item(self, item: ListItem, depth: int) -> Iterator[Part]:
        yield "item", depth, _ITEM_STATES[item.checked]
        yield from self._blocks(item.blocks, depth)

    def _inlines(self, kind: str, inlines: Sequence[Inline], depth: int) -> Iterator[Part]:
        pieces: list[_Piece] = []
        others: list[Part] = []
        for inline in inlines:
            match inline:
                case Run(text=text):
                    styles = frozenset(style for style in _STYLES if getattr(inline, style))
                    pieces.append(_Piece(storable(text), styles, _address(inline.link)))
                case InlineMath(tex=tex):
                    pieces.append(_Piece(f"${tex}$"))
                case Picture(source=source, alt=alt):
                    pieces.append(_Piece(storable(alt)))
                    others += _picture(source, depth)
                case LineBreak():
                    pieces.append(_Piece(" "))
                case FootnoteMark(label=label):
                    label = note_label(label)
                    if label in self._notes:
                        self._marked.add(label)
                        others.append(("footnote mark", depth, label))
                    else:
                        pieces.append(_Piece(f"[^{label}]"))
        return _line(kind, depth, pieces, others)


class _Found:
    """Reads the tokens one after the other, notes last, by their labels."""

    def __init__(self, text: str) -> None:
        parser = MarkdownIt("gfm-like2", {"maxNesting": _MAX_NESTING, "linkify": False}).use(footnote_plugin)
        parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
        self._tokens = parser.parse(text)
        self._rows = _rows(self._tokens)

    def parts(self, is_table_going_on: bool = False) -> Iterator[Part]:
        """`is_table_going_on`: without the header it begins with."""
        notes: dict[str, list[Part]] = {}
        parts: list[Part] = []
        everything = self._all()
        if is_table_going_on:
            everything = self._behind_header(everything)
        for kind, depth, text in everything:
            if kind == "footnote":
                notes[text] = parts = []
            if notes:
                parts.append((kind, depth, text))
            else:
                yield kind, depth, text
        known: set[str] = set()
        # In the order of `_Wanted`: by the marks in the text, then by those in notes.
        waiting = sorted(set(notes) - self._inner_only(notes))
        while waiting:
            known.update(waiting)
            for label in waiting:
                yield from notes[label]
            marks = {text for label in waiting for kind, _, text in notes[label] if kind == "footnote mark"}
            waiting = sorted(marks - known)

    def _behind_header(self, everything: Iterator[Part]) -> Iterator[Part]:
        rows = 0
        for part in everything:
            rows += part[0] == "row"
            if rows > 1:
                yield part

    def _inner_only(self, notes: dict[str, list[Part]]) -> set[str]:
        outer: set[str] = set()
        for token in self._tokens:
            if token.type == "footnote_block_open":
                break
            outer.update(str(child.meta["label"]) for child in token.children or () if child.type == "footnote_ref")
        return set(notes) - outer

    def _all(self) -> Iterator[Part]:
        depth = 0
        kind = "paragraph"
        is_head = False
        for token in self._tokens:
            match token.type:
                case "heading_open":
                    kind = f"heading {token.tag[1:]}"
                case "paragraph_open":
                    kind = "paragraph"
                case "th_open" | "td_open":
                    kind = "cell"
                case "inline":
                    parts = list(_line(kind, depth, *_pieces(token, depth)))
                    if kind != "paragraph" or len(parts) > 1 or parts[0][2]:
                        yield from parts
                case "bullet_list_open" | "ordered_list_open":
                    start = token.attrs.get("start", 1)
                    yield "list", depth, f"from {start}" if token.tag == "ol" else "without numbers"
                    depth += 1
                case "blockquote_open":
                    yield "quote", depth, ""
                    depth += 1
                case "bullet_list_close" | "ordered_list_close" | "blockquote_close":
                    depth -= 1
                case "list_item_open":
                    yield "item", depth, _ITEM_STATES[token.meta.get("checked")]
                case "thead_open" | "tbody_open":
                    is_head = token.type == "thead_open"
                case "tr_open":
                    cells = next(self._rows)
                    if is_head:
                        styles = (str(cell.attrs.get("style", "")).rpartition(":")[2] or "-" for cell in cells)
                        yield "table", depth, " ".join(styles)
                    yield "row", depth, f"of {len(cells)} cells"
                case "fence" | "code_block" if token.info == "math":
                    yield "math", depth, _bare(token.content)
                case "fence" | "code_block":
                    language = token.info.strip()
                    known = language if _LANGUAGE.fullmatch(language) else ""
                    yield "code block", depth, f"{known}|{_code(token.content.removesuffix(chr(10)), depth)}"
                case "math_block":
                    yield "math", depth, _bare(token.content)
                case "hr":
                    yield "line", depth, ""
                case "html_block":
                    yield "tags", depth, _bare(token.content)
                case "footnote_open":
                    yield "footnote", 0, str(token.meta.get("label"))
                case _:
                    pass


def _rows(tokens: Iterable[Token]) -> Iterator[list[Token]]:
    """The cells of each row of each table."""
    for token in tokens:
        if token.type == "tr_open":
            row: list[Token] = []
        elif token.type in ("th_open", "td_open"):
            row.append(token)
        elif token.type == "tr_close":
            yield row


def _pieces(token: Token, depth: int) -> tuple[list[_Piece], list[Part]]:
    pieces: list[_Piece] = []
    others: list[Part] = []
    styles: list[str] = []
    link = ""
    for child in token.children or ():
        match child.type:
            case "text" | "text_special":
                pieces.append(_Piece(child.content, frozenset(styles), link))
            case "code_inline":
                pieces.append(_Piece(child.content, frozenset((*styles, "code")), link))
            case "math_inline" | "math_inline_double":
                pieces.append(_Piece(f"${child.content}$"))
            case "softbreak" | "hardbreak":
                pieces.append(_Piece(" "))
            case "image":
                pieces.append(_Piece("".join(inner.content for inner in child.children or ())))
                others += _picture(str(child.attrs.get("src", "")), depth)
            case "link_open":
                link = _address(str(child.attrs.get("href", "")))
            case "link_close":
                link = ""
            case "footnote_ref":
                others.append(("footnote mark", depth, str(child.meta.get("label"))))
            case "html_inline":
                pieces.append(_Piece(" " if child.content.startswith("<br") else child.content))
            case opened if opened in _OPENING:
                styles.append(_OPENING[opened])
            case closed if closed in _CLOSING:
                styles.remove(_CLOSING[closed])
            case _:
                pass
    return pieces, others


def _address(link: str | None) -> str:
    """As every reader has it, '' for what none takes."""
    if not link or not _LINK.match(link.strip()):
        return ""
    return _bare(unquote(MarkdownIt().normalizeLink(link.strip())))


def _picture(source: str, depth: int) -> list[Part]:
    if not _PICTURE.match(source.strip()):
        return []
    source = "".join(unquote(source).split())
    shown = source if len(source) <= 60 else sha256(source.encode("utf-8", "replace")).hexdigest()[:12]
    return [("picture", depth, shown)]


def _code(text: str, depth: int) -> str:
    """Within lists and quotes tabs are their width: how far that is depends on what stands before them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return "\n".join(" ".join(line.split()) for line in text.split("\n")) if depth else text


def _bare(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return "".join(storable(text).encode("utf-8", "replace").decode().split())
