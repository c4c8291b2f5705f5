"""An artifact laid out for export: the same content as blocks, sheets and files, so that exporters never parse text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.code import CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.number_look import ENGLISH, NumberLook
from forgeapp.domain.workbook import Position, Values, Workbook


@dataclass(frozen=True, slots=True)
class Publication:
    """What every exporter is given.

    `blocks`: the whole content in reading order, title first where it has one (for PDF, DOCX, HTML, MD).
    `workbook`: the sheets (for XLSX, CSV): the artifact's own; a table as one sheet; a document's tables, one a sheet.
    `values`: the computed values of `workbook`. `files`: a code artifact's files. `content`: for JSON.
    """

    title: str
    kind: Kind
    content: Content
    blocks: Blocks = ()
    workbook: Workbook | None = None
    values: Values = field(default_factory=dict)
    files: tuple[CodeFile, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    """Document properties: 'author', 'subject', 'keywords', 'language' (BCP 47), 'created' (ISO 8601)."""
    appendix: Blocks = ()
    """The last of `blocks`: what does not stand in `content`."""
    options: ExportOptions = USUAL
    warnings: tuple[str, ...] = ()
    """What the user should know of how it was laid out."""
    look: NumberLook = ENGLISH
    """That of the workbook's numbers in `blocks`."""
    links: Mapping[str, Mapping[Position, str]] = field(default_factory=dict)
    """Where cells of `workbook` lead to that are just a link: addresses in ASCII by sheet name."""


class Share(float):
    """A share done, 0..1, and where in the work that is: `Share(0.4, "row", 40_000, 100_000)`.

    `unit`: 'row', 'cell', 'page', 'part' of a text, 'file'; 'check' while what was written is read again. `number`: the
    one under way, from 1; `count`: of so many, 0 where that is not known before the end.
    """

    unit: str
    number: int
    count: int

    def __new__(cls, share: float, unit: str, number: int = 0, count: int = 0) -> Share:
        made = super().__new__(cls, share)
        made.unit, made.number, made.count = unit, number, count
        return made

    def __mul__(self, factor: float) -> Share:
        """The same place, as a share of more."""
        return Share(float(self) * factor, self.unit, self.number, self.count)


Progress = Callable[[float], None]
"""Told the share done, 0..1; where it is a `Share`, also the row, page, part or file it is at."""


class Exporter(Protocol):
    """Writes one format."""

    format: Format

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        """Writes the file `target` (which does not exist yet) and gives warnings for the user.

        Raises UnsafeContent for what is refused (S2).
        """
        ...

    def verify(self, publication: Publication, path: Path) -> list[str]:
        """Opens the file again by other means than the writer's and names every difference, [] for none."""
        ...
