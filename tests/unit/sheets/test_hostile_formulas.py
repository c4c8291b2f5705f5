"""Formulas made to crash or to hang: each has a value or a plain error, at once."""

from __future__ import annotations

import pytest

from forgeapp.domain.formulas import refusal
from forgeapp.domain.workbook import Cell, CellError, Sheet, Value, Workbook
from forgeapp.sheets.engine import evaluate
from tests.pace import ends_within

AT = (0, 4)


def value_of(formula: str, *others: Sheet) -> Value:
    """Of a formula in E1, beside a 1 in A1."""
    sheet = Sheet("S", {AT: Cell(formula), (0, 0): Cell("1", 1)})
    return evaluate(Workbook(None, (sheet, *others)))["S"][AT]


@pytest.mark.security
@pytest.mark.parametrize(
    ("formula", "value"),
    [
        pytest.param("=" + "(" * 3_000 + "1" + ")" * 3_000, CellError("#NAME?"), id="3,000 brackets"),
        pytest.param("=" + "ABS(" * 2_000 + "1" + ")" * 2_000, CellError("#NAME?"), id="2,000 functions"),
        pytest.param("=" + "IF(1," * 1_600, CellError("#NAME?"), id="1,600 open functions"),
        pytest.param("=" + "-" * 8_000 + "1", CellError("#NAME?"), id="8,000 signs"),
        pytest.param("=1" + "+1" * 4_096, CellError("#NAME?"), id="8,194 characters"),
        pytest.param("=" + "{" * 4_000, CellError("#NAME?"), id="4,000 arrays"),
        pytest.param("=E1", CellError("#REF!"), id="circle of one"),
        pytest.param("=SUM(E:E)", CellError("#REF!"), id="circle through its own column"),
        pytest.param("=SUM(1:1048576)", CellError("#REF!"), id="circle through all rows"),
        pytest.param("=SUM(A:A)", 1, id="whole column"),
        pytest.param("=SUM(2:1048576)", 0, id="all rows but the first"),
        pytest.param("=COUNTBLANK(A:C)", 3 * 1_048_576 - 1, id="blanks of whole columns"),
        pytest.param("=A1:XFD1048576*2", CellError("#REF!"), id="the whole sheet as an array"),
        pytest.param('=REPT("a",1000000000)', CellError("#VALUE!"), id="a text of 1e9 characters"),
        pytest.param("=1e308*10", CellError("#NUM!"), id="beyond every number"),
        pytest.param("=FACT(1e308)", CellError("#NUM!"), id="a huge factorial"),
        pytest.param("=SEQUENCE(1e6,1e3)", CellError("#NUM!"), id="1e9 cells"),
        pytest.param("=RANDARRAY(1e5,1e4)", CellError("#NUM!"), id="1e9 random numbers"),
        pytest.param('=WEBSERVICE("http://127.0.0.1/x")', CellError("#BLOCKED!"), id="WEBSERVICE"),
        pytest.param("=cmd|'/c calc'!A0", CellError("#BLOCKED!"), id="DDE"),
        pytest.param("=[other.xlsx]S!A1", CellError("#BLOCKED!"), id="another file"),
        pytest.param("='C:\\[a.xlsx]S'!A1", CellError("#BLOCKED!"), id="another file by its path"),
        pytest.param('=HYPERLINK("file:///etc/passwd")', CellError("#BLOCKED!"), id="a link to a file"),
    ],
)
def test_a_hostile_formula_has_a_plain_value_and_soon(formula: str, value: Value) -> None:
    with ends_within(60):  # cell by cell some would take hours
        assert value_of(formula) == value


@pytest.mark.security
@pytest.mark.parametrize("formula", ['=WEBSERVICE("http://x")', "=cmd|'/c calc'!A0", "=[b.xlsx]S!A1"])
def test_what_is_refused_is_refused_with_a_reason(formula: str) -> None:
    assert refusal(formula)


def test_circles_of_two_cells_and_through_sheets_end() -> None:
    two = Sheet("S", {(0, 0): Cell("=B1"), (0, 1): Cell("=A1+1")})
    assert set(evaluate(Workbook(None, (two,)))["S"].values()) == {CellError("#REF!")}
    through = (Sheet("S", {(0, 0): Cell("=T!A1")}), Sheet("T", {(0, 0): Cell("=S!A1*2")}))
    assert evaluate(Workbook(None, through))["T"][0, 0] == CellError("#REF!")


def test_matrices_that_are_too_large_are_refused_not_computed() -> None:
    assert value_of("=SUM(MMULT(SEQUENCE(300,300),SEQUENCE(300,300)))") == CellError("#NUM!")
