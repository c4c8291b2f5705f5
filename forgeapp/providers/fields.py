"""Fields of untrusted JSON, taken out without trusting that they are there or what they are."""

from __future__ import annotations

from typing import Final

from forgeapp.providers.base import Json

_MAX_COUNT: Final = 1 << 53


def inner(value: Json, name: str) -> dict[str, Json]:
    """The object of that name, {} where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def words(value: Json, name: str) -> str:
    """The text of that name, '' where there is none."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def count(value: Json, name: str) -> int | None:
    """The count of that name, None for what is none; a float is cut to a whole number."""
    found = value.get(name) if isinstance(value, dict) else None
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not 0 <= found <= _MAX_COUNT:
        return None
    return int(found)
