"""What stands where an export goes. It may be replaced so long as it is that, and nobody has written there since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class StandingFile:
    """`name`: its path within the folder, where several go into one, else its own.

    `digest`: SHA-256 of its bytes in hex, of one that an export wrote. '' of one that was only looked at: then its time
    has to tell whether it is still the same.
    """

    name: str
    size: int
    modified_ns: int
    digest: str = ""


Standing = tuple[StandingFile, ...]
"""() where nothing stands."""


def standing_to_json(standing: Iterable[StandingFile]) -> list[dict[str, Any]]:
    return [asdict(file) for file in standing]


def standing_from_json(data: Any) -> Standing:
    """What was stored earlier; what is none is left out, so that less may be replaced, never more."""
    listed = data if isinstance(data, list) else []
    return tuple(file for each in listed if (file := _file_from_json(each)) is not None)


def _file_from_json(data: Any) -> StandingFile | None:
    match data:
        case {"name": str(name), "size": int(size), "modified_ns": int(modified_ns), "digest": str(digest)}:
            return StandingFile(name, size, modified_ns, digest)
    return None
