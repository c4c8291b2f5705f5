from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook, position
from forgeapp.errors import UnknownTemplate
from forgeapp.learning import builtin, finding
from forgeapp.learning.builtin import BLANK, Filled, builtin_template, builtin_templates, choose, fill_from
from tests.pace import assert_linear, repeated


def filled(request: str, kind: Kind | None = None) -> Filled:
    template = choose(request, kind)
    assert template is not None
    return fill_from(template, request)


def cells(content: object) -> dict[str, str]:
    assert isinstance(content, Workbook)
    from forgeapp.domain.workbook import address

    return {address(at): cell.text for at, cell in content.sheets[0].cells.items()}


def test_there_is_a_template_for_each_kind_that_needs_no_picture() -> None:
    assert {template.kind for template in builtin_templates()} == set(Kind) - {Kind.IMAGE}


def test_a_budget_for_a_cafe_has_a_cafes_lines_and_marks_them_as_examples() -> None:
    result = filled("Create a monthly budget spreadsheet for a small cafe", Kind.SPREADSHEET)
    texts = cells(result.content)
    assert result.content.title == "Monthly budget for a small cafe"
    assert result.has_examples
    assert texts["B1"] == "Planned (example)"
    assert "Coffee beans" in texts.values()
    assert texts["B6"] == "=SUM(B3:B5)"
    assert not result.missing


def test_a_budget_with_figures_holds_those_figures_and_no_others() -> None:
    result = filled("yearly budget for our choir: donations 1200, hall rent 640, sheet music 85.50 and snacks 2k")
    assert isinstance(result.content, Workbook)
    sheet = result.content.sheets[0]
    numbers = {cell.text: cell.number for cell in sheet.cells.values() if cell.number is not None}
    assert numbers == {"1200": 1200, "640": 640, "85.5": 85.5, "2000": 2000}
    assert cells(result.content)["B1"] == "Planned"
    assert not result.has_examples


@pytest.mark.parametrize(
    ("figures", "amounts", "unread"),
    [
        ("sales 9.800, rent 2.100, wages 3 500", [9800, 2100, 3500], ()),
        ("salary 2.400,50 and rent 1.140,00 EUR", [2400.5, 1140], ()),
        ("salary 2900; rent: 1140; internet = 36; gym 30 per week", [2900, 1140, 36], ("gym 30 per week",)),
        ("sales 5k, insurance -36, tax 19%", [5000, -36], ("tax 19%",)),
        ("rent $1,140.25", [1140.25], ()),
    ],
)
def test_figures_are_taken_as_they_are_meant_and_what_is_not_taken_is_told(
    figures: str, amounts: list[float], unread: tuple[str, ...]
) -> None:
    result = filled(f"budget: {figures}")
    assert isinstance(result.content, Workbook)
    found = [cell.number for _, cell in sorted(result.content.sheets[0].cells.items()) if cell.number is not None]
    assert found == amounts
    assert result.unread == unread
    assert not result.has_examples


def test_a_figure_that_is_no_line_of_the_budget_is_told() -> None:
    assert filled("budget for a trip to Rome for 2 people with 1500 euros").unread
    assert filled("yearly budget 2027 for a choir").unread == ()


def test_a_budget_with_expenses_only_leaves_the_income_visibly_blank() -> None:
    texts = cells(filled("budget: rent 700, food 300").content)
    assert texts["A3"] == BLANK
    assert "B3" not in texts


def test_every_formula_of_the_budget_points_into_its_own_rows() -> None:
    import re

    content = filled("weekly budget for a bakery").content
    assert isinstance(content, Workbook)
    rows = content.sheets[0].row_count
    for cell in content.sheets[0].cells.values():
        for name in re.findall(r"[A-E]\d+", cell.text) if cell.is_formula else []:
            assert position(name)[0] < rows


