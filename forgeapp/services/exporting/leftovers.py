"""What a killed process leaves of an export: files found by the mark it has in the ledger, so that only ours go."""

from __future__ import annotations

import contextlib
import glob
import re
from pathlib import Path

from forgeapp.exporters.saving import place_of
from forgeapp.ledger.exports import ExportRow

_MARK = re.compile(r"[0-9a-f]{8,32}")


def remove_leftovers(row: ExportRow) -> None:
    """Removes what was written beside the target and has not taken its place. A folder that cannot be read is left."""
    if row.mark and _MARK.fullmatch(row.mark):
        with contextlib.suppress(OSError):
            for folder in _folders(row):
                for part in folder.glob(f".forgeapp-{row.mark}*.part*"):
                    part.unlink(missing_ok=True)


def _folders(row: ExportRow) -> list[Path]:
    """Where it may have written: code's files also into a folder beside the one they were to go to."""
    target = row.request.target
    if not row.request.is_folder:
        return [place_of(target).parent]
    beside = target.parent.glob(f"{glob.escape(target.name)} (*)") if row.request.gives_way else ()
    return [target, *beside]
