"""Cells to and from other programs: tab-separated text and HTML as Excel, LibreOffice and web pages write them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from forgeapp.ui.artifact.grid import from_html, from_tsv, to_html, to_tsv
from forgeapp.ui.artifact.grid.clipboard import put_rows, take
from tests.pace import assert_linear, repeated

EXCEL = """<html xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns="http://www.w3.org/TR/REC-html40">
<head><meta name=Generator content="Microsoft Excel 15">
<style><!--table {mso-displayed-decimal-separator:"\\."} .xl65 {mso-number-format:"\\@";} --></style></head>
<body link=blue><table border=0 cellpadding=0 cellspacing=0 width=192 style='border-collapse:collapse'>
<!--StartFragment-->
 <col width=64 style='width:48pt'>
 <tr height=20 style='height:15.0pt'>
  <td colspan=2 height=20 class=xl65 width=128 style='mso-ignore:colspan'>Merged <b>title</b></td>
  <td rowspan=2 class=xl66>Tall</td>
 </tr>
 <tr height=20>
  <td class=xl65>00123</td>
  <td align=right>$1,240.50<span style='mso-spacerun:yes'>&nbsp;</span></td>
 </tr>
 <tr height=40>
  <td>two<br style='mso-data-placement:same-cell'>
    lines</td>
  <td>a wrapped
  text &amp; more</td>
  <td></td>
 </tr>
<!--EndFragment-->
</table></body></html>"""

LIBRE = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<meta name="generator" content="LibreOffice 7.4.7.2 (Linux)"/><style type="text/css">td { color: red }</style></head>
<body><table cellspacing="0" border="0"><colgroup width="85"></colgroup>
<tr><td height="17" align="left">Köln</td><td align="right" sdval="1234.5" sdnum="1033;0;#,##0.00">1,234.50</td></tr>
<tr><td height="17" align="left">one<br>two</td><td align="left" sdnum="1033;0;@">00123</td></tr>
</table></body></html>"""

PAGE = """<html><body><p>Before</p><table class="wiki">
<thead><tr><th>Year</th><th colspan="2">Result</th></tr></thead>
<tbody><tr><td rowspan="2">2025</td><td>Won</td><td><a href="http://example.org/">3:1</a><sup>[1]</sup></td></tr>
<tr><td><ul><li>Lost</li><li>Drawn</li></ul></td><td><script>evil()</script><img src="http://example.org/x.png">0:2</td>
</tr></tbody></table></body></html>"""


def test_a_table_of_excel_is_read_with_its_spans_and_breaks() -> None:
    assert from_html(EXCEL) == [
        ["Merged title", "", "Tall"],
        ["00123", "$1,240.50", ""],
        ["two\nlines", "a wrapped text & more", ""],
    ]


def test_a_table_of_libreoffice_is_read_as_displayed() -> None:
    assert from_html(LIBRE) == [["Köln", "1,234.50"], ["one\ntwo", "00123"]]


@pytest.mark.security
def test_a_table_of_a_page_is_read_without_its_scripts_and_pictures() -> None:
    assert from_html(PAGE) == [["Year", "Result", ""], ["2025", "Won", "3:1[1]"], ["", "Lost\nDrawn", "0:2"]]


@pytest.mark.parametrize(
    "html", ["", "<p>text</p>", "<table></table>", "<table><tr><td>1</table><table></table>", "\0"]
)
def test_what_is_no_single_table_is_none(html: str) -> None:
    assert from_html(html) == []


def put(html: str, text: str = "") -> None:
    data = QMimeData()
    data.setHtml(html)
    if text:
        data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)


def test_the_exact_text_of_a_spreadsheet_comes_before_its_html(qapp: QApplication) -> None:
    put(EXCEL, 'a\t" 1 "\r\n"x\ny"\t\r\n')
    assert take(with_own=False).rows() == [["a", '" 1 "'.strip('"')], ["x\ny", ""]]
    put(EXCEL)
    assert take(with_own=False).rows()[0] == ["Merged title", "", "Tall"]


def test_a_clipboard_that_was_cleared_gives_nothing(qapp: QApplication) -> None:
    QGuiApplication.clipboard().clear()
    assert take(with_own=False).rows() == []


