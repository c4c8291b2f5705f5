"""What comes of a file that is opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.workbook import Values


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file holds, and what of it could not be kept, in English sentences.

    `values`: what a workbook's formulas gave when the file was saved. `is_rewritten`: a document's Markdown was made
    here, from a file that has none. `document`: a page that is only tables, as one. `delimiter`: between the fields of
    a CSV file.
    """

    content: Content
    lost: tuple[str, ...] = ()
    values: Values = field(default_factory=dict)
    is_rewritten: bool = False
    document: Document | None = None
    delimiter: str | None = None
