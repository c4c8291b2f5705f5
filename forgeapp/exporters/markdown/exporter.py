"""Markdown: a document as its author has it, any other kind as clean GFM from its blocks."""

from __future__ import annotations

from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Blocks, Document
from forgeapp.domain.markdown_blocks import blocks_markdown, markdown_pieces
from forgeapp.domain.publication import Progress, Publication
from forgeapp.domain.wording import Text
from forgeapp.exporters.counting import count_of


class MarkdownExporter:
    format = Format.MD

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        text = _text(publication, progress)
        target.write_bytes(_encoded(text))
        progress(1.0)
        is_lossy = any("\ud800" <= character <= "\udfff" for character in text)
        return [Text("markdown_lossy", "characters that UTF-8 cannot hold became '?'")] if is_lossy else []

    def verify(self, publication: Publication, path: Path) -> list[str]:
        found = path.read_bytes()
        if _own_text(publication):
            return (
                []
                if found == _encoded(_text(publication, lambda _share: None))
                else ["the text read back is another one"]
            )
        from forgeapp.exporters.markdown.verify import differences

        return differences(publication.blocks, found.decode(errors="replace"))


def _own_text(publication: Publication) -> str:
    """A document's, as its author has it; '' where the blocks are all there is."""
    return publication.content.markdown if isinstance(publication.content, Document) else ""


def _text(publication: Publication, progress: Progress) -> str:
    """Ends with one line end; '' where there is nothing."""
    own = _own_text(publication)
    text = (own or _written(publication.blocks, progress)).rstrip("\r\n")
    if own and publication.appendix:
        text = f"{text}\n\n{blocks_markdown(publication.appendix)}".strip("\r\n")
    return f"{text}\n" if text else ""


def _written(blocks: Blocks, progress: Progress) -> str:
    count = count_of(blocks, progress)
    return "".join(count.each(markdown_pieces(blocks)))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


EXPORTER = MarkdownExporter()
