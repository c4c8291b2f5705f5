"""A CSV file read again by the grammar of RFC 4180, section 2, which knows nothing of the writer, field by field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, zip_longest
from pathlib import Path

from forgeapp.domain.export_options import Delimiter
from forgeapp.domain.workbook import Position, address

ENCODING = "utf-8-sig"
MARK = b"\xef\xbb\xbf"
MAX_DIFFERENCES = 20


def differences(expected: Iterable[list[str]], delimiter: Delimiter, path: Path) -> list[str]:
    """Every difference in words, the first MAX_DIFFERENCES of them; [] where the file holds what it should."""
    found = path.read_bytes()
    if not found.startswith(MARK):
        return ["the file does not begin with a byte order mark"]
    try:
        text = found[len(MARK) :].decode()
        return list(islice(_differences(expected, _records(text, delimiter.value)), MAX_DIFFERENCES))
    except ValueError as error:
        return [f"the file cannot be read again: {error}"]


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Raises ValueError where a quote stands in the middle of a field, or is not closed."""
    mark = re.escape(delimiter)
    field = re.compile(rf'(?:"((?:[^"]|"")*+)"|([^"\r\n{mark}]*+))({mark}|\r\n)')
    at, record = 0, list[str]()
    while at < len(text):
        match = field.match(text, at)
        if match is None:
            raise ValueError(f"after character {at:,} stands no field as RFC 4180 has it")
        quoted, plain, end = match.groups()
        record.append(plain if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if end == "\r\n":
            yield record
            record = []
    if record:
        raise ValueError("the last row does not end")


def _differences(expected: Iterable[list[str]], found: Iterable[list[str]]) -> Iterator[str]:
    for number, (wanted, row) in enumerate(zip_longest(expected, found)):
        if wanted != row:
            yield from _row_differences(number, wanted, row)


def _row_differences(number: int, wanted: list[str] | None, row: list[str] | None) -> Iterator[str]:
    if wanted is None:
        yield f"row {number + 1} should not be there"
    elif row is None:
        yield f"row {number + 1} is missing"
    elif len(wanted) != len(row):
        yield f"row {number + 1} has {len(row)} fields, not {len(wanted)}"
    else:
        for column, (want, have) in enumerate(zip(wanted, row, strict=True)):
            if want != have:
                at: Position = (number, column)
                yield f"{address(at)} is {have[:80]!r}, not {want[:80]!r}"
