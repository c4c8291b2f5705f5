"""Tables in replies, in every form models give them."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.table import Table
from forgeapp.reading import Reader, Reading

TEAS = (("Tea", "Minutes"), (("Assam", "4"), ("Sencha", "2")))


def read(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


def only_table(text: str, kind: Kind | None = None) -> Table:
    (table,) = read(text, kind).artifacts
    assert isinstance(table, Table)
    return table


@pytest.mark.parametrize(
    "body",
    [
        "| Tea | Minutes |\n|---|---:|\n| Assam | 4 |\n| Sencha | 2 |",
        "Tea | Minutes\n--- | ---\nAssam | 4\nSencha | 2",
        "|Tea|Minutes|\n|-|-|\n|**Assam**|`4`|\n|[Sencha](https://tea.example)|2|",
        "| Tea | Minutes |\n| Assam | 4 |\n| Sencha | 2 |",
        "| Tea | Minutes |\n\n|---|---|\n\n| Assam | 4 |\n\n| Sencha | 2 |",
        "> | Tea | Minutes |\n> |---|---|\n> | Assam | 4 |\n> | Sencha | 2 |",
        "1. Look here:\n\n   | Tea | Minutes |\n   |---|---|\n   | Assam | 4 |\n   | Sencha | 2 |",
        "+-----+----+\n| Tea | Minutes |\n+-----+----+\n| Assam  | 4       |\n| Sencha | 2       |\n+---+---+",
        "```markdown\n| Tea | Minutes |\n|---|---|\n| Assam | 4 |\n| Sencha | 2 |\n```",
        "```\n  Tea   | Minutes\n--------+---------\n Assam  | 4\n Sencha | 2\n```",
        "```csv\nTea,Minutes\nAssam,4\nSencha,2\n```",
        "```\nTea;Minutes\nAssam;4\nSencha;2\n```",
        "```tsv\nTea\tMinutes\nAssam\t4\nSencha\t2\n```",
        "```csv\nsep=;\nTea;Minutes\nAssam;4\n\nSencha;2\n```",
        "Tea\tMinutes\nAssam\t4\nSencha\t2",
        '```json\n[{"Tea": "Assam", "Minutes": 4}, {"Tea": "Sencha", "Minutes": 2}]\n```',
        '```json\n{"columns": ["Tea", "Minutes"], "rows": [["Assam", 4], ["Sencha", "2"]]}\n```',
        '```json\n{"headers": [{"label": "Tea", "key": "t"}, {"label": "Minutes", "key": "m"}], '
        '"data": [{"t": "Assam", "m": 4}, {"t": "Sencha", "m": 2}]}\n```',
        '```json\n{"teas": [{"Tea": "Assam", "Minutes": 4}, {"Tea": "Sencha", "Minutes": 2}]}\n```',
        '```json\n{"Tea": ["Assam", "Sencha"], "Minutes": [4, 2]}\n```',
        '```json\n[["Tea", "Minutes"], ["Assam", 4], ["Sencha", 2]]\n```',
        '```jsonl\n{"Tea": "Assam", "Minutes": 4}\n{"Tea": "Sencha", "Minutes": 2}\n```',
        '[{"Tea": "Assam", "Minutes": 4},\n {"Tea": "Sencha", "Minutes": 2}]',
        "<table><tr><th>Tea<th>Minutes<tr><td>Assam<td>4<tr><td><b>Sencha</b></td><td>2</td></tr></table>",
        "```html\n<table>\n<tbody><tr><td>Tea</td><td>Minutes</td></tr>\n<tr><td>Assam</td><td>4</td></tr>\n"
        "<tr><td>Sencha</td><td>2</td></tr></tbody>\n</table>\n```",
    ],
)
@pytest.mark.parametrize("kind", [None, Kind.TABLE])
def test_a_table_is_read_in_any_form_and_what_surrounds_it_is_chat(body: str, kind: Kind | None) -> None:
    reading = read(f"Here are two teas.\n\n{body}\n\nShall I add a third one?", kind)
    (table,) = reading.artifacts
    assert isinstance(table, Table)
    assert (table.columns, table.rows) == TEAS
    assert "Here are two teas." in reading.chat_text
    assert "Shall I add a third one?" in reading.chat_text
    assert "Assam" not in reading.chat_text


def test_ragged_rows_are_filled_or_cut_and_the_cut_is_said() -> None:
    reading = read("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |")
    (table,) = reading.artifacts
    assert isinstance(table, Table)
    assert table.rows == (("1", ""), ("1", "2"))


def test_prose_right_below_a_table_is_not_a_row() -> None:
    reading = read("| a | b |\n|---|---|\n| 1 | 2 |\nTell me if you need more.", Kind.TABLE)
    assert reading.artifacts[0].rows == (("1", "2"),)  # type: ignore[union-attr]
    assert reading.chat_text == "Tell me if you need more."


def test_cells_are_shown_as_a_reader_sees_them() -> None:
    table = only_table(
        "| Sign | Meaning | Note |\n|---|---|---|\n"
        r"| `a \| b` | **bold *and* more** | x &lt; y &amp; z |"
        "\n| snake_case_name | 2 * 3 * 4 | one<br>two |\n| \\*star\\* | ![cat](c.png) | ~~old~~ $5 and $6 |"
    )
    assert table.rows == (
        ("a | b", "bold and more", "x < y & z"),
        ("snake_case_name", "2 * 3 * 4", "one\ntwo"),
        ("*star*", "cat", "old $5 and $6"),
    )


def test_csv_quotes_hold_marks_quotes_and_line_ends() -> None:
    table = only_table('```csv\nName,Says\n"Bo, Jr.","a ""big"" day"\nCy,"two\nlines"\nDi, "spaced"\n```')
    assert table.rows == (("Bo, Jr.", 'a "big" day'), ("Cy", "two\nlines"), ("Di", "spaced"))


def test_a_missing_key_and_null_are_blank() -> None:
    table = only_table('```json\n[{"a": 1.50, "b": null}, {"b": true, "c": ["x", "y"]}]\n```')
    assert table.columns == ("a", "b", "c")
    assert table.rows == (("1.50", "", ""), ("", "true", "x, y"))


def test_spans_of_an_html_table_are_filled_in() -> None:
    table = only_table(
        "<table><caption>Rota</caption><tr><th>Day</th><th>Who</th><th>Hours</th></tr>"
        "<tr><td rowspan=2>Mon</td><td>Ann</td><td>4</td></tr><tr><td>Cy</td><td>5</td></tr>"
        "<tr><td colspan='2'>Total</td><td>9</td></tr></table>"
    )
    assert table.title == "Rota"
    assert table.rows == (("Mon", "Ann", "4"), ("Mon", "Cy", "5"), ("Total", "", "9"))


def test_two_tables_become_two_artifacts_named_by_their_headings() -> None:
    reading = read("### 🐱 Cats\n\n| a |b|\n|---|---|\n| 1 |2|\n\n**Dogs:**\n\n| c | d |\n|---|---|\n| 3 |4|\n\nDone.")
    assert [artifact.title for artifact in reading.artifacts] == ["Cats", "Dogs"]
    assert reading.chat_text == "Done."


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('Sure:\n\n```json\n[\n {"a": "x", "b": 1},\n {"a": "y", "b": 2', (("x", "1"), ("y", ""))),
        ("```csv\na,b\nx,1\ny,", (("x", "1"), ("y", ""))),
        ("| a | b |\n|---|---|\n| x | 1 |\n| y", (("x", "1"), ("y", ""))),
        ("<table><tr><th>a</th><th>b</th></tr><tr><td>x</td><td>1</td></tr><tr><td>y", (("x", "1"), ("y", ""))),
    ],
)
def test_a_table_that_breaks_off_keeps_what_arrived(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    assert read(text, Kind.TABLE).artifacts[0].rows == rows  # type: ignore[union-attr]


def test_an_unclosed_fence_is_said() -> None:
    assert any("breaks off" in warning for warning in read("```csv\na,b\n1,2\n3,4").warnings)


def test_the_same_table_given_twice_is_one_artifact() -> None:
    text = "| a | b |\n|---|---|\n| 1 | 2 |\n\nAs CSV:\n\n```csv\na,b\n1,2\n```"
    assert len(read(text, Kind.TABLE).artifacts) == 1


def test_header_cells_that_reach_down_make_two_rows_one_header() -> None:
    reader = Reader()
    reader.feed(
        '<table><tr><th rowspan="2">Team</th><th colspan="2">2023</th></tr><tr><th>Won</th><th>Lost</th></tr>'
        "<tr><td>Herons</td><td>8</td><td>4</td></tr></table>"
    )
    (table,) = reader.finish().artifacts
    assert isinstance(table, Table)
    assert table.columns == ("Team", "2023 / Won", "2023 / Lost")
    assert table.rows == (("Herons", "8", "4"),)


@pytest.mark.parametrize(
    "table",
    [
        "| Mass | Note |\n|---|---|\n| 2×10<sup>6</sup> kg | CO<sub>2</sub> |\n| 10<sup>6.5</sup> | x<sup>*</sup> |",
        "<table><tr><th>Mass</th><th>Note</th></tr><tr><td>2×10<sup>6</sup> kg</td><td>CO<sub>2</sub></td></tr>"
        "<tr><td>10<SUP>6.5</SUP></td><td>x<sup>*</sup></td></tr></table>",
    ],
)
def test_raised_figures_of_cells_are_not_taken_for_the_figures_beside_them(table: str) -> None:
    assert only_table(f"Here:\n\n{table}\n").rows == (("2×10⁶ kg", "CO₂"), ("10^(6.5)", "x*"))
