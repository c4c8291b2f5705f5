from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from forgeapp.domain.artifact import Kind
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import (
    TEXT_FORMAT,
    Cell,
    CellError,
    Sheet,
    Value,
    Values,
    Workbook,
    position,
    valid_sheet_name,
)
from forgeapp.errors import ExportFailed, TooLarge, UnsafeContent
from forgeapp.exporters.saving import save
from forgeapp.exporters.xlsx.exporter import EXPORTER
from forgeapp.services.importing.job import ImportJob, imported

BUDGET = Sheet(
    "Budget",
    {
        position(at): cell
        for at, cell in {
            "A1": Cell("Item"),
            "B1": Cell("Cost"),
            "A2": Cell("Rent"),
            "B2": Cell("$1,200.50", 1200.5, '"$"#,##0.00'),
            "A3": Cell("00123"),
            "B3": Cell("$80", 80, '"$"#,##0'),
            "A4": Cell("Paid"),
            "B4": Cell("2024-01-15", 45306, "yyyy-mm-dd"),
            "A5": Cell("Total"),
            "B5": Cell("=SUM(B2:B3)", None, '"$"#,##0.00'),
            "C5": Cell('=IF(B5>0,"in the red","fine")'),
            "D5": Cell("=1/0"),
            "E5": Cell("=B5>1"),
            "A6": Cell("TRUE"),
            "A7": Cell("=SEQUENCE(2,2)"),
            "D7": Cell("=SUM(A7#)"),
        }.items()
    },
)
VALUES: Values = {
    "Budget": {
        position("B5"): 1280.5,
        position("C5"): "in the red",
        position("D5"): CellError("#DIV/0!"),
        position("E5"): True,
        position("A7"): 1,
        position("B7"): 2,
        position("A8"): 3,
        position("B8"): 4,
        position("D7"): 10,
    }
}


def spreadsheet(*sheets: Sheet, values: Values | None = None, title: str = "Café budget") -> Publication:
    workbook = Workbook(title, sheets)
    return Publication(title, Kind.SPREADSHEET, workbook, workbook=workbook, values=values or {})


def table(*rows: tuple[str, ...], kind: Kind = Kind.TABLE) -> Publication:
    cells = {(r, c): Cell(text) for r, row in enumerate(rows) for c, text in enumerate(row) if text}
    workbook = Workbook("t", (Sheet("Data", cells, frozen_rows=1),))
    return Publication("t", kind, Table("t", rows[0], rows[1:]), workbook=workbook)


def written(publication: Publication, folder: Path) -> Path:
    target = folder / "out.xlsx"
    target.unlink(missing_ok=True)
    EXPORTER.write(publication, target, lambda share: None)
    assert EXPORTER.verify(publication, target) == []
    return target


def test_a_spreadsheet_is_written_with_types_formulas_and_values(tmp_path: Path) -> None:
    path = written(spreadsheet(BUDGET, Sheet("Notes"), values=VALUES), tmp_path)
    book, values = load_workbook(path), load_workbook(path, data_only=True)
    page, computed = book["Budget"], values["Budget"]
    assert book.sheetnames == ["Budget", "Notes"]
    assert book.properties.title == "Café budget"
    assert page["B2"].value == 1200.5
    assert page["B2"].number_format == '"$"#,##0.00'
    assert page["A3"].value == "00123"
    assert page["B4"].value.isoformat()[:10] == "2024-01-15"
    assert page["B5"].value == "=SUM(B2:B3)"
    assert page["A6"].value is True
    assert [computed[at].value for at in ("B5", "C5", "D5", "E5", "D7")] == [1280.5, "in the red", "#DIV/0!", True, 10]
    assert page["A7"].value.text == "=_xlfn.SEQUENCE(2,2)"
    assert page["A7"].value.ref == "A7:B8"
    assert [[cell.value for cell in row] for row in computed["A7:B8"]] == [[1, 2], [3, 4]]


