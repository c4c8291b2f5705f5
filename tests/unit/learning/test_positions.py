"""What ordinary requests for an invoice or a quote say, and what of it stands in the artifact."""

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document
from forgeapp.domain.workbook import Workbook
from forgeapp.learning.builtin import builtin_template, choose, fill_from
from forgeapp.learning.positions import currency, positions, unread_parts


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("Invoice for Miller Ltd: 2.5 plans at 120.50", [("Plans", 120.5, 2.5)]),
        (
            "Invoice for Miller Ltd: 12 hours consulting at 95 EUR/h, travel 60, VAT 20%",
            [("Consulting (hours)", 95, 12), ("Travel", 60, 1)],
        ),
        (
            "Invoice to Anna Schmidt for 3 days of training at $800 per day plus 8.5% sales tax",
            [("Training (days)", 800, 3)],
        ),
        ("Invoice for ACME: logo 400, 2 revisions at 75 each", [("Logo", 400, 1), ("Revisions", 75, 2)]),
        (
            "Create an invoice for Bistro Luna dated 3 March 2027: 10 x wine at 12.50, 4 x cheese at 8.90",
            [("Wine", 12.5, 10), ("Cheese", 8.9, 4)],
        ),
        ("Invoice for Miller Ltd for 5 hours at 80 euros per hour", [("Hours", 80, 5)]),
        (
            "Rechnung an Schmidt GmbH: 12 Stunden Beratung zu 95,50 EUR, Anfahrt 60 EUR, 19 % MwSt",
            [("Beratung (Stunden)", 95.5, 12), ("Anfahrt", 60, 1)],
        ),
        (
            "Rechnung für Müller: 3 Stühle à 1.240,50 €, Lieferung 49,90 €, zzgl. 19% USt",
            [("Stühle", 1240.5, 3), ("Lieferung", 49.9, 1)],
        ),
        ("Rechnung an Weber AG vom 3. März 2027: 2,5 Tage Schulung je 800 EUR", [("Schulung (Tage)", 800, 2.5)]),
        (
            "Rechnung für Meier: 20 m² Fliesen zu 32,50, Arbeitszeit 6 Std. à 48",
            [("Fliesen (m²)", 32.5, 20), ("Arbeitszeit (Std)", 48, 6)],
        ),
        (
            "Facture pour Dupont SARL : 8 heures de conseil à 95,50 €, déplacement 60 €, TVA 20 %",
            [("Conseil (heures)", 95.5, 8), ("Déplacement", 60, 1)],
        ),
        ("Facture pour Dupont : 3 chaises à 1 240,50 €", [("Chaises", 1240.5, 3)]),
        ("Devis pour Dupont : 2 portes à 450 €, pose 200 €", [("Portes", 450, 2), ("Pose", 200, 1)]),
        (
            "Invoice for Miller Ltd: design £400, hosting £60 per month for 12 months",
            [("Design", 400, 1), ("Hosting (months)", 60, 12)],
        ),
        (
            "Quote for Miller Ltd: 40 hours development at 90, hosting 25",
            [("Development (hours)", 90, 40), ("Hosting", 25, 1)],
        ),
        ("Invoice ACME 3 chairs @ 45.00 and 1 table @ 120", [("Chairs", 45, 3), ("Table", 120, 1)]),
        ("Invoice for Miller Ltd: 1,5 hours at 90", [("Hours", 90, 1.5)]),
        (
            "Invoice for Miller Ltd: consulting 3h x 90, 2 licences x 49.99",
            [("Consulting (h)", 90, 3), ("Licences", 49.99, 2)],
        ),
        ("Invoice for Miller Ltd: consulting 10 hours at 80", [("Consulting (hours)", 80, 10)]),
        ("Invoice for Miller Ltd: 500 flyers for 120", [("500 flyers", 120, 1)]),
        ("Invoice for Miller Ltd, design: 400, hosting: 60", [("Design", 400, 1), ("Hosting", 60, 1)]),
        ("Invoice for Miller Ltd: design and hosting 400", [("Design and hosting", 400, 1)]),
        ("Invoice for Miller Ltd: design 400 and hosting 60", [("Design", 400, 1), ("Hosting", 60, 1)]),
        ("Invoice for Miller Ltd: website $1,500; logo $300", [("Website", 1500, 1), ("Logo", 300, 1)]),
        (
            "Angebot für 12 Stunden Beratung zu 95 EUR netto plus 19 % MwSt., Fahrt 60 € netto",
            [("Beratung (Stunden)", 95, 12), ("Fahrt", 60, 1)],
        ),
        ("Devis pour 8 heures de conseil à 90 € HT, TVA 20 %", [("Conseil (heures)", 90, 8)]),
        ("Angebot für Müller: 3 Stühle zu je 49,90 €, Tische 2 je 80", [("Stühle", 49.9, 3), ("Tische", 80, 2)]),
        ("Rechnung für Müller: Reis 12, Basis: 100, Preis 10", [("Reis", 12, 1), ("Basis", 100, 1), ("Preis", 10, 1)]),
        ("Invoice for Miller Ltd, 40 h at 95", [("Hours", 95, 40)]),
        ("Devis pour Dupont : 5 jours de conseil à 480 € HT par jour", [("Conseil (jours)", 480, 5)]),
        ("Facture pour Dupont : prestation 1 200 €", [("Prestation", 1200, 1)]),
        ("Rechnung an Weber: 2,5 Tage Schulung zu jeweils 1.250 €", [("Schulung (Tage)", 1250, 2.5)]),
        ("Invoice for Miller Ltd: 1 travel 60", [("Travel", 60, 1)]),
        ("Rechnung Nr. 2026-118 an Dupont SARL, 21.11.2026: Tee 50 €", [("Tee", 50, 1)]),
        ("Rechnung an Weber, Datum: 21.11.2026: Tee 5 €", [("Tee", 5, 1)]),
        ("Invoice for Miller Ltd: design 400 payable by 5 May 2027", [("Design", 400, 1)]),
    ],
)
def test_positions_have_their_quantity_and_rate(request_text: str, expected: list[tuple[str, float, float]]) -> None:
    assert [tuple(position) for position in positions(request_text) or []] == expected


