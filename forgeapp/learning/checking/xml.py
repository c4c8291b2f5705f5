"""XML and SVG by expat, which is linear; HTML by its own, laxer rules. Entities are neither expanded nor loaded."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final
from xml.parsers import expat

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_MAX_OPEN: Final = 10_000
_MAX_TOLD: Final = 50
_VOID: Final = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr")
)
_CLOSED_BY_ITSELF: Final = frozenset(
    ("html", "head", "body", "colgroup", "caption", "thead", "tbody", "tfoot", "tr", "td", "th", "li", "dt", "dd", "p")
).union(("rb", "rt", "rtc", "rp", "optgroup", "option"))
"""Elements whose end may be left out. WHATWG HTML, 13.1.2.4."""


def check_xml(source: Source) -> Iterator[Finding]:
    reader = _XmlReader()
    try:
        reader.read(source.text)
    except _EntityError as found:
        message = Text(
            "xml_entity", "This defines an entity, which can make a small file a huge one: write the text itself."
        )
        yield source.finding_at(found.line, found.column, 9, Severity.WARNING, message)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        name = expat.ErrorString(error.code)
        if name == expat.errors.XML_ERROR_TAG_MISMATCH and reader.open:
            tag, at = reader.open[-1]
            message = _not_closed(tag, at)
        elif name == expat.errors.XML_ERROR_NO_ELEMENTS and reader.open:
            tag, at = reader.open[-1]
            line, column, message = at, 1, _not_closed(tag, at)
        else:
            message = Text("xml_syntax", "This is not well-formed: {detail}.", detail=name)
        yield source.finding_at(line, column, 1, Severity.ERROR, message)


def _not_closed(tag: str, line: int) -> Text:
    return Text("tag_open", "<{tag}> of line {line} is not closed before this.", tag=tag, line=line)


class _EntityError(Exception):
    def __init__(self, line: int, column: int) -> None:
        super().__init__(line, column)
        self.line, self.column = line, column


class _XmlReader:
    """`open`: tags that are open, with their lines."""

    def __init__(self) -> None:
        self.open: list[tuple[str, int]] = []
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._on_start
        self._parser.EndElementHandler = self._on_end
        self._parser.EntityDeclHandler = self._on_entity

    def read(self, text: str) -> None:
        self._parser.Parse(text.encode(), True)

    def _on_start(self, name: str, _attributes: dict[str, str]) -> None:
        self.open.append((name, self._parser.CurrentLineNumber))

    def _on_end(self, _name: str) -> None:
        self.open.pop()

    def _on_entity(self, *_declared: object) -> None:
        raise _EntityError(self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1)


def check_html(source: Source) -> Iterator[Finding]:
    text = source.text
    comment = text.find("<!--", text.rfind("-->") + 1)
    if comment >= 0:
        # The parser would look for the end of each anew.
        text = text[:comment]
        yield source.finding(
            comment, 4, Severity.ERROR, Text("comment_open", "The comment that begins here is never closed.")
        )
    reader = _HtmlReader(source)
    reader.feed(text)
    reader.close()
    yield from reader.found[:_MAX_TOLD]
    still_open = [(tag, place) for tag, *place in reader.open if tag not in _CLOSED_BY_ITSELF]
    for tag, (line, column) in still_open[:_MAX_TOLD]:
        message = Text("html_open", "<{tag}> is never closed: add </{tag}> where it ends.", tag=tag)
        yield source.finding_at(line, column, len(tag) + 1, Severity.WARNING, message)


class _HtmlReader(HTMLParser):
    """`found` so far; `open`: tags that are open, with line and column."""

    def __init__(self, source: Source) -> None:
        super().__init__(convert_charrefs=True)
        self._source = source
        self.found: list[Finding] = []
        self.open: list[tuple[str, int, int]] = []
        self._ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, column = self.getpos()
        name = dict(attrs).get("id")
        if name and name in self._ids:
            message = Text(
                "html_id_twice", "The id “{name}” is taken already: each stands for one element.", name=name[:60]
            )
            self.found.append(self._source.finding_at(line, column + 1, len(tag) + 1, Severity.WARNING, message))
        self._ids.add(name or "")
        if tag not in _VOID and len(self.open) < _MAX_OPEN:
            self.open.append((tag, line, column + 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        line, column = self.getpos()
        depth = next((depth for depth, (name, *_) in enumerate(reversed(self.open)) if name == tag), None)
        if depth is None:
            if tag not in _VOID and tag not in _CLOSED_BY_ITSELF and len(self.open) < _MAX_OPEN:
                message = Text("html_not_open", "</{tag}> closes nothing: remove it, or add <{tag}> before.", tag=tag)
                self.found.append(self._source.finding_at(line, column + 1, len(tag) + 3, Severity.WARNING, message))
            return
        for _ in range(depth):
            inner, inner_line, inner_column = self.open.pop()
            if inner not in _CLOSED_BY_ITSELF:
                message = Text(
                    "html_open_before", "<{tag}> is not closed before </{outer}> of line {line}.",
                    tag=inner, outer=tag, line=line,
                )  # fmt: skip
                self.found.append(
                    self._source.finding_at(inner_line, inner_column, len(inner) + 1, Severity.WARNING, message)
                )
        self.open.pop()