@pytest.mark.parametrize(
    ("request_text", "columns", "items"),
    [
        (
            "compare Jira, Trello and Linear side by side for a team of 9: price, setup, reporting",
            ["", "Price", "Setup", "Reporting"],
            ["Jira", "Trello", "Linear"],
        ),
        (
            "a comparison of oat milk and almond milk by taste, price and footprint",
            ["", "Taste", "Price", "Footprint"],
            ["oat milk", "almond milk"],
        ),
        ("VW Polo vs Skoda Fabia", ["", "Price", "Strengths", "Weaknesses", "Best for"], ["VW Polo", "Skoda Fabia"]),
    ],
)
def test_a_comparison_has_what_is_compared_and_by_what(request_text: str, columns: list[str], items: list[str]) -> None:
    content = filled(request_text, Kind.TABLE).content
    assert isinstance(content, Table)
    assert list(content.columns) == columns
    assert [row[0] for row in content.rows] == items
    assert all(cell == "" for row in content.rows for cell in row[1:])


def test_a_comparison_of_nothing_named_asks_what_is_compared() -> None:
    result = filled("make me a comparison table", Kind.TABLE)
    assert [slot.name for slot in result.missing] == ["items"]
    assert isinstance(result.content, Table)
    assert result.content.rows[0][0] == BLANK


def test_minutes_hold_who_was_there_and_when() -> None:
    result = filled(
        "minutes of the site meeting on 9 June, 14:30. Present: Ola, Ben and Cem. Excused: Dora. Topics: roof, budget"
    )
    assert isinstance(result.content, Document)
    text = result.content.markdown
    assert text.startswith("# Minutes of the site meeting, 9 June\n")
    assert "| Ola | Present |" in text
    assert "| Dora | Excused |" in text
    assert "1. Roof" in text
    assert "2. Budget" in text
    assert "14:30" in text
    assert not result.missing


def test_minutes_without_date_and_names_ask_for_them_and_show_the_gap() -> None:
    result = filled("I need meeting minutes")
    assert [slot.name for slot in result.missing] == ["date", "present"]
    assert isinstance(result.content, Document)
    assert f"**Date:** {BLANK}" in result.content.markdown


def test_what_is_given_in_a_form_wins_over_the_words_and_is_not_missing() -> None:
    given = {"date": "9 June", "present": "Ola, ben", "topics": "", "subject": "  the\nboard "}
    result = fill_from(builtin_template("minutes"), "minutes of the roof meeting on 1 May", given)
    assert not result.missing
    assert isinstance(result.content, Document)
    assert result.content.markdown.startswith("# Minutes of the board, 9 June\n")
    assert "| Ben | Present |" in result.content.markdown
    assert f"1. {BLANK}" in result.content.markdown


def test_of_a_list_too_short_the_rest_stays_visibly_blank() -> None:
    content = fill_from(builtin_template("comparison"), "a comparison", {"items": "Slack"}).content
    assert isinstance(content, Table)
    assert [row[0] for row in content.rows] == ["Slack", BLANK]


def test_given_figures_are_never_mixed_with_invented_ones() -> None:
    result = fill_from(builtin_template("budget"), "a budget for a cafe", {"income": "sales 9,800"})
    assert not result.has_examples
    assert isinstance(result.content, Workbook)
    numbers = [cell.number for cell in result.content.sheets[0].cells.values() if cell.number is not None]
    assert numbers == [9800]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200), st.data())
def test_any_words_in_a_form_fill_every_template(words: str, data: st.DataObject) -> None:
    for template in builtin_templates():
        given_slots = {slot.name: data.draw(st.sampled_from([words, words[::-1], ""])) for slot in template.slots}
        content = fill_from(template, words, given_slots).content
        assert kind_of(content) is template.kind
        if isinstance(content, Code):
            ast.parse(content.files[0].text)


def test_a_script_is_valid_python_whatever_the_request_holds() -> None:
    result = filled('python script that renames "odd\\" files: """x""" {pattern} in a folder', Kind.CODE)
    assert isinstance(result.content, Code)
    (file,) = result.content.files
    ast.parse(file.text)
    assert file.name.endswith(".py")
    assert "/" not in file.name


