from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.dates import date_of
from forgeapp.domain.number_look import ENGLISH, LOOKS, NumberLook, look_of_language
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import CellError, Value
from forgeapp.sheets.display import display, general, is_date_format


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (5, "5"),
        (-1.5, "-1.5"),
        (1 / 3, "0.333333333"),
        (0.1 + 0.2, "0.3"),
        (12345.6789012, "12345.6789"),
        (12345678901, "12345678901"),
        (1234567890123, "1.23457E+12"),
        (1e11, "1E+11"),
        (1e10, "10000000000"),
        (0.0001, "0.0001"),
        (0.00001, "0.00001"),
        (0.0000123456, "1.23456E-05"),
        (1e-10, "1E-10"),
        (1e300, "1E+300"),
        (float("inf"), "#NUM!"),
        (float("nan"), "#NUM!"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("text", "text"),
        ("", ""),
        (CellError("#DIV/0!"), "#DIV/0!"),
    ],
)
def test_general_shows_what_excel_shows(value: Value, text: str) -> None:
    assert display(value, None) == text
    assert display(value, "General") == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1234.5, "0", "1235"),
        (1234.5, "0.00", "1234.50"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567, "#,##0", "1,234,567"),
        (0, "#,##0", "0"),
        (0, "#", ""),
        (0.5, "#.##", ".5"),
        (12, "000", "012"),
        (-1234.5, '"$"#,##0.00', "-$1,234.50"),
        (1234.5, '#,##0.00 "€"', "1,234.50 €"),
        (5, "[$€-407] #,##0.00", "€ 5.00"),
        (5, "$0.00", "$5.00"),
        (0.125, "0%", "13%"),
        (0.125, "0.0%", "12.5%"),
        (2.675, "0.00", "2.68"),
        (1.005, "0.00", "1.01"),
        (999999.995, "#,##0.00", "1,000,000.00"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (5, "#,##0;(#,##0)", "5"),
        (0, '0;-0;"none"', "none"),
        (5, '[>=10]"big";"small"', "small"),
        (-7, "+0;-0", "-7"),
        (5, "[Red]0", "5"),
        (5, ";;;", ""),
        (1234567, "#,##0,", "1,235"),
        (12345, "0.00E+00", "1.23E+04"),
        (9.9996, "0.000E+00", "1.000E+01"),
        (123456789, "000-00-0000", "123-45-6789"),
        (5, 'General "kg"', "5 kg"),
        (-5, 'General "kg"', "-5 kg"),
        (5, "0 \\x", "5 x"),
        (1234, "_-* #,##0.00_-", " 1,234.00 "),
        (45306, "yyyy-mm-dd", "2024-01-15"),
        (45306, "dd.mm.yyyy", "15.01.2024"),
        (45306, "mm/dd/yyyy", "01/15/2024"),
        (45306, "d mmm yyyy", "15 Jan 2024"),
        (45306, "dddd, mmmm d, yyyy", "Monday, January 15, 2024"),
        (45306, "yy", "24"),
        (0.5208333333, "h:mm", "12:30"),
        (0.0208333333, "h:mm AM/PM", "12:30 AM"),
        (1.5, "[h]:mm", "36:00"),
        (45306.75, "yyyy-mm-dd hh:mm:ss", "2024-01-15 18:00:00"),
        (0.00001, "mm:ss.0", "00:00.9"),
        (1, "yyyy-mm-dd", "1900-01-01"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (-1, "yyyy-mm-dd", "########"),
        (3_000_000, "yyyy-mm-dd", "########"),
        ("x", "@", "x"),
        ("x", '"<"@">"', "<x>"),
        ("x", "0.00", "x"),
        ("t", '0;-0;0;"T:"@', "T:t"),
        (5, "@", "5"),
        (True, "0.00", "TRUE"),
        (CellError("#N/A"), "0.00", "#N/A"),
    ],
)
def test_number_formats_show_what_excel_shows(value: Value, code: str, text: str) -> None:
    assert display(value, code) == text


def test_a_decimal_comma_changes_marks_and_not_words() -> None:
    assert display(1234.5, '#,##0.00 "v1.0, net"', LOOKS["comma"]) == "1.234,50 v1.0, net"
    assert display(0.5, None, LOOKS["comma"]) == "0,5"
    assert display(45306, "dd.mm.yyyy", LOOKS["comma"]) == "15.01.2024"


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_decimals_round_half_up_as_written(cents: int, places: int) -> None:
    value = cents / 10_000
    code = "0" + ("." + "0" * places if places else "")
    exact = Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert Decimal(display(value, code)) == exact


