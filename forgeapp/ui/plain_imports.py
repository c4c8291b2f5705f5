"""Imports without PySide's look into each module.

PySide reads the source of each module that is imported after it, to learn whether it asks for names in snake case. None
of ours does; the reading took about a fifth of importing the services and reading the first page.
"""

from __future__ import annotations

import builtins


def restore_import() -> None:
    """Puts back the import PySide has kept aside. Call it once PySide6 is imported."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