@pytest.mark.parametrize(
    ("request_text", "told"),
    [
        ("Invoice for Miller Ltd, due 30 days, order 4711: design 400", ["due 30 days", "order 4711:"]),
        ("Invoice for Miller Ltd: consulting, 10 hours, 80 per hour", ["10 hours", "80 per hour"]),
        ("Rechnung über 1.500 EUR an Schmidt GmbH", ["1.500 EUR an Schmidt GmbH"]),
        ("Quote for Miller Ltd: design 400, discount 10%", ["discount 10%"]),
        ("Invoice for Miller Ltd: part A12 100, part B7 200", ["part A12 100", "part B7 200"]),
        ("Invoice for Miller Ltd: iPhone 15 at 999, Windows 11 à 120", ["iPhone 15 at 999", "Windows 11 à 120"]),
        ("Rechnung für Müller: Miete 500 brutto", ["Miete 500 brutto"]),
        ("Invoice for Miller Ltd: room 7 120, room 8 €1 200", ["room 7 120", "room 8 €1 200"]),
    ],
)
def test_figures_that_are_no_position_are_told(request_text: str, told: list[str]) -> None:
    assert unread_parts(request_text) == told


def test_no_example_stands_beside_what_could_not_be_read() -> None:
    made = fill_from(builtin_template("invoice"), "Invoice for Miller Ltd: consulting, 10 hours, 80 per hour")

    assert not made.has_examples
    assert [slot.name for slot in made.missing] == ["items"]


def test_an_invoice_computes_with_quantities_and_names_the_currency() -> None:
    request = "Rechnung an Weber AG vom 3. März 2027: 2,5 Tage Schulung je 800 EUR"
    template = choose(request, None)
    assert template is not None

    made = fill_from(template, request).content

    assert isinstance(made, Workbook)
    texts = {cell.text: (at, cell.number) for at, cell in made.sheets[0].cells.items()}
    assert made.title == "Invoice for Weber AG"
    assert "3. März 2027" in texts
    assert "Price (EUR)" in texts
    row = texts["Schulung (Tage)"][0][0]
    assert [made.sheets[0].cells[row, column].number for column in (1, 2)] == [2.5, 800]


