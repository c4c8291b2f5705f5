"""Markdown of one cell or line as the plain text a reader sees."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from forgeapp.domain.document import LineBreak, Picture, Run
from forgeapp.reading.dialect import cell_parser, is_parsable
from forgeapp.reading.markdown import inlines_of
from forgeapp.reading.raised_text import with_elements_on_the_line
from forgeapp.reading.unseen import EDGES, UNSEEN

MAX_PARSED_CHARS = 400_000
_MARKED = re.compile(r"[\\`*_~\[\]<&!]|https?:|www\.")
_BOLD = re.compile(r"\*\*([^\\`*_~\[\]<&]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_CODE_SPAN = re.compile(r"(`[^`]*`)")
_NO_TAG = re.compile(
    r"<(?!/?(?:a|abbr|b|br|center|cite|code|del|div|em|font|hr|i|img|ins|kbd|li|mark|nobr|ol|p|q|s|small|span|strike"
    r"|strong|sub|sup|tt|u|ul|wbr)\b|https?:|mailto:|!--|[^<>\s@]{1,100}@)",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_UNCLEAN = re.compile(rf"{_CONTROL.pattern}|[{UNSEEN}]")


class Displayer:
    """Turns cells into text. What it parses in all is bounded; beyond that, markup is taken off roughly."""

    def __init__(self) -> None:
        self._left = MAX_PARSED_CHARS
        self._known: dict[str, str] = {}

    def text(self, markdown: str) -> str:
        """Bold, code, links reduced to their text, escapes and entities decoded, <br> a line end."""
        source = markdown.strip()
        if not _MARKED.search(source):
            return clean(source)
        for simple in (_BOLD, _CODE):
            if match := simple.fullmatch(source):
                inner = match[1].strip()
                if not (simple is _BOLD and inner != match[1]):
                    return clean(inner.replace("\\|", "|") if simple is _CODE else inner)
        known = self._known.get(source)
        if known is None:
            known = self._known[source] = clean(self._parsed(source))
        return known

    def _parsed(self, source: str) -> str:
        cost = len(source) + 20
        if cost > self._left or not is_parsable(source):
            return _roughly(source)
        self._left -= cost
        parts: list[str] = []
        if "<" in source:
            source = _with_placeholders(source)
        for token in cell_parser().parseInline(source.replace("\\|", "|") if "`" in source else source):
            for inline in inlines_of(token):
                match inline:
                    case Run(text=text):
                        parts.append(text)
                    case LineBreak():
                        parts.append("\n")
                    case Picture(alt=alt):
                        parts.append(alt)
                    case _:
                        pass
        return "\n".join(line.strip() for line in "".join(parts).split("\n")).strip()


def _with_placeholders(source: str) -> str:
    """With what only looks like a tag as text: 'git switch <branch>'."""
    parts = _CODE_SPAN.split(source)
    parts[::2] = [_NO_TAG.sub("&lt;", part) for part in parts[::2]]
    return "".join(parts)


def _roughly(source: str) -> str:
    text = re.sub(r"</?[a-zA-Z][^<>]{0,200}>", "", with_elements_on_the_line(source))
    text = re.sub(r"\\([^\w\s])", r"\1", text)
    return html.unescape(text.replace("**", "").replace("`", ""))


def is_clean(texts: Sequence[str]) -> bool:
    """Whether `shown` would leave all of them as they are."""
    return not _UNCLEAN.search("".join(texts))


def shown(text: str) -> str:
    """As `clean`, and without the marks of direction around it."""
    return clean(text).strip(EDGES) if _UNCLEAN.search(text) else text


def clean(text: str) -> str:
    """Without the characters no file format takes."""
    return _CONTROL.sub("", text) if _CONTROL.search(text) else text
