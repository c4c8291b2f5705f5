"""What the `read` verb says of a document beside its text."""

from __future__ import annotations

from typing import Any

from forgeapp.domain.document import Blocks, CodeBlock, Heading, ListBlock, TableBlock, plain_text, walk


def outline(blocks: Blocks) -> dict[str, Any]:
    """{'headings': [[level, text]], 'tables', 'lists' (top-level ones), 'code_blocks'}: counts, in reading order."""
    everything = list(walk(blocks))
    return {
        "headings": [[block.level, plain_text(block.inlines)] for block in everything if isinstance(block, Heading)],
        "tables": sum(isinstance(block, TableBlock) for block in everything),
        "lists": sum(isinstance(block, ListBlock) for block in blocks),
        "code_blocks": sum(isinstance(block, CodeBlock) for block in everything),
    }
