"""Markdown into lines of styled spans, line by line: quiet marks, strong headings. Linear in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from forgeapp.ui.artifact.text.lexing import MAX_LINE_CHARS, Line, Span
from forgeapp.ui.artifact.text.positions import Positions, units

_FENCE: Final = re.compile(r"[ \t>]*(`{3,}+|~{3,}+)([^`]*)$")
_HEADING: Final = re.compile(r" {0,3}(#{1,6})(?=[ \t]|$)")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_NO_TITLE: Final = re.compile(r"[ \t]*(?:[|>]|[-*+][ \t]|\d{1,9}[.)][ \t])")
_RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_QUOTE: Final = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_BULLET: Final = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)(?:[ \t]+\[[ xX]\](?=[ \t]))?")
_DELIMITERS: Final = re.compile(r"[ \t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$")
_DEFINITION: Final = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S")
_INLINE: Final = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<code>(?P<ticks>`{1,4})(?!`)[^`\n]{1,1000}(?P=ticks)(?!`))"
    r"|(?P<math>\$\$[^$\n]{1,1000}\$\$|\$(?=\S)[^$\n]{0,500}[^\s$\\]\$(?!\d))"
    r"|(?P<link>!?\[(?P<words>[^\[\]\n]{0,500})\](?P<address>\([^()\s]{0,2000}(?:\([^()\s]*\)[^()\s]{0,2000})?\)))"
    r"|(?P<auto><(?:https?://|mailto:)[^<>\s]{1,2000}>|https?://[^\s<>()\[\]]{1,2000})"
    r"|(?P<both>\*\*\*(?=\S)[^*\n]{1,500}(?<=\S)\*\*\*)"
    r"|(?P<strong>\*\*(?=\S)(?:[^*\n]|\*(?!\*)){1,1000}(?<=\S)\*\*|(?<!\w)__(?=\S)[^_\n]{1,500}(?<=\S)__(?!\w))"
    r"|(?P<emphasis>\*(?=[^\s*])[^*\n]{0,500}(?<=\S)\*|(?<![\w])_(?=[^\s_])[^_\n]{0,500}(?<=\S)_(?!\w))"
    r"|(?P<struck>~~(?=\S)[^~\n]{1,500}(?<=\S)~~)"
    r"|(?P<note>\[\^[^\]\s]{1,100}\])"
)
_MARK_WIDTH: Final = {"both": 3, "strong": 2, "emphasis": 1, "struck": 2, "code": 0, "math": 0}
_STYLE: Final = {"both": "strong_emphasis"}


def lex_markdown(lines: Sequence[str]) -> Iterator[Line]:
    fence = ""
    in_math = False
    for number, line in enumerate(lines):
        text = line[:MAX_LINE_CHARS]
        spans: list[Span]
        if fence:
            closing = _FENCE.match(text)
            is_end = closing is not None and closing[1].startswith(fence) and not closing[2].strip()
            spans = [(0, len(text), "mark" if is_end else "code_line")]
            fence = "" if is_end else fence
        elif in_math:
            in_math = not text.rstrip().endswith("$$")
            spans = [(0, len(text), "math")]
        elif opening := _FENCE.match(text):
            fence = opening[1]
            spans = [(0, opening.end(1), "mark"), (opening.end(1), len(opening[2]), "code")]
        elif text.strip().startswith("$$") and text.strip().count("$$") == 1:
            in_math = True
            spans = [(0, len(text), "math")]
        else:
            after = lines[number + 1][:200] if number + 1 < len(lines) else ""
            spans = _styled(text, after, lines[number - 1] if number else "")
        yield Line(_in_units(spans, text), units(line), bool(fence) or in_math)


def _styled(text: str, after: str, before: str) -> list[Span]:
    if not text.strip():
        return []
    heading = _HEADING.match(text)
    if heading:
        begin, end = heading.span(1)
        rest = [(start, length, _within_heading(style)) for start, length, style in _inlines(text, end)]
        return _over([(end, len(text) - end, "heading")], [(begin, end - begin, "mark"), *rest])
    if _RULE.match(text) or (_DELIMITERS.match(text) and "|" in text):
        return [(0, len(text), "mark")]
    if _UNDERLINE.match(text) and before.strip():
        return [(0, len(text), "mark")]
    if _UNDERLINE.match(after) and not _NO_TITLE.match(text):
        return _over([(0, len(text), "heading")], _inlines(text, 0))
    begin = 0
    spans: list[Span] = []
    base = ""
    quote = _QUOTE.match(text)
    if quote:
        begin, base = quote.end(), "quote"
        spans.append((0, begin, "mark"))
    bullet = _BULLET.match(text, begin)
    if bullet:
        spans.append((begin, bullet.end() - begin, "bullet"))
        begin = bullet.end()
    if _DEFINITION.match(text):
        return [(0, len(text), "address")]
    spans += _inlines(text, begin)
    if text.lstrip().startswith("|") or (text.count("|") > 1 and _DELIMITERS.match(after)):
        taken = {place for start, length, style in spans if style == "code" for place in range(start, start + length)}
        bars = [(place, 1, "mark") for place, sign in enumerate(text) if sign == "|" and place not in taken]
        spans = sorted([*spans, *bars])
    return _over([(begin, len(text) - begin, base)], spans) if base else spans


def _within_heading(style: str) -> str:
    return "heading" if style in ("strong", "emphasis", "strong_emphasis") else style


def _inlines(text: str, begin: int) -> list[Span]:
    spans: list[Span] = []
    for match in _INLINE.finditer(text, begin):
        start, end = match.span()
        kind = next(name for name in _KINDS if match[name] is not None)
        if kind == "escape":
            spans.append((start, 1, "mark"))
        elif kind == "link":
            words, address = match.span("words"), match.span("address")
            spans.append((start, words[0] - start, "mark"))
            spans.append((words[0], words[1] - words[0], "link"))
            spans.append((words[1], 1, "mark"))
            spans.append((address[0], end - address[0], "address"))
        elif kind in ("auto", "note"):
            spans.append((start, end - start, "link"))
        else:
            width = _MARK_WIDTH[kind]
            style = _STYLE.get(kind, kind)
            if width:
                spans.append((start, width, "mark"))
            spans.append((start + width, end - start - 2 * width, style))
            if width:
                spans.append((end - width, width, "mark"))
    return [span for span in spans if span[1]]


_KINDS: Final = ("escape", "code", "math", "link", "auto", "both", "strong", "emphasis", "struck", "note")


def _over(under: list[Span], upper: list[Span]) -> list[Span]:
    """Spans of `upper`, and between them what `under`'s one span leaves."""
    spans: list[Span] = []
    start, length, style = under[0]
    at, end = start, start + length
    for span in sorted(upper):
        if span[0] > at:
            spans.append((at, min(span[0], end) - at, style))
        spans.append(span)
        at = max(at, span[0] + span[1])
    if end > at:
        spans.append((at, end - at, style))
    return [span for span in spans if span[1] > 0]


def _in_units(spans: list[Span], text: str) -> tuple[Span, ...]:
    if text.isascii():
        return tuple(spans)
    places = Positions(text)
    return tuple(
        (places.in_units(start), places.in_units(start + length) - places.in_units(start), style)
        for start, length, style in spans
    )
