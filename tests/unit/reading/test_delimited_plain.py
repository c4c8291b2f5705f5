"""Most lines of a CSV are read in C; they come out as the others do."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from forgeapp.reading import delimited
from forgeapp.reading.delimited import read_delimited


class Slow(delimited._Fields):
    def _plain_fields(self, line: str) -> list[str] | None:
        return None


@given(st.text(alphabet='ab",;\t =()\n', max_size=40), st.sampled_from(",;\t| "), st.booleans())
def test_any_text_is_read_as_it_is_field_by_field(text: str, delimiter: str, strip: bool) -> None:
    assert (
        read_delimited(f"a{delimiter}{text}", delimiter, strip=strip)
        == Slow(f"a{delimiter}{text}", delimiter, strip).read()
    )


cells = st.text(alphabet="ab1 ,;\"'\n\té", min_size=1, max_size=8).filter(lambda cell: cell[0] not in " \t\n")


@given(st.integers(2, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1)))
def test_what_pythons_csv_writes_is_read(rows: list[list[str]]) -> None:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    assert [list(row) for row in read_delimited(file.getvalue(), ",", strip=False).rows] == rows
