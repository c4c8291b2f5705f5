"""Whether two blocks say the same, whatever a file format made of them on the way.

Left aside is what formats have no place for and programs write as they like: the space within lists, straight or
curly quotes, how an address is encoded, the language of code, the bytes of a picture whose pixels are the same.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote

from forgeapp.domain.document import (
    Block,
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

_QUOTES = str.maketrans("\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00a0\u202f", "''''\"\"\"\"  ")
_WORDS = re.compile(r"\s+|[^\s]+")
MAX_PIXELS = 40_000_000
_Styles = tuple[bool, bool, bool, str]


def key_of(block: Block, by_name: bool = False) -> Hashable:
    """Equal for blocks that say the same. `by_name`: what its footnotes are called counts."""
    match block:
        case Heading(level=level, inlines=inlines):
            return ("heading", level, _line(inlines, by_name, is_heading=True))
        case Paragraph(inlines=inlines):
            return ("paragraph", _line(inlines, by_name))
        case ListBlock(ordered=ordered, items=items, start=start):
            return ("list", ordered, start if ordered else 0, tuple(item_key(item, by_name) for item in items))
        case TableBlock(header=header, rows=rows, alignments=alignments):
            head = tuple(_line(cell, by_name, is_heading=True) for cell in header)
            sides = tuple(None if side == "left" else side for side in alignments)
            return ("table", head, sides, tuple(row_key(row, by_name) for row in rows))
        case CodeBlock(text=text):
            return ("code", "\n".join(line.rstrip() for line in text.expandtabs(8).rstrip("\n").split("\n")))
        case MathBlock(tex=tex):
            return ("paragraph", _line((InlineMath(tex),), by_name))
        case Quote(blocks=blocks):
            return ("quote", _inner(blocks, by_name))
        case Footnote(label=label, blocks=blocks):
            return ("note", label if by_name else "", _inner(blocks, by_name))
        case Rule():
            return ("rule",)


def item_key(item: ListItem, by_name: bool = False) -> Hashable:
    return (item.checked, _inner(item.blocks, by_name))


def row_key(row: Iterable[Inlines], by_name: bool = False) -> Hashable:
    return tuple(_line(cell, by_name) for cell in row)


def _inner(blocks: Iterable[Block], by_name: bool) -> tuple[Hashable, ...]:
    keys = (key_of(block, by_name) for block in blocks)
    return tuple(key for key in keys if key != ("paragraph", ()))


def _line(inlines: Iterable[Inline], by_name: bool, is_heading: bool = False) -> Hashable:
    """Words with their styles; blanks have none. Math is the code it is written as where there is none."""
    inlines = tuple(inlines)
    runs = [inline for inline in inlines if isinstance(inline, Run) and inline.text.strip()]
    is_bold = not (is_heading and all(run.bold for run in runs))
    parts: list[tuple[object, ...]] = []
    for inline in inlines:
        match inline:
            case Run(text=text, code=True):
                _add_word(parts, " ".join(text.split()), _styles(inline, is_bold))
            case Run(text=text):
                for word in _WORDS.findall(text.translate(_QUOTES)):
                    if word.isspace():
                        _add_blank(parts)
                    else:
                        _add_word(parts, word, _styles(inline, is_bold))
            case InlineMath(tex=tex):
                _add_word(parts, _formula(tex), (False, False, False, "code"))
            case Picture(source=source):
                parts.append(("picture", _pixels(source)))
            case FootnoteMark(label=label):
                parts.append(("mark", label if by_name else ""))
            case LineBreak():
                if is_heading:
                    _add_blank(parts)
                else:
                    if parts and parts[-1] == (" ",):
                        parts.pop()
                    parts.append(("break",))
    while parts and parts[-1] in ((" ",), ("break",)):
        parts.pop()
    return tuple(parts)


def _add_blank(parts: list[tuple[object, ...]]) -> None:
    if parts and parts[-1] not in ((" ",), ("break",)):
        parts.append((" ",))


def _add_word(parts: list[tuple[object, ...]], word: str, styles: _Styles) -> None:
    if parts and len(parts[-1]) == 2 and parts[-1][0] == styles:
        parts[-1] = (styles, f"{parts[-1][1]}{word}")
    elif word:
        parts.append((styles, word))


def _styles(run: Run, is_bold: bool) -> _Styles:
    kind = "code" if run.code else ""
    return (run.bold and is_bold, run.italic, run.strike, kind + _address(run.link))


@lru_cache(maxsize=4_096)
def _address(link: str | None) -> str:
    return "" if link is None else unquote(link.strip()).rstrip("/").replace("mailto:", "")


@lru_cache(maxsize=1_024)
def _formula(tex: str) -> str:
    """What it says, however it is spelled; the TeX itself where it is not understood."""
    from forgeapp.exporters.docx.equations import equation_line

    return equation_line(tex) or " ".join(tex.split())


@lru_cache(maxsize=64)
def _pixels(source: str) -> str:
    """The picture of a data: URI as it looks; its letters where it has no bytes."""
    import base64
    import binascii

    try:
        return look_of(base64.b64decode(source.partition(",")[2]))
    except (ValueError, binascii.Error):
        return sha256(source.encode("utf-8", "replace")).hexdigest()


def look_of(data: bytes) -> str:
    """The same for pictures of the same pixels, however they are coded; of its bytes where it cannot be opened."""
    from io import BytesIO

    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=["PNG", "JPEG", "GIF", "WEBP", "BMP"]) as image:
            # What has more than 8 bits a colour would look alike once it had 8.
            if image.width * image.height <= MAX_PIXELS and not image.mode.startswith(("I", "F")):
                shown = image.convert("RGBA")
                return f"{shown.size}{sha256(shown.tobytes()).hexdigest()}"
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        pass
    return sha256(data).hexdigest()
