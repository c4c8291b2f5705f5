"""Replies that hold no artifact, and thoughts that are no part of a reply."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.reading import Reader, Reading


def read(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


TALK = [
    "I'm sorry, but I can't help with that. It could hurt.\n\nInstead I could:\n\n- Explain the law\n- Name a hotline",
    "I can't create that for you, but here's what I can do instead:\n\n1. A neutral note\n2. A checklist",
    "## I can't help with this\n\nIt is illegal.\n\n### What I can do instead\n\n- Explain\n- Help\n\nLet me know!",
    "I'd love to! Before I write it, could you tell me:\n\n1. Which job is it?\n2. What is the company called?",
    "Here are a few questions before I start:\n\n- Who will read it?\n- How long should it be?",
    "Gerne! Dafür brauche ich noch ein paar Angaben:\n\n- Wer sind die Parteien?\n- Ab wann gilt der Vertrag?",
    "I don't see any data. Could you paste it here, for example like this?\n\n```\nName, Amount\nRent, 900\n```",
    "Lo siento, no puedo ayudarte con eso.",
    "申し訳ありませんが、そのご依頼にはお応えできません。",
    "The capital of France is Paris.",
    "",
]


@pytest.mark.parametrize("text", TALK)
@pytest.mark.parametrize("kind", [None, Kind.TABLE, Kind.DOCUMENT, Kind.SPREADSHEET])
def test_refusals_and_questions_hold_no_artifact(text: str, kind: Kind | None) -> None:
    if kind is Kind.DOCUMENT and text.startswith("The capital"):
        pytest.skip("asked for a document, a plain answer is one")
    reading = read(text, kind)
    assert reading.artifacts == ()
    assert reading.kind is None
    assert reading.chat_text == text


def test_a_regret_does_not_undo_what_is_delivered() -> None:
    lead = "I don't have your figures, so I used placeholders. Here's the report:"
    text = f"{lead}\n\n# Report\n\n## Sales\n\nUp.\n\n## Costs\n\nDown."
    assert read(text, Kind.DOCUMENT).title == "Report"


def test_a_survey_is_a_document_although_it_asks() -> None:
    text = "Here's a short survey:\n\n# Survey\n\n1. Are you satisfied?\n2. Would you come again?\n3. What was missing?"
    assert read(text, Kind.DOCUMENT).title == "Survey"


TABLE = "| a | b |\n|---|---|\n| 1 | 2 |"


@pytest.mark.parametrize(
    "text",
    [
        f"<think>\nThey want | x | y |\n|---|---|\nhmm\n</think>\n\nHere:\n\n{TABLE}",
        f"<think>short</think>\nHere:\n\n{TABLE}",
        f"Some loose thoughts\nwithout a beginning\n</think>\n\nHere:\n\n{TABLE}",
        f"<reasoning>\n```\n</reasoning>\n\nHere:\n\n{TABLE}",
    ],
)
def test_thoughts_are_dropped(text: str) -> None:
    reading = read(text)
    assert reading.chat_text == "Here:"
    assert len(reading.artifacts) == 1
    assert reading.artifacts[0].columns == ("a", "b")  # type: ignore[union-attr]


def test_a_tag_within_code_is_no_thought() -> None:
    reading = read("Here:\n\n```html\n<think>\nx\n</think>\n```")
    assert "<think>" in reading.artifacts[0].files[0].text  # type: ignore[union-attr]


ASKING = "Gern! Bevor ich den Vertrag schreibe, brauche ich noch ein paar Angaben:"


@pytest.mark.parametrize("kind", [None, Kind.TABLE, Kind.DOCUMENT])
def test_a_question_with_a_table_of_examples_holds_no_artifact(kind: Kind | None) -> None:
    rows = "| Angabe | Beispiel |\n|---|---|\n| Beginn | 1. Mai |\n| Miete | 650 € |\n| Kaution | 3 Mieten |"
    text = f"{ASKING}\n\n{rows}\n\nKönnen Sie mir diese Punkte nennen?"
    assert read(text, kind, "schreib mir einen mietvertrag").artifacts == ()


@pytest.mark.parametrize(
    "text",
    [
        f"Here's an example:\n\n{TABLE}\n\nCould you send me the figures?",
        f"Before you read it: these are examples.\n\n{TABLE}\n\nThey are made up.",
        f"{ASKING}\n\n{TABLE}\n\nKönnen Sie mir diese Punkte nennen?",
    ],
)
def test_a_table_beside_a_question_stays_a_table(text: str) -> None:
    long = text.replace("| 1 | 2 |", "| 1 | 2 |\n" * 4 + "| 3 | 4 |")
    assert read(long, Kind.TABLE).kind is Kind.TABLE
