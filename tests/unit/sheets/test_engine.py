from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.workbook import Cell, CellError, Sheet, Value, Workbook, address, position
from forgeapp.errors import WorkerFailed
from forgeapp.sheets import engine
from forgeapp.sheets.engine import evaluate
from tests.pace import assert_linear, ends_within


def sheet(name: str = "S", **cells: str | float) -> Sheet:
    """Texts as written; a number is a typed one."""
    return Sheet(
        name,
        {position(at): Cell(text) if isinstance(text, str) else Cell(str(text), text) for at, text in cells.items()},
    )


def computed(*sheets: Sheet) -> dict[str, Value]:
    """Values of the first sheet by address."""
    values = evaluate(Workbook(None, sheets))
    assert set(values) == {sheet.name for sheet in sheets}
    return {address(at): value for at, value in values[sheets[0].name].items()}


def test_formulas_have_values_and_typed_cells_have_none() -> None:
    assert computed(sheet(A1="Rent", A2=1200, A3=80.5, A4="=SUM(A2:A3)", A5="=A4&A1")) == {
        "A4": 1280.5,
        "A5": "1280.5Rent",
    }


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("=10/5", 2),
        ("=10/4", 2.5),
        ("=0*-1", 0),
        ("=1=1", True),
        ('="a"&1', "a1"),
        ("=Z99", 0),
        ('=Z99&""', ""),
        ("=DATE(2024,1,15)+1", 45_307),
        ("=TIME(12,0,0)", 0.5),
        ('=VALUE("1,234.5")', 1234.5),
        ('=VALUE("$1,200")', 1200),
        ('=VALUE("2024-01-15")', 45_306),
        ('=VALUE("x")', CellError("#VALUE!")),
        ("=1/0", CellError("#DIV/0!")),
        ("=SQRT(-1)", CellError("#NUM!")),
        ("=NOPE(1)", CellError("#NAME?")),
        ("=nope", CellError("#NAME?")),
        ("=NA()", CellError("#N/A")),
        ('=1+"x"', CellError("#VALUE!")),
        ("=Missing!A1", CellError("#REF!")),
        ("=Sheet1!A1", CellError("#REF!")),
        ("=FILTER({1,2},{0,0})", CellError("#CALC!")),
        ("=XLOOKUP(2,{1,2},{3,4})", 4),
        ("=LET(x,2,x*3)", 6),
        ("=_xlfn.CONCAT(1,2)", "12"),
        ('=TEXT(1234.5,"#,##0.00")', "1,234.50"),
    ],
)
def test_values_are_what_excel_shows(formula: str, value: Value) -> None:
    result = computed(sheet(A1=formula))["A1"]
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize("formula", ["=SUM(1,", "=1+", "=SUM(1;2)", "=(", "=1 2", "=Table1[a]", "=" + "1" * 8_192])
def test_what_cannot_be_read_is_a_name_error(formula: str) -> None:
    assert computed(sheet(A1=formula, B1="=A1", C1="=2*3")) == {
        "A1": CellError("#NAME?"),
        "B1": CellError("#NAME?"),
        "C1": 6,
    }


@pytest.mark.security
def test_refused_formulas_are_blocked_and_so_is_what_depends_on_them() -> None:
    values = computed(
        sheet(A1="=cmd|'/c calc'!A0", A2="=[Book.xlsx]Sheet1!A1", A3='=WEBSERVICE("http://x")', B1="=A1+1", B2="=2+2")
    )
    assert values == {**dict.fromkeys(("A1", "A2", "A3", "B1"), CellError("#BLOCKED!")), "B2": 4}


def test_a_circle_is_an_error_and_everything_else_has_its_value() -> None:
    values = computed(sheet(A1="=B1", B1="=A1+1", C1="=C1+1", D1="=B1*2", E1="=5", F1="=SUM(F:F)"))
    assert values == {**dict.fromkeys(("A1", "B1", "C1", "D1", "F1"), CellError("#REF!")), "E1": 5}


def test_sheets_refer_to_each_other_by_quoted_names() -> None:
    data = sheet("It's a 100%", A1=20)
    history = sheet("History 1", A1="='It''s a 100%'!A1*2")
    total = sheet("Total", A1="='History 1'!A1+1", A2="=history!A1")
    assert computed(total, data, history) == {"A1": 41, "A2": CellError("#REF!")}


