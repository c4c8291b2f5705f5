"""Numbers of a table as programs read them that expect semicolons: with a decimal comma, and no marks for thousands.

Between semicolons Excel in German, French or Spanish would take 1.5 for the first of May and 1.240,50 at times for a
text. Only columns that are numbers throughout are rewritten, and only those written with a decimal point.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import repeat
from operator import itemgetter

from forgeapp.domain.column_types import decimal_marks, read_column

_THOUSANDS = re.compile(r"(?<=\d)[,'’\u00a0\u202f ](?=\d{2,3}(?!\d))")
_POINT = re.compile(r"\.(?=\d)")


def with_decimal_commas(rows: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    """The rows under their header: 1,240.50 is 1240,50, and $5.20 is $5,20. Words, ids and dates are left."""
    header, body = rows[0], rows[1:]
    columns = [[*map(itemgetter(column), body)] for column in range(len(header))]
    marks = [decimal_marks(texts) for texts in columns]
    habit = sum(commas for commas, _ in marks) > sum(points for _, points in marks)
    for column, texts in enumerate(columns):
        read = read_column(texts, header[column], habit)
        if read.type.is_number and not read.decimal_comma:
            pairs = zip(texts, read.values, strict=True)
            columns[column] = [text if value is None else _with_comma(text) for text, value in pairs]
    yield header
    yield from zip(*columns, strict=True) if columns else repeat((), len(body))


def _with_comma(text: str) -> str:
    return _POINT.sub(",", _THOUSANDS.sub("", text), count=1)