@pytest.mark.parametrize(
    "request_text",
    [
        "bash script for all files in a folder",
        "write a poem about rain",
        "cover letter for a nurse",
        "python regex for zip codes",
    ],
)
def test_what_no_template_can_do_honestly_is_left_alone(request_text: str) -> None:
    assert choose(request_text, None) is None


def test_a_template_of_another_kind_is_not_chosen() -> None:
    assert choose("monthly budget for a cafe", Kind.DOCUMENT) is None


def test_an_unknown_template_is_named() -> None:
    with pytest.raises(UnknownTemplate, match="nope"):
        builtin_template("nope")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_request_fills_every_template(request_text: str) -> None:
    for template in builtin_templates():
        result = fill_from(template, request_text)
        assert kind_of(result.content) is template.kind


_UNITS = [
    " ",
    "a",
    "A",
    "9",
    "a vs ",
    "a ",
    "A, ",
    "Ab and ",
    ". Ab",
    "for ",
    "present ",
    "\n ",
    "1,",
    "x 1 ",
    ": a",
    "by ",
    "due 5.5.2027 ",
    "invoice no 5 ",
    "a 5 incl 7% vat, ",
]


@pytest.mark.security
@pytest.mark.parametrize(
    ("head", "unit", "tail"),
    [
        *(("", unit, "") for unit in _UNITS),
        ("rent", " ", "x"),
        ("rent ", "9", "x"),
        ("rent 9", " ", "x"),
        ("minutes of the a", " ", ""),
        ("", "Ab, ", "ab"),
        ("", "Ab", "_ was"),
        ("script that", " ", ""),
    ],
)
def test_time_grows_with_the_length_of_a_request_and_no_faster(
    head: str, unit: str, tail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (finding, builtin):
        monkeypatch.setattr(module, "MAX_REQUEST_CHARS", 50_000)

    def fill(request_text: str) -> None:
        for template in builtin_templates():
            fill_from(template, request_text)

    assert_linear(fill, repeated(unit, head, tail), 8_000)


def test_only_the_beginning_of_a_huge_request_is_read() -> None:
    request_text = "budget: rent 700, food 300" + " and so on" * 1_000
    assert fill_from(builtin_template("budget"), request_text + ", tax 9") == fill_from(
        builtin_template("budget"), request_text
    )


def test_runs_of_blanks_count_as_one() -> None:
    assert cells(filled("budget:  rent \t 700,    food\u00a0 300").content) == cells(
        filled("budget: rent 700, food 300").content
    )


@pytest.mark.parametrize(
    ("request_text", "present", "excused"),
    [
        ("Minutes. Ola, Ben and Cem were present. Dora was excused", ["Ola", "Ben", "Cem"], ["Dora"]),
        ("Minutes with tea, Ola and Ben present, Dora and Ed absent", ["Ola", "Ben"], ["Dora", "Ed"]),
        ("minutes: we met Ola Ben present", None, None),
        ("minutes; O'Brien sick", None, ["O'Brien"]),
    ],
)
def test_people_named_before_what_is_said_of_them_are_found(
    request_text: str, present: list[str] | None, excused: list[str] | None
) -> None:
    assert finding.find("present", request_text) == present
    assert finding.find("excused", request_text) == excused


@pytest.mark.parametrize(
    ("request_text", "items"),
    [
        ("(Jira vs Trello vs Linear)", ["Jira", "Trello", "Linear"]),
        ("one two three Four Five versus Six", ["two three Four Five", "Six"]),
        ("C++ vs. Rust, please", ["C++", "Rust"]),
        ("vs Rust", None),
    ],
)
def test_what_stands_around_versus_is_compared(request_text: str, items: list[str] | None) -> None:
    assert finding.find("items", request_text) == items
