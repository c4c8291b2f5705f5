"""Which file format a wish names, if any: 'as a pdf', 'in Word', 'an Excel sheet'.

A file type that a wished-for program reads or writes is not the format of the artifact, nor is one a wish is about.
"""

from __future__ import annotations

import re

from forgeapp.domain.artifact import FORMATS, Format, Kind
from forgeapp.domain.decision import Intent

_BEFORE_WORD = (
    *("in", "as", "to", "für", "als", "nach", "en", "em", "no", "a", "su"),
    *("sous", "de", "vers", "para", "un", "formato"),
)
"""'Word' alone is a word; after these it is the program."""
_NOUN_BEFORE = re.compile(
    r"\b(?:the|one|each|every|any|my|his|her|your|their|its|that|this|single|last|first|next|right|spoken|written) $"
)
_ARTICLE_BEFORE = re.compile(r"\b(?:a|no) $")
_PROGRAM_AFTER = re.compile(r"\W*(?:doc|file|format|version|vorlage|datei|dokument)")
_OBJECT_AFTER = re.compile(r" (?:it|this|that|the|my) ")

_NAMES: dict[Format, str] = {
    Format.PDF: r"\.?pdfs?",
    Format.DOCX: r"\.?docx|microsoft word|ワード|(?<=[\u3040-\u9fff])word|word(?=[\u3040-\u9fff])"
    r"|(?:ms )?word(?=\W*(?:$|doc|file|format|version|vorlage|datei|dokument|please|pls|plz|bitte|stp|svp|por|per))"
    + "".join(rf"|(?<={word} )word" for word in _BEFORE_WORD),
    Format.XLSX: r"\.?xlsx|excel|エクセル",
    Format.CSV: r"\.?csv",
    Format.MD: r"\.md|md|markdown|マークダウン",
    Format.HTML: r"\.?html",
    Format.JSON: r"\.?json",
    Format.ZIP: r"\.?zip",
    Format.PNG: r"\.?png",
    Format.JPEG: r"\.?jpe?gs?",
    Format.WEBP: r"\.?webp",
}
_EDGE = "a-z0-9àâäéèêëíïîóôöúüûñçß_"
_NAMED = re.compile(
    rf"(?<![{_EDGE}+#])(?:"
    + "|".join(f"(?P<{format.value}>{pattern})" for format, pattern in _NAMES.items())
    + rf")(?![{_EDGE}])"
)
_SUBJECT = re.compile(
    r"\b(?:comparing|compare|for|about|of|from|between|vs|versus|than|with|not|on|über|von|aus|zwischen|ohne|kein|keine"
    r"|mit|depuis|sans|entre|avec|sobre|desde|sin|com|sem|di|da|senza|tra|using|und|and|et|y|e)"
    r"(?: (?:a|an|the|our|my|my|old|your))? $"
)
_GOAL = re.compile(
    r"(?:\b(?:as|to|into|als|nach|en|in|au format|in formato|em|como|come|als eine?)(?: an?)? |[\u3040-\u9fff])$"
)


def named_format(text: str, intent: Intent, kind: Kind | None) -> Format | None:
    """The format a clipped, lower case text wants its artifact in; None where none is named or it does not fit."""
    if intent is Intent.CHAT or kind is None or (kind is Kind.CODE and intent is not Intent.EXPORT):
        return None
    mentions: list[tuple[bool, Format]] = []
    for match in _NAMED.finditer(text):
        format = Format(match.lastgroup or "")
        before = text[max(0, match.start() - 24) : match.start()]
        if match[0] == "word" and _is_plain_word(before, text[match.end() : match.end() + 12], intent):
            continue
        if format in FORMATS[kind] and not _SUBJECT.search(before):
            mentions.append((bool(_GOAL.search(before)), format))
    if not mentions:
        return None
    if intent is Intent.EXPORT:
        for is_goal, format in mentions:
            if is_goal:
                return format
    return mentions[0][1]


def _is_plain_word(before: str, after: str, intent: Intent) -> bool:
    """Whether 'word' is the English noun or verb: 'not a word written', 'her word', 'to word it kindly'.

    'a word' and 'no word' are Romance for the program, but hardly outside an export.
    """
    if _PROGRAM_AFTER.match(after):
        return False
    if _NOUN_BEFORE.search(before) or (before.endswith("to ") and _OBJECT_AFTER.match(after)):
        return True
    return intent is not Intent.EXPORT and _ARTICLE_BEFORE.search(before) is not None
