"""The list of conversations: opened, filtered and renamed by keys and clicks."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from forgeapp.domain.chat import Role
from forgeapp.ui.controls import Label, Menu
from forgeapp.ui.sidebar import ConversationList
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.fakes.provider_server import Reply
from tests.ui.chat_room import ChatRoom, make_room  # noqa: F401 - a fixture

Room = Callable[..., ChatRoom]


def filled(chat: ChatRoom, *titles: str) -> list[int]:
    """Conversations of these titles, the last one used last."""
    made = []
    for title in titles:
        made.append(chat.app.ledger.conversations.start(title))
        chat.app.ledger.conversations.add_message(made[-1], Role.USER, title)
    chat.workbench.conversations.refresh()
    chat.wait(lambda: len(chat.workbench.conversations.rows) == len(titles))
    return made


def titles(chat: ChatRoom) -> list[str]:
    model = chat.find(ConversationList, "conversation_list").model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def click_row(chat: ChatRoom, row: int) -> None:
    view = chat.find(ConversationList, "conversation_list")
    where = view.visualRect(view.model().index(row, 0)).center()
    chat.qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_an_empty_list_says_what_will_be_there(room: Room) -> None:
    chat = room()
    assert "named after its first message" in chat.find(Label, "no_conversations").text()
    assert not chat.has("conversation_list")
    assert not chat.has("conversation_search")


def test_the_conversation_used_last_is_at_the_top_and_a_click_opens_it(room: Room) -> None:
    chat = room()
    made = filled(chat, "Café budget", "Quote for the school", "Minutes")
    assert titles(chat) == ["Minutes", "Quote for the school", "Café budget"]
    click_row(chat, 1)
    assert chat.workbench.chat.conversation == made[1]
    chat.wait(lambda: [view.exchange.text for view in chat.pane.transcript.views] == ["Quote for the school"])


def test_arrows_and_enter_open_a_conversation(room: Room) -> None:
    chat = room()
    made = filled(chat, "Café budget", "Quote for the school", "Minutes")
    view = chat.find(ConversationList, "conversation_list")
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    chat.press(Qt.Key.Key_Down, view)
    chat.press(Qt.Key.Key_Down, view)
    assert chat.workbench.chat.conversation is None, "the arrows only move"
    chat.press(Qt.Key.Key_Return, view)
    assert chat.workbench.chat.conversation == made[0]


def test_titles_are_filtered_as_one_types(room: Room) -> None:
    chat = room()
    made = filled(chat, "Café budget", "Quote for the school", "Budget of the school")
    search = chat.find(QLineEdit, "conversation_search")
    chat.qtbot.keyClicks(search, "school")
    assert titles(chat) == ["Budget of the school", "Quote for the school"]
    chat.qtbot.keyClicks(search, " BUD")
    assert titles(chat) == ["Budget of the school"]
    chat.press(Qt.Key.Key_Return, search)
    assert chat.workbench.chat.conversation == made[2]
    chat.qtbot.keyClicks(search, "xyz")
    assert chat.find(Label, "no_conversations").text() == "No conversation has this in its title."
    chat.press(Qt.Key.Key_Escape, search)
    assert len(titles(chat)) == 3


def test_down_leads_from_the_filter_into_the_list(room: Room) -> None:
    chat = room()
    filled(chat, "Café budget", "Minutes")
    search = chat.find(QLineEdit, "conversation_search")
    search.setFocus()
    chat.press(Qt.Key.Key_Down, search)
    view = chat.find(ConversationList, "conversation_list")
    assert view.hasFocus()
    assert view.currentIndex().row() == 0


def test_f2_renames_where_the_title_stands(room: Room) -> None:
    chat = room()
    made = filled(chat, "Café budget", "Minutes")
    view = chat.find(ConversationList, "conversation_list")
    view.setFocus()
    view.setCurrentIndex(view.model().index(1, 0))
    chat.press(Qt.Key.Key_F2, view)
    field = chat.find(QLineEdit, "conversation_title")
    assert field.selectedText() == "Café budget"
    chat.workbench.conversations.refresh()
    chat.qtbot.wait(50)
    assert field.isVisible(), "a list read anew does not take the field away"
    chat.qtbot.keyClicks(field, "Budget 2027")
    chat.press(Qt.Key.Key_Return, field)
    chat.wait(lambda: "Budget 2027" in titles(chat))
    assert chat.app.ledger.conversations.get(made[0]).title == "Budget 2027"
    assert view.hasFocus()


def test_escape_leaves_the_title_as_it_was(room: Room) -> None:
    chat = room()
    filled(chat, "Café budget")
    view = chat.find(ConversationList, "conversation_list")
    view.setFocus()
    view.setCurrentIndex(view.model().index(0, 0))
    chat.press(Qt.Key.Key_F2, view)
    field = chat.find(QLineEdit, "conversation_title")
    chat.qtbot.keyClicks(field, "Something else")
    chat.press(Qt.Key.Key_Escape, field)
    chat.qtbot.wait(50)
    assert titles(chat) == ["Café budget"]


def test_the_menu_acts_on_the_conversation_it_was_opened_for_and_goes_when_closed(room: Room) -> None:
    chat = room()
    made = filled(chat, "Café budget", "Minutes")
    view = chat.find(ConversationList, "conversation_list")
    where = view.visualRect(view.model().index(1, 0)).center()
    view.customContextMenuRequested.emit(where)
    menu = chat.find(Menu, "conversation_menu")
    newest = chat.app.ledger.conversations.start("Newer than both")
    chat.workbench.conversations.refresh()
    chat.wait(lambda: len(titles(chat)) == 3)
    chat.press(Qt.Key.Key_Down, menu)
    chat.press(Qt.Key.Key_Down, menu)
    chat.qtbot.keyPress(menu, Qt.Key.Key_Return)  # the menu is gone before the key is released
    field = chat.find(QLineEdit, "conversation_title")
    assert field.text() == "Café budget"
    chat.qtbot.keyClicks(field, "Cafe money")
    chat.press(Qt.Key.Key_Return, field)
    ledger = chat.app.ledger.conversations
    chat.wait(lambda: ledger.get(made[0]).title == "Cafe money")
    assert (ledger.get(made[1]).title, ledger.get(newest).title) == ("Minutes", "Newer than both")
    chat.wait(lambda: chat.window.findChildren(Menu, "conversation_menu") == [])


def test_a_turn_under_way_is_marked(room: Room) -> None:
    from forgeapp.ui.sidebar import _BUSY

    chat = room(Reply("One two three. " * 40, piece_delay_s=0.01))
    chat.send("Tell me about numbers")
    view = chat.find(ConversationList, "conversation_list")
    chat.wait(lambda: view.model().index(0, 0).data(_BUSY) is True)
    chat.workbench.chat.stop()
    chat.wait(lambda: view.model().index(0, 0).data(_BUSY) is False)


def test_a_long_list_scrolls(room: Room) -> None:
    chat = room()
    filled(chat, *(f"Conversation {number}" for number in range(120)))
    view = chat.find(ConversationList, "conversation_list")
    assert view.model().rowCount() == 120
    assert view.verticalScrollBar().maximum() > 0
