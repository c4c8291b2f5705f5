from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.export_options import Delimiter, ExportOptions
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import TEXT_FORMAT, Cell, CellError, Sheet, Values, Workbook, position
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent
from forgeapp.exporters.csv.exporter import EXPORTER, guarded
from forgeapp.services.exporting.publishing import publication


def table(*rows: tuple[str, ...]) -> Publication:
    cells = {(r, c): Cell(text) for r, row in enumerate(rows) for c, text in enumerate(row) if text}
    sheet = Sheet("Data", cells, row_count=len(rows), column_count=len(rows[0]))
    return Publication("t", Kind.TABLE, Table("t", rows[0], rows[1:]), workbook=Workbook("t", (sheet,)))


def spreadsheet(*sheets: Sheet, values: Values | None = None) -> Publication:
    workbook = Workbook("t", sheets)
    return Publication("t", Kind.SPREADSHEET, workbook, workbook=workbook, values=values or {})


def written(publication: Publication, path: Path) -> tuple[list[list[str]], list[str]]:
    warnings = EXPORTER.write(publication, path, lambda share: None)
    assert EXPORTER.verify(publication, path) == []
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file)), warnings


def test_a_table_is_written_as_it_is_displayed(tmp_path: Path) -> None:
    rows = (("Name", "Price, net", 'He said "hi"'), ("Käse", "1.240,50 €", "two\nlines"), ("00123", "", " x "))
    assert written(table(*rows), tmp_path / "x.csv") == ([list(row) for row in rows], [])


def test_the_file_is_utf8_with_a_mark_and_ends_lines_as_rfc_4180_says(tmp_path: Path) -> None:
    written(table(("ä", "b,c"), ("1", 'x"y')), tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == b'\xef\xbb\xbf\xc3\xa4,"b,c"\r\n1,"x""y"\r\n'


def test_formulas_are_written_as_their_values(tmp_path: Path) -> None:
    cells = {
        "A1": Cell("$1,200.00", 1200, '"$"#,##0.00'),
        "B1": Cell("12 %", 0.12, "0%"),
        "C1": Cell("2024-01-15", 45306, "yyyy-mm-dd"),
        "D1": Cell("=1/3"),
        "E1": Cell("=TODAY()", None, "yyyy-mm-dd"),
        "F1": Cell("=1/0"),
        "G1": Cell("=TRUE"),
        "H1": Cell('="a"'),
        "A2": Cell("=SEQUENCE(2)"),
        "B2": Cell("=NOW()", None, "yyyy-mm-dd hh:mm"),
    }
    values = {
        "D1": 1 / 3,
        "E1": 45307,
        "F1": CellError("#DIV/0!"),
        "G1": True,
        "H1": "=danger()",
        "A2": 1,
        "A3": 2,
        "B2": 45306.75,
    }
    publication = spreadsheet(
        Sheet("S", {position(at): cell for at, cell in cells.items()}),
        values={"S": {position(at): value for at, value in values.items()}},
    )
    rows, _ = written(publication, tmp_path / "x.csv")
    assert rows == [
        ["1200", "0.12", "2024-01-15", "0.333333333333333", "2024-01-16", "#DIV/0!", "TRUE", "'=danger()"],
        ["1", "2024-01-15 18:00:00", "", "", "", "", "", ""],
        ["2", "", "", "", "", "", "", ""],
    ]


def test_computed_numbers_have_the_digits_that_computing_gives(tmp_path: Path) -> None:
    sheet = Sheet("S", {(0, 0): Cell("=A2"), (1, 0): Cell("0.1234567890123456", 0.1234567890123456)}, has_header=False)
    rows, _ = written(spreadsheet(sheet, values={"S": {(0, 0): 644.5250000000001}}), tmp_path / "x.csv")
    assert rows == [["644.525"], ["0.1234567890123456"]]


def test_the_first_filled_sheet_is_written_and_the_others_are_named(tmp_path: Path) -> None:
    sheets = (Sheet("Empty"), Sheet("Costs", {(0, 0): Cell("x")}), Sheet("Staff", {(0, 0): Cell("y")}))
    rows, warnings = written(spreadsheet(*sheets), tmp_path / "x.csv")
    assert rows == [["x"]]
    assert warnings == ["CSV holds one sheet: Costs is in it, Staff left out. XLSX holds all."]


@pytest.mark.security
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "=cmd|'/c calc'!A0",
        "+1+cmd|x",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "-x",
        "＝1",
        "- item",
        "+a",
        "=-1",
        '-"x"',
        "@",
        "=",
    ],
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path: Path, text: str) -> None:
    rows, _ = written(table((text, "x")), tmp_path / "x.csv")
    assert rows == [["'" + text, "x"]]


