"""Boxes before a text, as task lists are drawn where there are none."""

from __future__ import annotations

import re
from dataclasses import replace

from forgeapp.domain.document import Inlines, Run

_BOX = re.compile(r"\s*([\u2610-\u2612\u25a1\u25fb])[\s\u00a0]+|\s*([\u2610-\u2612])$")


def task_of(inlines: Inlines) -> tuple[bool | None, Inlines]:
    """Whether a box before the text is ticked, and the text without it; (None, inlines) without a box."""
    lead, count = "", 0
    for inline in inlines:
        if not isinstance(inline, Run) or len(lead) > 4:
            break
        lead += inline.text
        count += 1
    match = _BOX.match(lead)
    if not match:
        return None, inlines
    last = inlines[count - 1]
    assert isinstance(last, Run)
    rest = lead[match.end() :]
    kept = last if len(rest) <= len(last.text) else Run("")
    first = (replace(kept, text=rest),) if rest else ()
    return (match[1] or match[2]) in "\u2611\u2612", (*first, *inlines[count:])
