"""A Markdown text read again and again while it is typed, off the UI thread, what has not changed only once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QTextDocument

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Blocks, Footnote
from forgeapp.domain.word_count import count_words, read_text
from forgeapp.ui.artifact.text.headings import HeadingLine, heading_lines
from forgeapp.ui.artifact.text.sections import Section, end_of_prose, read
from forgeapp.ui.carried_text import raw_text
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled

if TYPE_CHECKING:
    from forgeapp.ui.workbench import Workbench

READ_AFTER_MS: Final = 150
_BATCH_CHARS: Final = 24_000
_REST_S: Final = 0.001
"""Between two sections: the UI thread has its turn."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text: its sections with their blocks, footnotes last, and how much there is of it.

    `numbers` of the footnotes by label. Where not `is_whole`, it is the beginning of one that is read for the first
    time; how much there is, and its headings, are not known then.
    """

    sections: tuple[tuple[Section, Blocks], ...]
    words: int = 0
    characters: int = 0
    headings: tuple[HeadingLine, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)
    is_whole: bool = True


class LiveBlocks(QObject):
    """`read(Reading)` follows changes of the document, `READ_AFTER_MS` after the last one."""

    read = Signal(object)

    def __init__(self, workbench: Workbench, document: QTextDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._document = document
        self._known: dict[str, Blocks] = {}
        self._headings: dict[str, tuple[int, str] | None] = {}
        self._found: list[tuple[Section, Blocks]] = []
        self._is_first = True
        self._job: Job | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(READ_AFTER_MS)
        self._timer.timeout.connect(self.read_now)
        document.contentsChanged.connect(self._on_contents_changed)

    @property
    def is_idle(self) -> bool:
        """Whether the last reading is of the text as it stands."""
        return self._job is None and not self._timer.isActive()

    def read_now(self) -> None:
        """What an earlier reading has found so far is kept; nothing more of it is shown."""
        self._timer.stop()
        if self._job is not None:
            self._job.drop()
        whole = raw_text(self._document)
        known, headings = dict(self._known), dict(self._headings)
        self._found = []

        def work(token: CancelToken) -> Iterator[list[tuple[Section, Blocks]] | Reading]:
            from forgeapp.reading.front_matter import body_in_place
            from forgeapp.reading.markdown import parse

            text = body_in_place(whole)
            found: list[tuple[Section, Blocks]] = []
            batch: list[tuple[Section, Blocks]] = []
            size = 0
            for section, blocks in read(text, known, parse):
                found.append((section, blocks))
                batch.append((section, blocks))
                if section.needs + section.text not in known:
                    size += len(section.text)
                    token.wait(_REST_S)
                if size > _BATCH_CHARS:
                    yield batch
                    batch, size = [], 0
            yield batch
            sections, numbers = with_notes_last(text, found)
            titles = heading_lines(text, parse, headings)
            yield Reading(sections, count_words(text), len(read_text(text)), titles, numbers)

        def take(value: list[tuple[Section, Blocks]] | Reading) -> None:
            if isinstance(value, Reading):
                self._show(value)
                self._headings = headings
                return
            self._found += value
            self._known.update((section.needs + section.text, blocks) for section, blocks in value)
            if self._is_first and value:
                # Of a long text its beginning can be read while the rest is not there yet.
                self._is_first = False
                self.read.emit(Reading(tuple(value), is_whole=False))

        self._job = self._workbench.jobs.stream(
            work, take, None, ignore_cancelled(self._workbench.failed.emit), Lane.VIEWS
        )

    def close(self) -> None:
        """No more readings."""
        self._timer.stop()
        if self._job is not None:
            self._job.drop()

    def _show(self, reading: Reading) -> None:
        self._job = None
        self._known = {section.needs + section.text: blocks for section, blocks in self._found}
        self.read.emit(reading)

    def _on_contents_changed(self) -> None:
        self._timer.start()


def with_notes_last(
    text: str, found: list[tuple[Section, Blocks]]
) -> tuple[tuple[tuple[Section, Blocks], ...], dict[str, int]]:
    """The sections, with the footnotes of all of them as one more at the end, and the footnotes' numbers."""
    from forgeapp.ui.richtext.pieces import footnote_numbers

    notes: dict[str, Footnote] = {}
    numbers: dict[str, int] = {}
    sections: list[tuple[Section, Blocks]] = []
    for section, blocks in found:
        if not any(isinstance(block, Footnote) for block in blocks[-1:]):
            sections.append((section, blocks))
            continue
        body = tuple(block for block in blocks if not isinstance(block, Footnote))
        for block in blocks:
            if isinstance(block, Footnote):
                notes.setdefault(block.label, block)
        for label in footnote_numbers(body):
            numbers.setdefault(label, len(numbers) + 1)
        sections.append((section, body))
    if not notes:
        return tuple(sections), {}
    for label in notes:
        numbers.setdefault(label, len(numbers) + 1)
    ordered = tuple(sorted(notes.values(), key=lambda note: numbers[note.label]))
    last, lines = end_of_prose(text), text.count("\n") + 1
    return (*sections, (Section(last, lines - last, ""), ordered)), numbers