def test_a_word_under_the_format_of_texts_is_no_truth_value(tmp_path: Path) -> None:
    cells = {(1, 0): Cell("TRUE", None, TEXT_FORMAT), (1, 1): Cell("TRUE"), (2, 0): Cell("=A2", None, TEXT_FORMAT)}
    path = written(spreadsheet(Sheet("S", cells)), tmp_path)
    page = load_workbook(path)["S"]
    assert [page[at].value for at in ("A2", "B2", "A3")] == ["TRUE", True, "=A2"]
    assert [page[at].data_type for at in ("A2", "B2", "A3")] == ["s", "b", "s"]
    again = imported(ImportJob(path)).content
    assert isinstance(again, Workbook)
    assert [again.sheets[0].cells[at].format for at in ((1, 0), (1, 1), (2, 0))] == [TEXT_FORMAT, None, TEXT_FORMAT]


def test_what_xml_cannot_hold_does_not_stop_an_export(tmp_path: Path) -> None:
    sheet = Sheet(valid_sheet_name("a\ud800\uffff" + "😀" * 40), {(0, 0): Cell("x\ud800\ufffe\x01")}, has_header=False)
    book = load_workbook(written(spreadsheet(sheet, title="T\ud800\x01"), tmp_path))
    assert book.sheetnames == ["a  " + "😀" * 14]
    assert book.worksheets[0]["A1"].value == "x\ufffd"


def test_the_header_is_bold_filled_and_frozen_and_columns_fit(tmp_path: Path) -> None:
    cells = {(0, 0): Cell("Name"), (1, 0): Cell("x" * 30), (1, 1): Cell("y" * 200), (1, 2): Cell("日本語" * 5)}
    page = load_workbook(written(spreadsheet(Sheet("S", cells)), tmp_path))["S"]
    assert page["A1"].font.bold
    assert page["A1"].fill.fgColor.rgb == "FFE8EEF7"
    assert page.freeze_panes == "A2"
    assert 30 <= page.column_dimensions["A"].width <= 33
    assert 60 <= page.column_dimensions["B"].width <= 61
    assert 30 <= page.column_dimensions["C"].width <= 33
    assert page["B2"].alignment.wrap_text


def test_widths_and_frozen_panes_of_the_sheet_are_kept(tmp_path: Path) -> None:
    sheet = replace(BUDGET, widths={0: 33.0}, frozen_rows=2, frozen_columns=1)
    page = load_workbook(written(spreadsheet(sheet, values=VALUES), tmp_path))["Budget"]
    assert page.freeze_panes == "B3"
    assert 33 <= page.column_dimensions["A"].width < 34


def test_a_sheet_without_a_header_is_plain(tmp_path: Path) -> None:
    page = load_workbook(written(spreadsheet(replace(BUDGET, has_header=False), values=VALUES), tmp_path))["Budget"]
    assert not page["A1"].font.bold
    assert page.freeze_panes is None


@pytest.mark.security
@pytest.mark.parametrize("kind", [Kind.TABLE, Kind.DOCUMENT])
def test_texts_of_a_table_never_become_formulas(tmp_path: Path, kind: Kind) -> None:
    texts = ("=1+1", "+1+x", "-x", "@SUM(A1)", "=cmd|'/c calc'!A0", "{=1}", "<r><t>x</t></r>", "http://x.y", "_x0041_")
    page = load_workbook(written(table(("Text",), *((text,) for text in texts), kind=kind), tmp_path))["Data"]
    for row, text in enumerate(texts, start=2):
        assert page.cell(row, 1).data_type == "s"
        if text != "_x0041_":
            assert page.cell(row, 1).value == text
        assert (page.cell(row, 1).hyperlink is not None) == (text == "http://x.y")


