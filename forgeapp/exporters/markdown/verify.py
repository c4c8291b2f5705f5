"""A Markdown file read again and compared with the blocks it was written from."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from forgeapp.domain.document import Block
from forgeapp.exporters.comparison import differences_of
from forgeapp.exporters.markdown.found import found_parts
from forgeapp.exporters.markdown.wanted import Wanted

MAX_DIFFERENCES: Final = 20
_NAMES: Final = {"bold": "bold text", "italic": "italic text", "strike": "struck text", "code": "code in text"}


def differences(blocks: Iterable[Block], text: str) -> list[str]:
    """At most MAX_DIFFERENCES; [] for none."""
    told = differences_of(Wanted(tuple(blocks)).parts(), found_parts(text), lambda kind: _NAMES.get(kind, kind))
    return list(islice(told, MAX_DIFFERENCES))
