"""The beginning of a file before it is written: the very exporter's work on the beginning of the content."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions, honoured
from forgeapp.domain.export_request import ConversationSubject
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import ALL_SEEN, Hidden, Position
from forgeapp.ledger import Ledger
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.beginnings import beginning_of, beginning_of_values
from forgeapp.services.exporting.conversation_job import ConversationJob, filled
from forgeapp.services.exporting.job import Computed, ExportJob, values_for
from forgeapp.services.exporting.own_delimiter import with_own_delimiter
from forgeapp.services.exporting.pages import TO_BE_SEEN, PageFile, Pages, page_file
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.number_looks import look_of
from forgeapp.services.provenance import provenance_blocks, provenance_of
from forgeapp.services.scratch import scratch
from forgeapp.services.workers import Limits, Workers

MAX_TEXT: Final = 60_000
"""Characters of a file's text."""
MAX_FILES: Final = 500
MAX_PARTS: Final = 60
"""Messages and artifacts of a conversation."""
_GRID_ROWS: Final = 60
_GRID_COLUMNS: Final = 26
_Written = tuple[bytes, tuple[str, ...], tuple[str, ...]]
_PAGED: Final = (Format.PDF, Format.DOCX)


@dataclass(frozen=True, slots=True)
class Grid:
    """The first rows of a sheet as they are displayed, header first. `at_right`: the cells that stand there in the
    file: figures, and the names of their columns. `hidden`: rows and columns that the file has, out of sight."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    at_right: frozenset[Position] = frozenset()
    hidden: Hidden = ALL_SEEN


@dataclass(frozen=True, slots=True)
class Preview:
    """One of the fields after `is_cut` says what there is to see; `is_cut`: it is of the beginning only.

    `files`: names and sizes in bytes. `picture`: an image file's bytes. `warnings`: what could not be carried over.
    `differences`: what an export would be refused for, unless it is to be kept all the same.
    """

    warnings: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    is_cut: bool = False
    pages: PageFile | None = None
    grids: tuple[Grid, ...] = ()
    text: str | None = None
    blocks: Blocks = ()
    files: tuple[tuple[str, int], ...] = ()
    picture: bytes | None = None


class Previews:
    def __init__(
        self,
        ledger: Ledger,
        workers: Workers,
        calculation: Calculation,
        pages: Pages,
        limits: Limits,
        formulas: Limits,
        looks: Callable[[], NumberLooks] = lambda: BY_CONTENT,
    ) -> None:
        self._ledger = ledger
        self._workers = workers
        self._calculation = calculation
        self._pages = pages
        self._limits = limits
        self._formulas = formulas
        self._looks = looks

    def make(
        self,
        artifact: int,
        content: Content,
        title: str,
        file_format: Format | None,
        cancel: CancelToken,
        options: ExportOptions = USUAL,
        version: int | None = None,
    ) -> Preview:
        """`file_format` None: code's own files. `version`: whose provenance is told, None: the newest.

        Raises as an export does: UnsafeContent, ExportDiffers, WorkerFailed, Cancelled, ...
        """
        if file_format is None:
            return _of_source(content)
        appendix: Blocks = ()
        if options.provenance and "provenance" in honoured(kind_of(content), file_format):
            appendix = provenance_blocks(provenance_of(self._ledger, artifact, version))
        if file_format is Format.CSV:
            options = with_own_delimiter(self._ledger, artifact, options)
        # That of the whole, whatever its beginning says of itself.
        looks = NumberLooks(look_of(content, self._looks()))
        beginning, is_cut = beginning_of(content)
        # Of the whole: a formula in the beginning may well count what comes later.
        values = beginning_of_values(values_for(content, file_format, self._computed(cancel)))
        cancel.check()
        job = ExportJob(
            beginning, title, values, Path(), file_format, appendix, options, placing=TO_BE_SEEN, looks=looks
        )
        if file_format in _PAGED:
            pages = self._pages.make(
                beginning, title, cancel, options=options, appendix=appendix, values=values, looks=looks
            )
            warnings, differences = pages.warnings, pages.differences
            if file_format is Format.DOCX:
                # Looks much the same, but has remarks of its own.
                _, warnings, differences = self._written(job, cancel)
            return Preview(warnings, differences, is_cut, pages=pages)
        if file_format is Format.XLSX:
            shown = publication(beginning, title, values, appendix, for_format=file_format, looks=looks)
            _, warnings, differences = self._written(job, cancel)
            return Preview(warnings, differences, is_cut, grids=_grids(shown))
        data, warnings, differences = self._written(job, cancel)
        match file_format:
            case Format.HTML:
                blocks = publication(beginning, title, values, appendix, looks=looks).blocks
                return Preview(warnings, differences, is_cut, blocks=blocks)
            case Format.ZIP:
                return Preview(warnings, differences, files=_names(content))
            case Format.CSV | Format.MD | Format.JSON:
                text = data.decode("utf-8-sig", "replace")
                return Preview(warnings, differences, is_cut or len(text) > MAX_TEXT, text=text[:MAX_TEXT])
        return Preview(warnings, differences, picture=data)

    def make_of_conversation(
        self, subject: ConversationSubject, file_format: Format, cancel: CancelToken, options: ExportOptions = USUAL
    ) -> Preview:
        """Of its first messages. Raises as `make` does."""
        from forgeapp.services.exporting.conversation import conversation_outline
        from forgeapp.services.exporting.conversation_story import conversation_publication

        with scratch() as folder:
            more = conversation_outline(self._ledger, subject, folder, options, MAX_PARTS + 1, self._looks())
            cancel.check()
            is_cut = len(more.parts) > MAX_PARTS
            beginning = replace(more, parts=more.parts[:MAX_PARTS])
            if file_format is Format.HTML:
                shown = filled(beginning, self._computed(cancel), is_beginning=True)
                return Preview(is_cut=is_cut, blocks=conversation_publication(shown).blocks)
            job = ConversationJob(beginning, Path(), file_format, self._formulas, placing=TO_BE_SEEN, is_beginning=True)
            if file_format in _PAGED:
                paged = replace(job, format=Format.PDF)
                pages = page_file(lambda target: self._run(replace(paged, target=target), cancel))
                return Preview(pages.warnings, pages.differences, is_cut, pages=pages)
            data, warnings, differences = self._written(job, cancel)
        if file_format is Format.ZIP:
            with ZipFile(BytesIO(data)) as archive:
                files = tuple((member.filename, member.file_size) for member in archive.infolist()[:MAX_FILES])
            return Preview(warnings, differences, is_cut, files=files)
        text = data.decode("utf-8-sig", "replace")
        return Preview(warnings, differences, is_cut or len(text) > MAX_TEXT, text=text[:MAX_TEXT])

    def _written(self, job: ExportJob | ConversationJob, cancel: CancelToken) -> _Written:
        """The file an export writes, its warnings, and its differences."""
        assert job.format is not None
        with scratch() as folder:
            target = folder / f"preview.{job.format.value}"
            answer = self._run(replace(job, target=target), cancel)
            return target.read_bytes(), tuple(answer["warnings"]), tuple(answer["differences"])

    def _run(self, job: ExportJob | ConversationJob, cancel: CancelToken) -> Any:
        task = "export" if isinstance(job, ExportJob) else "conversation"
        return self._workers.run(task, job, self._limits, cancel)

    def _computed(self, cancel: CancelToken) -> Computed:
        return lambda workbook: self._calculation.values(workbook, cancel)


def _grids(laid_out: Publication) -> tuple[Grid, ...]:
    """Of the sheets that can be seen."""
    from forgeapp.exporters.xlsx.sheets import planned
    from forgeapp.sheets.grid import rendered

    assert laid_out.workbook is not None
    texts = rendered(laid_out.workbook, laid_out.values, laid_out.look)
    return tuple(
        Grid(
            plan.sheet.name,
            tuple(tuple(row[:_GRID_COLUMNS]) for row in rows[:_GRID_ROWS]),
            frozenset(at for at in product(range(_GRID_ROWS), range(_GRID_COLUMNS)) if plan.is_at_right(at)),
            plan.sheet.hidden,
        )
        for plan, rows in zip(planned(laid_out, Path()), texts, strict=True)
        if not plan.hides_sheet
    )


def _of_source(content: Content) -> Preview:
    """Code's own files: the text of one, the names of several."""
    files = content.files if isinstance(content, Code) else ()
    if len(files) == 1:
        text = files[0].text
        return Preview(is_cut=len(text) > MAX_TEXT, text=text[:MAX_TEXT])
    return Preview(is_cut=len(files) > MAX_FILES, files=_names(content))


def _names(content: Content) -> tuple[tuple[str, int], ...]:
    files = content.files if isinstance(content, Code) else ()
    return tuple((file.name, len(file.text.encode("utf-8", "replace"))) for file in files[:MAX_FILES])
