"""One file on disk, all of it or nothing: written beside its target, flushed, opened again, compared, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forgeapp.domain.publication import Exporter, Progress, Publication, Share
from forgeapp.errors import ExportDiffers, TargetChanged, TargetNotWritable

_WRITTEN = 0.7
"""The share of the progress that writing takes; the rest is verification."""
_MAX_SUFFIX_CHARS = 16
_NAMED: Final = 5
"""So many differences stand in the message of an error; all of them in its `differences`."""
_MOST: Final = 200
_MOST_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that stands at its place. `warnings`: what the user should know of it.

    `differences`: what it does not hold as it should, where it was to be kept all the same.
    """

    path: Path
    bytes: int
    warnings: tuple[str, ...]
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """What stands at a place, so far as it tells whether somebody has written there since."""

    facts: tuple[int, int, int] | None

    @classmethod
    def of(cls, place: Path) -> State:
        try:
            found = place.stat()
        except OSError:
            return cls(None)
        return cls((found.st_ino, found.st_size, found.st_mtime_ns))

    def check(self, place: Path) -> None:
        """Raises TargetChanged where something else stands there now; what was removed meanwhile is in nobody's way."""
        now = State.of(place)
        if now.facts is not None and now != self:
            raise TargetChanged(path=place)


def save(
    exporter: Exporter,
    publication: Publication,
    target: Path,
    progress: Progress,
    mark: str = "",
    keeps_differing: bool = False,
) -> Saved:
    """Writes, verifies and renames; a failure at any point leaves what stood at `target` as it was.

    A link at `target` stays one, and leads to the new file. `mark`: in the name of the file until it is verified, see
    `part_name`. `keeps_differing`: differences are told, and the file is kept. Raises ExportDiffers, UnsafeContent,
    TargetNotWritable; TargetChanged where somebody wrote to `target` meanwhile.
    """
    place = place_of(target)
    stood = State.of(place)
    part = place.with_name(part_name(target, mark or secrets.token_hex(8)))
    try:
        saved = write_part(exporter, publication, target, part, progress, keeps_differing)
        stood.check(place)
        put(part, place)
    finally:
        remove_part(part)
    progress(1.0)
    return saved


def place_of(target: Path) -> Path:
    """Where the file itself stands, should `target` be a link to it."""
    is_link = os.path.islink(target)  # noqa: PTH114 - Path.is_symlink raises for a name that is too long
    return Path(os.path.realpath(target)) if is_link else target


def part_name(target: Path, mark: str) -> str:
    """What a file is called before it takes its place. It is written beside it, so that renaming moves no bytes.

    Of its own name only the extension is kept: some readers refuse a file without it, and file names are bounded in
    bytes.
    """
    return f".forgeapp-{mark}.part{target.suffix[:_MAX_SUFFIX_CHARS]}"


def write_part(
    exporter: Exporter,
    publication: Publication,
    target: Path,
    part: Path,
    progress: Progress,
    keeps_differing: bool = False,
) -> Saved:
    """Writes and verifies `part`, which is to become `target`; removing it is the caller's. Raises as `save`."""
    try:
        warnings = exporter.write(publication, part, lambda share: progress(share * _WRITTEN))
        _flush(part)
        progress(Share(_WRITTEN, "check"))
        differences = _bounded(exporter.verify(publication, part))
        if differences and not keeps_differing:
            raise ExportDiffers(path=target, reason=_in_words(differences), differences=differences)
        return Saved(target, part.stat().st_size, (*publication.warnings, *warnings), differences)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error


def put(part: Path, target: Path) -> None:
    """A verified file takes its place, with the permissions of what stood there. Raises TargetNotWritable."""
    # Most often there was nothing, and not every file system has permissions.
    with contextlib.suppress(OSError):
        shutil.copymode(target, part)
    try:
        part.replace(target)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error
    # The file stands. Folders on a network, or those that may not be listed, cannot be flushed.
    with contextlib.suppress(OSError):
        _flush(target.parent)


def remove_part(part: Path) -> None:
    """Where the disk does not let it go, what made the export fail is what the user is to hear of."""
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _bounded(differences: list[str]) -> tuple[str, ...]:
    kept = [text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…" for text in differences[:_MOST]]
    if len(differences) > _MOST:
        kept.append(f"and {len(differences) - _MOST:,} more")
    return tuple(kept)


def _in_words(differences: tuple[str, ...]) -> str:
    more = len(differences) - _NAMED
    return "; ".join(differences[:_NAMED]) + (f"; and {more} more" if more > 0 else "")


def _flush(path: Path) -> None:
    """Makes a file, or the renaming in a folder, survive a power cut. Windows has no handle for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
