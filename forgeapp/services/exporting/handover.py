"""A content on its way to a child process: as a file, which the child reads itself and no other process holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forgeapp.domain.content import Content, from_json
from forgeapp.errors import StorageError

if TYPE_CHECKING:
    from forgeapp.ledger import Ledger

_REMEDY: Final = "Make sure its disk has free space, or name another folder in TMPDIR, and try again."


@dataclass(frozen=True, slots=True)
class ContentFile:
    """Holds the JSON text of a content. Whoever wrote it removes it."""

    path: Path

    def read(self) -> Content:
        """Raises StorageError."""
        try:
            return from_json(json.loads(self.path.read_text(encoding="utf-8")), packs=True)
        except OSError as error:
            raise StorageError(path=self.path, reason=error.strerror or str(error), remedy=_REMEDY) from error


def hand_over(ledger: Ledger, artifact: int, version: int, folder: Path) -> ContentFile:
    """What a version holds as a file in `folder`, written piece by piece as the ledger has it.

    Raises UnknownArtifact, UnknownVersion, StorageError.
    """
    path = folder / f"{artifact}-{version}.json"
    try:
        with path.open("wb") as file:
            ledger.artifacts.copy_content(artifact, version, file)
    except OSError as error:
        raise StorageError(path=path, reason=error.strerror or str(error), remedy=_REMEDY) from error
    return ContentFile(path)
