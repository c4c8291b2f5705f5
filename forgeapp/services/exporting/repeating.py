"""An export once more: where an artifact went the last time, and whether what stands there is still what it wrote."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.export_request import ExportRequest
from forgeapp.errors import ForgeError
from forgeapp.ledger.exports import ExportRow
from forgeapp.services.exporting.destinations import destination
from forgeapp.services.exporting.saving_files import files_in_the_way

_CLOCK_S: Final = 2.0
"""The coarsest times a file system keeps."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """`is_as_left`: nothing stands at the target, or what the export wrote, which nobody has touched since."""

    request: ExportRequest
    is_as_left: bool


def earlier_export(row: ExportRow, content: Content) -> Earlier | None:
    """`row`: one that ended well, of the artifact that holds `content` now.

    None where it cannot go there again: its folder has gone, or the content no longer goes into such a file. Asks the
    disk.
    """
    request, target = row.request, row.request.target
    if not os.path.isdir(target.parent):  # noqa: PTH112 - Path.is_dir raises where a folder above is locked
        return None
    try:
        if request.is_folder:
            return Earlier(request, _is_folder_as_left(row, content))
        destination(kind_of(content), content, target)
    except ForgeError:
        return None
    return Earlier(request, _is_as_left(row, [target]))


def _is_folder_as_left(row: ExportRow, content: Content) -> bool:
    """Also of files the code has got since nothing may stand there."""
    folder = row.request.target
    ours = [folder / name for name in row.files]
    in_the_way = files_in_the_way(content, folder) if isinstance(content, Code) else []
    return set(in_the_way) <= set(ours) and _is_as_left(row, ours)


def _is_as_left(row: ExportRow, files: Iterable[Path]) -> bool:
    there = [path for path in files if os.path.lexists(path)]
    if not there:
        return True
    try:
        found = [path.stat() for path in there]
        began = datetime.fromisoformat(row.started_at or row.created_at).timestamp()
        ended = datetime.fromisoformat(row.completed_at or row.created_at).timestamp()
    except (OSError, ValueError):
        return False
    if sum(each.st_size for each in found) != row.bytes:
        return False
    return all(began - _CLOCK_S <= each.st_mtime <= ended + _CLOCK_S for each in found)
