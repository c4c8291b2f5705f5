"""The pages of an artifact as they will be printed: the very PDF an export writes, drawn page by page."""

from __future__ import annotations

import shutil
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.document import Blocks
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.publication import Progress
from forgeapp.domain.workbook import Values
from forgeapp.exporters.saving import Placing
from forgeapp.services.calculation import Calculation
from forgeapp.services.exporting.job import ExportJob
from forgeapp.services.exporting.publishing import formulas_of
from forgeapp.services.scratch import make_scratch
from forgeapp.services.workers import Limits, Workers

TO_BE_SEEN: Final = Placing(keeps_differing=True)
"""What differs in a file that is only looked at is told beside it."""
MAX_PIXELS: Final = 16_000_000
"""Of one drawn page; a larger one is drawn smaller."""
_pdfium = threading.Lock()
"""PDFium serves one thread at a time, whichever file it reads."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """Rows of `stride` bytes, four a pixel: blue, green, red, and one without meaning."""

    width: int
    height: int
    stride: int
    data: bytes


class PageFile:
    """A PDF in a folder that is removed with it, by `close` or with the last reference to it.

    `sizes`: width and height of each page in points. `warnings`: what the export could not carry over, in words;
    `differences`: what an export would be refused for, unless it is to be kept all the same.
    """

    def __init__(self, path: Path, warnings: tuple[str, ...], differences: tuple[str, ...] = ()) -> None:
        import pypdfium2

        self._remove = weakref.finalize(self, shutil.rmtree, path.parent, ignore_errors=True)
        self._path = path
        self.warnings = warnings
        self.differences = differences
        with _pdfium, pypdfium2.PdfDocument(path) as document:  # type: ignore[no-untyped-call]
            self.sizes: tuple[tuple[float, float], ...] = tuple(
                document.get_page_size(number) for number in range(len(document))
            )

    @property
    def path(self) -> Path:
        return self._path

    def draw(self, number: int, width: int) -> PagePicture | None:
        """A page, counted from 0, as wide as `width` pixels; None where the file has gone. Takes a few milliseconds."""
        import pypdfium2

        across, down = self.sizes[number]
        scale = min(width / across, (MAX_PIXELS / (across * down)) ** 0.5)
        # Opened anew for each page: nothing of PDFium's outlives the lock, and the file can be removed at any time.
        with _pdfium:
            if not self._path.exists():
                return None
            with pypdfium2.PdfDocument(self._path) as document:  # type: ignore[no-untyped-call]
                page = document[number]
                bitmap = page.render(scale=scale, prefer_bgrx=True)
                picture = PagePicture(bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer))
                bitmap.close()
                page.close()
        return picture

    def close(self) -> None:
        """Removes the file; a page that is being drawn is finished first."""
        with _pdfium:
            self._remove()


class Pages:
    """`looks`: of the numbers of workbooks, asked each time."""

    def __init__(
        self,
        workers: Workers,
        calculation: Calculation,
        limits: Limits,
        looks: Callable[[], NumberLooks] = lambda: BY_CONTENT,
    ) -> None:
        self._workers = workers
        self._calculation = calculation
        self._limits = limits
        self._looks = looks

    def make(
        self,
        content: Content,
        title: str,
        cancel: CancelToken,
        on_progress: Progress = lambda _share: None,
        options: ExportOptions = USUAL,
        appendix: Blocks = (),
        values: Values | None = None,
        looks: NumberLooks | None = None,
    ) -> PageFile:
        """Lays it out in a child process; `values` None are computed first. `looks` None: as it is set.

        Raises as an export does: UnsafeContent, WorkerFailed, Cancelled, ...
        """
        if values is None:
            workbook = formulas_of(content)
            values = self._calculation.values(workbook, cancel) if workbook else {}

        chosen = self._looks() if looks is None else looks

        def write(target: Path) -> Any:
            job = ExportJob(
                content, title, values, target, Format.PDF, appendix, options, placing=TO_BE_SEEN, looks=chosen
            )
            return self._workers.run("export", job, self._limits, cancel, on_progress)

        return page_file(write)


def page_file(write: Callable[[Path], Any]) -> PageFile:
    """What `write` puts at a path, which gives its answer, see `job.answer`. Raises as `write` does, StorageError."""
    folder = make_scratch()
    try:
        path = folder / "pages.pdf"
        answer = write(path)
        return PageFile(path, tuple(answer["warnings"]), tuple(answer["differences"]))
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
