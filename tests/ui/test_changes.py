"""Two contents as what is painted of them: nothing is lost, nothing stands twice."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Block, CodeBlock, Document, Heading, Paragraph, TableBlock, plain_text, walk
from forgeapp.domain.number_look import BY_CONTENT
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.reading.markdown import parse
from forgeapp.services.comparing import compare
from forgeapp.ui.artifact.changes.grids import GridPicture, sheet_pictures, table_picture
from forgeapp.ui.artifact.changes.lines import CodeLine, FileRow, FoldRow, HunkRow, LinesPicture, lines_picture
from forgeapp.ui.artifact.changes.passages import DocumentPicture, document_picture
from forgeapp.ui.richtext.marked import MarkedCode, MarkedRun, Turn

BLOCKS = st.sampled_from(
    [
        "# Head",
        "## Other",
        "Some words are here.",
        "Some words were there.",
        "- one\n- two\n- three",
        "1. one\n2. two",
        "> said\n> so",
        "```python\na = 1\nb = 2\n```",
        "```python\na = 1\nb = 3\n```",
        "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
        "| A | B | C |\n|---|---|---|\n| 1 | 2 | 9 |\n| 3 | 5 | 9 |",
        "$$\nx^2\n$$",
        "---",
        "a note[^1]\n\n[^1]: The note.",
        "\\[ y \\] beside",
        "<div>raw</div>",
        "",
    ]
)
MARKDOWN = st.lists(BLOCKS, max_size=8).map("\n\n".join) | st.text(alphabet="ab #-|`>\n*1.[]^:$", max_size=80)
CELLS = st.sampled_from(["", "1", "2", "x", "y"])
TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "\tlong line"]), max_size=12).map("\n".join)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    width = draw(st.integers(1, 4))
    row = st.tuples(*[CELLS] * width)
    names = draw(st.lists(st.sampled_from("ABCDEF"), min_size=width, max_size=width, unique=True))
    return Table("T", tuple(names), tuple(draw(st.lists(row, max_size=6))))


def texts(blocks: tuple[Block, ...]) -> list[str]:
    """What a reader sees, in order."""
    found = []
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                found.append(plain_text(inlines))
            case TableBlock(header=header, rows=rows):
                found += [plain_text(cell) for row in (header, *rows) for cell in row]
            case CodeBlock(text=text):
                found.append(text)
    return found


def sides(picture: DocumentPicture) -> tuple[list[str], list[str]]:
    before = [text for passage in picture.passages for text in texts(passage.before.blocks)]
    after = [text for passage in picture.passages for text in texts(passage.after.blocks)]
    return before, after


@settings(max_examples=120, deadline=None)
@given(MARKDOWN, MARKDOWN)
@example("", "^[1]")
@example("- a\n- b", "- a^[1]\n- b^[2]")
def test_a_document_picture_holds_every_block_of_both_and_every_hunk_once(before: str, after: str) -> None:
    comparison = compare(Document("T", before), Document("T", after))
    picture = document_picture(comparison)
    hunks = [hunk for passage in picture.passages for hunk in passage.hunks]
    assert sorted([*hunks, *picture.others]) == list(range(len(comparison.hunks)))
    raw = {text for passage in picture.passages if passage.hunks for text in texts(passage.after.blocks)}
    whole = set(texts(parse(after)))
    assert whole <= set(sides(picture)[1])
    assert set(sides(picture)[1]) - whole <= raw, "what is shown besides is the source of what changed unseen"


def turned(blocks: tuple[Block, ...], turn: Turn) -> str:
    """What of marked blocks came, or went."""
    found = []
    for block in walk(blocks):
        match block:
            case Heading(inlines=inlines) | Paragraph(inlines=inlines):
                found += [run.text for run in inlines if isinstance(run, MarkedRun) and run.turn == turn]
            case TableBlock(header=header, rows=rows):
                cells = (run for row in (header, *rows) for cell in row for run in cell)
                found += [run.text for run in cells if isinstance(run, MarkedRun) and run.turn == turn]
            case MarkedCode(text=text, turns=turns):
                found += [line for line, each in zip(text.split("\n"), turns, strict=True) if each == turn]
    return " ".join(found)


def test_words_lists_tables_and_code_are_marked_where_they_differ() -> None:
    before = "Soup for 340 guests.\n\n- one\n- two\n\n| A |\n|---|\n| 1 |\n\n```\na\nb\n```\n"
    after = "Soup for 360 guests.\n\n- one\n- three\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\n```\na\nc\n```\n"
    picture = document_picture(compare(Document("T", before), Document("T", after)))
    merged = tuple(block for passage in picture.passages for part in passage.merged for block in part.blocks)
    assert turned(merged, "removed") == "340 two b"
    assert turned(merged, "added") == "360 three B 2 c"


def numbered(picture: LinesPicture, is_after: bool) -> dict[str, list[str]]:
    """The lines of each file on one side, in the order of their numbers."""
    files: dict[str, list[str]] = {}
    name = ""
    for row in picture.rows:
        match row:
            case FileRow(name=name):
                files[name] = []
            case CodeLine() as line if (line.after if is_after else line.before) is not None:
                files[name].append(line.text)
                assert len(files[name]) == (line.after if is_after else line.before)
    return files


@settings(max_examples=120, deadline=None)
@given(TEXTS, TEXTS)
def test_a_code_picture_holds_every_line_of_both_in_order(before: str, after: str) -> None:
    codes = [Code("C", (CodeFile("main.py", "python", text),)) for text in (before, after)]
    comparison = compare(codes[0], codes[1])
    picture = lines_picture(comparison, "review", folds=False)
    for text, is_after in ((before, False), (after, True)):
        lines = text.expandtabs(4).split("\n")
        assert numbered(picture, is_after)["main.py"] == (lines if lines[-1] else lines[:-1])
    told = [row.hunk for row in picture.rows if isinstance(row, HunkRow)]
    assert sorted([*told, *picture.others]) == list(range(len(comparison.hunks)))


def test_files_come_go_and_are_renamed_and_each_can_be_decided() -> None:
    keep = "".join(f"line {number}\n" for number in range(30))
    before = Code("C", (CodeFile("a.py", "python", keep), CodeFile("gone.txt", "text", "x\n")))
    after = Code(
        "C", (CodeFile("b.py", "python", keep.replace("line 20", "row 20")), CodeFile("new.md", "markdown", ""))
    )
    comparison = compare(before, after)
    picture = lines_picture(comparison, "review")
    heads = {row.name: row.turn for row in picture.rows if isinstance(row, FileRow)}
    assert heads == {"b.py": "", "gone.txt": "removed", "new.md": "added"}
    told = [row.hunk for row in picture.rows if isinstance(row, HunkRow)]
    assert sorted([*told, *picture.others]) == list(range(len(comparison.hunks)))
    assert any(isinstance(row, FoldRow) for row in picture.rows)


def check_grid(picture: GridPicture, old: tuple[int, int], new: tuple[int, int]) -> None:
    """Each row and column of both sides stands in it, sorted ones at their new place."""
    for lines, old_count, new_count in ((picture.rows, old[0], new[0]), (picture.columns, old[1], new[1])):
        assert [line.after for line in lines if line.after is not None] == list(range(new_count))
        assert {line.before for line in lines if line.before is not None} == set(range(old_count))
        assert all(line.hunk is not None for line in lines if line.turn)


@settings(max_examples=150, deadline=None)
@given(tables(), tables())
def test_a_table_picture_holds_every_row_and_column_of_both(before: Table, after: Table) -> None:
    comparison = compare(before, after)
    picture = table_picture(comparison)
    check_grid(picture, (len(before.rows) + 1, len(before.columns)), (len(after.rows) + 1, len(after.columns)))
    assert set(picture.hunks) == set(range(len(comparison.hunks)))
    for at, hunk in picture.cells.items():
        told = comparison.hunks[hunk]
        assert (picture.cell(*at, is_after=False), picture.cell(*at, is_after=True)) == (told.before, told.after)


def test_a_row_that_came_among_rows_sorted_anew_is_told_as_new() -> None:
    before, after = (
        Table("T", ("A",), tuple((text,) for text in rows)) for rows in (["1", "", "2"], ["2", "", "", "1"])
    )
    comparison = compare(before, after)
    picture = table_picture(comparison)
    assert picture.hunks == (0, 1)
    assert [(line.before, line.after, line.hunk) for line in picture.rows[1:]] == [
        (3, 1, 0),
        (2, 2, 0),
        (None, 3, 1),
        (1, 4, 0),
    ]


def test_rows_that_moved_stand_where_they_went_and_are_told_from_new_ones() -> None:
    rows = tuple((f"Person {number}", str(number)) for number in range(12))
    picture = table_picture(
        compare(Table("T", ("A", "B"), rows), Table("T", ("A", "B"), (*rows[6:8], *rows[:6], *rows[8:])))
    )
    moved = [line for line in picture.rows if line.is_moved]
    assert [(line.before, line.after) for line in moved] == [(7, 1), (8, 2)]
    assert [picture.cell(picture.rows.index(line), 0, is_after=True) for line in moved] == ["Person 6", "Person 7"]


def test_rows_in_another_order_are_found_again_by_what_they_hold() -> None:
    rows = tuple((f"Person {number}", str(number * 7 % 12)) for number in range(12))
    ordered = tuple(sorted(rows, key=lambda row: int(row[1])))
    picture = table_picture(compare(Table("T", ("A", "B"), rows), Table("T", ("A", "B"), ordered)))
    for line in picture.rows[1:]:
        assert line.before is not None and line.after is not None
        assert rows[line.before - 1] == ordered[line.after - 1]


def test_sheets_come_go_and_are_renamed() -> None:
    cells = {(row, 0): Cell(f"value {row}") for row in range(8)}
    before = Workbook("W", (Sheet("One", cells), Sheet("Old", {(0, 0): Cell("x")})))
    after = Workbook("W", (Sheet("Uno", cells), Sheet("New", {(0, 0): Cell("y"), (3, 2): Cell("z")})))
    comparison = compare(before, after)
    pictures = {picture.name: picture for picture in sheet_pictures(comparison, BY_CONTENT)}
    assert {name: picture.turn for name, picture in pictures.items()} == {"Uno": "", "Old": "removed", "New": "added"}
    assert {hunk for picture in pictures.values() for hunk in picture.hunks} == set(range(len(comparison.hunks)))
    assert pictures["New"].cell(3, 2, is_after=True) == Cell("z")
