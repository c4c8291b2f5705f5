"""What the built-in templates compute, by the formula engine itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, address
from forgeapp.learning import figures, mentions
from forgeapp.learning.builtin import BLANK, Filled, builtin_template, builtin_templates, fill_from
from forgeapp.services.calculation import Calculation
from forgeapp.services.workers import Limits, Workers


def filled(template: str, request: str, **given: str) -> Filled:
    return fill_from(builtin_template(template), request, given)


def computed(result: Filled) -> dict[str, object]:
    """Every typed or computed value by its address."""
    assert isinstance(result.content, Workbook)
    (sheet,) = result.content.sheets
    values = Calculation(Workers(), Limits(600, 60.0)).values(result.content, CancelToken())[sheet.name]
    typed = {address(at): cell.number for at, cell in sheet.cells.items() if cell.number is not None}
    return typed | {address(at): value for at, value in values.items()}


def labelled(result: Filled) -> dict[str, int]:
    """The rows, from 1, by what stands in their first cell."""
    assert isinstance(result.content, Workbook)
    return {cell.text: at[0] + 1 for at, cell in result.content.sheets[0].cells.items() if at[1] == 0}


def markdown(result: Filled) -> str:
    assert isinstance(result.content, Document)
    return result.content.markdown


def test_an_invoice_adds_up_what_the_request_gives() -> None:
    result = filled("invoice", "invoice for Miller Ltd: design 400, 12 h consulting at 95, 20% VAT, 4 March 2027")
    values, rows = computed(result), labelled(result)
    assert values[f"D{rows['Subtotal']}"] == 1540
    assert values[f"D{rows['Tax']}"] == 308
    assert values[f"D{rows['Total']}"] == 1848
    assert (result.unread, result.has_examples, result.missing) == ((), False, ())
    assert result.content.title == "Invoice for Miller Ltd"


def test_amounts_are_rounded_to_cents_so_that_those_that_are_shown_add_up() -> None:
    result = filled("invoice", "invoice for Miller Ltd: 2.5 hours design at 33.33, 1.5 hours travel at 33.33")
    values, rows = computed(result), labelled(result)
    amounts = [values[f"D{rows[name]}"] for name in ("Design (hours)", "Travel (hours)")]
    assert amounts == [83.33, 50.0]
    assert values[f"D{rows['Subtotal']}"] == pytest.approx(133.33)


def test_an_invoice_of_gross_prices_states_the_tax_in_them_and_adds_none() -> None:
    result = filled("invoice", "Rechnung an Weber: 3 Kisten Tee zu 24,90 € inkl. 7 % MwSt.")
    values, rows = computed(result), labelled(result)
    assert values[f"D{rows['Total']}"] == pytest.approx(74.7)
    assert values[f"D{rows['Tax included (7 %)']}"] == pytest.approx(4.89)
    assert "Tax" not in rows
    assert result.unread == ()


def test_an_invoice_without_figures_marks_its_prices_as_examples() -> None:
    result = filled("invoice", "create an invoice")
    assert result.has_examples
    assert labelled(result)["Position"]
    assert isinstance(result.content, Workbook)
    assert "Price (example)" in {cell.text for cell in result.content.sheets[0].cells.values()}


def test_an_invoice_that_only_gives_the_tax_invents_no_prices() -> None:
    result = filled("invoice", "invoice with 19% VAT")
    assert not result.has_examples
    assert BLANK in labelled(result)
    assert computed(result)[f"D{labelled(result)['Total']}"] == 0


def test_what_an_invoice_does_not_take_over_is_told() -> None:
    assert filled("invoice", "invoice for Miller: design 400, paid 30% upfront on 12 units").unread


def test_an_invoice_as_a_document_has_the_total_of_its_positions() -> None:
    text = markdown(filled("invoice_document", "invoice for Miller Ltd: design 400.50, hosting 60"))
    assert "| Design | 1 | 400.50 | 400.50 |" in text
    assert "**460.50**" in text
    blank = markdown(filled("invoice_document", "an invoice"))
    assert f"**{BLANK}**" in blank


@pytest.mark.parametrize(
    ("request_text", "principal", "rate", "months"),
    [
        ("loan schedule: 11,500 at 6.9%, 36 instalments", 11_500, 0.069, 36),
        ("loan schedule for 10k, 5 % over 2 years", 10_000, 0.05, 24),
        ("loan schedule 240 000 at 3.25 percent, 30 years", 240_000, 0.0325, 360),
        ("Tilgungsplan für 10.000,50 € zu 5,5 % über 18 Monate", 10_000.5, 0.055, 18),
        ("loan schedule 6000 at 0%, 12 months", 6_000, 0.0, 12),
    ],
)
def test_a_loan_is_paid_off_after_its_last_month(request_text: str, principal: float, rate: float, months: int) -> None:
    result = filled("loan", request_text)
    values, rows = computed(result), labelled(result)
    assert [values[f"B{rows[name]}"] for name in ("Amount", "Interest rate a year", "Monthly payments")] == [
        principal,
        rate,
        months,
    ]
    assert f"{months + 1}" not in rows
    monthly = rate / 12
    payment = principal * monthly / (1 - (1 + monthly) ** -months) if rate else principal / months
    assert values[f"B{rows['Payment each month']}"] == pytest.approx(payment)
    assert values[f"B{rows['Total interest']}"] == pytest.approx(payment * months - principal, abs=1e-6)
    assert values[f"F{rows[str(months)]}"] == pytest.approx(0, abs=1e-6)
    assert (result.missing, result.unread, result.has_examples) == ((), (), False)


def test_a_loan_whose_term_is_missing_says_so_and_computes_nothing() -> None:
    result = filled("loan", "loan schedule 18,000 at 6.4%")
    assert [slot.name for slot in result.missing] == ["months"]
    values = computed(result)
    assert values[f"B{labelled(result)['Payment each month']}"] == ""
    assert not any(str(value).startswith("#") for value in values.values())


def test_figures_written_into_a_form_are_taken_without_their_units() -> None:
    result = filled("loan", "loan schedule", principal="9,000", rate="4.5", months="24")
    values, rows = computed(result), labelled(result)
    assert (values[f"B{rows['Amount']}"], values[f"B{rows['Interest rate a year']}"]) == (9_000, 0.045)
    assert not result.missing


def test_no_template_computes_an_error() -> None:
    for template in builtin_templates():
        result = fill_from(template, "")
        if isinstance(result.content, Workbook):
            assert not any(str(value).startswith("#") for value in computed(result).values()), template.id


def test_a_timesheet_multiplies_hours_and_rate() -> None:
    result = filled("timesheet", "timesheet for March, 45 per hour")
    assert computed(result)[f"B{labelled(result)['Rate an hour']}"] == 45
    assert "31" in labelled(result)


def test_lists_hold_what_the_request_names() -> None:
    content = filled("shopping_list", "shopping list: milk, eggs and bread").content
    assert isinstance(content, Table)
    assert [row[0] for row in content.rows] == ["Milk", "Eggs", "Bread"]
    blank = filled("task_list", "a task list")
    assert [slot.name for slot in blank.missing] == ["tasks"]


def test_documents_hold_what_the_request_says_and_blanks() -> None:
    letter = markdown(filled("letter", "letter to my landlord about the broken heating"))
    assert "To: my landlord" in letter
    assert "**Subject: the broken heating**" in letter
    assert markdown(filled("cv", "a CV for Ada Novak")).startswith("# Ada Novak\n")
    assert markdown(filled("cv", "a CV for a nurse")).startswith(f"# {BLANK}\n")
    assert "My last day of work will be 30 june." in markdown(filled("resignation", "resignation, last day 30 june"))
    assert "| 2 | Budget |" in markdown(filled("agenda", "agenda for 9 June: roof, budget"))
    assert "| Pack |" in markdown(filled("project_plan", "project plan for the move: prepare, pack, move"))


@pytest.mark.parametrize(
    ("text", "client"),
    [
        ("invoice for Miller Ltd: design 400", "Miller Ltd"),
        ("invoice sheet for Nordfell AS, 12 h at 95", "Nordfell AS"),
        ("quote for the Hendersons: painting", "the Hendersons"),
        ("facture dans un tableur, client Garage Petit, 14 heures", "Garage Petit"),
        ("invoice for painting the house", None),
        ("an invoice", None),
        ("Rechnung für die Firma Müller GmbH: Tee 50 €", "Müller GmbH"),
        ("Facture pour la société Dupont SARL : thé 50 €", "Dupont SARL"),
        ("Facture à Dupont SARL : thé 50 €", "Dupont SARL"),
        ("Invoice for the company Baker Ltd: tea 50", "Baker Ltd"),
        ("Rechnung an die Stadt Köln: Tee 50 €", "Stadt Köln"),
        ("Rechnung für die Reparatur des Dachs: 500 €", None),
        ("Rechnung Nr. 2026-118 an Dupont SARL, 21.11.2026: Tee 50 €", "Dupont SARL"),
        ("Rechnung vom 21.11.2026 an Dupont SARL für Tee", "Dupont SARL"),
    ],
)
def test_a_client_is_only_what_is_written_like_a_name(text: str, client: str | None) -> None:
    assert mentions.client(text) == client


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("a loan in 2027 of 5,000", 5_000),
        ("5 % over 36 months", None),
        ("12 months", None),
        ("loan of 1.250,50", 1_250.5),
    ],
)
def test_an_amount_is_no_percentage_time_or_year(text: str, amount: float | None) -> None:
    found = figures.loan_amount(text)
    assert (found[0][1] if found else None) == amount


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Rechnung Nr. 2026-118 an Dupont SARL", "2026-118"),
        ("invoice no. INV-77 to Baker Ltd", "INV-77"),
        ("Facture n° 2026/12 à Dupont", "2026/12"),
        ("invoice #118 for Miller", "118"),
        ("Rechnung 2026-118 an Dupont", "2026-118"),
        ("invoice 2026-11-21 for Miller", None),
        ("invoice for order no. 4711", None),
        ("invoice north 7 for 40", None),
    ],
)
def test_the_number_of_an_invoice_is_what_is_called_one_or_written_like_one(text: str, number: str | None) -> None:
    assert mentions.reference(text) == number


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_finders_take_any_text(text: str) -> None:
    for find in (figures.loan_amount, figures.loan_rate, figures.loan_months, figures.tax, figures.hourly_rate):
        found = find(text)
        assert found is None or isinstance(found[0][1], (int, float))
    for read in (
        mentions.client,
        mentions.recipient,
        mentions.about,
        mentions.person,
        mentions.month,
        mentions.reference,
    ):
        assert read(text) != ""
    assert mentions.listed(text) is None or all(mentions.listed(text) or [])
