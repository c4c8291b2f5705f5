"""What is a formula, told from text that merely begins with '='."""

from __future__ import annotations

import re

from forgeapp.domain.workbook import MAX_FORMULA_CHARS

_REFERS = re.compile(
    r"\$?[A-Za-z]{1,3}\$?[1-9][0-9]{0,6}(?![\w(])"  # B2, $B$2
    r"|[\w.]+\("  # SUM(
    r"|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}\b"  # B:B
    r"|!"
    r"|\w+\[",  # Costs[Amount]
)
_ARITHMETIC = re.compile(r"=[-+(\s]*[\d.,]+%?(?:[\s)]*[-+*/^&][\s(]*[\d.,]+%?)*[\s)]*")
_SHEET = re.compile(r"'((?:[^']|''){1,80})'!|([^\W\d][\w.]{0,40})!")
_WRAPPED = re.compile(r"(\*\*\*|\*\*|\*|__|_|``|`|~~|\"|“)(=.+?)(?:\1|”)", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~$&=])")


def is_formula(text: str) -> bool:
    """Whether `text` is a formula: begins with '=', refers to something or calculates, its brackets close."""
    if not text.startswith("=") or len(text) < 2 or len(text) > MAX_FORMULA_CHARS or text[1] in "=>~":
        return False
    if "\n" in text.strip():
        return False
    return bool(_REFERS.search(text) or _ARITHMETIC.fullmatch(text)) and _closes(text)


def _closes(text: str) -> bool:
    depth, quoted = 0, False
    for character in text:
        if character == '"':
            quoted = not quoted
        elif not quoted and character in "({":
            depth += 1
        elif not quoted and character in ")}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0 and not quoted


def unwrapped_formula(cell: str) -> str | None:
    """The formula in a Markdown cell, bold, backticks and escapes taken off: '**`=B2\\*C2`**' -> '=B2*C2'."""
    text = cell.strip()
    if "=" not in text[:8] or len(text) > MAX_FORMULA_CHARS + 16:
        return None
    was_code = False
    while match := _WRAPPED.fullmatch(text):
        was_code = was_code or match[1].startswith("`")
        text = match[2].strip() if not match[2].startswith(("`", "*")) else match[2]
    for mark in ("**", "*", "`"):
        if text.startswith(mark) and text.endswith(mark) and len(text) > 2 * len(mark):
            inner = text.removeprefix(mark).removesuffix(mark).strip()
            return unwrapped_formula(inner) if len(inner) < len(text) else None
    if not text.startswith("="):
        return None
    if not was_code:
        text = _ESCAPED.sub(r"\1", text)
        if "&" in text and ";" in text:
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    else:
        text = text.replace("\\|", "|")
    return text if is_formula(text) else None


def sheets_named(formula: str) -> list[str]:
    """The sheets a formula refers to: "='Guest List'!B6+Rent!B2" -> ['Guest List', 'Rent']."""
    return [(match[1] or "").replace("''", "'") or match[2] for match in _SHEET.finditer(formula)]
