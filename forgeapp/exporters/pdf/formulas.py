"""Where a formula that is wider than its column may be broken: before a relation or a sum that nothing encloses."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}]|[^\\{}]", re.DOTALL)
_OPENING, _CLOSING = {"{", "\\left", "\\begin", "(", "["}, {"}", "\\right", "\\end", ")", "]"}
_RELATIONS = {"=", "<", ">", "\\le", "\\leq", "\\ge", "\\geq", "\\approx", "\\equiv", "\\Rightarrow", "\\to"}
_SIGNS = _RELATIONS | {"+", "-", "\\pm", "\\cdot", "\\times"}
_WHOLE = ("\\\\", "\\begin", "\\over", "\\tag", "\\color")
"""What rules over all that comes after or around it."""


def parts_of(tex: str) -> list[str]:
    """Parts that stand one below the other, each but the first beginning with its sign; [tex] where there are none."""
    if any(word in tex for word in _WHOLE):
        return [tex]
    return _broken(tex) or [tex]


def _broken(tex: str) -> list[str]:
    parts: list[str] = []
    depth = start = 0
    before = ""
    for match in _TOKEN.finditer(tex):
        token = match[0]
        if token in _OPENING:
            depth += 1
        elif token in _CLOSING:
            depth -= 1
        elif token in _SIGNS and depth == 0 and before not in ("", "^", "_", *_SIGNS):
            parts.append(tex[start : match.start()])
            start = match.start()
        if not token.isspace():
            before = token
    return [*parts, tex[start:]] if depth == 0 else []
