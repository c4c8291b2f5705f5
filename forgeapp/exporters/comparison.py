"""What differs between the parts that were to be written and those a file holds, in words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, zip_longest

MAX_SHOWN_CHARS = 60
MAX_COMPARED = 500_000
_SPACES = re.compile(r"\s+")

Part = tuple[str, int, str]
"""What it is, how deep in lists and quotes it stands, and what it says."""


def differences_of(wanted: Iterable[Part], found: Iterable[Part], name: Callable[[str], str]) -> Iterator[str]:
    """What is missing and what was added, each with how often; else where the order begins to differ.

    Linear. Of what is equal nothing is held; from the first difference on so many parts are compared.
    """
    left, right = iter(wanted), iter(found)
    for one, other in zip_longest(left, right):
        if one != other:
            yield from _told(_some(one, left), _some(other, right), name)
            return


def _some(first: Part | None, rest: Iterator[Part]) -> list[Part]:
    return [] if first is None else [first, *islice(rest, MAX_COMPARED)]


def _told(wanted: Sequence[Part], found: Sequence[Part], name: Callable[[str], str]) -> Iterator[str]:
    missing, more = Counter(wanted) - Counter(found), Counter(found) - Counter(wanted)
    for (kind, _, text), count in missing.items():
        yield f"the {name(kind)} '{shortened(text)}' is missing or changed" + (f" ({count} times)" if count > 1 else "")
    for kind, _, text in more:
        yield f"the {name(kind)} '{shortened(text)}' is not in the original"
    if not missing and not more:
        place = next(index for index, (one, other) in enumerate(zip(wanted, found, strict=True)) if one != other)
        kind, _, text = wanted[place]
        yield f"the order differs from the {name(kind)} '{shortened(text)}' on"


def shortened(text: str) -> str:
    text = _SPACES.sub(" ", text).strip()
    return text if len(text) <= MAX_SHOWN_CHARS else text[: MAX_SHOWN_CHARS - 1] + "…"
