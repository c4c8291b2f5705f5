"""The transcript: replies as they stream, end, fail and ask, and long conversations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from forgeapp.domain.artifact import Format
from forgeapp.domain.chat import Role
from forgeapp.domain.events import Status
from forgeapp.ui.chat.artifact_card import ArtifactCard
from forgeapp.ui.chat.beginning import Beginning
from forgeapp.ui.chat.marks import HopMark, MarkedLine, MetaLine
from forgeapp.ui.chat.questions import Question, SlotsForm
from forgeapp.ui.chat.reply_actions import Pager
from forgeapp.ui.controls import Button, Label
from forgeapp.ui.theme import theme
from forgeapp.ui.wording import number_text
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.fakes.provider_server import Reply
from tests.ui.chat_room import TABLE, ChatRoom, make_room  # noqa: F401 - a fixture

Room = Callable[..., ChatRoom]
SLOW = Reply("One two three four five six seven eight nine ten. " * 20, piece_delay_s=0.01)


def test_a_message_is_sent_by_enter_and_its_reply_is_read_as_it_streams(room: Room) -> None:
    chat = room(SLOW)
    chat.send("Tell me about numbers")
    live = chat.workbench.chat.live
    assert live is not None
    chat.wait(lambda: any("One two" in text for text in chat.texts()))
    assert chat.workbench.chat.live is live, "the reply was shown while it streamed"
    assert chat.composer.toPlainText() == ""
    chat.wait(lambda: "~" in chat.find(MetaLine, "reply_meta").figures.text())
    chat.workbench.chat.stop()
    chat.wait_for_end()


def test_what_happens_is_told_before_the_first_text(room: Room) -> None:
    chat = room(Reply("Late.", delay_s=0.4))
    chat.send("Hello there")
    chat.wait(lambda: chat.has("happening"))
    happening = chat.find(QWidget, "happening").findChild(QLabel)
    assert happening is not None
    chat.wait(lambda: happening.text() == "Asking openai/gpt-4.1-mini")
    chat.wait_for_end()
    chat.wait(lambda: chat.texts() == ["Late."])
    assert not chat.has("happening")


def test_a_reply_names_who_answered_and_what_it_cost(room: Room) -> None:
    chat = room(Reply("Hello.", usage={"prompt_tokens": 1000, "completion_tokens": 204, "total_tokens": 1204}))
    chat.ask("Hello there")
    meta = chat.find(MetaLine, "reply_meta")
    assert meta.by.text() == "openai/gpt-4.1-mini"
    tokens, cost, seconds = meta.figures.text().split(" · ")
    assert tokens == f"{number_text(1204)} tokens"
    assert cost == "$ 0.0007"
    assert seconds.endswith(" s")


def test_an_unknown_price_is_said_to_be_unknown(room: Room) -> None:
    chat = room(Reply("Hello."), prices="none")
    chat.ask("Hello there")
    assert "cost unknown" in chat.find(MetaLine, "reply_meta").figures.text()


def test_stop_keeps_the_partial_reply_and_says_so(room: Room) -> None:
    chat = room(SLOW)
    exchange = chat.send("Tell me about numbers")
    chat.wait(lambda: any("three" in text for text in chat.texts()))
    chat.click("stop")
    chat.wait_for_end()
    assert exchange.reply is not None and exchange.reply.is_partial
    chat.wait(lambda: chat.texts() != [] and "One two three" in chat.texts()[0])
    assert chat.find(MarkedLine, "partial_mark").text == "Stopped"
    assert not chat.has("fault")
    assert chat.find(Button, "send").isVisible()


def test_regenerate_gives_a_second_reply_and_a_pager(room: Room) -> None:
    chat = room(Reply("The first reply."), Reply("The second reply."))
    chat.ask("Hello there")
    chat.click("regenerate")
    actions = chat.pane.transcript.views[-1].reply_actions
    assert actions is not None
    chat.wait(actions.menu.isVisible)
    chat.press(Qt.Key.Key_Return, actions.menu)
    chat.wait(lambda: len(chat.workbench.chat.exchanges[0].replies) == 2)
    chat.wait(lambda: chat.texts() == ["The second reply."])
    assert chat.find(Pager, "reply_pager").label.text() == "2 / 2"
    chat.click("reply_before")
    assert chat.texts() == ["The first reply."]
    assert chat.find(Pager, "reply_pager").label.text() == "1 / 2"
    chat.click("reply_after")
    assert chat.texts() == ["The second reply."]


def test_another_model_can_be_asked_for_another_reply(room: Room) -> None:
    chat = room(Reply("One."), Reply("Two."))
    chat.ask("Hello there")
    chat.click("regenerate")
    actions = chat.pane.transcript.views[-1].reply_actions
    assert actions is not None
    assert [action.text() for action in actions.menu.actions() if not action.isSeparator()] == [
        "Ask the same again",
        "openai/gpt-4.1-mini",
        "openai/gpt-4.1",
    ]
    actions.menu.actions()[-1].trigger()
    actions.menu.close()
    chat.wait(lambda: len(chat.workbench.chat.exchanges[0].replies) == 2)
    assert chat.find(MetaLine, "reply_meta").by.text() == "openai/gpt-4.1"


def test_a_reply_is_copied_as_it_was_written(room: Room) -> None:
    chat = room(Reply("**Bold** words."))
    chat.ask("Hello there")
    chat.click("reply_copy")
    assert QGuiApplication.clipboard().text() == "**Bold** words."


def test_an_artifact_has_a_card_that_a_click_anywhere_opens(room: Room) -> None:
    chat = room(Reply(TABLE))
    chat.ask("Make a table of planets and their moons")
    chat.wait(lambda: chat.workbench.artifacts.active is not None)
    card = chat.find(ArtifactCard, "artifact_card")
    assert card.caption.text().endswith("2 rows, 2 columns · version 1")
    assert "Here are the planets." in chat.texts()[0]
    assert "Jupiter" not in chat.texts()[0]
    tab = chat.workbench.artifacts.active
    assert tab is not None
    chat.workbench.artifacts.close(tab)
    chat.wait(lambda: chat.workbench.artifacts.active is None)
    chat.qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())
    chat.wait(lambda: chat.workbench.artifacts.active is not None)


def test_a_doubtful_request_is_asked_about_and_enter_says_yes(room: Room) -> None:
    chat = room(Reply(TABLE))
    exchange = chat.ask("maybe a table of planets")
    assert exchange.ending is not None and exchange.ending.status is Status.NEEDS_CONFIRMATION
    question = chat.find(Question, "question")
    assert question.label.text() == "Make a table?"
    assert chat.find(Button, "confirm_yes").hasFocus()
    chat.press(Qt.Key.Key_Return, chat.find(Button, "confirm_yes"))
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    assert chat.has("artifact_card")
    assert not chat.has("question")
    assert chat.composer.hasFocus()


def test_no_to_the_question_just_chats(room: Room) -> None:
    chat = room(Reply("There are eight planets."))
    exchange = chat.ask("maybe a table of planets")
    chat.click("confirm_no")
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    assert chat.texts() == ["There are eight planets."]
    assert chat.app.ledger.artifacts.all() == []


def test_the_question_does_not_take_the_focus_from_who_is_typing(room: Room) -> None:
    chat = room(Reply(TABLE))
    chat.send("maybe a table of planets")
    chat.type("And then")
    chat.wait_for_end()
    assert chat.has("question")
    assert chat.composer.hasFocus()
    assert chat.composer.toPlainText() == "And then"


def test_what_a_template_misses_is_asked_in_a_small_form(room: Room) -> None:
    chat = room()
    chat.workbench.composer.set_mode("templates")
    exchange = chat.ask("Write minutes of a meeting")
    assert exchange.ending is not None and exchange.ending.status is Status.NEEDS_SLOTS
    date = chat.find(QLineEdit, "slot_date")
    assert date.hasFocus()
    chat.qtbot.keyClicks(date, "12 November")
    chat.press(Qt.Key.Key_Return, date)
    present = chat.find(QLineEdit, "slot_present")
    assert present.hasFocus()
    chat.qtbot.keyClicks(present, "Ana, Ben")
    chat.press(Qt.Key.Key_Return, present)
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    assert exchange.reply is not None
    stored = chat.app.ledger.artifacts.version(exchange.reply.cards[0].artifact)
    assert "12 November" in str(stored.content)
    assert chat.find(MetaLine, "reply_meta").figures.text() == "From a built-in template · free"


def test_a_form_with_a_long_title_is_as_high_as_it_needs_to_be(room: Room) -> None:
    chat = room()
    chat.workbench.composer.set_mode("templates")
    chat.ask("Minutes of the kick-off meeting of the committee for the summer festival on 12 November")
    form = chat.find(SlotsForm, "slots_form")
    title = next(label for label in form.findChildren(Label) if label.wordWrap())
    chat.wait(lambda: title.height() >= title.heightForWidth(title.width()) > title.fontMetrics().lineSpacing() * 1.5)


def test_missing_values_may_be_left_blank(room: Room) -> None:
    chat = room()
    chat.workbench.composer.set_mode("templates")
    exchange = chat.ask("Write minutes of a meeting")
    chat.click("slots_leave_blank")
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    warnings = [line.text for line in chat.pane.findChildren(MarkedLine, "reply_warning")]
    assert any("Date" in warning for warning in warnings)


def test_each_failed_attempt_is_one_quiet_line(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forgeapp.services.asking.chain._JITTER", 0.0)
    chat = room(Reply(status=429, headers={"retry-after": "0"}), Reply("At last."))
    chat.ask("Hello there")
    hop = chat.find(HopMark, "hop")
    assert hop.text == "openai busy, tried again"
    assert "too many requests" in hop.toolTip()


def test_a_busy_provider_is_waited_for_in_so_many_words(room: Room) -> None:
    chat = room(Reply(status=429), Reply("At last."))
    chat.send("Hello there")
    happening = chat.find(QWidget, "happening").findChild(QLabel)
    assert happening is not None
    chat.wait(lambda: happening.text().startswith("openai busy, waiting 0."))
    chat.wait_for_end()
    chat.wait(lambda: chat.texts() == ["At last."])


def test_what_an_attempt_that_broke_off_had_said_is_void(room: Room) -> None:
    chat = room(Reply("Never mind this text. " * 5, reset_after=8), Reply("The whole reply."))
    chat.send("Hello there")
    chat.wait(lambda: any("Never mind" in text for text in chat.texts()))
    chat.wait_for_end()
    chat.wait(lambda: chat.texts() == ["The whole reply."])
    what, cost = chat.find(HopMark, "hop").text.split(" · ")
    assert what == "openai broke off, tried again"
    assert cost.startswith("~ $ 0.0")


def test_what_a_stopped_attempt_cost_is_not_told_of_the_reply_after_it(room: Room) -> None:
    chat = room(
        Reply("Too late.", delay_s=30.0),
        Reply("Now.", usage={"prompt_tokens": 1000, "completion_tokens": 204, "total_tokens": 1204}),
    )
    exchange = chat.send("Hello there")
    live = chat.workbench.chat.live
    chat.wait(lambda: live is not None and live.asked is not None)
    # Stopped before the server had been reached, the first answer would be given to the second call.
    chat.wait(lambda: chat.fake is not None and len(chat.fake.chats) == 1)
    chat.click("stop")
    chat.wait_for_end()
    chat.click("ask_again")
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    meta = chat.find(MetaLine, "reply_meta")
    tokens, cost, _ = meta.figures.text().split(" · ")
    assert (tokens, cost) == (f"{number_text(1204)} tokens", "$ 0.0007")
    assert not chat.has("hop")


def test_the_buttons_of_an_earlier_reply_show_while_it_is_pointed_at_or_has_the_focus(room: Room) -> None:
    chat = room(Reply("First."), Reply("Second."))
    chat.ask("Hello there")
    chat.ask("And again")
    first, last = chat.pane.transcript.views
    assert first.reply_actions is not None and last.reply_actions is not None
    chat.wait(lambda: first.reply_actions is not None and not first.reply_actions.is_seen)
    assert last.reply_actions.is_seen
    where = first.mapTo(chat.window, first.rect().center())
    QTest.mouseMove(chat.window, where)
    chat.wait(lambda: first.reply_actions is not None and first.reply_actions.is_seen)
    QTest.mouseMove(chat.window, last.mapTo(chat.window, last.rect().center()))
    chat.wait(lambda: first.reply_actions is not None and not first.reply_actions.is_seen)
    first.reply_actions.copy.setFocus(Qt.FocusReason.TabFocusReason)
    assert first.reply_actions.has_focus


def test_a_failure_says_what_to_do_and_can_be_tried_again(room: Room) -> None:
    rejected = {"error": {"message": "no such model", "type": "invalid_request_error", "code": "bad"}}
    chat = room(Reply(status=400, body=rejected), Reply("Now it works."))
    exchange = chat.ask("Hello there")
    assert exchange.ending is not None and exchange.ending.error is not None
    fault = chat.find(QWidget, "fault")
    assert "rejected the request" in fault.accessibleName()
    chat.click("try_again")
    chat.wait(lambda: exchange.reply is not None and chat.workbench.chat.live is None)
    assert chat.texts() == ["Now it works."]
    assert not chat.has("fault")


def test_without_a_provider_copy_and_paste_is_offered_with_the_words_put_back(room: Room) -> None:
    chat = room()
    chat.ask("What is the tallest mountain?")
    chat.click("use_paste")
    assert chat.workbench.composer.is_paste
    assert chat.composer.toPlainText() == "What is the tallest mountain?"
    assert chat.composer.hasFocus()


def test_a_message_left_without_a_reply_can_be_asked_again(room: Room) -> None:
    chat = room(Reply("Here I am."))
    conversation = chat.app.ledger.conversations.start("Are you there?")
    chat.app.ledger.conversations.add_message(conversation, Role.USER, "Are you there?")
    chat.workbench.conversations.open(conversation)
    chat.wait(lambda: chat.has("no_reply"))
    chat.click("ask_again")
    chat.wait(lambda: chat.workbench.chat.live is None and bool(chat.texts()))
    assert chat.texts() == ["Here I am."]


def test_an_export_asked_for_in_words_is_one_click_away(room: Room) -> None:
    chat = room(Reply(TABLE))
    chat.ask("Make a table of planets and their moons")
    chat.ask("Export it as PDF")
    wished: list[tuple[int, Format]] = []
    chat.workbench.export_wished.connect(lambda artifact, format_: wished.append((artifact, format_)))
    chat.click("export_it")
    chat.wait(lambda: bool(wished))
    assert wished == [(chat.app.ledger.artifacts.all()[0].id, Format.PDF)]


def test_the_empty_chat_offers_requests_that_fill_the_composer(room: Room) -> None:
    chat = room()
    assert chat.has("no_provider_hint")
    chat.click("example_table")
    assert "oak, tile and linoleum" in chat.composer.toPlainText()
    assert chat.composer.hasFocus()
    assert chat.workbench.chat.exchanges == []


def test_the_empty_chat_goes_with_the_first_message(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert chat.find(Beginning, "beginning").hint.isHidden()
    chat.ask("Hello there")
    assert not chat.has("beginning")
    chat.click("new_conversation")
    chat.wait(lambda: chat.has("beginning"))


def test_a_window_built_anew_shows_the_same(room: Room) -> None:
    chat = room(Reply("The reply."))
    chat.ask("Hello there")
    chat.window.close()
    chat.open_window()
    chat.wait(lambda: chat.texts() == ["The reply."])


def test_a_turn_goes_on_while_another_conversation_is_in_view(room: Room) -> None:
    chat = room(Reply("First."), SLOW)
    chat.ask("Hello there")
    first = chat.workbench.chat.conversation
    assert first is not None
    chat.workbench.conversations.new()
    chat.send("Tell me about numbers")
    chat.wait(lambda: any("One two" in text for text in chat.texts()))
    second = chat.workbench.chat.conversation
    assert second is not None
    chat.workbench.conversations.open(first)
    chat.wait(lambda: chat.texts() == ["First."])
    assert chat.find(Button, "send").isVisible()
    chat.workbench.conversations.open(second)
    chat.wait(lambda: any("One two" in text for text in chat.texts()))
    assert len(chat.pane.transcript.views) == 1
    chat.click("stop")
    chat.wait_for_end()


def test_the_place_is_kept_while_a_reply_streams_and_the_button_leads_to_the_end(room: Room) -> None:
    long = Reply("\n\n".join(f"Paragraph {number}." for number in range(60)))
    chat = room(long, Reply("\n\n".join(f"Line {number}." for number in range(60)), piece_delay_s=0.005))
    chat.ask("Hello there")
    bar = chat.pane.transcript.verticalScrollBar()
    chat.wait(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    assert not chat.has("jump_to_end")
    chat.send("More of it, please")
    chat.wait(lambda: chat.workbench.chat.live is not None and "Line 5." in chat.workbench.chat.live.text)
    chat.wait(lambda: bar.value() == bar.maximum())
    bar.setValue(40)
    chat.wait_for_end()
    assert bar.value() == 40
    chat.click("jump_to_end")
    assert bar.value() == bar.maximum()
    assert not chat.has("jump_to_end")


def test_of_ten_thousand_messages_the_last_are_shown_and_earlier_ones_come_with_scrolling(room: Room) -> None:
    chat = room()
    conversation = _long_conversation(chat, 5_000)
    chat.workbench.conversations.open(conversation)
    chat.wait(lambda: chat.workbench.chat.is_loaded and chat.has("exchange"))
    transcript = chat.pane.transcript
    assert len(transcript.views) <= 25
    bar = transcript.verticalScrollBar()
    chat.wait(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    first = transcript.views[0]
    before = len(transcript.views)
    bar.setValue(10)
    top = first.mapTo(transcript.viewport(), first.rect().topLeft()).y()
    chat.wait(lambda: len(transcript.views) > before)
    chat.wait(lambda: first.y() > 200)
    after = first.mapTo(transcript.viewport(), first.rect().topLeft()).y()
    assert abs(after - top) <= 2
    for _ in range(4):
        count = len(transcript.views)
        bar.setValue(0)
        chat.wait(lambda count=count: len(transcript.views) > count and bar.value() > 240)
    assert len({view.exchange.message for view in transcript.views}) == len(transcript.views)
    messages = [view.exchange.message or 0 for view in transcript.views]
    assert messages == sorted(messages)


def test_very_long_messages_are_folded(room: Room) -> None:
    chat = room(Reply("Read."))
    text = "\n".join(f"row {number}" for number in range(300))
    chat.workbench.composer.replace_text(text)
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: bool(chat.workbench.chat.exchanges))
    chat.wait_for_end()
    bubble = chat.pane.transcript.views[0].bubble
    assert "row 299" not in bubble.words.toPlainText()
    folded = bubble.height()
    chat.click("message_unfold")
    assert "row 299" in bubble.words.toPlainText()
    chat.wait(lambda: bubble.height() > folded)


def test_the_colours_follow_the_theme(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.ask("Hello there")
    light = chat.pane.grab().toImage().pixelColor(4, 4)
    theme().choose("dark")
    try:
        chat.qtbot.waitUntil(lambda: chat.pane.grab().toImage().pixelColor(4, 4) != light)
    finally:
        theme().choose("light")


def _long_conversation(chat: ChatRoom, exchanges: int) -> int:
    """Written straight into the ledger's tables: through its methods it would take a minute."""
    from forgeapp.ledger.database import utc_now
    from forgeapp.ledger.tables import messages

    ledger = chat.app.ledger
    conversation = ledger.conversations.start("A long talk")
    rows = []
    for number in range(exchanges):
        asked = 2 * number + 1
        shared = {"conversation_id": conversation, "is_partial": False, "created_at": utc_now()}
        rows.append(
            {"id": asked, "role": "user", "text": f"Question {number}", "model": None, "reply_to_id": None, **shared}
        )
        rows.append(
            {
                "id": asked + 1,
                "role": "assistant",
                "text": f"Answer **{number}**.\n\n- one\n- two\n\nAnd so on.",
                "model": "openai/gpt-4.1-mini",
                "reply_to_id": asked,
                **shared,
            }
        )
    with ledger.conversations._database.writing() as connection:
        connection.execute(messages.insert(), rows)
    return conversation


def test_labels_of_a_card_are_never_read_as_html(room: Room) -> None:
    chat = room(Reply(TABLE))
    chat.ask("Make a table of planets and their moons")
    for label in chat.pane.findChildren(Label):
        assert label.textFormat() is Qt.TextFormat.PlainText
