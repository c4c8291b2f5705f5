"""Python's own import in place of PySide's.

PySide reads the source of each module that is imported after it, to learn whether it asks for names in snake case. None
of ours does, and half the time of starting went into that reading.
"""

from __future__ import annotations

import builtins


def restore_import() -> None:
    """Call it once PySide6 is imported; where PySide has put nothing in the way there is nothing to do."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