def test_the_cells_a_formula_spills_into_have_values() -> None:
    values = computed(sheet(B2="=SEQUENCE(2,2)", A1="=SUM(B2#)", F1="=SEQUENCE(2)", F2="in the way", XFD1048576="=1"))
    assert values == {"A1": 10, "B2": 1, "C2": 2, "B3": 3, "C3": 4, "F1": CellError("#SPILL!"), "XFD1048576": 1}


def test_typed_texts_stay_texts() -> None:
    values = computed(
        sheet(A1="00123", A2="2024-01-15", A3="TRUE", B1="=ISTEXT(A1)", B2="=ISTEXT(A2)", B3="=A3", B4="=A1+1")
    )
    assert values == {"B1": True, "B2": True, "B3": True, "B4": 124}


def test_today_is_a_serial_number() -> None:
    before = date.today().toordinal()
    value = computed(sheet(A1="=TODAY()"))["A1"]
    assert isinstance(value, int)
    assert before <= value + date(1899, 12, 30).toordinal() <= before + 1


@pytest.mark.parametrize(
    ("formula", "values"),
    [
        ("=LEN(A1:A3)", [1, 2, 3]),
        ("=ROUND(A1:A3/7,1)", [0.1, 3.1, 47.6]),
        ("=LEFT(UNIQUE(A1:A3),1)", ["1", "2", "3"]),
        ("=ROUND(A1:A3/7,B1:C1)", [0.1, 0.14, 3.1, 3.14, 47.6, 47.57]),
        ("=IFERROR(YEAR(A1:A4),0)", [1900, 1900, 1900, 0]),
        ("=ISNUMBER(A1:A4)", [True, True, True, False]),
        ("=SUMPRODUCT((MONTH(A1:A3)=1)*A1:A3)", [23]),
        ("=SUMPRODUCT(--(LEN(A1:A3)>1))", [2]),
        ("=SUM(LEN(A:A))", [7]),
        ("=SUM(ABS(A1:A3-22))", [332]),
        ("=ABS(A4:A4)", [CellError("#VALUE!")]),
    ],
)
def test_functions_of_single_values_work_on_whole_ranges(formula: str, values: list[Value]) -> None:
    result = computed(sheet(A1=1, A2=22, A3=333, A4="x", B1=1, C1=2, E1=formula))
    assert [result[at] for at in sorted(result, key=position)] == values


def test_functions_over_ranges_too_large_are_an_error_and_not_a_hang() -> None:
    cells = {(row, 0): Cell("1", 1) for row in range(3)} | {(0, 1): Cell("=SUM(LEN(SEQUENCE(300000)))")}
    assert evaluate(Workbook(None, (Sheet("S", cells),)))["S"][0, 1] == CellError("#NUM!")


def test_a_workbook_without_formulas_has_no_values() -> None:
    assert evaluate(Workbook(None, (sheet(A1="x"), Sheet("Empty")))) == {"S": {}, "Empty": {}}


def test_the_same_workbook_gives_the_same_values() -> None:
    workbook = Workbook(None, (sheet(A1=0.1, A2=0.2, A3="=SUM(A1:A2)", A4="=SORT({3;1;2})", A9="=STDEV(A1:A2)"),))
    assert evaluate(workbook) == evaluate(workbook)


@pytest.mark.security
@pytest.mark.parametrize(
    "formula",
    [
        "=" + "(" * 3_000 + "1" + ")" * 3_000,
        "=" + "IF(1," * 1_000 + "1" + ",0)" * 1_000,
        "=" + "-" * 8_000 + "1",
        "=1" + "+1" * 4_000,
        '="a"' + '&"a"' * 1_500,
        "=SUM(B:XFD)",
        "=SEQUENCE(1048576,16384)",
        '=REPT("a",1000000000)',
        "=" + "A1:" * 2_000 + "A1",
        "=SUM(A1:XFD1048576)",
        "=\ud800",
        "=A1\x00",
    ],
)
def test_hostile_formulas_end_and_spoil_nothing(formula: str) -> None:
    with ends_within(60):  # cell by cell some would take hours
        values = computed(sheet(A1=formula, A2="=1+1"))
    assert values["A2"] == 2
    assert "A1" in values


