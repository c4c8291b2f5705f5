"""A written PDF as pdfium sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pypdfium2

from forgeapp.domain.publication import Publication
from forgeapp.exporters.pdf.exporter import EXPORTER
from tests.unit.exporters.page_samples import written


class Opened:
    def __init__(self, path: Path) -> None:
        self.document: Any = pypdfium2.PdfDocument(path)

    @property
    def texts(self) -> list[str]:
        return [page.get_textpage().get_text_range() for page in self.document]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        return [tuple(map(round, page.get_size())) for page in self.document]

    def top_of(self, words: str, page: int = 0) -> float:
        """The distance of words from the lower edge of their page, in points."""
        text_page = self.document[page].get_textpage()
        index = text_page.get_text_range().index(words)
        return float(text_page.get_charbox(index)[3])


def verified(content: Publication, path: Path) -> Opened:
    """Written, and found without difference."""
    written(EXPORTER, content, path)
    assert EXPORTER.verify(content, path) == []
    return Opened(path)
