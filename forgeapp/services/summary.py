"""The one standard form of a result, derived from what was read; nothing is invented."""

from __future__ import annotations

import re

from forgeapp.domain.events import Summary
from forgeapp.reading import Reading

_MAX_SUMMARY_CHARS = 300
_MAX_TITLE_CHARS = 60
_MAX_CLOSING_CHARS = 2_000
_BULLET = re.compile(r"^\s{0,3}(?:[-*+•]|\d{1,3}[.)])\s+(?P<text>\S.*)$")
_SENTENCE_END = re.compile(r"(?<=[.!?？。！])|\n")
_MARKS = re.compile(r"[*_`#]+")
_POLITE = re.compile(
    r"^(?:(?:please|pls|hi|hello|can you|could you|i need|i want|i'd like|make|create|write|draft|give|build|prepare"
    r"|generate|me|us|a|an|the)\b[\s,:]*)+",
    re.IGNORECASE,
)


def summarise(reading: Reading) -> Summary:
    """Title of the first artifact, the first paragraph said around it, its bullets, and the closing questions."""
    paragraphs = [paragraph.strip() for paragraph in re.split(r"\n\s*\n", reading.chat_text) if paragraph.strip()]
    prose = [paragraph for paragraph in paragraphs if not _BULLET.match(paragraph) and not paragraph.startswith("#")]
    bullets = [
        _MARKS.sub("", match["text"]).strip()
        for line in reading.chat_text.splitlines()
        if (match := _BULLET.match(line))
    ]
    closing = prose[-1][-_MAX_CLOSING_CHARS:] if prose else ""
    questions = [part.strip() for part in _SENTENCE_END.split(closing) if part.rstrip().endswith(("?", "？"))]
    return Summary(
        title=reading.title or "",
        summary=_shortened(_MARKS.sub("", " ".join(prose[0].split()))) if prose else "",
        content=reading.chat_text,
        bullets=tuple(bullets),
        warnings=reading.warnings,
        next_actions=tuple(questions),
    )


def title_for(request: str) -> str:
    """A short title from the request's first words, for an artifact whose reply gave none."""
    first = re.split(r"[.!?:;\n。！？：]", request.strip(), maxsplit=1)[0]
    words = _POLITE.sub("", " ".join(first.split())) or " ".join(request.split())
    title = words[:1].upper() + words[1:]
    if len(title) > _MAX_TITLE_CHARS:
        title = title[:_MAX_TITLE_CHARS].rsplit(" ", 1)[0].rstrip(",") or title[:_MAX_TITLE_CHARS]
    return title or "Untitled"


def _shortened(text: str) -> str:
    if len(text) <= _MAX_SUMMARY_CHARS:
        return text
    return text[: _MAX_SUMMARY_CHARS - 1].rsplit(" ", 1)[0] + "…"
