"""Changes in words: where each is, what it does, and what was decided on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.services.comparing import Hunk

_TOLD_CHARS: Final = 120
_LINES: Final = re.compile(r"(?:(?P<file>.*) )?lines? (?P<numbers>\d+(?:-\d+)?)", re.DOTALL)
_SPANS: Final = re.compile(
    r"(?:(?P<sheet>.*)!)?(?P<what>rows?|columns?) (?P<numbers>[A-Z\d]+(?:-[A-Z\d]+)?)(?: \"(?P<name>.*)\")?", re.DOTALL
)
_NAMED: Final = re.compile(r"(?P<what>sheet|file) \"(?P<name>.*)\"", re.DOTALL)
_ORDER: Final = re.compile(r"sheet \"(?P<sheet>.*)\" (?P<what>order of the (?:rows|columns))", re.DOTALL)
_TOLD_OF: Final = re.compile(r"(?P<where>.+) (?P<what>moved|width|format|header|freeze|language)", re.DOTALL)


def where_text(where: str) -> str:
    """'lines 3-5' as 'Lines 3–5', 'row 4' as 'Row 4', 'sheet "Year" freeze' as 'Sheet Year · frozen part'."""
    if found := _TOLD_OF.fullmatch(where):
        aspects = {
            "moved": tr("moved"),
            "width": tr("width"),
            "format": tr("number format"),
            "header": tr("header row"),
            "freeze": tr("frozen part"),
            "language": tr("language"),
        }
        return f"{where_text(found['where'])} · {aspects[found['what']]}"
    if found := _LINES.fullmatch(where):
        numbers = found["numbers"].replace("-", "–")
        words = tr("Lines {numbers}", numbers=numbers) if "–" in numbers else tr("Line {numbers}", numbers=numbers)
        return f"{found['file']} · {words}" if found["file"] else words
    if found := _SPANS.fullmatch(where):
        parts = (found["sheet"], _span_text(found["what"], found["numbers"].replace("-", "–")), found["name"])
        return " · ".join(part for part in parts if part)
    if found := _ORDER.fullmatch(where):
        return f"{found['sheet']} · {_fixed()[found['what']]}"
    if found := _NAMED.fullmatch(where):
        is_sheet = found["what"] == "sheet"
        return tr("Sheet {name}", name=found["name"]) if is_sheet else tr("File {name}", name=found["name"])
    return _fixed().get(where, where)


def _span_text(what: str, numbers: str) -> str:
    match what:
        case "row":
            return tr("Row {numbers}", numbers=numbers)
        case "rows":
            return tr("Rows {numbers}", numbers=numbers)
        case "column":
            return tr("Column {numbers}", numbers=numbers)
        case _:
            return tr("Columns {numbers}", numbers=numbers)


def _fixed() -> dict[str, str]:
    return {
        "title": tr("Title"),
        "kind": tr("Kind"),
        "picture": tr("Picture"),
        "description": tr("Description"),
        "order of the files": tr("Order of the files"),
        "order of the sheets": tr("Order of the sheets"),
        "order of the rows": tr("Order of the rows"),
        "order of the columns": tr("Order of the columns"),
    }


def texts_of(hunk: Hunk) -> tuple[str, str]:
    """What it was and what it becomes, '' for nothing."""
    if hunk.where.endswith(" moved"):
        return where_text(hunk.before), where_text(hunk.after)
    return hunk.before, hunk.after


def told(hunk: Hunk) -> str:
    """A hunk for who cannot see it: 'Line 3: removed ..., added ...'."""
    where, (before, after) = where_text(hunk.where), map(one_line, texts_of(hunk))
    if before and after:
        return tr("{where}: {before} becomes {after}", where=where, before=before, after=after)
    if after:
        return tr("{where}: {words} added", where=where, words=after)
    return tr("{where}: {words} removed", where=where, words=before)


def decided_text(is_taken: bool) -> str:
    return tr("Accepted") if is_taken else tr("Rejected")


def count_text(count: int) -> str:
    return tr("1 change") if count == 1 else tr("{count} changes", count=number_text(count))


def one_line(text: str, most: int = _TOLD_CHARS) -> str:
    """The beginning of a text on one line; a text of blanks as it is."""
    flat = " ".join(text[: 4 * most].split()) or text[:1].strip("\n")
    return flat if len(flat) <= most and len(text) <= 4 * most else f"{flat[: most - 1]}…"
