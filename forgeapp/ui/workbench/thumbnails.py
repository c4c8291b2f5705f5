"""Images in small: read and unpacked off the UI thread when they are first painted, the newest ones kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from forgeapp.ui.jobs import Lane

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

SIDE: Final = 480
"""Pixels of the longer side."""
MAX_KEPT: Final = 32
"""Less than 1 MB each."""

_Key = tuple[int, int]


class Thumbnails(QObject):
    """`made(artifact, version)`: its thumbnail is there."""

    made = Signal(int, int)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._kept: dict[_Key, QImage | None] = {}
        self._asked: set[_Key] = set()

    def of(self, artifact: int, version: int) -> QImage | None:
        """None where there is none yet, or none at all; asks for it the first time."""
        key = (artifact, version)
        if key in self._kept:
            self._kept[key] = image = self._kept.pop(key)
            return image
        if key not in self._asked and self._workbench.services is not None:
            self._asked.add(key)
            self._make(key)
        return None

    def _make(self, key: _Key) -> None:
        services = self._workbench.services
        assert services is not None
        versions = services.ledger.artifacts

        def make() -> QImage | None:
            from forgeapp.domain.image import Image
            from forgeapp.ui.artifact.image.sizes import decode_small

            content = versions.version(*key).content
            return decode_small(content, SIDE) if isinstance(content, Image) else None

        def keep(image: QImage | None) -> None:
            self._asked.discard(key)
            self._kept[key] = image
            for oldest in list(self._kept)[:-MAX_KEPT]:
                del self._kept[oldest]
            self.made.emit(*key)

        # One that cannot be read is an icon; what is wrong is told where it is opened.
        self._workbench.jobs.run(lambda _cancel: make(), keep, lambda _error: keep(None), Lane.VIEWS)
