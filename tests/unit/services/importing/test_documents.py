"""Documents that come back: what did not change keeps its author's spelling, what did is put in word by word."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.document import Blocks, Document
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.domain.table import Table
from forgeapp.errors import UnreadableFile
from forgeapp.exporters.docx.exporter import EXPORTER as DOCX
from forgeapp.exporters.html.exporter import EXPORTER as HTML
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.files import read_file
from forgeapp.reading.front_matter import split_front_matter
from forgeapp.reading.html_file import read_html
from forgeapp.reading.markdown import parse, parse_document
from forgeapp.services.exporting.publishing import publication
from forgeapp.services.importing.documents import carried_over
from forgeapp.services.importing.sameness import key_of
from tests.pace import assert_linear
from tests.soak.round_trip_samples import CHANGES, DOCUMENTS
from tests.unit.exporters.document_samples import BLOCKS


def carried(base: str, read: str) -> str:
    """What becomes of `base` when a file comes back that reads as `read`, spelled by us."""
    rewritten = Document(None, blocks_markdown(parse_document(read)))
    content = carried_over(Document("T", base), FileReading(rewritten, is_rewritten=True))
    assert isinstance(content, Document) and content.title == "T"
    return content.markdown


def changed(base: str, old: str, new: str) -> None:
    head, body = split_front_matter(base)
    assert old in body
    wanted = head + body.replace(old, new)
    assert carried(base, wanted) == wanted


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("ending", ["docx", "html"])
def test_a_file_that_nobody_changed_brings_the_very_same_text(tmp_path: Path, name: str, ending: str) -> None:
    base = Document(name, DOCUMENTS[name])
    path = tmp_path / f"{name}.{ending}"
    exporter = DOCX if ending == "docx" else HTML
    exporter.write(publication(base, name, {}), path, lambda share: None)
    assert carried_over(base, read_file(path)) == base


@pytest.mark.parametrize("ending", ["docx", "html"])
def test_what_stands_in_for_pictures_elsewhere_and_misleading_links_is_no_change(tmp_path: Path, ending: str) -> None:
    text = "Seen: ![](https://example.org/a.png)\n\nSee [here](https://bank.example@evil.example/) first.\n\nThe end."
    base, path = Document("T", text), tmp_path / f"a.{ending}"
    exporter = DOCX if ending == "docx" else HTML
    exporter.write(publication(base, "T", {}), path, lambda share: None)
    assert carried_over(base, read_file(path)) == base


@pytest.mark.parametrize(("name", "old", "new"), [(name, *change) for name in CHANGES for change in CHANGES[name]])
def test_a_changed_word_is_all_that_changes(name: str, old: str, new: str) -> None:
    changed(DOCUMENTS[name], old, new)


@pytest.mark.parametrize(
    ("base", "old", "new"),
    [
        ("Some *words*  and\nmore __words__ here.", "more", "many _more_"),
        ("A word to drop stands here.", "to drop ", ""),
        ("Here stands it.", "stands", "still stands"),
        ("The price is 5.", "5", "5 * 6 < 40_"),
        ("* one\n* two\n* three", "* two\n", ""),
        ("* one\n* three", "* three", "* two\n* three"),
        ("+ one\n+ two", "+ one", "+ nothing before\n+ one"),
        ("1) a\n2) b", "2) b", "2) b\n3) c"),
        ("* [x] a\n* [ ] b", "[ ]", "[x]"),
        ("| a  |b|\n|:---|-|\n| 1  |2|", "| 1  |2|", "| 1  |2|\n| 3 | 4 |"),
        ("|a|b|\n|-|-|\n|1|2|\n|3|4|", "|1|2|\n", ""),
        ("|a|b|\n|-|-|\n|1|2|", "|1|", "|1 and more|"),
        ("Title\n=====\n\nText", "Title", "Other title"),
        ("```py\nx = 1\n```", "x = 1", "x = 2"),
        ("~~~\nx = 1\n~~~", "x = 1", "x = 1\ny = 2"),
        ("One.\n\n\n\nTwo.", "Two.", "Two.\n\nThree."),
        ("One.\n\nTwo.\n\nThree.", "Two.\n\n", ""),
        ("Zero.", "Zero.", "First.\n\nZero."),
        ("[a link][x] here\n\n[x]: https://example.com", "here", "there"),
        ("$x$ is a number", "a number", "no number"),
        ("> quoted *words*\nlazily", "lazily", "busily"),
        ("A[^n].\n\n[^n]: The *note* is\n    long.\n\nB.", "long", "short"),
        ("# H\nDirectly below.", "below", "under it"),
        ("- a\n- b\n\ntext", "text", "other text"),
        ("Wrapped **bold\nwords** go on", "words", "letters"),
        ("snake_case_name stays", "stays", "goes"),
        ("\\*no emphasis\\* here", "here", "there"),
        ("&copy; 2024 ACME", "2024", "2025"),
    ],
)
def test_a_change_leaves_everything_else_as_it_was_spelled(base: str, old: str, new: str) -> None:
    changed(base, old, new)


def test_what_cannot_be_told_apart_in_a_file_is_not_taken_for_a_change() -> None:
    base = 'It\'s "said".\n\n```python\nx\n```\n\n- a\n\n- b\n\n| a |\n|:--|\n| 1 |\n\n[l](https://example.com)'
    read = "It\u2019s \u201csaid\u201d.\n\n```\nx\n```\n\n- a\n- b\n\n| a |\n|---|\n| 1 |\n\n[l](https://example.com/)"
    assert carried(base, read) == base


def test_line_ends_and_blank_lines_around_stay() -> None:
    assert carried("\r\nOne\r\n\r\nTwo\r\n\r\n", "One\n\nThree") == "\r\nOne\r\n\r\nThree\r\n\r\n"


def test_front_matter_and_addresses_by_name_stay_also_when_all_else_changes() -> None:
    base = "---\ntitle: x\n---\n\nOld words of [a link][n].\n\n[n]: https://example.com\n\nLast."
    made = carried(base, "Wholly different things were written.\n\nLast.")
    assert made == "---\ntitle: x\n---\n\nWholly different things were written.\n\n[n]: https://example.com\n\nLast."


def test_new_and_removed_footnotes_keep_the_names_of_others() -> None:
    base = "A[^why] b[^how].\n\n[^why]: Because.\n[^how]: Gently."
    read = "A[^1] b[^2] c[^3].\n\n[^1]: A new one here.\n\n[^2]: Because.\n\n[^3]: Gently."
    made = carried(base, read)
    assert made.startswith("A[^1] b[^why] c[^how].\n\n[^why]: Because.\n[^how]: Gently.")
    assert made.endswith("[^1]: A new one here.")
    assert carried(base, "A[^1] b.\n\n[^1]: Because.") == "A[^why] b.\n\n[^why]: Because."


def test_a_picture_saved_anew_is_the_same_and_one_that_was_lost_stays(tmp_path: Path) -> None:
    import base64
    from io import BytesIO

    from PIL import Image

    def source(level: int) -> str:
        data = BytesIO()
        Image.linear_gradient("L").resize((24, 24)).convert("RGB").save(data, "PNG", compress_level=level)
        return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"

    one, other = source(0), source(9)
    assert one != other
    base = f"Look: ![A chart]({one})"
    assert carried(base, f"Look: ![A chart]({other})") == base
    assert carried(base, "Look: A chart") == base
    assert carried(base, "Look: nothing") == "Look: nothing"


def test_a_markdown_file_is_its_authors_own() -> None:
    base = Document("T", "* a\n* b\n")
    read = FileReading(Document("T", "- a\n- b"))
    assert carried_over(base, read) == Document("T", "- a\n- b\n")


def test_a_table_is_taken_for_a_document_that_is_only_one() -> None:
    page = read_html("<h1>T</h1><table><tr><th>a<th>b<tr><td>1<td><b>3</b></table>", "t.html")
    assert isinstance(page.content, Table)
    base = Document("T", "# T\n\n|a|b|\n|-|-|\n|1|__2__|")
    assert carried_over(base, page) == Document("T", "# T\n\n|a|b|\n|-|-|\n|1|__3__|")
    for read in (page, FileReading(Table("t", ("a",), ()))):
        with pytest.raises(UnreadableFile) as caught:
            carried_over(Document("T", "Text."), read)
        assert "new artifact" in caught.value.hint


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(BLOCKS, max_size=4).map(tuple), st.lists(BLOCKS, max_size=4).map(tuple))
def test_whatever_comes_back_is_what_the_result_says(before: Blocks, after: Blocks) -> None:
    base, read = blocks_markdown(before), blocks_markdown(parse(blocks_markdown(after)))
    made = carried(base, read)
    wanted = [key_of(block) for block in parse(blocks_markdown(parse(read)))]
    assert [key_of(block) for block in parse(made)] == wanted
    assert carried(base, base) == base or parse(base) != parse(blocks_markdown(parse(base)))


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text("ab \n*_#->|`[]():!1.$^\\", max_size=60), st.text("ab \n*_#->|`[]()1.", max_size=60))
def test_any_text_takes_any_other(base: str, read: str) -> None:
    assert isinstance(carried(base, read), str)


def test_a_long_document_is_carried_over_in_linear_time() -> None:
    def make(size: int) -> tuple[str, str]:
        paragraphs = [f"Paragraph {n} with *some* words,\nwrapped by hand at line {n * 7 % 13}." for n in range(size)]
        base = "\n\n".join(paragraphs)
        paragraphs[size // 2] = paragraphs[size // 2].replace("some", "few")
        return base, "\n\n".join(paragraphs)

    def check(texts: tuple[str, str]) -> None:
        base, wanted = texts
        assert carried(base, wanted) == wanted

    assert_linear(check, make, 1_000)


def test_lists_from_the_right_and_what_stands_in_them_come_back_where_they_were(tmp_path: Path) -> None:
    text = (
        "عنوان\n\n1. عنصر أول\n\n   فقرة ثانية\n\n   - داخلي\n     - أعمق\n\n   ```\n   code\n   ```\n\n2. عنصر\n\n"
        "Plain.\n\n- one\n  - two\n\nPlain.\n\n> - عنصر\n>\n> end\n\nPlain.\n"
    )
    base = Document("x", text)
    path = tmp_path / "a.docx"
    DOCX.write(publication(base, "x", {}), path, lambda share: None)
    reading = read_file(path)
    assert carried_over(base, reading) == base and reading.lost == ()
