"""How many tokens a text is: OpenAI's o200k_base encoding, from the rank file in `resources/tokens`, never the network.

Other models' tokenizers differ (Gemma's by 0.8 to 1.45); a correction per model is the caller's.
"""

from __future__ import annotations

import lzma
from base64 import b64decode
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from forgeapp.paths import resource

if TYPE_CHECKING:
    from tiktoken import Encoding

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
_loading = Lock()


def estimate(text: str) -> int:
    """Tokens of `text`. The first call loads the ranks (about 0.3 s); any thread may be the first.

    Long texts are counted in slices of 20,000 characters, which bounds what a text without spaces can cost and adds at
    most a token or two a slice.
    """
    with _loading:
        encoding = _encoding()
    return sum(
        len(encoding.encode_ordinary(text[start : start + _SLICE_CHARS])) for start in range(0, len(text), _SLICE_CHARS)
    )


@lru_cache(maxsize=1)
def _encoding() -> Encoding:
    from tiktoken import Encoding

    with lzma.open(resource("tokens", "o200k.xz")) as file:
        ranks = {b64decode(token): rank for rank, token in enumerate(file.read().split())}
    return Encoding("o200k_base", pat_str=_PATTERN, mergeable_ranks=ranks, special_tokens={})