@pytest.mark.parametrize(
    "text",
    [
        "-15",
        "-15.5",
        "+5",
        "-1,240.50",
        "-$5.00",
        "-5 €",
        "-12 %",
        "+44 20 7946 0000",
        "+1 (555) 010-9999",
        "-",
        "–",
        "—",
        "---",
        "+",
        "−5",
        "a=b",
        "'x",
        "5-3",
        "2024-01-15",
        "#DIV/0!",
    ],
)
def test_numbers_phone_numbers_and_dashes_are_left_alone(text: str) -> None:
    assert guarded(text) == text


@pytest.mark.security
def test_refused_formulas_stop_the_export_and_name_the_cell(tmp_path: Path) -> None:
    with pytest.raises(UnsafeContent, match="S!A1"):
        EXPORTER.write(
            spreadsheet(Sheet("S", {(0, 0): Cell('=WEBSERVICE("x")')})), tmp_path / "x.csv", lambda share: None
        )


def test_nothing_and_too_much_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match="no table"):
        EXPORTER.write(spreadsheet(), tmp_path / "x.csv", lambda share: None)
    with pytest.raises(TooLarge):
        far = Sheet("S", {position("XFD1048576"): Cell("x")})
        EXPORTER.write(spreadsheet(far), tmp_path / "x.csv", lambda share: None)


def test_progress_rises_to_one(tmp_path: Path) -> None:
    shares: list[float] = []
    EXPORTER.write(table(*[("x",)] * 3_000), tmp_path / "x.csv", shares.append)
    assert shares == sorted(shares)
    assert len(shares) >= 4
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b"Rent", b"Rant", "A2 is 'Rant', not 'Rent'"),
        (b"1200\r\n", b"1200,\r\n", "row 2 has 3 fields, not 2"),
        (b"Rent,1200\r\n", b"", "row 2 is missing"),
        (b"Rent,1200\r\n", b"Rent,1200\r\nmore,5\r\n", "row 3 should not be there"),
        (b"Rent", b"R\xffnt", "cannot be read again"),
        (b"Rent", b'"Rent', "cannot be read again"),
    ],
)
def test_verifying_names_every_planted_fault(tmp_path: Path, before: bytes, after: bytes, words: str) -> None:
    path = tmp_path / "x.csv"
    publication = table(("Item", "Cost"), ("Rent", "1200"))
    written(publication, path)
    path.write_bytes(path.read_bytes().replace(before, after))
    assert words in EXPORTER.verify(publication, path)[0]


