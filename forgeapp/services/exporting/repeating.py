"""An export once more: where an artifact went the last time, and what that has left there."""

from __future__ import annotations

import os
from dataclasses import replace

from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.export_request import ExportRequest
from forgeapp.errors import ForgeError
from forgeapp.ledger.exports import ExportRow
from forgeapp.services.exporting.destinations import destination


def earlier_export(row: ExportRow, content: Content) -> ExportRequest | None:
    """`row`: one that ended well, of the artifact that holds `content` now.

    What it asks for replaces what that export left there, and nothing else: it gives way. None where it cannot go there
    again: its folder has gone, or the content no longer goes into such a file. Asks the disk.
    """
    request, target = row.request, row.request.target
    if not _is_folder(target.parent):
        return None
    if request.is_folder:
        if os.path.lexists(target) and not _is_folder(target):
            return None
    else:
        try:
            destination(kind_of(content), content, target)
        except ForgeError:
            return None
    return replace(request, may_replace=request.may_replace or (), gives_way=True)


def _is_folder(path: os.PathLike[str]) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir raises where a folder above is locked
