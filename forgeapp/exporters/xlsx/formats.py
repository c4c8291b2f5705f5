"""Number formats as XLSX files may hold them (ECMA-376 part 1, 18.8.31): Excel takes a file for damaged where it cannot
read one."""

from __future__ import annotations

import re
from functools import lru_cache

from forgeapp.domain.number_formats import fault_of

_PARTS = re.compile(
    r'"[^"]*"|\\.|\[[^\]]*\]|[_*].|General|AM/PM|A/P|[eE][+-]|(?P<code>[ymdhsYMDHS]+|[@#0?.,%/;:])|(?P<word>[^\W\d_]+)',
    re.DOTALL,
)
_UNWRITABLE = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@lru_cache(maxsize=1024)
def file_format(code: str | None) -> str | None:
    """The code with its words in quotes ('0 kg' -> '0 "kg"'); None, which is General, for one that cannot be read."""
    if code is None or code.casefold() == "general":
        return None
    if _UNWRITABLE.search(code) or fault_of(code):
        return None
    spelled = _PARTS.sub(lambda match: f'"{match[0]}"' if match["word"] else match[0], code)
    return None if fault_of(spelled) else spelled
