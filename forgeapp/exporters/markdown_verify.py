"""Reads written Markdown with markdown-it-py and names what differs from the blocks it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin

from forgeapp.domain.document import (
    Block,
    CodeBlock,
    Footnote,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
    MathBlock,
    Paragraph,
    TableBlock,
    plain_text,
    walk,
)
from forgeapp.domain.markdown_text import storable

MAX_DIFFERENCES = 20
_Fact = tuple[str, str]
"""What it is and its text, white space and styles dropped."""


def differences(blocks: Iterable[Block], text: str) -> list[str]:
    """Headings, paragraphs, code, math and table rows in order, at most MAX_DIFFERENCES differences; [] for none."""
    result: list[str] = []
    pairs = zip_longest(_expected(blocks), _found(text))
    for number, (expected, found) in enumerate(pairs, 1):
        if expected == found:
            continue
        if expected is None or found is None:
            what, shown = expected or found or ("", "")
            result.append(f"{what} '{shown[:60]}' {'is missing' if found is None else 'was added'}")
        else:
            result.append(f"part {number}: {found[0]} '{found[1][:60]}' instead of {expected[0]} '{expected[1][:60]}'")
        if len(result) == MAX_DIFFERENCES:
            break
    return result


def _bare(text: str) -> str:
    return "".join(storable(text).encode("utf-8", "replace").decode().split())


def _visible(inlines: Iterable[Inline]) -> str:
    parts = [
        f"${' '.join(inline.tex.split())}$"
        if isinstance(inline, InlineMath)
        else " "
        if isinstance(inline, LineBreak)
        else plain_text((inline,))
        for inline in inlines
    ]
    return _bare("".join(parts))


def _expected(blocks: Iterable[Block]) -> Iterator[_Fact]:
    for block in walk(block for block in blocks if not isinstance(block, Footnote)):
        match block:
            case Heading(level=level, inlines=inlines):
                yield f"heading {level}", _visible(inlines)
            case Paragraph(inlines=inlines) if _visible(inlines):
                yield "paragraph", _visible(inlines)
            case CodeBlock(text=text):
                yield "code", _bare(text)
            case MathBlock(tex=tex):
                yield "math", _bare(tex)
            case TableBlock(header=header, rows=rows) if header:
                for row in (header, *rows):
                    yield "row", "|".join(_visible(cell).replace("|", "\\|") for cell in row)
            case _:
                pass


def _found(text: str) -> Iterator[_Fact]:
    parser = MarkdownIt("gfm-like2", {"maxNesting": 60}).use(footnote_plugin)
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    tokens = iter(parser.parse(text))
    for token in tokens:
        match token.type:
            case "heading_open":
                yield f"heading {token.tag[1:]}", _seen(next(tokens))
            case "paragraph_open":
                seen = _seen(next(tokens))
                if seen:
                    yield "paragraph", seen
            case "fence" | "code_block":
                yield "math" if token.info == "math" else "code", _bare(token.content)
            case "math_block":
                yield "math", _bare(token.content)
            case "tr_open":
                cells = []
                for inner in tokens:
                    if inner.type == "tr_close":
                        break
                    if inner.type == "inline":
                        cells.append(_seen(inner).replace("|", "\\|"))
                yield "row", "|".join(cells)
            case "footnote_block_open":
                return
            case _:
                pass


def _seen(token: Token) -> str:
    return _bare(_read(token))


def _read(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        match child.type:
            case "text" | "code_inline" | "text_special":
                parts.append(child.content)
            case "math_inline" | "math_inline_double":
                parts.append(f"${child.content}$")
            case "image":
                parts.append(_read(child))
            case "html_inline" if not child.content.startswith("<br"):
                parts.append(child.content)
            case _:
                pass
    return "".join(parts)
