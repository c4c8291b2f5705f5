"""How the numbers of a workbook look: as they are typed, as its words are, as its formats say, as the system has it."""

from __future__ import annotations

import pytest

from forgeapp.domain.number_look import BY_CONTENT, LOOKS, NumberLook, NumberLooks, look_of_language
from forgeapp.domain.numbers import parse_number
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.services.number_looks import look_of, looks_of

COMMA, SPACE, POINT, APOSTROPHE = (LOOKS[name] for name in ("comma", "space", "point", "apostrophe"))


def german() -> NumberLook:
    look = look_of_language("de-DE")
    assert look is not None
    return look


GERMAN_SYSTEM = NumberLooks(None, german())


def book(*texts: str, code: str | None = None, comma: bool = False, name: str = "S") -> Workbook:
    """Typed texts below each other, numbers as a reply's are read; `code`: the format of all numbers."""
    cells: dict[tuple[int, int], Cell] = {}
    for row, text in enumerate(texts):
        found = parse_number(text, comma)
        cells[row, 0] = Cell(text, found.value, code or found.format) if found else Cell(text)
    return Workbook(None, (Sheet(name, cells),))


def marks(look: NumberLook) -> str:
    return look.marked("1,234.56")


@pytest.mark.parametrize(
    ("texts", "comma", "look"),
    [
        (("18,50", "7"), True, COMMA),
        (("1.240", "x"), True, COMMA),
        (("1 240,50 kr",), True, SPACE),
        (("CHF 1'240.50",), False, APOSTROPHE),
        (("$1,240.50",), False, POINT),
        (("1,240", "18"), False, POINT),
        (("$18.50",), False, POINT),
    ],
)
def test_numbers_written_by_hand_say_how_the_others_look(texts: tuple[str, ...], comma: bool, look: NumberLook) -> None:
    for looks in (BY_CONTENT, GERMAN_SYSTEM):
        assert marks(look_of(book(*texts, comma=comma), looks)) == marks(look)


def test_numbers_as_programs_write_them_say_nothing() -> None:
    plain = book("1234.5", "0.25", "12.5%", "7")
    assert look_of(plain, BY_CONTENT) == POINT
    assert look_of(plain, GERMAN_SYSTEM) == german()


def test_one_number_written_by_hand_does_not_make_those_of_programs_its_like() -> None:
    assert marks(look_of(book("1234.5", "0.25", "99.5", "1,5 €"), GERMAN_SYSTEM)) == marks(COMMA)


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        (("Monat", "Betrag", "Miete"), "de-DE"),
        (("Désignation", "Montant", "Loyer"), "fr-FR"),
        (("Beskrivning", "Belopp"), "sv-SE"),
        (("Das ist die Liste der Kosten für das Jahr und sie wird auch nicht länger",), "de-DE"),
    ],
)
def test_the_words_of_a_sheet_say_it_where_its_numbers_do_not(words: tuple[str, ...], tag: str) -> None:
    for looks in (BY_CONTENT, GERMAN_SYSTEM):
        assert look_of(book(*words, "1234.5"), looks) == look_of_language(tag)


def test_english_numbers_among_words_of_a_language_look_as_that_language_has_them_and_others_stay() -> None:
    assert look_of(book("Monat", "Betrag", "$1,240.50", "18.50"), BY_CONTENT) == german()
    assert marks(look_of(book("Monat", "Betrag", "CHF 1'240.50"), BY_CONTENT)) == marks(APOSTROPHE)
    assert marks(look_of(book("Month", "Amount", "18,50", comma=True), BY_CONTENT)) == marks(COMMA)


def test_words_of_several_languages_leave_it_to_the_system() -> None:
    for words in (("Total", "Date"), ("Datum", "Saldo"), ("Acme", "Widget"), ("Monat",)):
        assert look_of(book(*words, "1234.5"), BY_CONTENT) == POINT


def test_the_language_a_format_names_says_it_where_words_do_not() -> None:
    assert look_of(book("1234.5", code="#,##0.00 [$€-407]"), BY_CONTENT) == german()
    assert look_of(book("1234.5", code="#,##0.00 [$CHF-807]"), BY_CONTENT) == look_of_language("de-CH")
    assert look_of(book("1234.5", code="[$-409]mmmm d"), GERMAN_SYSTEM) == german()
    assert look_of(book("Month", "Amount", "1234.5", code="#,##0.00 [$€-407]"), BY_CONTENT).decimal == "."


def test_what_is_set_holds_for_all_numbers_and_names_stay_in_the_language_of_the_content() -> None:
    look = look_of(book("Monat", "Betrag", "18,50", comma=True), looks_of("point"))
    assert (marks(look), look.language) == (marks(POINT), "de")


@pytest.mark.parametrize("variable", ["LC_ALL", "LC_NUMERIC", "LANG"])
def test_the_system_says_it_by_its_variables(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_NUMERIC", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "de_CH.UTF-8")
    swiss = look_of_language("de-CH")
    assert looks_of("content") == NumberLooks(None, swiss)
    assert looks_of("system") == NumberLooks(swiss, swiss)
    assert look_of(book("$1,240.50"), looks_of("system")) == swiss
    assert looks_of("apostrophe").chosen == swiss


def test_numbers_come_before_the_language_among_the_systems_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_NUMERIC", "de_DE.UTF-8")
    assert looks_of("system").usual == german()
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert looks_of("system").usual == POINT


@pytest.mark.security
def test_a_hostile_sheet_is_looked_through_in_bounded_time() -> None:
    cells = {(row, 0): Cell("1," * 5_000, 1, "[$" * 100) for row in range(500)}
    cells |= {(row, 1): Cell("[" * 50_000) for row in range(500)}
    assert look_of(Workbook("x" * 10**6, (Sheet("S", cells),)), BY_CONTENT) == POINT


@pytest.mark.parametrize(
    ("texts", "system", "look"),
    [
        (("Betrag", "Menge", "Summe"), "de-CH", "1’234.56 d.m.y"),
        (("Importe", "Cantidad", "Factura"), "es-MX", "1,234.56 d/m/y"),
        (("Amount", "Quantity", "Invoice"), "en-GB", "1,234.56 d/m/y"),
        (("Amount", "Quantity", "Invoice"), "en-US", "1,234.56 m/d/y"),
        (("Amount", "Quantity", "Invoice"), "de-DE", "1,234.56 "),
        (("Betrag", "Menge", "Summe"), "en-GB", "1.234,56 d.m.y"),
    ],
)
def test_a_language_looks_as_the_system_has_it_where_that_speaks_the_same(
    texts: tuple[str, ...], system: str, look: str
) -> None:
    usual = look_of_language(system)
    assert usual is not None

    found = look_of(book(*texts), NumberLooks(None, usual))

    assert f"{marks(found)} {found.dates}" == look
