"""Which built-in template a request is served with: precision before recall."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.learning.builtin import builtin_templates, choose, is_in_english

DATA = Path(__file__).parents[2] / "data"


def to_create() -> list[dict[str, Any]]:
    lines = (DATA / "gatekeeper.jsonl").read_text("utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["intent"] == "create"]


FITTING = {
    "excel sheet to track my freelance hours with rate and a monthly total": "timesheet",
    "how the kitchen would be paid off: 11,500 at 6.9%, 36 instalments, i want to see interest and remaining debt for "
    "each month and fiddle with the rate": "loan",
    "resignation letter, friendly, last day is 30 june": "resignation",
    "can you put LLC, S-corp and C-corp next to each other so I can compare taxes, liability and "
    "paperwork": "comparison",
    "invoice calculator w/ qty x price, 20% vat and grand total, in a sheet": "invoice",
    "which laptop for an architecture student? do me a comparison grid w/ 6 models under 1500 euro": "comparison",
    "compare Slack, Teams, Mattermost and Zulip side by side for a charity with 30 people: cost, where the data sits, "
    "video calls, guest access": "comparison",
    "wedding budget for 80 guests, planned vs actual and what's left, with totals": "budget",
    "Fais-moi un tableur pour le budget de la coloc : 4 personnes, loyer 1 480, charges, courses, avec le total et la "
    "part de chacun": "budget",
    "pros and cons of renting vs buying a flat, in two columns": "comparison",
    "side by side of iPhone 15, pixel 8 and galaxy s24: battery, camera, weight, screen": "comparison",
    "python skript das alle pdfs in einem ordner zu einer datei zusammenfügt": "script",
    "write a python script that renames all photos in a folder by the date they were taken": "script",
}
"""Every request of the gatekeeper's set that a template is chosen for, looked at one by one."""


def test_of_the_gatekeepers_requests_only_those_that_fit_are_served() -> None:
    chosen = {}
    for case in to_create():
        template = choose(case["text"], Kind(case["type"]))
        if template is not None:
            assert template.kind.value == case["type"]
            chosen[case["text"]] = template.id
    assert chosen == FITTING


@pytest.mark.parametrize(
    ("request_text", "kind", "template"),
    [
        ("create an invoice for Miller Ltd: design 400", "spreadsheet", "invoice"),
        ("create an invoice for Miller Ltd: design 400", "document", "invoice_document"),
        ("a quote for the Hendersons: painting 640", "document", "quote"),
        ("project plan for moving the office", "document", "project_plan"),
        ("weekly report for the support team", "document", "weekly_report"),
        ("meeting agenda for 9 June: roof, budget", "document", "agenda"),
        ("write my CV", "document", "cv"),
        ("a letter to my landlord about the heating", "document", "letter"),
        ("loan schedule for 12,000 at 4.5% over 3 years", "spreadsheet", "loan"),
        ("shopping list: milk, eggs", "table", "shopping_list"),
        ("packing list for a week in the mountains", "table", "packing_list"),
        ("task list for the release", "table", "task_list"),
        ("timesheet for March", "spreadsheet", "timesheet"),
        ("Erstelle eine Rechnung für Miller GmbH", "spreadsheet", "invoice"),
        ("Tilgungsplan für 10.000 € zu 5,5 % über 2 Jahre", "spreadsheet", "loan"),
        ("Einkaufsliste: Milch, Eier und Brot", "table", "shopping_list"),
        ("Fais-moi un devis", "document", "quote"),
        ("Angebot: 12 Stunden Beratung zu 95 EUR, 19 % MwSt.", "document", "quote"),
        ("Quote: 12 hours of consulting at £95, VAT 20%", "document", "quote"),
        ("Quote no. 7: 12 hours of consulting at £95", "spreadsheet", "quote_sheet"),
        ("Fais une lettre à la mairie concernant le bruit", "document", "letter"),
        ("Hazme una lista de tareas", "table", "task_list"),
        ("Una carta a mi casero sobre la calefacción", "document", "letter"),
    ],
)
def test_a_request_that_names_a_template_is_served_with_it(request_text: str, kind: str, template: str) -> None:
    chosen = choose(request_text, Kind(kind))
    assert chosen is not None
    assert chosen.id == template


@pytest.mark.parametrize(
    ("request_text", "kind"),
    [
        ("cover letter for a junior accountant", "document"),
        ("complaint letter to the airline", "document"),
        ("a letter to cancel the membership", "document"),
        ("a letter to my aunt", "document"),
        ("credit note because invoice 2024-117 was too high", "document"),
        ("payment reminder for invoice 77", "document"),
        ("Schreib eine Mahnung, Rechnung 2024-88 über 412 €", "document"),
        ("invoice sheet with a lookup of article numbers and tiered discounts", "spreadsheet"),
        ("a eulogy of about 4 minutes", "document"),
        ("an inspirational quote for the wall", "document"),
        ("Quote: 'a horse, my kingdom for a horse', act 5", "document"),
        ("Angebot: 3 neue Ideen für den Herbst", "document"),
        ("Schreibe einen Brief über unser Angebot: Tee 5 €", "document"),
        ("table of opening hours of our branches with a log", "spreadsheet"),
        ("write a to-do list app in python", "table"),
        ("a brief history of cocoa", "document"),
        ("review my CV", "document"),
        ("python class for reading log files", "code"),
        ("weekly report: " + "we shipped the importer and fixed the export, " * 4, "document"),
        (
            "turn my notes into minutes: " + "Ruth said the budget is fine, Jonas calls them. " * 6,
            "document",
        ),
    ],
)
def test_what_a_template_would_only_look_like_is_left_alone(request_text: str, kind: str) -> None:
    assert choose(request_text, Kind(kind)) is None


def test_a_request_in_another_language_is_told_apart() -> None:
    for request_text, is_english in (("Rechnung für Miller", False), ("invoice for Miller", True), ("devis", False)):
        template = choose(request_text, None)
        assert template is not None
        assert is_in_english(template, request_text) is is_english


def test_every_template_is_whole_and_named_once() -> None:
    templates = builtin_templates()
    assert len({template.id for template in templates}) == len({template.name for template in templates}) >= 18
    for template in templates:
        assert template.description.endswith(".")
        assert template.note.endswith(".")
        assert all(word == word.casefold() for group in template.body["words"] for word in group)
        for groups in template.body.get("words_in", {}).values():
            assert all(word == word.casefold() for group in groups for word in group)
