"""What an export made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Exported:
    """A file at its place. `warnings`: what could not be carried over, in words.

    `path`: another one than was asked for where it gave way. `differences`: what it does not hold as it should, where
    it was to be kept all the same; () is a verified file. `files`: those in the folder `path`, where it is one.
    `left`: what stands there now, which may be replaced another time.
    """

    path: Path
    bytes: int
    duration_ms: int
    warnings: tuple[str, ...]
    differences: tuple[str, ...] = ()
    files: tuple[Exported, ...] = ()
    left: Standing = ()

    def to_json(self) -> dict[str, Any]:
        """An entry of `exports` in the command line contract."""
        return {
            "path": str(self.path),
            "bytes": self.bytes,
            "ms": self.duration_ms,
            "verified": not self.differences,
            "differences": list(self.differences),
            "warnings": list(self.warnings),
        }
