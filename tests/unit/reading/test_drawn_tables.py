"""Tables drawn with rules above and below their rows, and with full-width signs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.reading import Reader, Reading
from tests.pace import assert_linear, repeated


def read(text: str, kind: Kind | None = None) -> Reading:
    reader = Reader(kind)
    reader.feed(text)
    return reader.finish()


def table_in(text: str) -> Table:
    (table,) = read(text).artifacts
    assert isinstance(table, Table)
    return table


GRID = """\
+---------+------------------+
| Dish    | Allergens        |
+=========+==================+
| Lasagne | gluten, milk,    |
|         | celery           |
+---------+------------------+
| Satay   | - peanut         |
|         | - soy            |
+---------+------------------+"""


def test_a_double_rule_ends_the_header_and_lines_within_a_cell_go_on() -> None:
    table = table_in(f"Two dishes.\n\n{GRID}\n\nAsk the cook.")
    assert table.columns == ("Dish", "Allergens")
    assert table.rows == (("Lasagne", "gluten, milk, celery"), ("Satay", "- peanut\n- soy"))
    assert read(f"Two dishes.\n\n{GRID}\n\nAsk the cook.").chat_text == "Two dishes.\n\nAsk the cook."


def test_lines_are_rows_where_a_rule_only_sets_off_the_total() -> None:
    table = table_in(
        "+-----+---+\n| Tea | n |\n+=====+===+\n| A | 1 |\n| B | 2 |\n| C | 3 |\n+---+---+\n| All | 6 |\n+--+--+"
    )
    assert table.rows == (("A", "1"), ("B", "2"), ("C", "3"), ("All", "6"))


BOXES = [
    "┌──────┬───────┐\n│ Item │ Price │\n├──────┼───────┤\n│ Loaf │ $6.00 │\n│ Tray │ $9.75 │\n└──────┴───────┘",
    "╔══════╦═══════╗\n║ Item ║ Price ║\n╠══════╬═══════╣\n║ Loaf ║ $6.00 ║\n╟──╫──╢\n║ Tray ║ $9.75 ║\n╚══╩══╝",
    "Item │ Price\n─────┼──────\nLoaf │ $6.00\nTray │ $9.75",
    "│ Item │ Price │\n├──────┼───────┤\n│ Loaf │ $6.00 │\n│ Tray │ $9.75 │",
]


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("around", ["{}", "Prices:\n\n{}\n\nTax included.", "```\n{}\n```"])
def test_boxes_are_tables(box: str, around: str) -> None:
    table = table_in(around.format(box))
    assert table.columns == ("Item", "Price")
    assert table.rows == (("Loaf", "$6.00"), ("Tray", "$9.75"))


@pytest.mark.parametrize(
    "text",
    [
        "src\n├── app\n│   ├── main.py\n│   └── cli.py\n└── tests",
        "┌────────┐\n│ Client │\n└────────┘",
        "┌───┐     ┌───┐\n│ A │ ──▶ │ B │\n└───┘     └───┘",
        "────────────\nA quiet line.",
        "+--+",
    ],
)
def test_trees_and_drawings_are_no_tables(text: str) -> None:
    assert read(text).artifacts == ()


WIDE = [
    "| 茶 | 水温 |\n|：---|：---：|\n| 绿茶 | 80℃ |\n| 红茶 | 90℃ |",
    "｜茶｜水温｜\n｜---｜---｜\n｜绿茶｜80℃｜\n｜红茶｜90℃｜",
    "｜茶｜水温｜\n|---|---|\n｜绿茶｜80℃｜\n｜红茶｜90℃｜",
    "茶｜水温\n---｜---\n绿茶｜80℃\n红茶｜90℃",
    "｜茶｜水温｜\n｜：－－｜－－：｜\n｜绿茶｜80℃｜\n｜红茶｜90℃｜",
]


@pytest.mark.parametrize("text", WIDE)
def test_full_width_signs_draw_a_table(text: str) -> None:
    table = table_in(f"表格如下：\n\n{text}\n\n需要我补充吗？")
    assert table.columns == ("茶", "水温")
    assert table.rows == (("绿茶", "80℃"), ("红茶", "90℃"))


def test_a_full_width_pipe_within_a_cell_is_text() -> None:
    assert table_in("| a | b |\n|---|---|\n| x｜y | 2 |").rows == (("x｜y", "2"),)


@given(st.text("+-=| a\n│─┼┌┐║═｜：", max_size=200))
def test_any_drawing_is_read_alike_twice(text: str) -> None:
    assert read(text) == read(text)


@pytest.mark.parametrize(
    "line", ["+--+--+\n", "| a | b |\n+--+--+\n+--+--+\n", "┌──┬──┐\n", "│ a │\n┌──┬──┐\n", "│a│b│\n"]
)
def test_rules_without_end_are_read_in_linear_time(line: str) -> None:
    assert_linear(lambda text: read(text, Kind.TABLE), repeated(line), 50_000)
