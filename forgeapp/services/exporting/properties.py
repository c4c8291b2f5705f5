"""What the front matter of a document says about it, as the properties files have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.wording import Text

_HOLDING: Final = (Format.PDF, Format.DOCX, Format.HTML)
"""Files that have properties and no front matter; those of tables alone hold none of the text either."""
_NAMES: Final[Mapping[str, str]] = {
    "author": "author", "authors": "author",
    "lang": "language", "language": "language", "locale": "language",
    "subject": "subject", "description": "subject", "subtitle": "subject", "abstract": "subject",
    "keywords": "keywords", "tags": "keywords",
    "date": "created",
}  # fmt: skip
"""Which property each is; the first of a text that are the same one counts."""
_TITLE: Final = "title"
"""The artifact's own, since it was opened."""
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_MAX_CHARS: Final = 1_000
_FIRST_YEAR, _LAST_YEAR = 1000, 9998
"""In any zone they have four digits, as DOCX wants them."""
_NAMED: Final = 10
"""So many of what is left out are named."""


def properties_of(content: Content) -> dict[str, str]:
    """Of the properties of a Publication those that a document states itself."""
    return _read(content)[0]


def property_warnings(content: Content, file_format: Format | None) -> Iterator[Text]:
    """What stands above a text and nowhere in a file of this format."""
    names = _read(content)[1] if file_format in _HOLDING else ()
    if names:
        shown = ", ".join(name[:60] for name in names[:_NAMED]) + (" …" if len(names) > _NAMED else "")
        template = "Front matter that this format has no place for is left out: {names}. Markdown files keep it."
        yield Text("front_matter_left_out", template, names=shown)


def _read(content: Content) -> tuple[dict[str, str], list[str]]:
    """The properties, and the names of what is none."""
    if not isinstance(content, Document):
        return {}, []
    from forgeapp.reading.front_matter import front_matter

    found: dict[str, str] = {}
    others: list[str] = []
    for name, texts in front_matter(content.markdown).items():
        key = _NAMES.get(name.casefold(), "")
        value = _value(key, texts) if key and key not in found else ""
        if value:
            found[key] = value
        elif texts and name.casefold() != _TITLE:
            others.append(name)
    return found, others


def _value(key: str, texts: tuple[str, ...]) -> str:
    """'' where it says nothing that such a property can hold."""
    text = ", ".join(texts)[:_MAX_CHARS]
    match key:
        case "language":
            tag = text.replace("_", "-")
            return tag if _LANGUAGE.fullmatch(tag) else ""
        case "created":
            return _moment(text)
    return text


def _moment(text: str) -> str:
    """In ISO 8601, at the offset it names, else where the user is; of a day alone its noon, so that no offset makes it
    another day. '' for years that not every file can hold."""
    try:
        moment = _day_or_moment(text)
        moment = moment if moment.tzinfo else moment.astimezone()
        return moment.isoformat(timespec="seconds") if _FIRST_YEAR <= moment.astimezone(UTC).year <= _LAST_YEAR else ""
    except (ValueError, OverflowError, OSError):
        return ""


def _day_or_moment(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(12))
    except ValueError:
        return datetime.fromisoformat(text.replace(" UTC", "+00:00"))
