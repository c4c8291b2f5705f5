"""The words in which what is wanted and what is found of a Markdown file are compared; white space counts in code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Final
from urllib.parse import unquote

from markdown_it import MarkdownIt

from forgeapp.domain.markdown_text import storable
from forgeapp.exporters.comparison import Part

STYLES: Final = ("bold", "italic", "strike", "code")
ITEM_STATES: Final = {None: "", True: "done", False: "open"}
_LINK: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_PICTURE: Final = re.compile(r"https?://|data:image/(?:png|jpeg|gif|webp);", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"[\w+#.-]*")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text of one style within a line. `break_` pieces, such as formulas, have neither style nor link."""

    text: str
    styles: frozenset[str] = frozenset()
    link: str = ""


def line_parts(kind: str, depth: int, pieces: Sequence[Piece], others: Iterable[Part]) -> Iterator[Part]:
    """A line's text, then what is styled or linked in it, neighbours of one style as one, then `others`."""
    yield kind, depth, bare("".join(piece.text for piece in pieces))
    if any(piece.styles or piece.link for piece in pieces):
        yield from _looks(depth, [piece for piece in pieces if piece.text.strip()])
    yield from others


def _looks(depth: int, shown: Sequence[Piece]) -> Iterator[Part]:
    for style in STYLES:
        for has_it, group in groupby(shown, lambda piece, style=style: style in piece.styles):  # type: ignore[misc]
            if has_it:
                yield style, depth, bare("".join(piece.text for piece in group))
    for link, group in groupby(shown, lambda piece: piece.link):
        if link:
            yield "link", depth, f"{link} {bare(''.join(piece.text for piece in group))}"


def known_language(language: str) -> str:
    """That of a code block, '' for what is no name of one."""
    return language if _LANGUAGE.fullmatch(language) else ""


def address_words(link: str | None) -> str:
    """As every reader has it, '' for what none takes."""
    if not link or not _LINK.match(link.strip()):
        return ""
    return bare(unquote(MarkdownIt().normalizeLink(link.strip())))


def picture_parts(source: str, depth: int) -> list[Part]:
    if not _PICTURE.match(source.strip()):
        return []
    source = "".join(unquote(source).split())
    shown = source if len(source) <= 60 else sha256(source.encode("utf-8", "replace")).hexdigest()[:12]
    return [("picture", depth, shown)]


def code_words(text: str, depth: int) -> str:
    """Within lists and quotes tabs are their width: how far that is depends on what stands before them."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return "\n".join(" ".join(line.split()) for line in text.split("\n")) if depth else text


def bare(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return "".join(storable(text).encode("utf-8", "replace").decode().split())
