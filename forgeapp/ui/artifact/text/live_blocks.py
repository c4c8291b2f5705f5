"""A Markdown text read again and again while it is typed, off the UI thread, what has not changed only once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextDocument

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Blocks
from forgeapp.ui.artifact.text.sections import Section, read
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

READ_AFTER_MS: Final = 150
_BATCH_CHARS: Final = 24_000
_REST_S: Final = 0.001
"""Between two sections: the UI thread has its turn."""
_IDEOGRAPHS: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]+(?:['’.,-][^\W_{_IDEOGRAPHS}]+)*")


def count_words(text: str) -> int:
    """Words as people count them; each ideograph is one."""
    return sum(1 for _ in _WORD.finditer(text))


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole text: its sections with their blocks, and how much there is of it."""

    sections: tuple[tuple[Section, Blocks], ...]
    words: int
    characters: int


class LiveBlocks(QObject):
    """`read(Reading)` follows changes of the document, `READ_AFTER_MS` after the last one."""

    read = Signal(object)

    def __init__(self, workbench: Workbench, document: QTextDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document
        self._known: dict[str, Blocks] = {}
        self._found: list[tuple[Section, Blocks]] = []
        self._words = 0
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AFTER_MS)
        self._timer.timeout.connect(self.read_now)
        document.contentsChanged.connect(self._on_contents_changed)

    def read_now(self) -> None:
        """What an earlier reading has found so far is kept; nothing more of it is shown."""
        self._timer.stop()
        if self._job is not None:
            self._job.drop()
        text = raw_text(self._document)
        known = dict(self._known)
        self._found = []

        def work(token: CancelToken) -> Iterator[list[tuple[Section, Blocks]] | int]:
            from forgeapp.reading.markdown import parse

            batch: list[tuple[Section, Blocks]] = []
            size = 0
            for section, blocks in read(text, known, parse):
                batch.append((section, blocks))
                if section.text not in known:
                    size += len(section.text)
                    token.wait(_REST_S)
                if size > _BATCH_CHARS:
                    yield batch
                    batch, size = [], 0
            yield batch
            yield count_words(text)

        def take(value: list[tuple[Section, Blocks]] | int) -> None:
            if isinstance(value, int):
                self._show(value, len(text))
                return
            self._found += value
            self._known.update((section.text, blocks) for section, blocks in value)

        self._job = self._workbench.jobs.stream(
            work, take, None, ignore_cancelled(self._workbench.failed.emit), Lane.VIEWS
        )

    def close(self) -> None:
        """No more readings."""
        self._timer.stop()
        if self._job is not None:
            self._job.drop()

    def _show(self, words: int, characters: int) -> None:
        self._job = None
        self._known = {section.text: blocks for section, blocks in self._found}
        self.read.emit(Reading(tuple(self._found), words, characters))

    def _on_contents_changed(self) -> None:
        self._timer.start()
