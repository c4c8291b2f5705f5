"""The Markdown that models write: GFM, math, footnotes, and two repairs of what they get wrong.

Repairs: bullets indented by two spaces under '1.' nest, and '**' beside CJK punctuation opens and closes emphasis.
What is parsed at once is bounded: a paragraph too long or too thick with markers stays plain text.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache

from linkify_it import LinkifyIt
from linkify_it.main import Match
from markdown_it import MarkdownIt
from markdown_it.common.utils import isWhiteSpace
from markdown_it.rules_core import StateCore, linkify
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.texmath import texmath_plugin

MAX_INLINE_CHARS = 20_000
MAX_INLINE_MARKERS = 1_500
MAX_LINKED_CHARS = 100_000
"""A paragraph longer than this is not searched for addresses that are no links by their marks."""
MAX_NESTING = 60

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")
_ORDERED = re.compile(r"( {0,3}\d{1,9}[.)] {1,4})\S")
_BULLET = re.compile(r"( +)[-*+] ")
_CJK = re.compile(
    r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)


@cache
def document_parser(trusts_footnotes: bool = False) -> MarkdownIt:
    """For documents: everything on. `trusts_footnotes`: their marks count though their texts are still to come."""
    parser = _base()
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    parser.use(texmath_plugin, delimiters="brackets")
    parser.use(footnote_plugin, always_match_refs=trusts_footnotes)
    return parser


@cache
def cell_parser() -> MarkdownIt:
    """For one line of text as displayed: no math, for cells are full of prices."""
    return _base()


def _base() -> MarkdownIt:
    parser = MarkdownIt("gfm-like2", {"maxNesting": MAX_NESTING, "strikethrough_single_tilde": False})
    parser.inline.ruler.at("emphasis", _emphasis)
    parser.core.ruler.at("inline", _bounded_inline)
    parser.core.ruler.at("linkify", _bounded_linkify)
    parser.validateLink = _any_link  # type: ignore[assignment]
    parser.linkify = _WebAddresses()
    return parser


class _WebAddresses(LinkifyIt):  # type: ignore[misc]
    """As GitHub's Markdown has it, a bare address begins with its scheme or www.: M.Sc and main.py are none."""

    def match(self, text: str) -> list[Match] | None:
        found = super().match(text) or []
        return [link for link in found if link.schema or link.text.lower().startswith("www.")] or None


def _any_link(_: str) -> bool:
    """Every link is read as one; which ones stay links is decided where the tree is built."""
    return True


def _bounded_inline(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            if is_parsable(token.content):
                state.md.inline.parse(token.content, state.md, state.env, token.children)
            else:
                token.children.append(Token("text", "", 0, content=token.content))


def _bounded_linkify(state: StateCore) -> None:
    tokens = state.tokens
    state.tokens = [token for token in tokens if len(token.content) <= MAX_LINKED_CHARS]
    linkify(state)
    state.tokens = tokens


def is_parsable(text: str) -> bool:
    """Whether the inline parser gets through `text` in reasonable time."""
    if len(text) > MAX_INLINE_CHARS:
        return False
    markers = sum(text.count(mark) for mark in "[<*_`$~&")
    return markers + 4 * text.count("\\") <= MAX_INLINE_MARKERS


def _emphasis(state: StateInline, silent: bool) -> bool:
    marker = state.src[state.pos]
    if silent or marker not in "_*":
        return False
    scanned = state.scanDelims(state.pos, marker == "*")
    can_open, can_close = scanned.can_open, scanned.can_close
    if marker == "*":
        start, end = state.pos, state.pos + scanned.length
        before = state.src[start - 1] if start else " "
        after = state.src[end] if end < state.posMax else " "
        can_open = can_open or bool(_CJK.match(before) and not isWhiteSpace(ord(after)))
        can_close = can_close or bool(_CJK.match(after) and not isWhiteSpace(ord(before)))
    for _ in range(scanned.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=scanned.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=can_open,
                close=can_close,
            )
        )
    state.pos += scanned.length
    return True


def nest_shallow_bullets(markdown: str) -> str:
    """Bullets with too little indentation for the numbered item they stand under are moved to where they nest."""
    if not _ORDERED.search(markdown):
        return markdown
    nesting = _Nesting()
    return "\n".join(nesting.repair(line) for line in markdown.split("\n"))


@dataclass
class _Fence:
    """Whether a line stands in a fence, from all lines before it."""

    marker: str = ""

    def takes(self, line: str) -> bool:
        """Whether `line` opens, fills or closes a fence."""
        found = _FENCE.match(line)
        if self.marker:
            if found and found[1].startswith(self.marker) and not found[2].strip():
                self.marker = ""
            return True
        if found:
            self.marker = found[1]
        return bool(found)


@dataclass
class _Nesting:
    """`width`: of the marker of the numbered item above; `shift`: what bullets indented by `shallow` are moved by."""

    fence: _Fence = field(default_factory=_Fence)
    width: int = 0
    shift: int = 0
    shallow: int = 0

    def repair(self, line: str) -> str:
        if self.fence.takes(line):
            pass
        elif ordered := _ORDERED.match(line):
            self.width, self.shift = len(ordered[1]), 0
        elif line.strip() and self.width:
            indent = len(line) - len(line.lstrip(" "))
            bullet = _BULLET.match(line)
            if indent < 2:
                self.width, self.shift = 0, 0
            elif bullet and indent < self.width:
                self.shift, self.shallow = self.width - indent, indent
            elif indent < self.shallow:
                self.shift = 0
        return " " * self.shift + line if self.shift and line.strip() else line


_DISPLAY_FIRST = re.compile(r"(?P<indent>\s*)(?P<math>\\\[.{1,2000}?\\\])(?P<rest>\s*\S.*)")
_DISPLAY_WITHIN = re.compile(r"(?<=\S)(?P<space>\s*)\\\[(?P<tex>.{1,2000}?)\\\]")


def set_math_apart(markdown: str) -> str:
    r"""Text behind a displayed formula gets a line of its own, a formula within a line becomes an inline one.

    The parser of `\[ ... \]` knows whole lines only: what stood beside one would be lost, or show its brackets.
    """
    if "\\[" not in markdown:
        return markdown
    fence = _Fence()
    return "\n".join(part for line in markdown.split("\n") for part in _math_apart(line, fence))


def _math_apart(line: str, fence: _Fence) -> list[str]:
    if fence.takes(line) or "\\[" not in line or "`" in line or len(line) > MAX_INLINE_CHARS:
        return [line]
    lines: list[str] = []
    while first := _DISPLAY_FIRST.fullmatch(line):
        lines.append(first["indent"] + first["math"])
        line = first["indent"] + first["rest"].lstrip()
    lines.append(_DISPLAY_WITHIN.sub(r"\g<space>\\(\g<tex>\\)", line))
    return lines


@dataclass
class LineRepairs:
    """The repairs of a text that arrives line by line: the same as those of the whole."""

    _nesting: _Nesting = field(default_factory=_Nesting)
    _fence: _Fence = field(default_factory=_Fence)

    @property
    def in_fence(self) -> bool:
        """Whether the next line stands in a fence that is open."""
        return bool(self._fence.marker)

    def repair(self, line: str) -> list[str]:
        """What the parser is to be given for `line`."""
        return _math_apart(self._nesting.repair(line), self._fence)

    def preview(self, line: str) -> list[str]:
        """As `repair`, for a line that may not be whole yet: it leaves no trace."""
        return deepcopy(self).repair(line)
