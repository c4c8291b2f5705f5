"""Files the user gives: opened as artifacts, or attached as context."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from forgeapp.domain.document import Document
from forgeapp.domain.request import Attachment
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion


@dataclass(frozen=True, slots=True)
class Opened:
    """`lost`: what the file holds that the artifact cannot, in words."""

    version: StoredVersion
    conversation: int | None
    lost: tuple[str, ...]


class Files:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def open(self, path: Path, artifact: int | None = None) -> Opened:
        """A file as a new artifact, or as the next version of one.

        Raises UnreadableFile, TooLarge, UnknownArtifact.
        """
        from forgeapp.reading.files import read_file

        base = self._ledger.artifacts.get(artifact) if artifact is not None else None
        read = read_file(path)
        title = read.content.title or (base.title if base else path.stem)
        content = read.content if isinstance(read.content, Document) else replace(read.content, title=title)
        # A conversation of its own, so that the file can be talked about and changed in words.
        conversation = base.conversation if base else self._ledger.conversations.start(path.name)
        version = self._ledger.artifacts.add(
            NewVersion(
                content=content,
                origin=Origin.IMPORTED,
                title=title,
                artifact=artifact,
                conversation=conversation,
                provenance={"file": path.name},
            )
        )
        self._ledger.events.record("artifact_created", artifact=version.artifact, kind=version.kind.value)
        return Opened(version, conversation, read.lost)


def read_attachment(path: Path) -> Attachment:
    """A text file, or a PNG, JPEG, WebP or GIF picture, as context for a prompt. Raises UnreadableFile, TooLarge."""
    from forgeapp.reading.picture_files import read_picture_file
    from forgeapp.reading.text_files import read_text_file

    picture = read_picture_file(path)
    if picture is not None:
        return Attachment(path.name, "", picture)
    return Attachment(path.name, read_text_file(path))
