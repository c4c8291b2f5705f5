"""Text that every file and protocol can hold."""

from __future__ import annotations


def without_surrogates(text: str) -> str:
    """Pairs of surrogates joined to the character they mean, lone ones replaced by U+FFFD, as UTF-8 requires."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