def test_the_html_of_a_page_comes_before_its_text(qapp: QApplication) -> None:
    put(PAGE, "Before\nYear\tResult\n2025\tWon\t3:1[1]\nLost\nDrawn\t0:2")
    assert take(with_own=False).rows()[2] == ["", "Lost\nDrawn", "0:2"]
    put("<p>just <b>words</b></p>", "just words")
    assert take(with_own=False).rows() == [["just words"]]
    put("<table><tr><td>layout of a mail</td></tr></table>", "first line\nsecond line")
    assert take(with_own=False).rows() == [["first line"], ["second line"]]


def test_what_is_copied_keeps_ids_text_and_line_breaks_in_their_cell(qapp: QApplication) -> None:
    put_rows([["00123", "1,240.50"], ["two\nlines", "<b> & 3-4"]])
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == '00123\t1,240.50\n"two\nlines"\t<b> & 3-4'
    html = data.html()
    assert 'mso-number-format:\'\\@\'" sdnum="1033;0;@">00123</td>' in html
    assert "<td>1,240.50</td>" in html
    assert 'two<br style="mso-data-placement:same-cell">lines' in html
    assert "&lt;b&gt; &amp; 3-4" in html
    assert from_html(html) == [["00123", "1,240.50"], ["two\nlines", "<b> & 3-4"]]


@pytest.mark.parametrize("text", ["00123", "1234567890123456", "3-4", "1/2", "12E3"])
def test_what_a_spreadsheet_would_misread_is_given_as_text(text: str) -> None:
    assert "mso-number-format" in to_html([[text]])


@pytest.mark.parametrize("text", ["123", "-15", "0.5", "0", "word", "2026-01-31", ""])
def test_figures_and_words_are_given_as_they_are(text: str) -> None:
    assert to_html([[text]]).endswith(f"<td>{text}</td></tr></table>")


cells = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8)
grids = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1))


@given(grids)
def test_any_cells_come_back_from_their_text(rows: list[list[str]]) -> None:
    assert from_tsv(to_tsv(rows)) == rows


words = st.text(alphabet="ab01<>&\"'=;-/é漢", min_size=1, max_size=6)


@given(st.integers(1, 3).flatmap(lambda width: st.lists(st.lists(words, min_size=width, max_size=width), min_size=1)))
def test_any_words_come_back_from_their_html(rows: list[list[str]]) -> None:
    assert from_html(to_html(rows)) == rows


@given(st.text(alphabet="<>/tablerdhcospn=\"'19 &;", max_size=80), st.text(max_size=20))
def test_any_html_is_read_or_none(source: str, more: str) -> None:
    rows = from_html(f"<table><tr><td>{source}{more}")
    assert len({len(row) for row in rows}) <= 1


@pytest.mark.security
def test_spans_without_end_are_bounded() -> None:
    wide = "<table>" + "<tr><td colspan=9999 rowspan=9999>x</td></tr>" * 5_000 + "</table>"
    assert len(from_html(wide)) * 9_999 <= 2_100_000


@pytest.mark.security
@pytest.mark.parametrize(
    "make",
    [
        repeated("<table><tr><td>"),
        lambda size: "<table><tr>" + "<td rowspan=9999>x" * 100 + "</tr>" + "<tr></tr>" * (size // 10),
        repeated("<b>", "<table><tr><td>"),
    ],
    ids=["tables", "spans", "tags"],
)
def test_hostile_html_is_read_in_linear_time(make: Callable[[int], str]) -> None:
    assert_linear(from_html, make, 50_000)


def test_many_cells_are_copied_and_pasted_in_linear_time(qapp: QApplication) -> None:
    def copy_and_paste(rows: list[list[str]]) -> None:
        put_rows(rows)
        html = QGuiApplication.clipboard().mimeData().html()
        assert take(with_own=False).rows() == rows
        assert from_html(html) == rows
        assert from_tsv(to_tsv(rows)) == rows

    assert_linear(
        copy_and_paste, lambda size: [[f"{row * column:,}" for column in range(20)] for row in range(size)], 1_000
    )