def test_a_quote_states_quantity_price_amount_tax_and_total() -> None:
    request = "Quote for Miller Ltd: 40 hours development at 90, hosting 25, VAT 20%"

    made = fill_from(builtin_template("quote"), request)

    assert isinstance(made.content, Document)
    assert "| Development (hours) | 40 | 90.00 | 3,600.00 |" in made.content.markdown
    assert "| **Total before tax** | | | **3,625.00** |" in made.content.markdown
    assert "| Tax (20 %) | | | 725.00 |" in made.content.markdown
    assert "| **Total** | | | **4,350.00** |" in made.content.markdown
    assert made.unread == ()


@pytest.mark.parametrize(
    ("said", "name", "formula", "amount", "net"),
    [
        ("discount 10%", "Discount (10 %)", "=-ROUND(D8*0.1,2)", "-120.00", "1,080.00"),
        ("12,5 % Rabatt", "Discount (12,5 %)", "=-ROUND(D8*0.125,2)", "-150.00", "1,050.00"),
        ("less 100 discount", "Discount", "=-100", "-100.00", "1,100.00"),
        ("remise de 50 €", "Discount", "=-50", "-50.00", "1,150.00"),
    ],
)
def test_a_discount_is_taken_off_before_the_tax(said: str, name: str, formula: str, amount: str, net: str) -> None:
    request = f"Invoice for Miller Ltd: consulting 1,200.00, {said}, VAT 20%"

    sheet = fill_from(builtin_template("invoice"), request)
    text = fill_from(builtin_template("invoice_document"), request)

    assert isinstance(sheet.content, Workbook)
    rows = {cell.text: at[0] for at, cell in sheet.content.sheets[0].cells.items() if at[1] == 0}
    assert sheet.content.sheets[0].cells[rows[name], 3].text == formula
    assert sheet.content.sheets[0].cells[rows["Tax"], 3].text == "=ROUND(SUM(D8:D9)*N(D10),2)"
    assert isinstance(text.content, Document)
    assert f"| {name} | | | {amount} |" in text.content.markdown
    assert f"| **Total before tax** | | | **{net}** |" in text.content.markdown
    assert (sheet.unread, text.unread) == ((), ())


def test_of_two_rates_of_tax_neither_is_taken_and_both_are_told() -> None:
    made = fill_from(
        builtin_template("invoice_document"), "Invoice for Miller Ltd: food 100, 7% VAT, design 400, 19% VAT"
    )

    assert made.unread == ("7% VAT", "19% VAT")
    assert isinstance(made.content, Document)
    assert "| Tax (____) | | | ____ |" in made.content.markdown


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("Beratung 400 inkl. 19 % MwSt.", "| Tax included (19 %) | | | 63.87 |"),
        ("Beratung 400 €, 19% Mehrwertsteuer enthalten", "| Tax included (19 %) | | | 63.87 |"),
        ("design 400 including 20% VAT", "| Tax included (20 %) | | | 66.67 |"),
        ("design 300, hosting 100, incl. 20% VAT", "| Tax included (20 %) | | | 66.67 |"),
    ],
)
def test_a_tax_that_is_in_the_prices_is_stated_and_not_added(said: str, held: str) -> None:
    made = fill_from(builtin_template("quote"), f"Quote for Miller Ltd: {said}")

    assert made.unread == ()
    assert isinstance(made.content, Document)
    assert "| **Total** | | | **400.00** |" in made.content.markdown
    assert held in made.content.markdown
    assert "before tax" not in made.content.markdown


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("tea 50, coffee 40 incl. 7% VAT", ("coffee 40 incl 7% VAT",)),
        ("tea 50 incl. 7% VAT, coffee 40 incl. 20% VAT", ("tea 50 incl 7% VAT", "coffee 40 incl 20% VAT")),
        ("tea 50 incl. 7% VAT, 20% VAT", ("tea 50 incl 7% VAT",)),
        ("tea 50 net incl. 7% VAT", ("tea 50 net incl 7% VAT",)),
        ("tea 50 incl. VAT", ("tea 50 incl VAT",)),
    ],
)
def test_a_tax_that_is_in_some_prices_only_or_of_unclear_rate_is_told(said: str, told: tuple[str, ...]) -> None:
    made = fill_from(builtin_template("quote"), f"Quote for Miller Ltd: {said}")

    assert made.unread == told
    assert isinstance(made.content, Document)
    assert "Tax included" not in made.content.markdown


