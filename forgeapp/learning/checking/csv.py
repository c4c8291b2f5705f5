"""CSV: rows that have more or fewer fields than the first."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_MAX_ROWS: Final = 50
_LOOKED_AT: Final = 20


def check_csv(source: Source) -> Iterator[Finding]:
    reader = csv.reader((f"{line}\n" for line in source.lines), delimiter=_delimiter(source.lines), strict=True)
    expected = told = 0
    begins_at = 1
    try:
        for row in reader:
            number, begins_at = begins_at, reader.line_num + 1
            if not row:
                continue
            expected = expected or len(row)
            if len(row) != expected:
                message = Text(
                    "csv_ragged",
                    "Fields in this row: {count}, in the first one: {expected}.",
                    count=len(row),
                    expected=expected,
                )
                yield source.finding_at(number, 1, 10_000, Severity.WARNING, message)
                told += 1
            if told == _MAX_ROWS:
                return
    except csv.Error as error:
        if "field larger" in str(error) or "unexpected end" in str(error):
            message = Text("csv_quote_open", "A quote that begins in this row is not closed.")
        else:
            message = Text("csv_quote", "A quote ends amid a field here: write it twice within quotes.")
        yield source.finding_at(begins_at, 1, 10_000, Severity.ERROR, message)


def _delimiter(lines: list[str]) -> str:
    counts = Counter(sign for line in lines[:_LOOKED_AT] for sign in line if sign in ",;\t|")
    return counts.most_common(1)[0][0] if counts else ","