@given(st.floats(-1e14, 1e14, allow_nan=False))
def test_thousands_separators_change_no_digit(value: float) -> None:
    assert display(value, "#,##0.00").replace(",", "") == display(value, "0.00")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_general_stays_near_the_number_and_short(value: float) -> None:
    text = general(value)
    assert len(text.lstrip("-")) <= 12
    assert float(text) == pytest.approx(value, rel=1e-4, abs=1e-300)


@given(st.integers(-(10**7), 10**7), st.sampled_from(["#,##0", '"$"#,##0.00', '#,##0.00 "€"', "0.0%", "0.00"]))
def test_what_is_shown_is_read_as_the_same_number(cents: int, code: str) -> None:
    value = cents / 1000 if code == "0.0%" else (cents if code == "#,##0" else cents / 100)
    number = parse_number(display(value, code))
    assert number is not None
    assert number.value == pytest.approx(value)


@given(st.integers(61, 2_958_465))
def test_every_day_is_shown_as_its_date(serial: int) -> None:
    assert display(serial, "yyyy-mm-dd") == date_of(serial).isoformat()


@given(
    st.floats() | st.integers() | st.text(max_size=5),
    st.text(alphabet='0#?.,%;E+-@ymdhs/:"[]$>=\\_* GAPx€', max_size=20),
)
def test_any_code_shows_something_and_never_crashes(value: Value, code: str) -> None:
    assert isinstance(display(value, code), str)
    is_date_format(code)


@pytest.mark.parametrize(
    ("code", "is_date"), [("yyyy-mm-dd", True), ("h:mm", True), ('0 "days"', False), (None, False), ("0", False)]
)
def test_formats_of_dates_are_known(code: str | None, is_date: bool) -> None:
    assert is_date_format(code) is is_date


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (9.999999999999996e26, ".0", "1" + "0" * 27 + ".0"),
        (9.99999999999999e26, "0.000", "9" * 15 + "0" * 12 + ".000"),
        (1.5, "0." + "0" * 250, "1.5" + "0" * 249),
        (12345.0, "0" * 40 + ".00E+0", "1" + "2345" + "0" * 35 + ".00E-35"),
        (1e300, "0.00" + "%" * 251, "1" + "0" * 802 + ".00" + "%" * 251),
        (10**400, "0.00", "#NUM!"),
        (10**400, None, "#NUM!"),
        (float("nan"), "0", "#NUM!"),
    ],
)
def test_more_digits_than_usual_are_shown_all_the_same(value: Value, code: str | None, text: str) -> None:
    assert display(value, code) == text


@given(
    st.floats(allow_nan=False) | st.integers(-(10**320), 10**320),
    st.integers(0, 60),
    st.integers(0, 190),
    st.sampled_from(["", "%", "%%%%%", ",,,", "E+0", "E-00"]),
)
def test_long_codes_show_any_number(value: float | int, whole: int, decimals: int, ending: str) -> None:
    assert display(value, "#" * whole + "." + "0" * decimals + ending)


def test_marks_of_a_date_and_names_of_months_and_days_are_those_of_the_look() -> None:
    german, french, english = look_of("de-DE"), look_of("fr-FR"), look_of("en-US")
    assert display(46100, "d. mmmm yyyy", german) == "19. März 2026"
    assert display(46100, "ddd, dd/mm/yyyy", german) == "Do, 19.03.2026"
    assert display(46100, "dddd d mmm yy", french) == "jeudi 19 mars 26"
    assert display(46100, "m/d/yyyy", english) == "3/19/2026"
    assert display(46100, "dd\\/mm\\/yyyy", german) == "19/03/2026"
    assert display(46100, "yyyy-mm-dd", german) == "2026-03-19"
    assert display(0.5000115741, "hh:mm:ss.000", german) == "12:00:01,000"


def test_a_code_that_names_a_language_has_its_months_whatever_the_look() -> None:
    german = look_of("de-DE")
    assert display(46100, "[$-409]mmmm d, yyyy", german) == "March 19, 2026"
    assert display(46100, "[$-407]mmmm", ENGLISH) == "März"
    assert display(46100, "[$-de-AT]mmm", ENGLISH) == "Mär"
    assert display(46100, "[$-F800]mmmm", german) == "März"
    assert display(1234.5, "#,##0.00 [$€-407]", ENGLISH) == "1,234.50 €"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "pl", "cs", "xx"])
def test_every_month_and_day_has_a_name_in_every_language(language: str) -> None:
    look = NumberLook(language=language)
    for code in ("mmmm", "mmm", "dddd", "ddd"):
        count = 12 if code.startswith("m") else 7
        days = [46023 + (31 * step if count == 12 else step) for step in range(count)]
        assert len({display(day, code, look) for day in days}) == count
    assert len(display(46100, "mmmmm", look)) == 1


def look_of(tag: str) -> NumberLook:
    found = look_of_language(tag)
    assert found is not None
    return found
