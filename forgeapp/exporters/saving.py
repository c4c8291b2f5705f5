"""One file on disk, all of it or nothing: written beside its target, flushed, opened again, compared, then renamed."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from forgeapp.domain.publication import Exporter, Progress, Publication
from forgeapp.errors import ExportDiffers, TargetNotWritable

_WRITTEN = 0.7
"""The share of the progress that writing takes; the rest is verification."""
_MAX_SUFFIX_CHARS = 16


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that stands at its place. `warnings`: what the user should know of it."""

    path: Path
    bytes: int
    warnings: tuple[str, ...]


def save(exporter: Exporter, publication: Publication, target: Path, progress: Progress) -> Saved:
    """Writes, verifies and renames; a failure at any point leaves what stood at `target` as it was.

    Raises ExportDiffers, UnsafeContent, TargetNotWritable.
    """
    # Of its own name only the extension is kept: some readers refuse a file without it, and file names are bounded
    # in bytes.
    part = target.with_name(f".forgeapp-{secrets.token_hex(4)}.part{target.suffix[:_MAX_SUFFIX_CHARS]}")
    try:
        try:
            warnings = exporter.write(publication, part, lambda share: progress(share * _WRITTEN))
            _flush(part)
            differences = exporter.verify(publication, part)
            if differences:
                raise ExportDiffers(path=target, reason="; ".join(differences[:5]), remedy="Please report this.")
            size = part.stat().st_size
            part.replace(target)
            _flush(target.parent)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error
    progress(1.0)
    return Saved(target, size, tuple(warnings))


def _flush(path: Path) -> None:
    """Makes a file, or the renaming in a folder, survive a power cut. Windows has no handle for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
