"""What the dates of a request are the dates of; what is none of the paper's own never becomes it."""

import pytest

from forgeapp.learning.builtin import builtin_template, fill_from
from forgeapp.learning.dates import Meaning, date_mentions, without_dates
from forgeapp.learning.finding import BLANK
from tests.unit.learning.test_builtin_figures import markdown


@pytest.mark.parametrize(
    ("text", "meanings"),
    [
        ("tea 50, zahlbar bis 05.12.2026", [Meaning.PAYMENT]),
        ("payable by 05/12/2026", [Meaning.PAYMENT]),
        ("payable avant le 05/12/2026", [Meaning.PAYMENT]),
        ("due date: 3 May 2027", [Meaning.PAYMENT]),
        ("to be paid by 3 May 2027", [Meaning.PAYMENT]),
        ("paid on 3 May 2027", [Meaning.OTHER]),
        ("Lieferdatum: 01.12.2026", [Meaning.DELIVERY]),
        ("gültig bis 31.12.2026", [Meaning.VALIDITY]),
        ("valable jusqu'au 31 décembre 2026", [Meaning.VALIDITY]),
        ("tea 50 by 3 May 2027", [Meaning.OTHER]),
        ("good tea 3 May 2027", [Meaning.OWN]),
        ("payable 30 days after 3 May 2027", [Meaning.OTHER]),
        ("gemäß Bestellung vom 01.11.2026", [Meaning.OTHER]),
        ("vom 01.11.2026 bis 30.11.2026", [Meaning.OTHER, Meaning.OTHER]),
        ("Rechnung vom 21.11.2026 zahlbar bis 05.12.2026", [Meaning.OWN, Meaning.PAYMENT]),
        ("Facture du 3 mars 2027, payable le 5 avril 2027", [Meaning.OWN, Meaning.PAYMENT]),
        ("delivery of tea, dated 3 March 2027", [Meaning.OWN]),
        ("1.50, 12/5, version 1.2.3.4", []),
    ],
)
def test_the_words_before_a_date_say_what_it_is_the_date_of(text: str, meanings: list[Meaning]) -> None:
    assert [mention.meaning for mention in date_mentions(text)] == meanings


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("tea 50 payable by 3 May 2027", "tea 50"),
        ("tea 50 by 3 May 2027", "tea 50"),
        ("delivery 3 May 2027 49.90", "delivery 49.90"),
        ("Beratung vom 01.11.2026 bis 30.11.2026 500 €", "Beratung 500 €"),
    ],
)
def test_a_date_is_taken_out_with_the_words_that_are_no_position(text: str, rest: str) -> None:
    assert " ".join(without_dates(text).split()) == rest


@pytest.mark.parametrize(
    ("said", "stands", "told"),
    [
        ("zahlbar bis 05.12.2026", "**Payable by:** 05.12.2026", ()),
        ("Lieferdatum 01.12.2026", "**Delivery:** 01.12.2026", ()),
        ("gültig bis 31.12.2026", f"**Payable by:** {BLANK}", ("gültig bis 31.12.2026",)),
        ("due 3 May 2027, due 9 May 2027", "**Payable by:** 3 May 2027", ("due 9 May 2027",)),
    ],
)
def test_an_invoice_has_each_date_in_its_own_place_or_tells_it(said: str, stands: str, told: tuple[str, ...]) -> None:
    made = fill_from(builtin_template("invoice_document"), f"Rechnung an Dupont SARL: Tee 50 €, {said}")

    assert stands in markdown(made)
    assert f"**Date:** {BLANK}" in markdown(made)
    assert made.unread == told


def test_a_quote_has_the_end_of_its_validity_the_delivery_and_its_own_date_and_number() -> None:
    request = (
        "Angebot Nr. 2026-7 vom 1. Dezember 2026 an Dupont SARL: Tee 50 €, gültig bis 31.12.2026, Lieferung am "
        "5.1.2027, zahlbar bis 9.1.2027"
    )
    made = fill_from(builtin_template("quote"), request)

    for row in (
        "# Quote for Dupont SARL",
        "**Number:** 2026-7",
        "**Date:** 1. Dezember 2026",
        "**Valid until:** 31.12.2026",
        "- Delivery: 5.1.2027",
        "- Payable by: 9.1.2027",
    ):
        assert row in markdown(made)
    assert made.unread == ()
    assert "Number" not in markdown(fill_from(builtin_template("quote"), "quote for Miller Ltd: tea 50"))
