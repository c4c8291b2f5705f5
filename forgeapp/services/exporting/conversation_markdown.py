"""A conversation as Markdown: documents that were made stand in it as their authors have them, to the letter.

All else is written from its blocks. So is a document whose text would mean something else among the others: it uses
labels that they use, too, or does not end what it begins.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import Final

from forgeapp.domain.document import Blocks, Document, Footnote, Heading, Run, plain_text
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made
from forgeapp.services.exporting.conversation_story import Piece, laid_out_pieces

_DEFINED: Final = re.compile(r"^[ >]*\[([^\[\]\n]{1,200})\]:", re.MULTILINE)
_BRACKETED: Final = re.compile(r"\[([^\[\]\n]{1,200})\]")
_END: Final = "\ue000"
_LEAD_BLOCKS: Final = 2
"""The name of what was made, and its kind and version."""


def conversation_markdown(conversation: ConversationExport) -> str:
    """'' for nothing; no line end at the end."""
    pieces = laid_out_pieces(conversation)
    owns = [_own_text(piece) for piece in pieces]
    written = [own or blocks_markdown(piece.blocks) for own, piece in zip(owns, pieces, strict=True)]
    labels = Counter(label for text in written for label in set(_BRACKETED.findall(text.casefold())))
    texts: list[str] = []
    notes: list[Footnote] = []
    for own, piece in zip(owns, pieces, strict=True):
        if own and all(labels[label] < 2 for label in _DEFINED.findall(own.casefold())):
            texts.append(blocks_markdown(_lead(piece, own)))
            texts.append(own)
        else:
            texts.append(blocks_markdown([block for block in piece.blocks if not isinstance(block, Footnote)]))
            notes += [block for block in piece.blocks if isinstance(block, Footnote)]
    return "\n\n".join(text for text in (*texts, blocks_markdown(notes)) if text)


def _own_text(piece: Piece) -> str:
    """A document's, where it can stand between others; else ''."""
    if not isinstance(piece.part, Made) or not isinstance(piece.part.content, Document):
        return ""
    from forgeapp.reading.front_matter import split_front_matter

    _, body = split_front_matter(piece.part.content.markdown)
    own = body.strip("\r\n")
    return own if own.strip() and _ends(own) else ""


def _ends(markdown: str) -> bool:
    """Whether what comes behind it is no part of it, as of code that is not closed."""
    from forgeapp.reading.markdown import parse

    body = [block for block in parse(f"{markdown}\n\n# {_END}") if not isinstance(block, Footnote)]
    return bool(body) and body[-1] == Heading(1, (Run(_END),))


def _lead(piece: Piece, own: str) -> Blocks:
    """What stands above a document; not its name, where it says that itself."""
    from forgeapp.reading.markdown import parse

    name, kind = islice(piece.blocks, _LEAD_BLOCKS)
    first = next(iter(parse(own.partition("\n\n")[0])), None)
    is_named = isinstance(first, Heading) and isinstance(name, Heading) and _words(first) == _words(name)
    return (kind,) if is_named else (name, kind)


def _words(heading: Heading) -> list[str]:
    return plain_text(heading.inlines).casefold().split()