@pytest.mark.security
@pytest.mark.parametrize("formula", ["=cmd|'/c calc'!A0", '=WEBSERVICE("http://x")', "=[Book.xlsx]Sheet1!A1"])
def test_refused_formulas_stop_the_export_and_name_the_cell(tmp_path: Path, formula: str) -> None:
    with pytest.raises(UnsafeContent, match="S!B7"):
        EXPORTER.write(spreadsheet(Sheet("S", {(6, 1): Cell(formula)})), tmp_path / "x.xlsx", lambda share: None)
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("formula", ["=SUM(1,", "=1 2", "=Table1[a]", "=" + "IF(1," * 70 + "1" + ")" * 70])
def test_a_formula_no_spreadsheet_can_read_is_written_as_text_and_said(tmp_path: Path, formula: str) -> None:
    publication = spreadsheet(Sheet("S", {(0, 0): Cell(formula)}), values={"S": {(0, 0): CellError("#NAME?")}})
    warnings = EXPORTER.write(publication, tmp_path / "x.xlsx", lambda share: None)
    assert len(warnings) == 1
    assert warnings[0].startswith("S!A1 is written as text")
    assert load_workbook(tmp_path / "x.xlsx")["S"]["A1"].data_type == "s"


def test_formulas_without_values_are_written_and_said(tmp_path: Path) -> None:
    publication = spreadsheet(Sheet("S", {(0, 0): Cell("=1+1")}))
    warnings = EXPORTER.write(publication, tmp_path / "x.xlsx", lambda share: None)
    assert warnings == ["S: A1 get their values only when the file is opened."]
    assert EXPORTER.verify(publication, tmp_path / "x.xlsx") == []
    assert load_workbook(tmp_path / "x.xlsx", data_only=True)["S"]["A1"].value is None


@pytest.mark.parametrize(
    ("formula", "value", "text"),
    [
        ("={1,2;3,4}", 1, "={1,2;3,4}"),
        ('=IF(A3:A4=1,"SORT(x)","")', "SORT(x)", '=IF(A3:A4=1,"SORT(x)","")'),
        ("=SUM(B3:B4*C3:C4)", 3, "=SUM(B3:B4*C3:C4)"),
        ("=LET(x,1,x&2)", "12", "=_xlfn.LET(_xlpm.x,1,_xlpm.x&2)"),
        ('=LET(x,"nan",x)', "nan", '=_xlfn.LET(_xlpm.x,"nan",_xlpm.x)'),
        ("=LET(x,1,x=1)", True, "=_xlfn.LET(_xlpm.x,1,_xlpm.x=1)"),
        ("=LET(x,1,x/0)", CellError("#DIV/0!"), "=_xlfn.LET(_xlpm.x,1,_xlpm.x/0)"),
    ],
)
def test_array_formulas_keep_text_and_value(tmp_path: Path, formula: str, value: object, text: str) -> None:
    publication = spreadsheet(Sheet("S", {(0, 0): Cell(formula)}), values={"S": {(0, 0): value}})
    path = written(publication, tmp_path)
    markup = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    if "{1,2" not in formula:
        assert 'cm="1"' in markup
        assert load_workbook(path)["S"]["A1"].value.text == text
    shown = load_workbook(path, data_only=True)["S"]["A1"].value
    assert shown == (value.code if isinstance(value, CellError) else value)
    assert type(shown) is type(value) or isinstance(value, CellError)


def test_blocks_of_neighbouring_formulas_do_not_overlap(tmp_path: Path) -> None:
    cells = {"A1": "=SEQUENCE(2,2)", "C1": "=A1*2", "C2": "=SEQUENCE(1,2)", "E1": "=SEQUENCE(2)", "F1": "=SEQUENCE(2)"}
    at = {"A1": 1, "B1": 2, "A2": 3, "B2": 4, "C1": 2, "C2": 1, "D2": 2, "E1": 1, "E2": 2, "F1": 1, "F2": 2}
    values = {"S": {position(name): value for name, value in at.items()}}
    sheet = Sheet("S", {position(name): Cell(formula) for name, formula in cells.items()})
    page = load_workbook(written(spreadsheet(sheet, values=values), tmp_path))["S"]
    assert [page[name].value.ref for name in ("A1", "C2", "E1", "F1")] == ["A1:B2", "C2:D2", "E1:E2", "F1:F2"]
    assert page["C1"].value == "=A1*2"


