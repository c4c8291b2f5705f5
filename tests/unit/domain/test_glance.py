from __future__ import annotations

import json

import pytest

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.glance import Glance, glance
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Workbook
from tests.pace import assert_linear

LONG = "x" * 200
LETTER = (
    "# Offer\n\nDear Ann,\n\n## Price\n\n> Twelve *euros*.\n\n```\n# no heading\n```\n\nUnderlined\n---\n\n---\nBye"
)
BUDGET = Sheet(
    "Budget",
    {
        (0, 0): Cell("Item"),
        (0, 1): Cell("Planned"),
        (1, 0): Cell("Rent  of\nthe shop"),
        (1, 1): Cell("1,240", 1240),
        (2, 1): Cell("=SUM(B2:B2)"),
        (9, 5): Cell("far away"),
    },
)


def test_a_table_shows_its_header_and_first_rows() -> None:
    table = Table("Towns", ("Town", "b", "c", "d", "e"), (("Ulm", LONG, "", "", ""),) * 5)
    assert glance(table) == Glance(
        {"rows": 5, "columns": 5}, (("Town", "b", "c", "d"), ("Ulm", "x" * 80, "", ""), ("Ulm", "x" * 80, "", ""))
    )


def test_a_workbook_shows_what_was_typed_into_its_first_sheet_and_no_formula() -> None:
    seen = glance(Workbook("w", (BUDGET, Sheet("Notes"))))
    assert seen.measures == {"sheets": 2, "rows": 10, "columns": 6}
    assert seen.excerpt == (("Item", "Planned", "", ""), ("Rent of the shop", "1,240", "", ""), ("", "", "", ""))


def test_of_a_workbook_nothing_that_is_hidden_is_shown() -> None:
    away = Sheet("Rates", {(0, 0): Cell("secret")}, hidden=Hidden(sheet=True))
    cells = {(row, column): Cell(f"{row}{column}") for row in range(5) for column in range(3)}
    seen = Sheet("Plan", cells, hidden=Hidden(rows=frozenset({0, 2}), columns=frozenset({1})))
    assert glance(Workbook(None, (away, seen))).excerpt == (("10", "12"), ("30", "32"), ("40", "42"))


def test_a_document_shows_its_first_lines_without_its_title() -> None:
    seen = glance(Document("Offer", LETTER))
    assert seen.measures == {"words": 10, "headings": 3}
    assert seen.excerpt == (("Dear Ann,",), ("Price",), ("> Twelve *euros*.",))


def test_words_are_counted_where_no_blanks_divide_them() -> None:
    assert glance(Document(None, "it's 1,240.50 東京")).measures["words"] == 4


PICTURE = "data:image/png;base64," + "iVBORw0KGgo/AAAA+NSUhEUg" * 40_000


def test_of_links_and_pictures_the_words_are_counted_and_shown_alone() -> None:
    text = (
        f"# Offer\n\n![Our logo]({PICTURE})\n\nSee [the terms](https://example.org/a-b/(c)/terms.html) and [more][1]."
        f"\n\n[1]: https://example.org/more\n\n![Seal][seal]\n\n[seal]: {PICTURE}\n\nYours[^1]\n\n[^1]: truly"
    )
    seen = glance(Document("Offer", text))
    # Offer, Our logo, See the terms and more 1, Seal seal, Yours 1, 1 truly
    assert seen.measures["words"] == 15
    assert seen.excerpt == (("Our logo",), ("See the terms and [more][1].",), ("![Seal][seal]",))


def test_code_shows_the_first_lines_of_its_first_file() -> None:
    code = Code(
        "c", (CodeFile("a.py", "python", f"import os\n\n    {LONG}\nx = 1\ny = 2\n"), CodeFile("b", "", "1\n2"))
    )
    seen = glance(code)
    assert seen.measures == {"files": 2, "lines": 7}
    assert seen.excerpt == (("import os",), ("    " + "x" * 76,), ("x = 1",))


@pytest.mark.parametrize(
    "content", [Table(None, ()), Workbook(None, ()), Document(None, ""), Code(None, ()), Workbook(None, (Sheet("s"),))]
)
def test_nothing_is_at_a_glance_nothing(content: Content) -> None:
    seen = glance(content)
    assert "".join(text for row in seen.excerpt for text in row) == ""
    assert seen.measures


@pytest.mark.parametrize("content", [Workbook("w", (BUDGET,)), Document("Offer", LETTER)])
def test_a_glance_survives_its_json_form(content: Content) -> None:
    seen = glance(content)
    assert Glance.from_json(json.loads(json.dumps(seen.to_json()))) == seen


@pytest.mark.parametrize(
    "data", [None, {}, {"measures": {"rows": "2"}, "excerpt": []}, {"measures": {}, "excerpt": [1]}]
)
def test_what_is_no_glance_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match="not a glance"):
        Glance.from_json(data)


@pytest.mark.security
@pytest.mark.parametrize(
    ("piece", "more"),
    [(" \t", "#"), ("a'", ""), ("```\n", ""), ("=-", ""), ("# \n", ""), ("[a](", ""), ("[a]: b\n", "")],
    ids=range(7),
)
def test_hostile_text_takes_time_in_proportion_to_it(piece: str, more: str) -> None:
    def make(size: int) -> Document:
        return Document(None, more + piece * (size // len(piece)) + more * size)

    assert_linear(glance, make, 100_000)
