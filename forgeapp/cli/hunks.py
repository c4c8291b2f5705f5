"""The hunks of a comparison as lines: where, what stood there, what stands there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forgeapp.services.comparing import Hunk


def hunk_lines(hunks: Iterable[Hunk]) -> Iterator[str]:
    """Every line of a text of several has its mark; a text that is not there has none."""
    for hunk in hunks:
        yield f"{hunk.where}:"
        yield from (f"- {line}" for line in hunk.before.splitlines())
        yield from (f"+ {line}" for line in hunk.after.splitlines())