def test_a_field_of_a_million_characters_is_read_again(tmp_path: Path) -> None:
    publication = table(("x" * 1_000_000,))
    EXPORTER.write(publication, tmp_path / "x.csv", lambda share: None)
    limit = csv.field_size_limit()
    assert EXPORTER.verify(publication, tmp_path / "x.csv") == []
    assert csv.field_size_limit() == limit


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.tuples(*[st.text(max_size=12)] * width), min_size=1, max_size=6)
    )
)
def test_any_table_comes_back(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    found, _ = written(table(*rows), tmp_path_factory.mktemp("csv") / "x.csv")
    assert found == [[guarded(text) for text in row] for row in rows]
    for row in found:
        for text in row:
            assert not text.startswith(("=", "@"))


BOOK = Workbook(
    "Plan",
    (
        Sheet("Empty"),
        Sheet(
            "Costs",
            {
                (0, 0): Cell("Item"),
                (0, 1): Cell("Cost"),
                (0, 2): Cell("Share"),
                (1, 0): Cell("=A1", None, TEXT_FORMAT),
                (1, 1): Cell("1,200.50 €", 1200.5, '#,##0.00 "€"'),
                (1, 2): Cell("=B2/2401", None, "0%"),
                (2, 1): Cell("5", 5),
                (3, 0): Cell("2024-01-15", 45306, "yyyy-mm-dd"),
            },
        ),
        Sheet("Staff", {(0, 0): Cell("y")}),
    ),
)
BOOK_VALUES: Values = {"Costs": {(1, 2): 0.5}}


@pytest.mark.parametrize(
    ("options", "rows"),
    [
        (ExportOptions(), ["Item,Cost,Share", "'=A1,1200.5,0.5", ",5,", "2024-01-15,,"]),
        (
            ExportOptions(delimiter=Delimiter.SEMICOLON),
            ["Item;Cost;Share", "'=A1;1200,5;0,5", ";5;", "2024-01-15;;"],
        ),
        (ExportOptions(delimiter=Delimiter.TAB), ["Item\tCost\tShare", "'=A1\t1200.5\t0.5", "\t5\t", "2024-01-15\t\t"]),
        (
            ExportOptions(as_shown=True),
            ["Item,Cost,Share", '\'=A1,"1,200.50 €",50%', ",5,", "2024-01-15,,"],
        ),
        (
            ExportOptions(delimiter=Delimiter.SEMICOLON, as_shown=True),
            ["Item;Cost;Share", "'=A1;1,200.50 €;50%", ";5;", "2024-01-15;;"],
        ),
    ],
)
def test_numbers_are_in_full_or_as_shown_between_any_delimiters(
    tmp_path: Path, options: ExportOptions, rows: list[str]
) -> None:
    source = publication(BOOK, "Plan", BOOK_VALUES, options=options, for_format=Format.CSV)
    warnings = EXPORTER.write(source, tmp_path / "x.csv", lambda share: None)
    assert warnings == ["CSV holds one sheet: Costs is in it, Staff left out. XLSX holds all."]
    assert EXPORTER.verify(source, tmp_path / "x.csv") == []
    assert (tmp_path / "x.csv").read_bytes().decode("utf-8-sig").split("\r\n") == [*rows, ""]


@pytest.mark.parametrize("delimiter", Delimiter)
def test_a_table_stands_as_it_is_displayed_between_any_delimiters(tmp_path: Path, delimiter: Delimiter) -> None:
    options = ExportOptions(delimiter=delimiter, as_shown=True)
    source = publication(Table("T", ("a;b", "c,d"), (("1.5", "x\ty"),)), "T", {}, options=options)
    EXPORTER.write(source, tmp_path / "x.csv", lambda share: None)
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file, delimiter=delimiter.value)) == [["a;b", "c,d"], ["1.5", "x\ty"]]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (["1.5", "1,240.50", "-0.25"], ["1,5", "1240,50", "-0,25"]),
        (["$1,200.00", "$5.20", "n/a"], ["$1200,00", "$5,20", "n/a"]),
        (["12.5 %", "8 %"], ["12,5 %", "8 %"]),
        (["12,34,567.5", "1,00,000"], ["1234567,5", "100000"]),
        (["1.240,50 €", "18,50 €"], ["1.240,50 €", "18,50 €"]),
        (["1.9", "1.10"], ["1.9", "1.10"]),
        (["192.168.0.1", "10.0.0.7"], ["192.168.0.1", "10.0.0.7"]),
        (["15.01.2024", "16.01.2024"], ["15.01.2024", "16.01.2024"]),
        (["Rent", "1.5"], ["Rent", "1.5"]),
    ],
)
def test_numbers_of_a_table_have_a_decimal_comma_between_semicolons(
    tmp_path: Path, typed: list[str], written: list[str]
) -> None:
    table = Table("T", ("Item", "Amount 1.5"), tuple(("x", text) for text in typed))
    source = publication(table, "T", {}, options=ExportOptions(delimiter=Delimiter.SEMICOLON), for_format=Format.CSV)
    EXPORTER.write(source, tmp_path / "x.csv", lambda share: None)
    assert EXPORTER.verify(source, tmp_path / "x.csv") == []
    with (tmp_path / "x.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    assert rows == [["Item", "Amount 1.5"], *(["x", text] for text in written)]
