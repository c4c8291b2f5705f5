"""Files the user opens."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading import cells, delimited_files, json_shapes
from forgeapp.reading.files import read_file
from forgeapp.reading.text_files import read_text_file


def content(folder: Path, name: str, data: str | bytes) -> Content:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_file(path).content


@pytest.mark.parametrize(
    "data",
    [
        b"Name,City\r\nK\xc3\xa9vin,K\xc3\xb6ln\r\n",
        b"\xef\xbb\xbfName;City\nK\xc3\xa9vin;K\xc3\xb6ln\n",
        "Name\tCity\nKévin\tKöln".encode("utf-16"),
        'sep=|\n"Name"|City\nKévin|"Köln"'.encode(),
        "Name,City\n\nKévin,Köln\n\n".encode(),
    ],
)
def test_a_csv_is_a_table_whatever_its_marks_and_encoding(tmp_path: Path, data: bytes) -> None:
    assert content(tmp_path, "people.csv", data) == Table("people", ("Name", "City"), (("Kévin", "Köln"),))


def test_a_csv_of_no_named_encoding_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("Straße;Größe;Preis\nMüllerstraße;groß;5 €\nKäthe-Weg;übergroß;7 €\n".encode("cp1252"))
    reading = read_file(path)
    assert isinstance(reading.content, Table)
    assert reading.content.rows[0][0] == "Müllerstraße"
    assert "cp1252" in reading.lost[0]


def test_ids_stay_text_and_ragged_rows_keep_every_cell(tmp_path: Path) -> None:
    table = content(tmp_path, "a.csv", "Id,Name\n00123,Ann,extra\n7\n")
    assert table == Table("a", ("Id", "Name", ""), (("00123", "Ann", "extra"), ("7", "", "")))


def test_a_csv_with_formulas_is_a_workbook(tmp_path: Path) -> None:
    workbook = content(tmp_path, "shop.csv", 'Item;Price;Total\nTea;2,50;=B2*2\n00123;x;"=IF(B2>1;1;0)"\n')
    assert isinstance(workbook, Workbook)
    sheet = workbook.sheets[0]
    assert sheet.name == "shop"
    assert sheet.cells[1, 1] == Cell("2,50", 2.5, "0.00")
    assert sheet.cells[2, 0].number is None
    assert sheet.cells[2, 2].text == "=IF(B2>1,1,0)"


@pytest.mark.parametrize("cell", ["=)", "=== heading ===", "= not a formula", "=>"])
def test_text_that_begins_with_an_equals_sign_is_no_formula(tmp_path: Path, cell: str) -> None:
    assert isinstance(content(tmp_path, "a.csv", f"a,b\n{cell},1\n"), Table)


def test_markdown_and_text_are_documents(tmp_path: Path) -> None:
    assert content(tmp_path, "a.md", "# Title\r\n\r\nText\n") == Document("Title", "# Title\n\nText")
    assert content(tmp_path, "a.txt", "Just text") == Document(None, "Just text")


@pytest.mark.parametrize(
    "artifact",
    [
        Table("T", ("a", "b"), (("1", ""),)),
        Document("D", "# D\n"),
        Code("C", (CodeFile("a.py", "python", "x = 1"),)),
        Workbook("W", (Sheet("S", {(0, 0): Cell("a"), (1, 0): Cell("1,240", 1240, "#,##0"), (1, 1): Cell("=A2")}),)),
    ],
)
def test_our_own_json_comes_back_as_it_was(tmp_path: Path, artifact: Content) -> None:
    assert content(tmp_path, "a.json", json.dumps(to_json(artifact))) == artifact


def test_json_rows_are_a_table_sheets_a_workbook_and_the_rest_code(tmp_path: Path) -> None:
    assert content(tmp_path, "r.json", '[{"a": 1.50, "b": null}]') == Table("r", ("a", "b"), (("1.50", ""),))
    assert content(tmp_path, "r.json", '{"title": "T", "columns": ["a"], "rows": [["x"]]}') == Table(
        "T", ("a",), (("x",),)
    )
    workbook = content(tmp_path, "w.json", '{"sheets": [{"name": "S", "rows": [["a"], [1]]}]}')
    assert isinstance(workbook, Workbook) and workbook.sheets[0].cells[1, 0] == Cell("1", 1)
    assert content(tmp_path, "c.json", '{"a": {"b": 1}}') == Code("c", (CodeFile("c.json", "json", '{"a": {"b": 1}}'),))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.csv", b""),
        ("a.csv", b"\n\n"),
        ("a.csv", b"PK\x03\x04\x00\x00\x00binary\x01\x02"),
        ("a.json", b"{"),
        ("a.json", b"[" * 100_000),
        ("a.exe", b"x"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile) as raised:
        content(tmp_path, name, data)
    assert raised.value.hint and raised.value.params["reason"]


def test_a_missing_file_and_one_too_large_are_typed_errors(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        read_file(tmp_path / "none.csv")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    with pytest.raises(TooLarge):
        read_file(tmp_path / "a.csv", max_bytes=4)


def test_any_text_file_is_read_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "notes.log").write_bytes("\ufeffOne\r\nzwölf\r\n".encode())
    assert read_text_file(tmp_path / "notes.log") == "One\nzwölf\n"
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x00\x01\x02")
    with pytest.raises(UnreadableFile):
        read_text_file(tmp_path / "photo.txt")


def test_letters_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbfcaf\xe9;tea\n1;2\n")
    assert read_file(tmp_path / "a.csv").lost == ("Some letters could not be read and became \ufffd.",)


def test_what_is_no_text_is_to_be_saved_as_one(tmp_path: Path) -> None:
    (tmp_path / "invoice.docx").write_bytes(b"PK\x03\x04\x14\x00\x06\x08invoice and more")
    with pytest.raises(UnreadableFile) as raised:
        read_text_file(tmp_path / "invoice.docx")
    assert "text, Markdown or CSV" in raised.value.hint


def test_a_file_without_an_ending_is_said_to_have_none(tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Hello")
    with pytest.raises(UnreadableFile, match="files without an ending are not known"):
        read_file(tmp_path / "letter")


def test_a_quote_that_is_never_closed_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n"x,1\ny,2\n')
    assert "quote" in read_file(tmp_path / "a.csv").lost[0]


@pytest.mark.security
@pytest.mark.parametrize("kind", ["device", "pipe", "folder"])
def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.csv"
    if kind == "device":
        path = Path("/dev/zero")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    with pytest.raises(UnreadableFile, match="it is not a file"):
        read_text_file(path)


@pytest.mark.security
def test_no_more_than_the_limit_is_read_whatever_size_the_system_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"x" * 101)
    with pytest.raises(TooLarge, match="at most 100 bytes"):
        read_text_file(path, max_bytes=100)
    assert read_text_file(path, max_bytes=101) == "x" * 101


def test_a_file_whose_formulas_are_german_says_that_they_were_translated(tmp_path: Path) -> None:
    (tmp_path / "kasse.csv").write_text("Posten;Netto;Brutto\nMiete;100,00;=RUNDEN(B2*1,19;2)\n", encoding="utf-8")
    read = read_file(tmp_path / "kasse.csv")
    assert isinstance(read.content, Workbook)
    assert read.content.sheets[0].cells[1, 2].text == "=ROUND(B2*1.19,2)"
    assert read.lost == ("Formulas were translated from German into the form all spreadsheets read.",)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Hélène;São Paulo;Åse;Tromsø", "cp1252"),
        ("Crème brûlée;12,00 €", "cp1252"),
        ("Łukasz;Gdańsk;Wrocław;żółty", "cp1250"),
        ("Имя;Город\nИван;Москва", "cp1251"),
        ("Ελλάδα;Αθήνα;τιμή;Θεσσαλονίκη", "cp1253"),
        ("名前,都市\n田中,東京\nひらがな,カタカナです", "cp932"),
        ("姓名,城市\n王磊,成都\n陈静,西安，我们明天去", "gb18030"),
        ("Café crème;3,50\nThé glacé à la pêche;1,10", "mac_roman"),
        ("Müller;Käse;Größe;Straße", "cp850"),
        ("Příliš žluťoučký kůň;pěl ďábelské ódy;šťáva", "cp1250"),
    ],
)
def test_letters_of_spreadsheets_without_unicode_are_told_apart(tmp_path: Path, text: str, encoding: str) -> None:
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert read_text_file(tmp_path / "a.csv") == text


@pytest.mark.parametrize(
    ("name", "row"),
    [("a.csv", "1,2,3,4"), ("b.csv", "1,=1+1,3,4"), ("c.json", '{"a":1,"b":2,"c":3,"d":4}'), ("d.json", "[1,2,3,4]")],
)
def test_a_file_of_more_cells_than_are_held_is_refused_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, row: str
) -> None:
    for module in (cells, delimited_files, json_shapes):
        monkeypatch.setattr(module, "MAX_CELLS", 40)

    def text(count: int) -> str:
        rows = [row] * count
        if name.endswith(".csv"):
            return "\n".join(["a,b,c,d", *rows])
        head = [] if row.startswith("{") else ['["a","b","c","d"]']
        return f"[{','.join([*head, *rows])}]"

    most = 9 if "=" in row else 10
    held = content(tmp_path, name, text(most))
    rows = held.sheets[0].row_count - 1 if isinstance(held, Workbook) else len(held.rows)  # type: ignore[union-attr]
    assert rows == most
    with pytest.raises(TooLarge, match=r"at most 40 .*cells are read"):
        content(tmp_path, name, text(most + 1))


@pytest.mark.parametrize("mark", ["", "=1+1"])
def test_a_csv_of_more_columns_than_a_sheet_is_refused_not_cut(tmp_path: Path, mark: str) -> None:
    assert content(tmp_path, "a.csv", f"{'a,' * 16_384}\n{mark}\n")
    with pytest.raises(TooLarge, match="16,384 columns fit a sheet"):
        content(tmp_path, "a.csv", f"{'a,' * 16_384}z\n{mark}\n")