def test_figures_of_a_form_have_their_names_on_the_paper_and_win_over_the_words() -> None:
    request = "Quote for Miller Ltd: tea 50 incl. 7% VAT"
    for given, row in (
        ({"discount_share": "10"}, "| Discount (10 %) | | | -5.00 |"),
        ({"tax_included": "25"}, "| Tax included (25 %) | | | 10.00 |"),
        ({"tax": "20"}, "| Tax (20 %) | | | 10.00 |"),
    ):
        made = fill_from(builtin_template("quote"), request, given).content
        assert isinstance(made, Document)
        assert row in made.markdown


def test_a_quote_may_be_a_spreadsheet_too() -> None:
    request = "Quote for Miller Ltd: 40 hours development at 90, hosting 25, VAT 20%"
    template = choose(request, Kind.SPREADSHEET)
    assert template is not None

    made = fill_from(template, request)

    assert isinstance(made.content, Workbook)
    numbers = [cell.number for cell in made.content.sheets[0].cells.values() if cell.number is not None]
    assert numbers == [40, 90, 1, 25, 0.2]
    assert not made.has_examples
    assert choose("a quotation calculator with tiered prices", Kind.SPREADSHEET) is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("design 400, 2 % off within 10 days", ("2 % off within 10 days",)),
        ("design 400, 2% discount if paid within 10 days", ("2% discount if paid within 10 days",)),
        ("design 400, 3 % Rabatt bei Zahlung in 14 Tagen", ("3 % Rabatt bei Zahlung in 14 Tagen",)),
        ("design 400 discount 10%", ("design 400 discount 10%",)),
        ("design 400 with a discount of 10 percent", ("design 400 with a discount of 10 percent",)),
        ("design 400, discount 10% and 50 discount", ("discount 10%", "50 discount")),
    ],
)
def test_a_discount_on_terms_or_of_unclear_sums_is_told_and_not_taken_off(said: str, told: tuple[str, ...]) -> None:
    made = fill_from(builtin_template("quote"), f"Quote for Miller Ltd: {said}")

    assert made.unread == told
    assert isinstance(made.content, Document)
    assert "Discount" not in made.content.markdown


@pytest.mark.parametrize(
    ("request_text", "row"),
    [
        ("Quote for Miller Ltd: design 2.50, VAT 19%", "| Tax (19 %) | | | 0.48 |"),
        ("Quote for Miller Ltd: design 1250.50, VAT 19%", "| Tax (19 %) | | | 237.60 |"),
        ("Quote for Miller Ltd: design 12.50, VAT 5%", "| Tax (5 %) | | | 0.63 |"),
        ("Quote for Miller Ltd: 5 hours design at 0.125", "| Design (hours) | 5 | 0.125 | 0.63 |"),
    ],
)
def test_halves_of_a_cent_are_rounded_up_as_sheets_do(request_text: str, row: str) -> None:
    made = fill_from(builtin_template("quote"), request_text).content

    assert isinstance(made, Document)
    assert row in made.markdown


@pytest.mark.parametrize(("text", "code"), [("£400 and 60 pounds", "GBP"), ("$5 and 4 €", None), ("design 400", None)])
def test_a_currency_is_named_where_there_is_one(text: str, code: str | None) -> None:
    assert currency(text) == code
