"""Where exports go: the format a name asks for, whether anything can stand there, and names to propose."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forgeapp.domain.artifact import CONVERSATION_FORMATS, FORMATS, Format, Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, formats_of
from forgeapp.domain.filenames import numbered, safe_name
from forgeapp.domain.standing import Standing
from forgeapp.errors import NameTooLong, TargetNotWritable, UnsupportedFormat, UsageError
from forgeapp.exporters.saving import place_of
from forgeapp.exporters.standing import standing_at

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion

_WRITABLE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def proposed_path(version: StoredVersion, file_format: Format | None, folder: Path) -> Path:
    """A free, safe name in `folder` for a version, in this format or the usual one of what it holds."""
    extension = (file_format or formats_of(version.content)[0]).value
    stem, _, ending = safe_name(f"{version.title}.{extension}", "artifact").rpartition(".")
    return next(path for name in numbered(stem, f".{ending}") if not os.path.lexists(path := folder / name))


def standing_at_target(target: Path) -> Standing:
    """What an export to this file may replace, should that be agreed to now. Asks the disk."""
    return standing_at(place_of(target), target.name)


def destination(kind: Kind, content: Content | None, target: Path) -> tuple[Format | None, CodeFile | None]:
    """The format an extension names, or the code artifact's own file that `target` is named after.

    Of several files one that ends like a format (index.html, package.json) is meant only where it is named.
    `content` None asks before there is one. Raises UnsupportedFormat; UsageError where several files could be meant.
    """
    extension = target.suffix.lstrip(".").casefold()
    if isinstance(content, Code):
        alike = [file for file in content.files if Path(file.name).suffix.lstrip(".").casefold() == extension]
        named = [file for file in alike if Path(file.name).name.casefold() == target.name.casefold()]
        if not named and (len(content.files) == 1 or Format.named(extension) not in FORMATS[kind]):
            named = alike
        if len(named) == 1:
            return None, named[0]
        if named:
            names = ", ".join(file.name for file in named)
            raise UsageError(reason=f"The artifact has several such files ({names}): name one of them, or use .zip.")
    elif content is None and kind is Kind.CODE:
        return None, None
    formats = FORMATS[kind]
    named_format = Format.named(extension)
    if named_format is None or named_format not in formats:
        raise UnsupportedFormat(
            kind=kind.value,
            format=extension or "a file without an extension",
            formats=", ".join(item.value for item in formats),
        )
    return named_format, None


def conversation_format(target: Path) -> Format:
    """The format an extension names for a whole conversation. Raises UnsupportedFormat."""
    extension = target.suffix.lstrip(".").casefold()
    named = Format.named(extension)
    if named is None or named not in CONVERSATION_FORMATS:
        raise UnsupportedFormat(
            kind="conversation",
            format=extension or "a file without an extension",
            formats=", ".join(item.value for item in CONVERSATION_FORMATS),
        )
    return named


def check_place(target: Path) -> None:
    """Raises TargetNotWritable for a place no file can stand at, NameTooLong among them."""
    try:
        if not stat.S_ISDIR(target.parent.stat().st_mode):
            raise TargetNotWritable(path=target, reason="its folder is a file")
        mode = target.stat().st_mode
        if stat.S_ISDIR(mode):
            raise TargetNotWritable(path=target, reason="it is a folder")
        if not stat.S_ISREG(mode):
            raise TargetNotWritable(path=target, reason="what stands there is no file")
        if not mode & _WRITABLE:
            # A file can be renamed over it all the same: whoever protected it did not mean that.
            raise TargetNotWritable(path=target, reason="it is write-protected")
    except FileNotFoundError:
        if not target.parent.exists():
            raise TargetNotWritable(path=target, reason="its folder does not exist") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:
            raise NameTooLong(path=target) from error
        reason = error.strerror if isinstance(error, OSError) else None
        raise TargetNotWritable(path=target, reason=reason or str(error)) from error
