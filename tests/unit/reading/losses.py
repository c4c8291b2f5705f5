"""What of a reply is found neither in the chat nor in an artifact: for tests that nothing is lost."""

from __future__ import annotations

import html
import re

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address
from forgeapp.reading import Reading
from forgeapp.reading.reasoning import without_reasoning

_WORD = re.compile(r"\w*[^\W_]\w*")
_TAG = re.compile(r"<!--[^<]*?-->|</?[a-zA-Z][^<>]*>")
_MARKUP = re.compile(rf"{_TAG.pattern}|[*`~\\\\]")
_LINK = re.compile(r"\]\([^()\s]*\)")
_FENCE = re.compile(r"(?m)^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(?:`{3,}|~{3,})[^`\n]*$")
_JSON_SYNTAX = re.compile(
    r"[\"'](?:sheets|sheetName|name|title|rows|columns|cells|data|workbook|formula|format|values?)[\"']\s*:"
)
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|\\[nrtbf]")
_NUMBERED = re.compile(r"(?i)(?:table|sheet|file|[a-z])\d*|\d+")
_COMMENT = re.compile(r"(?m)(?:^|[,{\[\s])(?://|#)[^\n]*|/\*[^*]*\*/")
_CALL = re.compile(r"[\w.]+(?=\()|VERDADEIRO|FALSO|WAHR|FALSCH|VRAI|FAUX|VERO")
_KEYS = {"sheets", "rows", "columns", "cells", "data", "value", "values", "formula", "workbook", "name", "title"}
_LITERALS = {"true", "false", "null", "NaN", "undefined", "None", "True", "False"}


def words_of(text: str) -> set[str]:
    return set(_WORD.findall(text))


def text_of(content: Content) -> str:
    match content:
        case Table(title=title, columns=columns, rows=rows):
            return "\n".join((title or "", *columns, *(cell for row in rows for cell in row)))
        case Document(title=title, markdown=markdown):
            return f"{title}\n{markdown}"
        case Code(title=title, files=files):
            return "\n".join((title or "", *(f"{file.name}\n{file.language}\n{file.text}" for file in files)))
        case Workbook(title=title, sheets=sheets):
            cells = (f"{address(at)} {cell.text}" for sheet in sheets for at, cell in sheet.cells.items())
            return "\n".join((title or "", *(sheet.name for sheet in sheets), *cells))


def lost_words(text: str, reading: Reading) -> set[str]:
    """Words of the reply that are nowhere in its reading.

    What goes by design: thoughts, the marks of fences, tags and JSON and its comments, addresses of links in cells,
    'Sheet 1' or 'File' before a name, local names of functions that were translated, letters and numbers drawn around
    a sheet, the last line where a reply breaks off, and what a warning says was left out.
    """
    translated = any("put into the form" in warning or "translated" in warning for warning in reading.warnings)
    if any("left out" in warning or "left in the chat" in warning for warning in reading.warnings):
        return set()
    said, _ = without_reasoning(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    kept = words_of(reading.chat_text).union(*(words_of(text_of(content)) for content in reading.artifacts))
    if not words_of(said) - kept:
        return set()
    if translated:
        said = _CALL.sub(" ", said)
    if any(isinstance(content, Table | Workbook) for content in reading.artifacts) and "{" in said:
        said = _COMMENT.sub(" ", said)
    if any("breaks off" in warning for warning in reading.warnings):
        said = said.rstrip().rpartition("\n")[0]
    for pattern in (_FENCE, _LINK, _JSON_SYNTAX, _ESCAPE):
        said = pattern.sub(" ", said)
    apart, joined = words_of(html.unescape(_TAG.sub(" ", said))), words_of(html.unescape(_MARKUP.sub("", said)))
    lost = (apart & joined) - kept - _LITERALS - (_KEYS if "{" in text else set())
    return {word for word in lost if not _NUMBERED.fullmatch(word)}
