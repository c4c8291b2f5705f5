"""Rows in aligned columns, cut to the width of a terminal where there is one."""

from __future__ import annotations

import io
import os
import sys

import pytest

from forgeapp.cli.columns import aligned, cells_of
from forgeapp.cli.output import Output

LONG = "A title that nobody would choose, and which goes on and on " * 6


def test_without_a_terminal_nothing_is_cut() -> None:
    assert list(aligned([("id", "title"), ("7", LONG.strip())])) == ["id  title", f"7   {LONG.strip()}"]


@pytest.mark.parametrize("width", [60, 80, 133])
def test_the_longest_columns_are_cut_until_a_line_fits(width: int) -> None:
    rows = [("id", "title", "file"), ("7", LONG, f"/home/ada/{'deep/' * 40}report.pdf"), ("1234", "Crew", "/c.csv")]
    lines = list(aligned(rows, width))
    assert max(map(cells_of, lines)) <= width
    assert lines[1].startswith("7     A title that") and lines[1].endswith("report.pdf")
    assert "1234  Crew" in lines[2] and lines[2].endswith("/c.csv")


def test_wide_characters_take_two_cells_and_marks_none() -> None:
    assert cells_of("表計算") == 6
    assert cells_of("e\u0301") == 1
    lines = list(aligned([("表計算表計算表計算表計算", "x"), ("short", "y")], 14))
    assert [cells_of(line) for line in lines] == [14, 14]


def test_a_narrow_terminal_keeps_what_makes_columns_known() -> None:
    assert list(aligned([("title", "status"), (LONG, "completed")], 1)) == ["title     status", "A ti…on   comp…ted"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("as_json", "stream", "is_cut"), [(False, Terminal, True), (False, io.StringIO, False)])
def test_a_table_is_cut_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, as_json: bool, stream: type[io.StringIO], is_cut: bool
) -> None:
    out = stream()
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setitem(os.environ, "COLUMNS", "70")
    Output(as_json).table([{}], ("title", "file"), [(LONG, "/a.csv")], "")
    assert (max(map(len, out.getvalue().splitlines())) <= 70) is is_cut
