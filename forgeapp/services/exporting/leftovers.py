"""Files that a killed process was writing: found by the mark its export has in the ledger, so that only ours go."""

from __future__ import annotations

import contextlib
import re

from forgeapp.exporters.saving import place_of
from forgeapp.ledger.exports import ExportRow

_MARK = re.compile(r"[0-9a-f]{8,32}")


def remove_leftovers(*rows: ExportRow) -> None:
    """Removes what was written beside the targets and has not taken its place. A folder that cannot be read is left."""
    for row in rows:
        if row.mark and _MARK.fullmatch(row.mark):
            folder = row.request.target if row.request.is_folder else place_of(row.request.target).parent
            with contextlib.suppress(OSError):
                for part in folder.glob(f".forgeapp-{row.mark}*.part*"):
                    part.unlink(missing_ok=True)
