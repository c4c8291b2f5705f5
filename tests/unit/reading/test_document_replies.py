"""Documents in replies: where they begin and end, their titles, and what a fence wraps."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document
from forgeapp.reading import Reader, Reading
from forgeapp.reading.markdown import parse
from forgeapp.reading.outline import outline


def read(text: str, kind: Kind | None = Kind.DOCUMENT, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


def document(reading: Reading) -> Document:
    (found,) = reading.artifacts
    assert isinstance(found, Document)
    return found


BODY = """# Picnic plan

We meet at noon.

## Food

- Bread
- Cheese

## Games

| Game | For |
|---|---|
| Boules | all |

## Rain

We go to the barn."""


@pytest.mark.parametrize(
    "text",
    [
        f"Here is the plan:\n\n{BODY}\n\nWould you like me to add a map?",
        f"Here is the plan:\n\n---\n\n{BODY}\n\n---\n\nWould you like me to add a map?",
        f"Here is the plan.\n\n{BODY}\n\n***\n\nI assumed twenty people. Would you like me to add a map?",
        f"Here is the plan:\n\n```markdown\n{BODY}\n```\n\nWould you like me to add a map?",
        f"Here is the plan:\n\n~~~md\n{BODY}\n~~~\n\nWould you like me to add a map?",
        f"Here is the plan:\n\n```\n{BODY}\n```\n\nWould you like me to add a map?",
    ],
)
@pytest.mark.parametrize(
    ("kind", "request_text"), [(Kind.DOCUMENT, ""), (None, "write a plan for our picnic"), (None, "")]
)
def test_a_document_is_what_stands_between_the_talk(text: str, kind: Kind | None, request_text: str) -> None:
    reading = read(text, kind, request_text)
    assert document(reading).markdown == BODY
    assert reading.title == "Picnic plan"
    assert "Here is the plan" in reading.chat_text
    assert "add a map?" in reading.chat_text


def test_rules_within_a_document_stay() -> None:
    text = "# Report\n\n## A\n\nText.\n\n---\n\n## B\n\nMore text."
    assert document(read(text)).markdown == text
    assert read(text).chat_text == ""


def test_a_signature_below_the_last_rule_belongs_to_the_document() -> None:
    text = "# Lease\n\nThe parties agree.\n\n---\n\nDate: ____________\n\nSignature: ____________"
    assert document(read(text)).markdown == text


def test_fences_of_the_same_length_nest_in_a_markdown_fence() -> None:
    install = "## Install\n\n```bash\npip install quickcat\n```"
    inner = f"# quickcat\n\n{install}\n\n## Use\n\n```\nquickcat file\n```\n\n## License\n\nMIT"
    reading = read(f"Your README:\n\n```markdown\n{inner}\n```\n\nShall I add badges?", None, "README for quickcat")
    assert document(reading).markdown == inner
    assert reading.chat_text == "Your README:\n\nShall I add badges?"
    assert outline(parse(inner))["code_blocks"] == 2


def test_setext_headings_and_closing_hashes_are_headings() -> None:
    reading = read("Okay here it is\n\nBoard Meeting\n=====\n\nPresent: A\n\n### Next ###\n\n1) Call\n2) Write")
    assert reading.title == "Board Meeting"
    counted = outline(parse(document(reading).markdown))
    assert counted["headings"] == [[1, "Board Meeting"], [3, "Next"]]
    assert counted["lists"] == 1


def test_a_bold_line_that_begins_a_document_is_its_title() -> None:
    text = "Here is the release.\n\n---\n\n**Crumb opens in Leeds**\n\nLEEDS, 4 May.\n\n---\n\nWant a shorter one?"
    reading = read(text)
    assert reading.title == "Crumb opens in Leeds"
    assert outline(parse(document(reading).markdown))["headings"] == []


@pytest.mark.parametrize("request_text", ["resignation letter, last day 30 June", ""])
def test_a_letter_without_headings_is_a_document_without_a_title(request_text: str) -> None:
    letter = (
        "Dear Ms. Hall,\n\nI am writing to resign. My last working day will be 30 June.\n\n"
        "I will hand over all files before I leave.\n\nKind regards,\nTom Reyes"
    )
    reading = read(f"Sure, here is a letter:\n\n{letter}\n\nLet me know if you want it shorter!", None, request_text)
    assert document(reading).markdown == letter
    assert reading.title is None


def test_a_letter_in_a_plain_fence_is_a_document() -> None:
    letter = (
        "Dear Sir or Madam,\n\nI cancel my membership as of 1 May.\n\nPlease confirm this in writing.\n\nYours,\nKim"
    )
    reading = read(f"Your letter:\n\n```\n{letter}\n```\n", None)
    assert document(reading).markdown == letter


def test_a_table_inside_a_document_stays_there() -> None:
    reading = read(f"Of course:\n\n{BODY}", None, "picnic plan with a table of games")
    assert reading.kind is Kind.DOCUMENT
    assert "| Boules | all |" in document(reading).markdown


def test_a_farewell_with_an_emoji_is_talk() -> None:
    reading = read("Of course!\n\n## Apple cake\n\n- 4 apples\n- flour\n\nEnjoy your baking! 🍎", None, "recipe")
    assert document(reading).markdown == "## Apple cake\n\n- 4 apples\n- flour"


def test_a_document_that_breaks_off_is_kept_and_said() -> None:
    reading = read("Here you go:\n\n```markdown\n# Guide\n\n## One\n\nText that")
    assert document(reading).markdown == "# Guide\n\n## One\n\nText that"
    assert reading.warnings


def test_counts_are_of_top_level_lists_and_of_everything_else_anywhere() -> None:
    counted = outline(parse("- a\n  - b\n\n> - c\n>\n> | x | y |\n> |---|---|\n\n1. ```py\n   x\n   ```\n\n## H `c`"))
    assert counted == {"headings": [[2, "H c"]], "tables": 1, "lists": 2, "code_blocks": 1}


NOTICE = "**COMUNICADO**\n\nPrezados moradores,\n\nA água será desligada.\n\n---\n\n**O que fazer**\n\n- Encha baldes"


def test_a_notice_with_bold_lines_for_headings_is_a_document_without_being_asked_for() -> None:
    reader = Reader()
    reader.feed(f"Segue o documento:\n\n{NOTICE}\n\n---\n\nPosso deixar o texto mais informal, se preferir.")
    reading = reader.finish()
    assert (reading.kind, reading.title) == (Kind.DOCUMENT, "COMUNICADO")
    assert reading.chat_text == "Segue o documento:\n\nPosso deixar o texto mais informal, se preferir."


def test_ideas_between_rules_are_talk() -> None:
    reader = Reader()
    reader.feed(
        "Here are some ideas:\n\n**Hike**\n\nGo up.\n\n---\n\n**Swim**\n\nGo in.\n\n---\n\nWhich one do you like?"
    )
    assert reader.finish().artifacts == ()


def test_footnotes_tell_a_document_from_a_table() -> None:
    reader = Reader()
    reader.feed(
        "# Visit\n\n- [x] Exit[^1]\n\n## Remarks\n\nFine.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[^1]: Seen in May."
    )
    assert reader.finish().kind is Kind.DOCUMENT
