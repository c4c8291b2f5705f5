"""Lists of words as columns hold them: JSON, read with care, for the file may have been changed by others."""

from __future__ import annotations

import json


def read_words(text: str) -> tuple[str, ...]:
    """A JSON list of texts; () for anything else."""
    try:
        words = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    return tuple(word for word in words if isinstance(word, str)) if isinstance(words, list) else ()
