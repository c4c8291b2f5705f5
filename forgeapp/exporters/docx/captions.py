"""Which paragraphs are captions: 'Table 1: Revenue' alone on a line beside a table or a picture."""

from __future__ import annotations

import re
from collections.abc import Sequence

from forgeapp.domain.document import Block, Paragraph, Picture, Run, TableBlock, plain_text

MAX_CHARS = 300
_CAPTION = re.compile(
    r"\s*(?:Table|Figure|Fig\.|Chart|Exhibit|Tabelle|Abbildung|Abb\.|Tab\.|Tableau|Tabla|Figura|Tabella|Tabela|Tabel"
    r"|Figuur|Rysunek|Таблица|Рисунок|Рис\.|表|図|图)\s*\d+",
    re.IGNORECASE,
)


def is_caption(blocks: Sequence[Block], at: int) -> bool:
    block = blocks[at]
    if not isinstance(block, Paragraph) or not all(isinstance(inline, Run) for inline in block.inlines[:1]):
        return False
    text = plain_text(block.inlines)
    if len(text) > MAX_CHARS or not _CAPTION.match(text):
        return False
    return any(_is_shown(blocks[beside]) for beside in (at - 1, at + 1) if 0 <= beside < len(blocks))


def _is_shown(block: Block) -> bool:
    if isinstance(block, TableBlock):
        return True
    return (
        isinstance(block, Paragraph)
        and bool(block.inlines)
        and all(
            isinstance(inline, Picture) or (isinstance(inline, Run) and not inline.text.strip())
            for inline in block.inlines
        )
    )
