"""Files the user gives: opened as artifacts, or attached as context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.request import Attachment
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.services.calculation import Calculation
from forgeapp.services.workers import Limits, Workers

if TYPE_CHECKING:
    from forgeapp.reading.file_reading import FileReading


@dataclass(frozen=True, slots=True)
class Opened:
    """`lost`: what the file holds that the artifact cannot, in words; also that it holds nothing new."""

    version: StoredVersion
    conversation: int | None
    lost: tuple[str, ...]


class Files:
    """`looks`: of the numbers of workbooks, asked each time."""

    def __init__(
        self,
        ledger: Ledger,
        workers: Workers,
        calculation: Calculation,
        limits: Limits,
        looks: Callable[[], NumberLooks] = lambda: BY_CONTENT,
    ) -> None:
        self._ledger = ledger
        self._workers = workers
        self._calculation = calculation
        self._limits = limits
        self._looks = looks

    def open(
        self,
        path: Path,
        artifact: int | None = None,
        cancel: CancelToken | None = None,
        *,
        kind: Kind | None = None,
    ) -> Opened:
        """A file as a new artifact, or as the next version of one; where nothing differs the newest one stays it.

        `kind`: table or spreadsheet, where the file could be either. Raises UnreadableFile, TooLarge, UnknownArtifact,
        WorkerFailed, Cancelled.
        """
        cancel = cancel or CancelToken()
        base = self._ledger.artifacts.version(artifact) if artifact is not None else None
        read = self._read(path, base.content if base else None, kind, cancel)
        title = base.title if base else read.content.title or path.stem
        content = read.content
        if base is None and not isinstance(content, Document):
            content = replace(content, title=title)
        # A conversation of its own, so that the file can be talked about and changed in words.
        if artifact is not None:
            conversation = self._ledger.artifacts.get(artifact).conversation
        else:
            conversation = self._ledger.conversations.start(path.name)
        if base is not None and content == base.content:
            note = Text("nothing_differs", "Nothing differs from version {number}.", number=base.number)
            return Opened(base, conversation, (*read.lost, note))
        version = self._ledger.artifacts.add(
            NewVersion(
                content=content,
                origin=Origin.IMPORTED,
                title=title,
                artifact=artifact,
                conversation=conversation,
                provenance=_provenance(path, read),
            )
        )
        if base is None:
            self._ledger.events.record("artifact_created", artifact=version.artifact, kind=version.kind.value)
        return Opened(version, conversation, read.lost)

    def _read(self, path: Path, base: Content | None, kind: Kind | None, cancel: CancelToken) -> FileReading:
        from forgeapp.services.importing.job import ImportJob, unpacked

        values: Values = {}
        if isinstance(base, Workbook):
            from forgeapp.services.exporting.publishing import workbook_of

            workbook = workbook_of(base)
            assert workbook is not None
            values = self._calculation.values(workbook, cancel)
        job = ImportJob(path.absolute(), base, values, kind, self._looks())
        return unpacked(self._workers.run("import", job, self._limits, cancel))


def _provenance(path: Path, read: FileReading) -> dict[str, Any]:
    """With what an export wants to know: between which marks the fields stood, and what was lost."""
    from forgeapp.services.exporting.opening_losses import losses

    told = {"file": path.name, "delimiter": read.delimiter, "lost": losses(read.lost)}
    return {name: value for name, value in told.items() if value}


def read_attachment(path: Path) -> Attachment:
    """A text file, or a PNG, JPEG, WebP or GIF picture, as context for a prompt. Raises UnreadableFile, TooLarge."""
    from forgeapp.reading.picture_files import read_picture_file
    from forgeapp.reading.text_files import read_text_file

    picture = read_picture_file(path)
    if picture is not None:
        return Attachment(path.name, "", picture)
    return Attachment(path.name, read_text_file(path))
