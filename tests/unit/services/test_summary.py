from __future__ import annotations

from forgeapp.reading import Reading
from forgeapp.services.summary import summarise, title_for
from tests.pace import assert_linear, repeated


def reading(chat: str) -> Reading:
    return Reading(kind=None, title=None, chat_text=chat, artifacts=(), warnings=("cut",))


def test_a_result_is_derived_from_what_was_said() -> None:
    chat = "Here is **your** plan.\n\n- Mind the *gap*\n2. Check B7\n\nIt is long. Shall I cut it? Or split it?"
    summary = summarise(reading(chat))
    assert summary.summary == "Here is your plan."
    assert summary.bullets == ("Mind the gap", "Check B7")
    assert summary.next_actions == ("Shall I cut it?", "Or split it?")
    assert summary.warnings == ("cut",)
    assert summary.content == chat


def test_what_a_reply_lacks_stays_empty() -> None:
    summary = summarise(reading(""))
    assert (summary.title, summary.summary, summary.bullets, summary.next_actions) == ("", "", (), ())


def test_a_reply_without_any_sentence_takes_linear_time() -> None:
    assert_linear(lambda chat: summarise(reading(chat)), repeated("word "), 200_000)


def test_a_title_is_made_of_the_requests_first_words() -> None:
    assert title_for("Please make me a table of the planets: name, moons") == "Table of the planets"
    assert title_for("please") == "Please"
    assert len(title_for("word " * 50)) <= 60
    assert title_for("比较三种方案。价格") == "比较三种方案"
