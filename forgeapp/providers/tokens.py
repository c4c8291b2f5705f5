"""How many tokens a text is: OpenAI's o200k_base encoding, from the rank file in `resources/tokens`, never the network.

Counted here rather than by tiktoken: that holds Python, and with it the window, for more than a tenth of a second while
it takes the ranks in, and keeps more memory. A long text takes about five times as long as with tiktoken.

Other models' tokenizers differ (Gemma's by 0.8 to 1.45); a correction per model is the caller's.

Pictures are counted as Anthropic documents it: each vendor has a rule of its own, and theirs lies in between.
"""

from __future__ import annotations

import lzma
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import lru_cache
from heapq import heapify, heappop, heappush
from math import ceil
from threading import Lock
from typing import Any, Final

from forgeapp.domain.chat import Picture
from forgeapp.paths import resource
from forgeapp.providers.picture_size import size_of

# o200k_base, as in tiktoken_ext/openai_public.py (MIT).
_PATTERN: Final = "|".join(
    (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n/]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_SLICE_CHARS: Final = 20_000
_MAX_PIECES: Final = 20_000
# https://docs.claude.com/en/docs/build-with-claude/vision: what is larger is made smaller before it is looked at.
_LONGEST_SIDE: Final = 1_568
_PIXELS_A_TOKEN: Final = 750
_MOST_A_PICTURE: Final = 1_600
_loading = Lock()


def estimate(text: str) -> int:
    """Tokens of `text`. The first call loads the ranks (about 0.3 s); any thread may be the first.

    Long texts are counted in slices of 20,000 characters, which bounds what a text without spaces can cost and adds at
    most a token or two a slice.
    """
    with _loading:
        split, count = _split(), _counter()
    return sum(
        count(piece)
        for start in range(0, len(text), _SLICE_CHARS)
        for piece in split.findall(text[start : start + _SLICE_CHARS])
    )


def estimate_picture(picture: Picture) -> int:
    """Tokens a model makes of a picture: a token for 750 pixels, 1,600 at most, and where its size cannot be read."""
    size = size_of(picture.data)
    if size is None:
        return _MOST_A_PICTURE
    scale = min(1.0, _LONGEST_SIDE / max(size))
    pixels = size[0] * scale * size[1] * scale
    return min(ceil(pixels / _PIXELS_A_TOKEN), _MOST_A_PICTURE)


@lru_cache(maxsize=1)
def _split() -> Any:
    import regex  # type: ignore[import-untyped]

    return regex.compile(_PATTERN)


@lru_cache(maxsize=1)
def _counter() -> Callable[[str], int]:
    with lzma.open(resource("tokens", "o200k.xz")) as file:
        ranks = {b64decode(token): rank for rank, token in enumerate(file)}

    @lru_cache(maxsize=_MAX_PIECES)
    def count(piece: str) -> int:
        letters = piece.encode("utf-8", "replace")
        return 1 if letters in ranks else count_merged(letters, ranks)

    return count


def count_merged(letters: bytes, ranks: Mapping[bytes, int]) -> int:
    """Tokens left when the neighbours of the lowest rank are merged, leftmost first, as long as there are any.

    Takes n log n steps for n bytes.
    """
    size = count = len(letters)
    # A part is known by where it starts; `ends` is 0 for one that went into the part before it.
    ends = list(range(1, size + 1))
    starts_before = list(range(-1, size))
    pairs = [
        (rank, start, start + 2)
        for start in range(size - 1)
        if (rank := ranks.get(letters[start : start + 2])) is not None
    ]
    heapify(pairs)
    while pairs:
        _, start, end = heappop(pairs)
        middle = ends[start]
        if not 0 < middle < size or ends[middle] != end:
            continue
        ends[start], ends[middle] = end, 0
        starts_before[end] = start
        count -= 1
        before = starts_before[start]
        if end < size and (rank := ranks.get(letters[start : ends[end]])) is not None:
            heappush(pairs, (rank, start, ends[end]))
        if before >= 0 and (rank := ranks.get(letters[before:end])) is not None:
            heappush(pairs, (rank, before, end))
    return count
