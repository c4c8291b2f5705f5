"""Faults planted in a CSV file, as an exporter gone wrong would leave them: verifying names each."""

from __future__ import annotations

from pathlib import Path

import pytest

from forgeapp.domain.export_options import Delimiter, ExportOptions
from forgeapp.domain.table import Table
from forgeapp.exporters.csv.exporter import EXPORTER
from forgeapp.services.exporting.publishing import publication

TABLE = Table("T", ("Item", "Cost, net"), (("Rent", "1.200,50 €"), ("=1+1", 'a "b"'), ("two\nlines", ""), ("Tea", "5")))


@pytest.mark.parametrize("delimiter", Delimiter)
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Rent", "Rant", "A2 is 'Rant', not 'Rent'"),
        ("Tea~5\r\n", "", "row 5 is missing"),
        ("Tea~5\r\n", "Tea~5\r\nmore~1\r\n", "row 6 should not be there"),
        ("Tea~5", "5~Tea", "A5 is '5', not 'Tea'"),
        ("Tea~5", "Tea~5~", "row 5 has 3 fields, not 2"),
        ("'=1+1", "=1+1", "A3 is '=1+1', not \"'=1+1\""),
        ('a ""b""', "a 'b'", "B3 is"),
        ("two\nlines", "two lines", "A4 is 'two lines'"),
        ("Tea~5\r\n", "Tea~5\n", "cannot be read again"),
        ("Tea~5\r\n", "Tea~5", "cannot be read again"),
        ('"a ""b"""', 'a "b"', "cannot be read again"),
        ("Rent", 'Re"nt', "cannot be read again"),
        ("€", "\udce4", "cannot be read again"),
        ("\ufeff", "", "does not begin with a byte order mark"),
    ],
)
def test_a_fault_in_the_file_is_named(
    tmp_path: Path, delimiter: Delimiter, before: str, after: str, words: str
) -> None:
    path = tmp_path / "x.csv"
    source = publication(TABLE, "T", {}, options=ExportOptions(delimiter=delimiter))
    EXPORTER.write(source, path, lambda share: None)
    assert EXPORTER.verify(source, path) == []
    text = path.read_bytes().decode()
    changed = text.replace(before.replace("~", delimiter.value), after.replace("~", delimiter.value), 1)
    assert changed != text
    path.write_bytes(changed.encode(errors="surrogateescape"))
    assert words in EXPORTER.verify(source, path)[0]


def test_a_file_of_another_delimiter_is_named(tmp_path: Path) -> None:
    comma, tab = (publication(TABLE, "T", {}, options=ExportOptions(delimiter=each)) for each in list(Delimiter)[::2])
    EXPORTER.write(tab, tmp_path / "x.csv", lambda share: None)
    assert EXPORTER.verify(comma, tmp_path / "x.csv")
