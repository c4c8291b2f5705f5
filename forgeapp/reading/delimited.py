"""CSV and TSV as models and people write it: the delimiter found, quotes and unquoted formulas understood."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

MAX_COLUMNS = 16_384
DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"')


@dataclass(frozen=True, slots=True)
class Delimited:
    """Rows ragged as written, blank lines as (). `closed` is False where a quote never ends.

    `is_cut`: something stands beyond MAX_COLUMNS, and is left out.
    """

    rows: tuple[tuple[str, ...], ...]
    delimiter: str
    closed: bool
    is_cut: bool


def read_delimited(text: str, delimiter: str | None = None, *, strip: bool = True) -> Delimited:
    """The rows of `text`; `strip` takes the space around unquoted fields off."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    first, newline, rest = text.partition("\n")
    if match := _SEPARATOR_LINE.fullmatch(first):
        delimiter, text = match[1], rest
    elif newline and _SEPARATOR_LINE.fullmatch(first.strip('"')):
        delimiter, text = first.strip('"')[4], rest
    return _Fields(text, delimiter or find_delimiter(text), strip).read()


def find_delimiter(text: str) -> str:
    """The mark that splits most lines into equally many fields; ',' where none does."""
    lines = [_QUOTED.sub('""', line) for line in text[:60_000].split("\n")[:200] if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=lambda count: (counts.count(count), count), default=0)
        head = counts[0] if counts else 0
        common = max(usual, head)
        if common == 0:
            continue
        agreeing = sum(count == common for count in counts) / len(counts)
        covered = sum(count > 0 for count in counts) / len(counts)
        score = agreeing + covered + min(common, 8) * 0.01 + (0.3 if counts and counts[0] == common else 0)
        if delimiter == "\t":
            score += 0.2
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    return best


def looks_delimited(text: str) -> bool:
    """Whether untagged text is CSV or TSV: two lines or more, all with the same number of marks."""
    lines = [line for line in text[:20_000].split("\n") if line.strip()]
    if len(lines) < 2 or any(len(line) > 4_000 for line in lines):
        return False
    rows = [row for row in read_delimited("\n".join(lines)).rows if row]
    widths = {len(row) for row in rows}
    return len(widths) == 1 and widths != {1} and not any(line.rstrip().endswith(("{", ";", ":")) for line in lines)


class _Fields:
    def __init__(self, text: str, delimiter: str, strip: bool) -> None:
        self._text = text
        self._delimiter = delimiter
        self._strip = strip
        self._closed = True
        self._is_cut = False
        self._last_quote = text.rfind('"')
        self._known_end = -1
        self._unclosed_line = -1
        is_usual = delimiter in DELIMITERS
        self._suspect = (' "', " =", f"{delimiter}=", "\0")
        self._unplain = re.compile(rf'(?:^|{re.escape(delimiter)})(?: *=| +")|\0') if is_usual else None

    def read(self) -> Delimited:
        text, at = self._text, 0
        rows: list[tuple[str, ...]] = []
        while at < len(text):
            line_end = self._line_end(at)
            if not text[at:line_end].strip():
                rows.append(())
                at = line_end + 1
                continue
            plain = self._plain_fields(text[at:line_end])
            if plain is not None:
                self._is_cut = self._is_cut or any(plain[MAX_COLUMNS:])
                rows.append(tuple(plain[:MAX_COLUMNS]))
                at = line_end + 1
                continue
            row: list[str] = []
            while True:
                value, at = self._field(at)
                if len(row) < MAX_COLUMNS:
                    row.append(value)
                elif value:
                    self._is_cut = True
                if at >= len(text) or text[at] == "\n":
                    break
                at += 1
            rows.append(tuple(row))
            at += 1
        while rows and not rows[-1]:
            rows.pop()
        return Delimited(tuple(rows), self._delimiter, self._closed, self._is_cut)

    def _plain_fields(self, line: str) -> list[str] | None:
        """The fields of a line without formulas whose quotes are in order: most lines are such, and are read in C.

        None for any other line.
        """
        if self._unplain is None:
            return None
        if '"' not in line and "=" not in line:
            fields = line.split(self._delimiter)
            return [field.strip() for field in fields] if self._strip else fields
        is_suspect = line[0] == "=" or any(mark in line for mark in self._suspect)
        if self._strip or (is_suspect and self._unplain.search(line)):
            return None
        try:
            return next(csv.reader((line,), delimiter=self._delimiter, strict=True))
        except csv.Error:
            return None

    def _line_end(self, at: int) -> int:
        if self._known_end < at:
            end = self._text.find("\n", at)
            self._known_end = len(self._text) if end < 0 else end
        return self._known_end

    def _field(self, at: int) -> tuple[str, int]:
        """A field and the position of the delimiter or line end after it."""
        text = self._text
        start = at
        while start < len(text) and text[start] == " ":
            start += 1
        if text[start : start + 1] == '"' and (quoted := self._quoted(start + 1)):
            return quoted
        line_end = self._line_end(at)
        if text.startswith("=", start) and self._unclosed_line != line_end:
            return self._formula(start, line_end)
        end = text.find(self._delimiter, at, line_end)
        end = line_end if end < 0 else end
        value = text[at:end]
        return (value.strip() if self._strip else value), end

    def _quoted(self, at: int) -> tuple[str, int] | None:
        text = self._text
        parts: list[str] = []
        while True:
            end = text.find('"', at) if at <= self._last_quote else -1
            if end < 0:
                self._closed = False
                line_end = self._line_end(at)
                return "".join((*parts, text[at:line_end])), line_end
            parts.append(text[at:end])
            if text.startswith('""', end):
                parts.append('"')
                at = end + 2
                continue
            reach = text[end + 1 : end + 17].lstrip(" ")
            if not reach or reach[0] in (self._delimiter, "\n"):
                return "".join(parts), min(end + 17, len(text)) - len(reach)
            parts.append('"')  # a quote within a field that nobody doubled
            at = end + 1

    def _formula(self, at: int, line_end: int) -> tuple[str, int]:
        """An unquoted formula: delimiters within its brackets and texts belong to it, where they close."""
        depth, quoted = 0, False
        for position in range(at, line_end):
            character = self._text[position]
            if character == '"':
                quoted = not quoted
            elif quoted:
                continue
            elif character == "(":
                depth += 1
            elif character == ")":
                depth -= 1
            elif character == self._delimiter and depth <= 0:
                return self._text[at:position].strip(), position
        if depth <= 0 and not quoted:
            return self._text[at:line_end].strip(), line_end
        self._unclosed_line = line_end
        return self._field(at)