def test_long_texts_are_cut_and_said(tmp_path: Path) -> None:
    cells = {(0, 0): Cell("x" * 40_000), (1, 0): Cell("🙂" * 20_000), (2, 0): Cell("y" * 32_767)}
    publication = spreadsheet(Sheet("S", cells))
    warnings = EXPORTER.write(publication, tmp_path / "x.xlsx", lambda share: None)
    assert warnings == ["S: A1, A2 cut to 32,767 characters, the most a cell can hold."]
    assert EXPORTER.verify(publication, tmp_path / "x.xlsx") == []
    page = load_workbook(tmp_path / "x.xlsx")["S"]
    assert [len(page.cell(row, 1).value) for row in (1, 2, 3)] == [32_767, 16_383, 32_767]


@pytest.mark.security
def test_what_no_file_can_hold_is_left_out(tmp_path: Path) -> None:
    cells = {(0, 0): Cell("a\x00b\x07c"), (1, 0): Cell("\ud800x"), (2, 0): Cell("a\r\nb\rc"), (3, 0): Cell("\x01")}
    path = written(spreadsheet(Sheet("S", cells)), tmp_path)
    page = load_workbook(path)["S"]
    assert [page.cell(row, 1).value for row in (1, 2, 3)] == ["abc", "\ufffdx", "a\nb\nc"]


def test_what_is_beyond_the_grid_or_empty_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="1,048,576 rows"):
        EXPORTER.write(spreadsheet(Sheet("S", row_count=1_048_577)), tmp_path / "x.xlsx", lambda share: None)
    with pytest.raises(ExportFailed, match="no table"):
        EXPORTER.write(spreadsheet(), tmp_path / "x.xlsx", lambda share: None)


def test_progress_rises_to_one(tmp_path: Path) -> None:
    shares: list[float] = []
    sheets = [Sheet(name, {(row, 0): Cell("x") for row in range(2_000)}) for name in ("A", "B")]
    EXPORTER.write(spreadsheet(*sheets), tmp_path / "x.xlsx", shares.append)
    assert shares == sorted(shares)
    assert len(shares) >= 8
    assert shares[-1] == 1.0


def test_a_stopped_export_leaves_nothing_open(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0.4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        EXPORTER.write(
            spreadsheet(Sheet("S", {(row, 0): Cell("x") for row in range(2_000)})), tmp_path / "x.xlsx", stop
        )
    assert list(tmp_path.iterdir()) == []


def test_an_export_goes_through_saving(tmp_path: Path) -> None:
    saved = save(EXPORTER, spreadsheet(BUDGET, values=VALUES), tmp_path / "budget.xlsx", lambda share: None)
    assert saved.warnings == ()
    assert [path.name for path in tmp_path.iterdir()] == ["budget.xlsx"]


def _with(at: str, cell: Cell | None) -> Publication:
    cells = {where: what for where, what in BUDGET.cells.items() if where != position(at)}
    if cell:
        cells[position(at)] = cell
    return spreadsheet(replace(BUDGET, cells=cells), values=VALUES)


def _with_value(at: str, value: Value) -> Publication:
    values = {"Budget": {**VALUES["Budget"], position(at): value}}
    return spreadsheet(BUDGET, values=values)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (_with("B2", Cell("1", 1200.51, '"$"#,##0.00')), "Budget!B2 is 1200.5, not 1200.51"),
        (_with("B2", Cell("1", 1200.5, "0.00")), "Budget!B2 has the format"),
        (_with("A2", Cell("Rents")), "Budget!A2 is 'Rent', not 'Rents'"),
        (_with("A3", Cell("123", 123)), "Budget!A3 is '00123', not 123"),
        (_with("A2", None), "Budget!A2 holds 'Rent', where nothing should be"),
        (_with("F9", Cell("more")), "Budget!F9 is empty, not 'more'"),
        (_with("B5", Cell("=SUM(B2:B4)", None, '"$"#,##0.00')), "not the formula '=SUM(B2:B4)'"),
        (_with("B5", Cell("1280.5", 1280.5)), "Budget!B5 is '=SUM(B2:B3)'"),
        (_with("B4", Cell("x", 45307, "yyyy-mm-dd")), "Budget!B4 is 45306, not 45307"),
        (_with("A6", Cell("FALSE")), "Budget!A6 is True, not False"),
        (_with_value("B5", 1280.4), "Budget!B5 has the computed value 1280.5, not 1280.4"),
        (_with_value("C5", "fine"), "Budget!C5 has the computed value"),
        (_with_value("D5", 0), "Budget!D5 has the computed value '#DIV/0!'"),
        (_with_value("E5", False), "Budget!E5 has the computed value True"),
        (_with_value("B8", 5), "Budget!B8"),
        (spreadsheet(replace(BUDGET, name="Other"), values={}), "the sheets are ['Budget'], not ['Other']"),
        (spreadsheet(BUDGET, Sheet("More"), values=VALUES), "the sheets are"),
        (spreadsheet(BUDGET, values=VALUES, title="Else"), "the title is 'Café budget', not 'Else'"),
    ],
)
def test_verifying_names_every_planted_fault(tmp_path: Path, other: Publication, words: str) -> None:
    path = written(spreadsheet(BUDGET, values=VALUES), tmp_path)
    assert any(words in difference for difference in EXPORTER.verify(other, path))


