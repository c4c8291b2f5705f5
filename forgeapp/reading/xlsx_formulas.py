"""Formulas of an XLSX file as people write them: without the prefixes of newer functions, names put out in full."""

from __future__ import annotations

import re
from collections.abc import Mapping

from forgeapp.domain.formulas import Token, tokens

_PREFIX = re.compile(r"^(?:_xlfn\.|_xlws\.|_xlpm\.|_xludf\.|_xll\.)+", re.IGNORECASE)
_OTHER_BOOK = re.compile(r"\[\d{1,5}\]")


def written_formula(text: str, names: Mapping[str, str] | None = None) -> str:
    """'_xlfn.STDEV.S(A1:A3)' -> '=STDEV.S(A1:A3)'; ANCHORARRAY(A1) is A1#, SINGLE(A1) is @A1.

    `names`: what a workbook's names stand for, by their casefolded form; one that is used as such gives way to it.
    """
    formula = f"={text}"
    if not names and "_xl" not in text.casefold():
        return formula
    parts = tokens(formula)
    spelled: list[str] = ["="]
    closing: list[str | None] = []
    skips_next = False
    for index, part in enumerate(parts):
        if skips_next:
            skips_next = False
            continue
        if part.kind == "open":
            closing.append(None)
        elif part.kind == "close" and closing and (end := closing.pop()) is not None:
            spelled.append(end)
            continue
        elif part.kind == "name":
            name = _PREFIX.sub("", part.text)
            is_called = _text_at(parts, index + 1) == "("
            if is_called and name.upper() in ("ANCHORARRAY", "SINGLE"):
                is_anchor = name.upper() == "ANCHORARRAY"
                spelled += [] if is_anchor else ["@"]
                closing.append("#" if is_anchor else "")
                skips_next = True
                continue
            if names and not is_called and "!" not in (_text_at(parts, index - 1), _text_at(parts, index + 1)):
                name = names.get(name.casefold(), name)
            spelled.append(name)
            continue
        spelled.append(part.text)
    return "".join(spelled)


def refers_elsewhere(text: str) -> bool:
    """Whether a formula of a file refers to another file: '[1]Sheet1'!A1."""
    return "[" in text and bool(_OTHER_BOOK.search(text))


def names_a_table(formula: str) -> bool:
    """Whether it takes cells by the name of an Excel table: =SUM(Sales[Net])."""
    return "[" in formula and any(part.kind == "brackets" for part in tokens(formula))


def _text_at(parts: list[Token], index: int) -> str:
    return parts[index].text if 0 <= index < len(parts) else ""
