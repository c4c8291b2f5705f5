"""One file on disk, all of it or nothing: written beside its target, flushed, opened again, compared, then renamed."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from forgeapp.domain.filenames import numbered
from forgeapp.domain.publication import Exporter, Progress, Publication, Share
from forgeapp.domain.standing import Standing, StandingFile
from forgeapp.domain.wording import Text
from forgeapp.errors import ExportDiffers, TargetChanged, TargetNotWritable
from forgeapp.exporters.standing import is_any_of, standing_at, written_file

_WRITTEN = 0.7
"""The share of the progress that writing takes; the rest is verification."""
_MAX_SUFFIX_CHARS = 16
_NAMED: Final = 5
"""So many differences stand in the message of an error; all of them in its `differences`."""
_MOST: Final = 200
_MOST_CHARS: Final = 500


@dataclass(frozen=True, slots=True)
class Placing:
    """How a file takes its place.

    `mark`: in its name until it is verified, see `part_name`. `keeps_differing`: differences are told, and it is kept.
    `may_replace`: only these files, the name of a single one is of no account; None: whatever stands there when writing
    begins. `gives_way`: where anything else stands there it goes beside it, under the next free name.
    """

    mark: str = ""
    keeps_differing: bool = False
    may_replace: Standing | None = None
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that stands at its place. `warnings`: what the user should know of it.

    `file`: by what it is known again. `differences`: what it does not hold as it should, where it was to be kept all
    the same.
    """

    path: Path
    file: StandingFile
    warnings: tuple[str, ...]
    differences: tuple[str, ...] = ()

    @property
    def bytes(self) -> int:
        return self.file.size


AS_USUAL: Final = Placing()


def save(
    exporter: Exporter, publication: Publication, target: Path, progress: Progress, placing: Placing = AS_USUAL
) -> Saved:
    """Writes, verifies and renames; a failure at any point leaves what stood at `target` as it was.

    A link at `target` stays one, and leads to the new file. `Saved.path` is another one where it gave way. Raises
    ExportDiffers, UnsafeContent, TargetNotWritable; TargetChanged where something else stands at `target` than may be
    replaced.
    """
    place = place_of(target)
    may_replace = standing_at(place) if placing.may_replace is None else placing.may_replace
    if not placing.gives_way and not is_any_of(place, may_replace):
        # It is looked at again in the end; until then the work would be in vain.
        raise TargetChanged(path=place)
    part = place.with_name(part_name(target, placing.mark or secrets.token_hex(8)))
    try:
        saved = write_part(exporter, publication, target, part, progress, placing.keeps_differing)
        if not placing.gives_way:
            take_place(part, place, may_replace)
        # A link that leads nowhere is somebody's, too.
        elif (is_link(target) and not os.path.lexists(place)) or not _has_taken_place(part, place, may_replace):
            saved = _beside(part, target, place.parent, saved)
    finally:
        remove_part(part)
    progress(1.0)
    return saved


def take_place(part: Path, place: Path, may_replace: Standing) -> None:
    """Raises TargetChanged where anything else stands there, TargetNotWritable."""
    if not _has_taken_place(part, place, may_replace):
        raise TargetChanged(path=place)


def _has_taken_place(part: Path, place: Path, may_replace: Standing) -> bool:
    if not os.path.lexists(place):
        return _put_new(part, place)
    if not is_any_of(place, may_replace):
        return False
    _put(part, place)
    return True


def _beside(part: Path, target: Path, folder: Path, saved: Saved) -> Saved:
    """`folder`: where the part is, which may lie on another disk than a link to it."""
    names = numbered(target.stem, target.suffix)
    next(names)
    free = next(other for name in names if _put_new(part, other := folder / name))
    told = Text(
        "export_beside",
        "{name} is not as the last export left it, and stays as it is: this file stands beside it.",
        name=target.name,
    )
    return Saved(free, replace(saved.file, name=free.name), (*saved.warnings, told), saved.differences)


def place_of(target: Path) -> Path:
    """Where the file itself stands, should `target` be a link to it."""
    return Path(os.path.realpath(target)) if is_link(target) else target


def is_link(target: Path) -> bool:
    return os.path.islink(target)  # noqa: PTH114 - Path.is_symlink raises for a name that is too long


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
        return Saved(target, written_file(part, target.name), (*publication.warnings, *warnings), differences)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error


def _put(part: Path, target: Path) -> None:
    """A verified file takes its place over what stands there, with its permissions. Raises TargetNotWritable."""
    # Most often there was nothing, and not every file system has permissions.
    with contextlib.suppress(OSError):
        shutil.copymode(target, part)
    try:
        part.replace(target)
    except OSError as error:
        raise TargetNotWritable(path=target, reason=error.strerror or str(error)) from error
    _flush_folder(target.parent)


def _put_new(part: Path, target: Path) -> bool:
    """A verified file takes a place where nothing stands; False where anything does, be it since this moment.

    Raises TargetNotWritable.
    """
    try:
        if os.name == "nt":
            part.rename(target)
        else:
            # Renaming would replace.
            target.hardlink_to(part)
    except FileExistsError:
        return False
    except OSError:
        # A file system without links, such as that of many a memory stick: what is in the way is looked for first.
        if os.path.lexists(target):
            return False
        _put(part, target)
        return True
    _flush_folder(target.parent)
    return True


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


def _flush_folder(folder: Path) -> None:
    """The file stands. Folders on a network, or those that may not be listed, cannot be flushed."""
    with contextlib.suppress(OSError):
        _flush(folder)


def _flush(path: Path) -> None:
    """Makes a file, or the renaming in a folder, survive a power cut. Windows has no handle for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