@pytest.mark.parametrize("size", [0, 100, -200])
def test_a_damaged_file_is_a_difference(tmp_path: Path, size: int) -> None:
    path = written(spreadsheet(BUDGET, values=VALUES), tmp_path)
    path.write_bytes(path.read_bytes()[:size])
    assert EXPORTER.verify(spreadsheet(BUDGET, values=VALUES), path)[0].startswith("the file cannot be read again")


def test_no_more_differences_are_named_than_a_person_reads(tmp_path: Path) -> None:
    path = written(spreadsheet(Sheet("S", {(row, 0): Cell("x") for row in range(100)})), tmp_path)
    assert len(EXPORTER.verify(spreadsheet(Sheet("S", {(row, 0): Cell("y") for row in range(100)})), path)) == 20


texts = st.text(min_size=1, max_size=30)
cells = st.one_of(
    st.builds(Cell, texts.filter(lambda text: not text.startswith("="))),
    st.builds(
        Cell,
        texts,
        st.integers(-(10**14), 10**14) | st.floats(-1e300, 1e300, allow_nan=False),
        st.sampled_from([None, "0.00", '#,##0 "€"', "0%", "yyyy-mm-dd"]),
    ),
    st.builds(Cell, st.sampled_from(["=A1", '="a"&B2', "=SUM(A1:B2*2)", "=XLOOKUP(1,A:A,B:B)", "=SUM(1,", "='x'!A1"])),
)
grids = st.dictionaries(st.tuples(st.integers(0, 40), st.integers(0, 30)), cells, max_size=15)
results = st.one_of(
    st.booleans(), st.integers(-(10**14), 10**14), st.floats(-1e300, 1e300), texts, st.just(CellError("#N/A"))
)


@settings(max_examples=25, deadline=None)
@given(grids, st.data(), st.booleans())
def test_any_workbook_is_written_and_verified(
    tmp_path_factory: pytest.TempPathFactory,
    grid: dict[tuple[int, int], Cell],
    data: st.DataObject,
    is_table: bool,
) -> None:
    values = {at: data.draw(results) for at, cell in grid.items() if cell.is_formula}
    publication = spreadsheet(Sheet("S", grid), Sheet("x's"), values={"S": values})
    if is_table:
        publication = replace(publication, kind=Kind.TABLE, values={})
    path = written(publication, tmp_path_factory.mktemp("xlsx"))
    assert EXPORTER.verify(publication, path) == []