def test_a_long_chain_is_computed_in_linear_time() -> None:
    def make(size: int) -> Workbook:
        chain = {(row, 0): Cell(f"=A{row + 2}+1") for row in range(size)} | {(size, 0): Cell("1", 1)}
        return Workbook(None, (Sheet("S", chain),))

    def check(workbook: Workbook) -> None:
        assert evaluate(workbook)["S"][0, 0] == len(workbook.sheets[0].cells)

    assert_linear(check, make, 10_000)


def test_too_much_work_ends_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MAX_EVALUATION_MS", 20)
    cells = {(row, 0): Cell(f"=SUMPRODUCT((B1:B5000>C{row + 1})*1)") for row in range(500)}
    numbers = {(row, 1): Cell(str(row), row) for row in range(5_000)}
    with pytest.raises(WorkerFailed, match="too much work"):
        evaluate(Workbook(None, (Sheet("S", {**cells, **numbers}),)))


_DOUBLING = """
import json, resource
resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.sheets.engine import evaluate
cells = {(0, 0): Cell("abcdefgh")} | {(row, 0): Cell(f"=A{row}&A{row}") for row in range(1, 39)}
values = evaluate(Workbook(None, (Sheet("S", cells),)))["S"]
print(json.dumps([len(str(values[row, 0])) for row in range(1, 39)]))
"""


@pytest.mark.security
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is capped by RLIMIT_AS on Linux only")
def test_doubled_strings_end_at_the_memory_cap_of_their_process() -> None:
    child = subprocess.run([sys.executable, "-c", _DOUBLING], capture_output=True, text=True, timeout=60, check=False)
    if child.returncode == 0:
        assert max(json.loads(child.stdout)) <= 32_767 * 2
    else:
        assert child.returncode < 0 or "Error" in child.stderr


_PIECES = """
A1 B2 $C$3 A1:B3 A:A S!A1 'S'!B1 1 2.5 "x" TRUE + - * / ^ & = < > , ( ) ) SUM( IF( AVERAGE( TEXT( SORT( INDEX( # % @
{1,2} {1;2} OFFSET( INDIRECT( #REF! ; VLOOKUP( ROUND( LET(x, LAMBDA(x, x
"""
formula_texts = st.lists(
    st.sampled_from(_PIECES.split()),
    max_size=12,
).map(lambda parts: "=" + "".join(parts))


@settings(max_examples=150, deadline=None)
@given(st.lists(formula_texts, min_size=1, max_size=6))
def test_any_formulas_give_values_and_never_a_crash(formulas: list[str]) -> None:
    cells = {(row, column): Cell(str(row), row) for row in range(3) for column in range(3)}
    cells |= {(row, 5): Cell(text) for row, text in enumerate(formulas) if len(text) > 1}
    values = evaluate(Workbook(None, (Sheet("S", cells),)))["S"]
    for at, cell in cells.items():
        assert (at in values) >= cell.is_formula


@pytest.mark.parametrize(
    ("formula", "value"),
    [("=SUM(A3:A$1)", 6), ("=SUM(S!$B3:A1)", 12), ("=SUM(2:1)", 6), ("=SUM(B:A)", 12), ("=ROWS(A3:A1)", 3)],
)
def test_ranges_may_be_named_from_their_end(formula: str, value: int) -> None:
    cells = {(row, column): Cell(str(row + 1), row + 1) for row in range(3) for column in range(2)}
    book = Workbook(None, (Sheet("S", {**cells, (5, 5): Cell(formula), (5, 6): Cell("=A1+1")}, has_header=False),))
    assert evaluate(book)["S"] == {(5, 5): value, (5, 6): 2}


@pytest.mark.parametrize("formula", ["=A2:B3", "=B3:A1", "=$A$1:$C$2"])
def test_a_range_that_would_spill_over_itself_is_a_circle_and_harms_nothing_else(formula: str) -> None:
    cells = {(0, 0): Cell(formula), (9, 9): Cell("=1+1")}
    values = evaluate(Workbook(None, (Sheet("S", cells, has_header=False),)))["S"]
    assert values == {(0, 0): CellError("#REF!"), (9, 9): 2}
