"""Messages sent while a reply is under way: they wait, go in their order, and are never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from forgeapp.ui.chat.texts import Bubble
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.fakes.provider_server import Reply
from tests.ui.chat_room import ChatRoom, make_room  # noqa: F401 - a fixture

Room = Callable[..., ChatRoom]
SLOW = Reply("One two three four. " * 25, piece_delay_s=0.006)


def queue_up(chat: ChatRoom, *texts: str) -> None:
    """Types and presses Enter while a reply is under way."""
    for text in texts:
        before = len(chat.workbench.chat.queue.items)
        chat.type(text)
        chat.press(Qt.Key.Key_Return)
        chat.wait(lambda before=before: len(chat.workbench.chat.queue.items) == before + 1)


def waiting(chat: ChatRoom) -> list[str]:
    """The words in view of those that wait."""
    rows = [row for row in chat.window.findChildren(QWidget, "queued") if row.isVisible()]
    return [row.findChild(Bubble).text for row in rows]


def draft(chat: ChatRoom) -> str:
    done: list[str] = []
    conversation = chat.workbench.chat.conversation
    chat.workbench.call(lambda services: services.ledger.drafts.get(conversation), done.append)
    chat.wait(lambda: bool(done))
    return done[0]


def press_button(chat: ChatRoom, name: str, place: int = 0) -> None:
    """The button of one of those that wait."""
    rows = [row for row in chat.window.findChildren(QWidget, "queued") if row.isVisible()]
    button = rows[place].findChild(QWidget, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_messages_sent_meanwhile_wait_and_go_by_themselves_in_their_order(room: Room) -> None:
    chat = room(SLOW, Reply("Second."), Reply("Third."))
    chat.send("First")
    assert not chat.has("queue_message")
    queue_up(chat, "And then", "At last")
    assert waiting(chat) == ["And then", "At last"]
    assert chat.composer.toPlainText() == ""
    chat.wait(lambda: len(chat.workbench.chat.exchanges) == 3)
    chat.wait_for_end()
    assert [exchange.text for exchange in chat.workbench.chat.exchanges] == ["First", "And then", "At last"]
    assert chat.texts()[1:] == ["Second.", "Third."]
    assert waiting(chat) == []
    assert draft(chat) == ""


def test_a_quiet_button_queues_where_there_are_words(room: Room) -> None:
    chat = room(SLOW, Reply("Second."))
    chat.send("First")
    chat.type("And then")
    chat.click("queue_message")
    chat.wait(lambda: waiting(chat) == ["And then"])
    assert not chat.has("queue_message")
    assert chat.has("stop")


def test_after_stop_they_wait_for_the_user(room: Room) -> None:
    chat = room(SLOW, Reply("Later."), Reply("Next."))
    chat.send("First")
    queue_up(chat, "The next", "The later")
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    chat.click("stop")
    chat.wait_for_end()
    assert waiting(chat) == ["The next", "The later"]
    assert len(chat.workbench.chat.exchanges) == 1
    press_button(chat, "queued_send", place=1)
    chat.wait(lambda: len(chat.workbench.chat.exchanges) == 3)
    chat.wait_for_end()
    assert [exchange.text for exchange in chat.workbench.chat.exchanges] == ["First", "The later", "The next"]
    assert waiting(chat) == []


def test_after_a_failure_they_wait_until_the_same_message_is_answered(room: Room) -> None:
    fails = Reply(status=400, body={"error": {"message": "no"}}, delay_s=0.6)
    chat = room(fails, Reply("Well."), Reply("Next."))
    chat.send("First")
    queue_up(chat, "The next")
    chat.wait_for_end()
    assert waiting(chat) == ["The next"]
    chat.click("try_again")
    chat.wait(lambda: len(chat.workbench.chat.exchanges) == 2)
    chat.wait_for_end()
    assert chat.texts() == ["Well.", "Next."]


def test_a_message_sent_after_a_stop_goes_at_once_and_those_that_wait_stay(room: Room) -> None:
    chat = room(SLOW, Reply("Now."))
    chat.send("First")
    queue_up(chat, "The waiting")
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    chat.click("stop")
    chat.wait_for_end()
    chat.ask("The urgent")
    assert [exchange.text for exchange in chat.workbench.chat.exchanges] == ["First", "The urgent"]
    assert waiting(chat) == ["The waiting"]


def test_what_waits_is_part_of_the_draft_until_it_is_removed(room: Room) -> None:
    chat = room(SLOW)
    chat.send("First")
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    queue_up(chat, "The next", "The later")
    chat.type("half a thou")
    chat.workbench.composer.save_draft()
    assert draft(chat) == "The next\n\nThe later\n\nhalf a thou"
    press_button(chat, "queued_remove")
    chat.wait(lambda: waiting(chat) == ["The later"])
    assert draft(chat) == "The later\n\nhalf a thou"
    chat.click("stop")
    chat.wait_for_end()


def test_another_conversation_leaves_the_queue_with_its_own(room: Room) -> None:
    chat = room(SLOW, Reply("Second."), Reply("Third."))
    chat.send("First")
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    queue_up(chat, "And then")
    first = chat.workbench.chat
    chat.click("new_conversation")
    chat.wait(lambda: chat.workbench.chat is not first)
    assert waiting(chat) == []
    assert chat.composer.toPlainText() == ""
    chat.wait(lambda: len(first.exchanges) == 2 and first.live is None)
    assert first.conversation is not None
    chat.workbench.conversations.open(first.conversation)
    chat.wait(lambda: len(chat.texts()) == 2)
    assert chat.texts()[1] == "Second."


def test_what_costs_too_much_comes_back_instead_of_waiting(room: Room) -> None:
    chat = room(SLOW, Reply("Second."))
    chat.send("First")
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    chat.app.settings = replace(chat.app.settings, ask_above_usd=0.0001)
    chat.type("And then")
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: chat.has("ask_above"))
    assert waiting(chat) == []
    assert chat.composer.toPlainText() == "And then"
    chat.click("send_anyway")
    chat.wait(lambda: waiting(chat) == ["And then"] or len(chat.workbench.chat.exchanges) == 2)
    chat.wait(lambda: len(chat.workbench.chat.exchanges) == 2)
    chat.wait_for_end()
    assert chat.texts()[1] == "Second."


def test_what_waits_in_a_conversation_that_is_not_stored_yet_goes_into_it(room: Room) -> None:
    chat = room(Reply("First.", delay_s=0.5), Reply("Second."))
    chat.send("One")
    queue_up(chat, "Two")
    chat.wait(lambda: len(chat.workbench.chat.exchanges) == 2)
    chat.wait_for_end()
    assert len(chat.app.ledger.conversations.all()) == 1
