"""Pages as images, drawn off the UI thread: those in sight first, as many kept as there is room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage
from shiboken6 import isValid

from forgeapp.ui.jobs import Job, Jobs, Lane

if TYPE_CHECKING:
    from forgeapp.services.exporting.pages import PageFile, PagePicture

MAX_KEPT_BYTES: Final = 64_000_000
"""Those in sight are kept in any case."""


@dataclass(slots=True)
class _Drawn:
    image: QImage
    width: int
    edition: int


class Drawings(QObject):
    """`drawn(number)`: a page has its image. After `show` those of the file before stay until they are drawn anew."""

    drawn = Signal(int)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._file: PageFile | None = None
        self._edition = 0
        self._kept: dict[int, _Drawn] = {}
        self._wanted: Sequence[int] = ()
        self._width_of: dict[int, int] = {}
        self._job: Job | None = None

    @property
    def is_working(self) -> bool:
        return self._job is not None

    @property
    def kept_bytes(self) -> int:
        return sum(drawn.image.sizeInBytes() for drawn in self._kept.values())

    def show(self, file: PageFile) -> None:
        self._drop()
        self._file = file
        self._edition += 1
        for number in [number for number in self._kept if number >= len(file.sizes)]:
            del self._kept[number]

    def image(self, number: int) -> QImage | None:
        """The newest there is, perhaps of another size or of the file before."""
        drawn = self._kept.get(number)
        return drawn.image if drawn else None

    def is_current(self, number: int) -> bool:
        """Whether it is of the file that is shown, and as sharp as it was asked for."""
        return number in self._width_of and self._is_drawn(number)

    def want(self, widths: dict[int, int]) -> None:
        """Pages by number with their width in device pixels, the most urgent first; what was wanted before is not."""
        self._wanted, self._width_of = list(widths), widths
        self._next()

    def close(self) -> None:
        self._drop()
        self._file = None
        self._wanted = ()

    def _drop(self) -> None:
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _next(self) -> None:
        file = self._file
        if self._job is not None or file is None:
            return
        number = next((number for number in self._wanted if not self._is_drawn(number)), None)
        if number is None or number >= len(file.sizes):
            return
        width = self._width_of[number]

        def take(picture: PagePicture | None) -> None:
            if not isValid(self):  # else its view was closed before the picture came
                return
            self._job = None
            if picture is not None:
                self._keep(number, width, picture)
            self._next()

        self._job = self._jobs.run(lambda _cancel: file.draw(number, width), take, lane=Lane.VIEWS)

    def _is_drawn(self, number: int) -> bool:
        drawn = self._kept.get(number)
        return drawn is not None and drawn.edition == self._edition and drawn.width == self._width_of[number]

    def _keep(self, number: int, width: int, picture: PagePicture) -> None:
        image = QImage(picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32).copy()
        self._kept[number] = _Drawn(image, width, self._edition)
        size = self.kept_bytes
        middle = self._wanted[0] if self._wanted else number
        for far in sorted(self._kept, key=lambda other: -abs(other - middle)):
            if size <= MAX_KEPT_BYTES:
                break
            if far not in self._wanted:
                size -= self._kept.pop(far).image.sizeInBytes()
        self.drawn.emit(number)
