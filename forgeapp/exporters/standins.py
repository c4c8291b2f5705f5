"""What stands in a file in place of what no file holds: pictures that lie elsewhere, links that are none or mislead.

Nothing of them gets lost: the address of a picture is linked where it can be, that of a link stands beside its words.
Links within the document become `anchors.place_link`s; one that leads to no heading is plain text, and is told of.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from forgeapp.domain.anchors import is_inner, place_link, places, target_number
from forgeapp.domain.document import (
    Blocks,
    Inline,
    Inlines,
    Picture,
    Run,
)
from forgeapp.domain.publication import Publication
from forgeapp.domain.rewriting import rewritten
from forgeapp.domain.wording import Text
from forgeapp.exporters.links import hidden_host, web_address
from forgeapp.exporters.pictures import description, is_inside

_PICTURE = Text("picture_elsewhere", "pictures that lie elsewhere are not in the file; it names them in their place")
_MOST_NAMED, _NAMED_CHARS = 8, 60
_LINK = Text("link_as_text", "links whose address is not valid, or misleads, were written as text")


def publication_with_standins(publication: Publication) -> tuple[Publication, list[str]]:
    """What is written and verified instead, and what the user should know of it."""
    blocks, warnings = with_standins(publication.blocks)
    if blocks is publication.blocks:
        return publication, warnings
    return replace(publication, blocks=blocks, appendix=blocks[len(blocks) - len(publication.appendix) :]), warnings


def with_standins(blocks: Blocks) -> tuple[Blocks, list[str]]:
    """The very same blocks where nothing is to be replaced."""
    stage = _Stage(blocks)
    return rewritten(blocks, stage.line), stage.told()


class _Stage:
    def __init__(self, blocks: Blocks) -> None:
        self.warnings: dict[Text, None] = {}
        self._lost: dict[str, None] = {}
        self._whole = blocks
        self._places: dict[str, int] | None = None

    def told(self) -> list[str]:
        if not self._lost:
            return list(self.warnings)
        names = ", ".join(name if len(name) <= _NAMED_CHARS else f"{name[:_NAMED_CHARS]}…" for name in self._lost)
        lost = Text(
            "links_to_nowhere", "links to places that are not in the document became text: {names}", names=names
        )
        return [*self.warnings, lost]

    def line(self, inlines: Inlines) -> Inlines:
        if len(inlines) == 1 and type(inlines[0]) is Run and inlines[0].link is None:
            # Nearly all cells are.
            return inlines
        if not any(map(_is_replaced, inlines)):
            return inlines
        line: list[Inline] = []
        for address, group in groupby(inlines, lambda inline: inline.link if isinstance(inline, Run) else None):
            parts = [self._picture(inline) if isinstance(inline, Picture) else inline for inline in group]
            if address is None or web_address(address) is not None:
                line += parts
                continue
            if is_inner(address):
                place = self._place(address)
                line += [replace(part, link=place) if isinstance(part, Run) else part for part in parts]
                continue
            self.warnings.setdefault(_LINK)
            words = [replace(part, link=None) for part in parts if isinstance(part, Run)]
            line += [*words, *_beside("".join(word.text for word in words), address)]
        return tuple(line)

    def _place(self, address: str) -> str | None:
        if self._places is None:
            self._places = places(self._whole)
        number = target_number(address, self._places)
        if number is not None:
            return place_link(number)
        if len(self._lost) < _MOST_NAMED:
            self._lost.setdefault(address)
        return None

    def _picture(self, picture: Picture) -> Inline:
        if is_inside(picture.source):
            return picture
        self.warnings.setdefault(_PICTURE)
        address = web_address(picture.source)
        name = description(picture)
        if not picture.alt.strip() and picture.source.strip():
            name = f"{name}: {picture.source.strip()}"
        elif address is None:
            # Nothing else would tell its words from those around them.
            name = f"[Picture: {name}]"
        return Run(name, italic=True, link=address)


def _is_replaced(inline: Inline) -> bool:
    match inline:
        case Run(link=link):
            return link is not None and web_address(link) is None
        case Picture(source=source):
            return not is_inside(source)
    return False


def _beside(words: str, address: str) -> tuple[Run, ...]:
    """What the words of a link do not say: where it leads."""
    told = [text for text in (hidden_host(address), address.strip()) if text and text not in words]
    if words.strip() == address.strip():
        # The host stands in the address, but not where one looks for it.
        told = [host] if (host := hidden_host(address)) else []
    return (Run(f" [{': '.join(told)}]"),) if told else ()
