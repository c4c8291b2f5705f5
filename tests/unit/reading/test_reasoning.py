"""Thoughts of models in every vendor's marks, and what is left when they are dropped."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.events import ChatGrew
from forgeapp.reading import Reader
from forgeapp.reading.reasoning import without_reasoning

THOUGHT = "Maybe this:\n\n| draft | x |\n|---|---|\n| 1 | 2 |\n\n```\nor that\n```\n"
REPLY = "Here is the table:\n\n| a | b |\n|---|---|\n| 1 | 2 |"
MARKS = [
    ("<think>", "</think>"),
    ("<Thinking>", "</Thinking>"),
    ("<thought>", "</thought>"),
    ('<reasoning effort="high">', "</reasoning>"),
    ("<antThinking>", "</antThinking>"),
    ("<seed:think>", "</seed:think>"),
    ("◁think▷", "◁/think▷"),
    ("[THINK]", "[/THINK]"),
    ("<|START_THINKING|>", "<|END_THINKING|><|START_RESPONSE|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|channel|>analysis<|message|>", "<|end|>\n<|channel|>final <|constrain|>json<|message|>"),
    ("analysisWe think. ", "assistantfinal"),
    ("", "</think>"),
]


@pytest.mark.parametrize(("opening", "closing"), MARKS)
def test_thoughts_go_with_their_marks_and_what_they_hold(opening: str, closing: str) -> None:
    text = THOUGHT.replace("```\nor that\n```\n", "") if not opening else THOUGHT
    assert without_reasoning(f"{opening}{text}{closing}{REPLY}")[0].strip() == REPLY


@pytest.mark.parametrize(("opening", "closing"), [marks for marks in MARKS if marks[0]])
def test_thoughts_are_not_shown_as_chat_while_they_arrive(opening: str, closing: str) -> None:
    reader = Reader(Kind.TABLE)
    shown = [event.text for event in reader.feed(f"{opening}It is hard.\nVery hard.\n{closing}") if _is_chat(event)]
    assert "".join(shown).strip() == ""


def _is_chat(event: object) -> bool:
    return isinstance(event, ChatGrew)


@pytest.mark.parametrize(
    "text",
    [
        "Write `</think>` in lower case.",
        "```xml\n<think>\nx\n</think>\n```",
        "The tag <think> begins thoughts.",
        "analysis of the figures: they rose",
        "<response>an element of XML</response>",
    ],
)
def test_a_reply_that_speaks_of_such_marks_keeps_them(text: str) -> None:
    assert without_reasoning(text) == (text, False)


def test_thoughts_that_never_end_still_hand_over_what_they_announce() -> None:
    assert without_reasoning(f"<think>\nHm.\n\n{REPLY}")[0] == REPLY
    assert without_reasoning("<think>\nHm.\n\n| a | b |\n|---|---|\n| 1 | 2 |")[0] == ""
    envelope = '<artifact kind="code" title="x">\n1\n</artifact>'
    assert without_reasoning(f"<think>\nHm.\n{envelope}")[0] == envelope


def test_the_marks_of_a_server_and_of_the_answer_go() -> None:
    assert without_reasoning(f"<think>x</think>\n<answer>{REPLY}\n</answer><|im_end|>")[0].strip() == REPLY
    assert without_reasoning(f"<|im_start|>assistant\n{REPLY}<|eot_id|>")[0].strip() == REPLY


def test_an_answer_with_letters_that_lower_case_makes_two_of_stays_whole() -> None:
    assert without_reasoning("<answer>İstanbul, İzmir, İznik, İnegöl: 4</Answer>\nAll.") == (
        "İstanbul, İzmir, İznik, İnegöl: 4\nAll.",
        False,
    )
