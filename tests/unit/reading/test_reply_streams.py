"""Reading while the reply arrives: any pieces give the same result, nothing is lost, nothing is retracted."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.events import ArtifactGrew, ChatGrew
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.reading import Reader

WORDS = st.text("abcdefgäß漢字", min_size=1, max_size=8)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)
PROSE = st.one_of(
    SENTENCES,
    SENTENCES.map(lambda text: f"# {text}"),
    SENTENCES.map(lambda text: f"- {text}\n- {text}"),
    SENTENCES.map(lambda text: f"**{text}**"),
    SENTENCES.map(lambda text: f"Dear {text},"),
    SENTENCES.map(lambda text: f"Here is {text}:"),
    SENTENCES.map(lambda text: f"Let me know {text}?"),
    SENTENCES.map(lambda text: f"> {text}"),
    st.just("---"),
)
ARTIFACTS = st.one_of(
    WORDS.map(lambda w: f"| {w} | b |\n|---|---|\n| 1 | {w} |"),
    WORDS.map(lambda w: f"```python\n# {w}\nx = 1\n```"),
    WORDS.map(lambda w: f"```markdown\n# {w}\n\n```sh\n{w}\n```\n```"),
    WORDS.map(lambda w: f"```csv\n{w},b\n1,=A2\n```"),
    WORDS.map(lambda w: f'```json\n{{"sheets":[{{"name":"{w}","rows":[["{w}",1]]}}]}}\n```'),
    WORDS.map(lambda w: f'<artifact kind="document" title="{w}">\n# {w}\n</artifact>'),
    WORDS.map(lambda w: f"<table><tr><th>{w}</th></tr><tr><td>x</td></tr></table>"),
    WORDS.map(
        lambda w: f"Here is the script:\nimport {w}\nfor a in b:\n    print({w}, a)\nRun it as often as you like."
    ),
    WORDS.map(lambda w: f"Here:\n┌──┬──┐\n│ {w} │ b │\n├──┼──┤\n│ 1 │ {w} │\n└──┴──┘"),
    WORDS.map(lambda w: f"｜{w}｜b｜\n｜：---｜---｜\n｜1｜{w}｜"),
    WORDS.map(lambda w: f"+--+--+\n| {w} | b |\n+==+==+\n| 1 | {w} |\n+--+--+"),
    WORDS.map(lambda w: f"<think>\n{w}\n</think>"),
    st.sampled_from(["```", "<artifact>", "</artifact>", "| a | b |", '{"a":', "<table>", "</think>"]),
)
REPLIES = st.lists(st.one_of(PROSE, ARTIFACTS), max_size=8).map("\n\n".join)
KINDS = st.sampled_from([None, Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE])
REQUESTS = st.sampled_from(["", "a table please", "write a letter", "python script"])


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


def text_of(content: Content) -> str:
    match content:
        case Table(title=title, columns=columns, rows=rows):
            return " ".join((title or "", *columns, *(cell for row in rows for cell in row)))
        case Document(title=title, markdown=markdown):
            return f"{title} {markdown}"
        case Code(title=title, files=files):
            return " ".join((title or "", *(f"{file.name} {file.language} {file.text}" for file in files)))
        case Workbook(title=title, sheets=sheets):
            names = " ".join(sheet.name for sheet in sheets)
            return " ".join((title or "", names, *(cell.text for sheet in sheets for cell in sheet.cells.values())))


@settings(max_examples=300, deadline=None)
@given(text=REPLIES, kind=KINDS, request_text=REQUESTS, data=st.data())
def test_any_pieces_give_the_same_reading(text: str, kind: Kind | None, request_text: str, data: st.DataObject) -> None:
    whole = Reader(kind, request_text)
    whole.feed(text)
    pieces = Reader(kind, request_text)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        pieces.feed(text[start:end])
    assert pieces.finish() == whole.finish()


NESTED = "```markdown\n# a\n\n```sh\na\n```\n```\n\n```\n\nHere is the script:\nimport a\nRun it as often as you like."

TABLE_FIRST = "| a | b |\n|---|---|\n| 1 | a |\n\nHere is a:\n\n# a\n\nDear a,"


@settings(max_examples=300, deadline=None)
@given(text=REPLIES, kind=KINDS, request_text=REQUESTS)
@example(text=NESTED, kind=None, request_text="")
@example(text=TABLE_FIRST, kind=None, request_text="")
def test_chat_that_was_shown_is_chat_in_the_end(text: str, kind: Kind | None, request_text: str) -> None:
    if "</think>" in text:
        return  # what a lone closing tag ends had looked like a reply until it came
    reader = Reader(kind, request_text)
    shown = [
        line for event in reader.feed(text + "\n") if isinstance(event, ChatGrew) for line in event.text.split("\n")
    ]
    chat = reader.finish().chat_text.split("\n")
    assert [line for line in shown if line.strip() and line not in chat] == []


@settings(max_examples=300, deadline=None)
@given(text=st.lists(PROSE, min_size=1, max_size=8).map("\n\n".join), kind=KINDS, request_text=REQUESTS)
def test_no_word_of_prose_is_lost(text: str, kind: Kind | None, request_text: str) -> None:
    reader = Reader(kind, request_text)
    reader.feed(text)
    reading = reader.finish()
    kept = words_of(reading.chat_text).union(*(words_of(text_of(artifact)) for artifact in reading.artifacts))
    assert words_of(text) - kept == set()


@settings(max_examples=500, deadline=None)
@given(text=st.text("|`*_#-=<>[](){}\"'\\\n ,;:&$ab1~tr\t", max_size=300), kind=KINDS)
def test_any_text_is_read_the_same_whole_and_sign_by_sign(text: str, kind: Kind | None) -> None:
    whole, slow = Reader(kind), Reader(kind)
    whole.feed(text)
    for sign in text:
        slow.feed(sign)
    assert whole.finish() == slow.finish()


def test_the_artifact_grows_line_by_line_while_it_arrives() -> None:
    reader = Reader()
    assert reader.feed('Here is it.\n\n<artifact kind="document" ti') == [ChatGrew("Here is it.\n\n")]
    assert reader.feed('tle="Memo">\n# Me') == []
    assert reader.feed("mo\n\nTo a") == [ArtifactGrew(Kind.DOCUMENT, "Memo", "# Memo\n\n")]
    assert reader.feed("ll\n</artifact>\nBye\n") == [ArtifactGrew(Kind.DOCUMENT, "Memo", "To all\n"), ChatGrew("Bye\n")]
    assert reader.finish().chat_text == "Here is it.\n\nBye"


def test_a_table_grows_from_its_header_on() -> None:
    reader = Reader(Kind.TABLE)
    assert reader.feed("Two teas for you.\n\n| Tea | Min |\n") == [ChatGrew("Two teas for you.\n\n")]
    assert reader.feed("|---|---|\n| Assam") == [ArtifactGrew(Kind.TABLE, None, "| Tea | Min |\n|---|---|\n")]
    assert reader.feed(" | 4 |\n\nEnjoy.\n\n") == [
        ArtifactGrew(Kind.TABLE, None, "| Assam | 4 |\n"),
        ChatGrew("Enjoy.\n\n"),
    ]


def test_a_fence_grows_without_its_marks() -> None:
    reader = Reader(Kind.CODE)
    assert reader.feed("```python\nx = 1\ny") == [ArtifactGrew(Kind.CODE, None, "x = 1\n")]
    assert reader.feed(" = 2\n```\n") == [ArtifactGrew(Kind.CODE, None, "y = 2\n")]


def test_a_document_without_an_envelope_grows_from_its_first_heading() -> None:
    reader = Reader(request="write a report")
    grown = reader.feed("Sure, here it is.\n\n# Report\n\nText.\n")
    assert grown == [ArtifactGrew(Kind.DOCUMENT, None, "# Report\n\nText.\n")]
