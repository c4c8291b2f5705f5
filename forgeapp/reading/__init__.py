"""A model's reply or a file in, artifacts out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from forgeapp.reading.interpretation import Reading
    from forgeapp.reading.reader import Reader

__all__ = ["Reader", "Reading"]

_HOMES = {"Reader": "forgeapp.reading.reader", "Reading": "forgeapp.reading.interpretation"}


def __getattr__(name: str) -> object:
    """Imported when asked for: Markdown alone is parsed without either, and the window starts with Markdown."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
