"""What a Markdown file holds, read by another reader than ours.

That is markdown-it as GitHub has it, without our repairs of what models write. Rows of a long table in which no sign
means anything are read as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from forgeapp.domain.fences import open_fence
from forgeapp.exporters.comparison import Part
from forgeapp.exporters.markdown.words import (
    ITEM_STATES,
    Piece,
    address_words,
    bare,
    code_words,
    known_language,
    line_parts,
    picture_parts,
)

_MAX_NESTING: Final = 130
"""Lists in lists count twice; what our reader gives is nested 60 deep at most."""
_MAX_CHARS_AT_ONCE: Final = 500_000
_HEADER_LINES: Final = 2
_ROWS_AT_ONCE: Final = 200
_MEANS_NOTHING: Final = r"[^\\*`_<&~|\[\]^$\x00-\x1f\x7f-\x9f]*"
_PLAIN_ROW: Final = re.compile(rf"\|(?:{_MEANS_NOTHING}(?:\${_MEANS_NOTHING})?\|)+")
"""A single dollar in a cell is money; two are math."""
_OPENING: Final = {"strong_open": "bold", "em_open": "italic", "s_open": "strike"}
_CLOSING: Final = {"strong_close": "bold", "em_close": "italic", "s_close": "strike"}


def found_parts(text: str) -> Iterator[Part]:
    """In reading order. What is parsed at once takes a hundred times its memory: long tables are read in pieces."""
    if len(text) <= _MAX_CHARS_AT_ONCE or "[^" in text:
        # Footnotes may stand anywhere.
        yield from _Found(text).parts()
        return
    piece: list[str] = []
    header: list[str] = []
    rows: list[str] = []
    size, fence = 0, ""
    for line in text.split("\n"):
        fence = open_fence(line, fence)
        is_row = not fence and line.startswith("| ")
        if rows and (not is_row or len(rows) == _ROWS_AT_ONCE):
            yield from _rows_of(header, rows)
            rows = []
        if not is_row:
            header = []
        elif len(header) < _HEADER_LINES:
            header.append(line)
        elif not piece:
            rows.append(line)
            continue
        elif size > _MAX_CHARS_AT_ONCE:
            yield from _Found("\n".join(piece)).parts()
            piece, size, rows = [], 0, [line]
            continue
        piece.append(line)
        size += len(line)
    yield from _rows_of(header, rows) if rows else _Found("\n".join(piece)).parts()


def _rows_of(header: Sequence[str], rows: Sequence[str]) -> Iterator[Part]:
    """Of a table whose beginning has been read."""
    columns = header[0].count("|") - header[0].count("\\|") - 1
    if all(row.count("|") == columns + 1 and _PLAIN_ROW.fullmatch(row) for row in rows):
        for row in rows:
            yield "row", 0, f"of {columns} cells"
            for cell in row[1:-1].split("|"):
                yield "cell", 0, bare(cell)
    else:
        yield from _Found("\n".join((*header, *rows))).parts(is_table_going_on=True)


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
        # In the order of `Wanted`: by the marks in the text, then by those in notes.
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
                    parts = list(line_parts(kind, depth, *_pieces(token, depth)))
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
                    yield "item", depth, ITEM_STATES[token.meta.get("checked")]
                case "thead_open" | "tbody_open":
                    is_head = token.type == "thead_open"
                case "tr_open":
                    cells = next(self._rows)
                    if is_head:
                        styles = (str(cell.attrs.get("style", "")).rpartition(":")[2] or "-" for cell in cells)
                        yield "table", depth, " ".join(styles)
                    yield "row", depth, f"of {len(cells)} cells"
                case "fence" | "code_block" if token.info == "math":
                    yield "math", depth, bare(token.content)
                case "fence" | "code_block":
                    language = token.info.strip()
                    text = code_words(token.content.removesuffix("\n"), depth)
                    yield "code block", depth, f"{known_language(language)}|{text}"
                case "math_block":
                    yield "math", depth, bare(token.content)
                case "hr":
                    yield "line", depth, ""
                case "html_block":
                    yield "tags", depth, bare(token.content)
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


def _pieces(token: Token, depth: int) -> tuple[list[Piece], list[Part]]:
    pieces: list[Piece] = []
    others: list[Part] = []
    styles: list[str] = []
    link = ""
    for child in token.children or ():
        match child.type:
            case "text" | "text_special":
                pieces.append(Piece(child.content, frozenset(styles), link))
            case "code_inline":
                pieces.append(Piece(child.content, frozenset((*styles, "code")), link))
            case "math_inline" | "math_inline_double":
                pieces.append(Piece(f"${child.content}$"))
            case "softbreak" | "hardbreak":
                pieces.append(Piece(" "))
            case "image":
                pieces.append(Piece("".join(inner.content for inner in child.children or ())))
                others += picture_parts(str(child.attrs.get("src", "")), depth)
            case "link_open":
                link = address_words(str(child.attrs.get("href", "")))
            case "link_close":
                link = ""
            case "footnote_ref":
                others.append(("footnote mark", depth, str(child.meta.get("label"))))
            case "html_inline":
                pieces.append(Piece(" " if child.content.startswith("<br") else child.content))
            case opened if opened in _OPENING:
                styles.append(_OPENING[opened])
            case closed if closed in _CLOSING:
                styles.remove(_CLOSING[closed])
            case _:
                pass
    return pieces, others
