"""An HTML file parsed again with lxml and compared with what was to be written; nothing active may be in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from forgeapp.domain.document import Footnote, plain_text
from forgeapp.domain.publication import Publication
from forgeapp.exporters.comparison import differences_of, shortened
from forgeapp.exporters.front import listed_headings
from forgeapp.exporters.html.blocks import heading_id
from forgeapp.exporters.html.found import Found
from forgeapp.exporters.html.wanted import Wanted
from forgeapp.exporters.html.words import plain
from forgeapp.exporters.language import language_of

MAX_NAMED: Final = 20
_NAMES: Final = {
    "p": "paragraph",
    "th": "table header",
    "td": "table cell",
    "pre": "code",
    "math": "formula",
    "a": "link",
    "img": "picture",
    "sup": "footnote mark",
    "ul": "list",
    "ol": "list",
    "li": "list item",
    "input": "task box",
    "blockquote": "quote",
    "hr": "line",
    "strong": "bold text",
    "em": "italic text",
    "s": "struck text",
    "code": "code in text",
}


def differences(publication: Publication, path: Path) -> list[str]:
    """Every difference in words, the first MAX_NAMED of them; [] for none."""
    from lxml import etree

    notes = [block for block in publication.blocks if isinstance(block, Footnote)]
    body = (block for block in publication.blocks if not isinstance(block, Footnote))
    writer, found = Wanted(notes), Found()
    wanted = (part for block in (*body, *notes) for part in writer.block(block, 0))
    try:
        with path.open("rb") as file:
            parts = found.parts(file)
            told = list(differences_of(wanted, parts, _name))
            # What comes behind the first difference may still run or load.
            for _ in parts:
                pass
    except (OSError, etree.LxmlError) as error:
        return [f"the file cannot be read: {error}"]
    if not found.has_body:
        return ["the file has no body"]
    return [*_whole(publication, found), *found.faults, *_broken_links(found), *told][:MAX_NAMED]


def _whole(publication: Publication, found: Found) -> Iterator[str]:
    """What is said of the file as a whole."""
    if found.title != plain(publication.title):
        yield f"the title is '{_short(found.title)}', not '{_short(publication.title)}'"
    language = language_of(publication)
    if found.language != language:
        yield (
            f"the language is '{_short(found.language)}', not '{language}'"
            if found.language
            else ("the language is not given")
        )
    if publication.options.contents:
        yield from _contents_differences(publication, found)


def _broken_links(found: Found) -> Iterator[str]:
    """Places within the file: each once, and none missing."""
    yield from (f"the place '{name}' is there {count} times" for name, count in found.places.items() if count > 1)
    yield from (f"a link leads to '{name}', which is not there" for name in found.jumps if name not in found.places)


def _contents_differences(publication: Publication, found: Found) -> Iterator[str]:
    wanted = [
        (f"#{heading_id(number + 1)}", plain(plain_text(heading.inlines)))
        for number, heading in listed_headings(publication.blocks)
    ]
    if found.contents == wanted:
        return
    there, meant = set(found.contents), set(wanted)
    yield from (f"the contents do not lead to '{_short(entry[1])}'" for entry in wanted if entry not in there)
    yield from (
        f"the contents say '{_short(entry[1])}', which no heading says"
        for entry in found.contents
        if entry not in meant
    )
    if there == meant:
        yield "the contents stand in another order"


def _name(tag: str) -> str:
    return _NAMES.get(tag, "heading" if tag.startswith("h") else tag)


def _short(text: str) -> str:
    return shortened(plain(text))
