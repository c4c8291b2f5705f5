"""Formulas typed for a spreadsheet in another language than English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain import localised_formulas
from forgeapp.domain.localised_formulas import LANGUAGES, dialect_of
from tests.pace import assert_linear, repeated


def english(*formulas: str) -> list[str]:
    dialect = dialect_of(formulas)
    return [dialect.english(formula) for formula in formulas] if dialect else list(formulas)


@pytest.mark.parametrize(
    ("typed", "in_a_file"),
    [
        ("=RUNDEN(B2*0,19;2)", "=ROUND(B2*0.19,2)"),
        ("=D5*0,19", "=D5*0.19"),
        ("=B2*1.000,50", "=B2*1000.50"),
        ("=ROUND(B3*1,2;2)", "=ROUND(B3*1.2,2)"),
        ("=SUM(B2:B3)*0,19", "=SUM(B2:B3)*0.19"),
        ('=SI(D4>1600;"trop; 1,5";"ok")', '=IF(D4>1600,"trop; 1,5","ok")'),
        ("=SE(E(A1>1;B1<2);VERO;FALSO)", "=IF(AND(A1>1,B1<2),TRUE,FALSE)"),
        ('=ZÄHLENWENN(A1:A9;">0,5")', '=COUNTIF(A1:A9,">0,5")'),
        ('=SOMMA.PIÙ.SE(C2:C9;A2:A9;"x")', '=SUMIFS(C2:C9,A2:A9,"x")'),
        ("=PROCV(A2;Preços!A:B;2;FALSO)", "=VLOOKUP(A2,Preços!A:B,2,FALSE)"),
        ('=WENN(B2>5,"ja","nein")', '=IF(B2>5,"ja","nein")'),
        ("=SUMME('SUMME 1,2'!B2;C2)", "=SUM('SUMME 1,2'!B2,C2)"),
        ("=AÑO(HOY())", "=YEAR(TODAY())"),
    ],
)
def test_names_arguments_and_decimals_take_the_form_of_files(typed: str, in_a_file: str) -> None:
    assert english(typed) == [in_a_file]


@pytest.mark.parametrize(
    "formula",
    [
        "=ROUND(B2,2)",
        "=SUM(1,5)",
        "=SUM({1,2;3,4})",
        '=IF(A1="a;b","1,5",0)',
        "=SUM((A1,B2))",
        "='SUMME(1;2)'!A1",
        "=1.5",
    ],
)
def test_formulas_in_the_form_of_files_stay(formula: str) -> None:
    assert dialect_of([formula]) is None


def test_a_comma_between_arguments_stays_one_beside_decimal_commas() -> None:
    assert english("=B2*0,22", "=ROUND(B2*100,2)", "=MAX(0,1)", "=SUM(B2*0,5)", "=IF(A1>5,1,0)") == [
        *("=B2*0.22", "=ROUND(B2*100,2)", "=MAX(0,1)", "=SUM(B2*0.5)", "=IF(A1>5,1,0)")
    ]


def test_the_languages_that_use_such_names_are_told() -> None:
    cases = {"=SUMME(A1)": "German", "=SI(A1;1;2)": "French or Spanish", "=SUMA(A1)": "Spanish", "=SUM(A1;B1)": ""}
    for formula, named in cases.items():
        dialect = dialect_of([formula])
        assert dialect is not None
        assert dialect.named == named
    assert set(LANGUAGES) == {"de", "fr", "es", "pt", "it"}


@pytest.mark.security
@pytest.mark.parametrize("piece", ["a.", "SUMME", "SI(", "1,5;", "(", "{", ";", "a", "1;"])
def test_hostile_formulas_take_linear_time(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localised_formulas, "MAX_FORMULA_CHARS", 20_000)
    assert_linear(lambda formula: dialect_of([formula]), repeated(piece, "="), 16_000)


@given(st.lists(st.text("=SUMEI(;,.)0123{}\"'AB ", max_size=40).map(lambda text: f"={text}"), max_size=4))
def test_what_is_in_the_form_of_files_is_not_changed_again(formulas: list[str]) -> None:
    dialect = dialect_of(formulas)
    if dialect:
        for formula in formulas:
            assert dialect.english(formula).count('"') == formula.count('"')
            assert len(dialect.english(formula)) <= len(formula) * 2
