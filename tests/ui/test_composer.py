"""The composer: keys, choices, drafts, the estimate, and copy/paste."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from forgeapp.errors import UsageError
from forgeapp.ui.chat.marks import MetaLine
from forgeapp.ui.chat.paste_panel import PastePanel
from forgeapp.ui.chat.pickers import Picker
from forgeapp.ui.controls import Button, Chip, MenuButton
from tests.fakes.fixtures import serve  # noqa: F401 - used by the fixture `room`
from tests.fakes.provider_server import Reply
from tests.ui.chat_room import TABLE, ChatRoom, make_room  # noqa: F401 - a fixture

Room = Callable[..., ChatRoom]


def choose(chat: ChatRoom, picker: str, choice: str) -> None:
    """Opens the picker by a click and takes a choice with the keys."""
    chat.click(picker)
    menu = chat.find(MenuButton, picker).menu
    chat.wait(menu.isVisible)
    action = next(action for action in menu.actions() if action.text() == choice)
    menu.setActiveAction(action)
    chat.press(Qt.Key.Key_Return, menu)
    chat.wait(lambda: not menu.isVisible())
    # Without a screen there is no window manager to give the window its focus back.
    chat.window.activateWindow()
    chat.wait(chat.window.isActiveWindow)


def test_shift_and_enter_make_a_new_line(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.type("one")
    chat.press(Qt.Key.Key_Return, shift=True)
    chat.type("two")
    assert chat.composer.toPlainText() == "one\ntwo"
    assert chat.workbench.chat.exchanges == []
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: bool(chat.workbench.chat.exchanges))
    assert chat.workbench.chat.exchanges[0].text == "one\ntwo"
    chat.wait_for_end()


def test_the_field_grows_from_two_lines_to_eight(room: Room) -> None:
    chat = room()
    empty = chat.composer.height()
    line = chat.composer.fontMetrics().lineSpacing()
    chat.type("one")
    assert chat.composer.height() == empty
    chat.workbench.composer.replace_text("\n".join("12345"))
    assert abs(chat.composer.height() - (empty + 3 * line)) <= 3
    chat.workbench.composer.replace_text("\n" * 30)
    assert abs(chat.composer.height() - (empty + 6 * line)) <= 6
    chat.workbench.composer.replace_text("")
    assert chat.composer.height() == empty


def test_up_in_the_empty_field_recalls_the_last_message(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.ask("Hello there")
    chat.press(Qt.Key.Key_Up)
    assert chat.composer.toPlainText() == "Hello there"
    assert chat.workbench.composer.text == "Hello there"
    chat.type(" and more")
    chat.press(Qt.Key.Key_Up)
    assert chat.composer.toPlainText() == "Hello there and more"


def test_escape_loses_nothing(room: Room) -> None:
    chat = room()
    chat.type("a thought")
    chat.press(Qt.Key.Key_Escape)
    assert chat.composer.toPlainText() == "a thought"


def test_nothing_but_blanks_is_not_sent(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.type("   ")
    chat.press(Qt.Key.Key_Return)
    chat.qtbot.wait(50)
    assert chat.workbench.chat.exchanges == []
    assert not chat.find(Button, "send").isEnabled()


def test_send_becomes_stop_at_the_same_place_and_what_is_typed_meanwhile_stays(room: Room) -> None:
    chat = room(Reply("One two three four. " * 50, piece_delay_s=0.01))
    place = chat.find(Button, "send").mapTo(chat.window, chat.find(Button, "send").rect().center())
    chat.send("Tell me about numbers")
    stop = chat.find(Button, "stop")
    assert stop.mapTo(chat.window, stop.rect().center()) == place
    assert not chat.has("send")
    chat.type("The next one")
    assert stop.mapTo(chat.window, stop.rect().center()) == place
    chat.wait(lambda: chat.workbench.chat.exchanges[0].message is not None)
    chat.click("stop")
    chat.wait_for_end()
    assert chat.composer.toPlainText() == "The next one"
    assert chat.has("send")


def test_a_draft_is_there_again_in_a_window_built_anew(room: Room) -> None:
    chat = room()
    chat.type("half a thou")
    chat.window.close()
    chat.open_window()
    assert chat.composer.toPlainText() == "half a thou"


def test_each_conversation_keeps_its_own_draft(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.ask("Hello there")
    first = chat.workbench.chat.conversation
    assert first is not None
    chat.type("for the first")
    chat.click("new_conversation")
    chat.wait(lambda: chat.composer.toPlainText() == "")
    chat.type("for the second")
    chat.workbench.conversations.open(first)
    chat.wait(lambda: chat.composer.toPlainText() == "for the first")
    chat.click("new_conversation")
    chat.wait(lambda: chat.composer.toPlainText() == "for the second")


def test_a_text_put_there_by_the_program_does_not_take_the_focus(room: Room) -> None:
    chat = room()
    chat.find(Button, "new_conversation").setFocus()
    chat.workbench.composer.replace_text("from elsewhere")
    assert chat.composer.toPlainText() == "from elsewhere"
    assert not chat.composer.hasFocus()


def test_the_choices_go_along_with_the_message(room: Room) -> None:
    chat = room(Reply("No table at all."))
    choose(chat, "kind_picker", "Chat only")
    choose(chat, "model_picker", "openai/gpt-4.1")
    exchange = chat.ask("Make a table of planets")
    assert exchange.request is not None and exchange.request.chat_only
    assert chat.find(MetaLine, "reply_meta").by.text() == "openai/gpt-4.1"
    choose(chat, "kind_picker", "Code")
    assert chat.workbench.composer.kind == "code"
    assert chat.find(MenuButton, "kind_picker").text() == "Code"


def test_a_model_is_chosen_only_where_one_is_asked(room: Room) -> None:
    chat = room(Reply("Hello."))
    assert chat.has("model_picker")
    choose(chat, "mode_picker", "Templates only")
    assert not chat.has("model_picker")
    choose(chat, "mode_picker", "Local model")
    assert not chat.has("model_picker"), "no local model is set up"
    choose(chat, "mode_picker", "My key")
    assert chat.has("model_picker")


def test_the_estimate_is_shown_before_sending(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.type("Tell me about the planets")
    estimate = chat.find(QLabel, "estimate")
    tokens, cost = estimate.text().split(" · ")
    assert tokens.endswith(" tokens")
    assert cost.startswith("$ ")
    choose(chat, "mode_picker", "Templates only")
    chat.wait(lambda: not chat.has("estimate"))


def test_a_price_nobody_knows_is_said_to_be_unknown_before_sending(room: Room) -> None:
    chat = room(Reply("Hello."), prices="none")
    chat.type("Tell me about the planets")
    assert chat.find(QLabel, "estimate").text().endswith("cost unknown")


def test_a_local_model_is_free(room: Room) -> None:
    chat = room(Reply("Hello."), prices="local")
    chat.type("Tell me about the planets")
    assert chat.find(QLabel, "estimate").text().endswith("free")


def test_what_costs_more_is_asked_about_first(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.app.settings = replace(chat.app.settings, ask_above_usd=0.0001)
    chat.type("Tell me about the planets")
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: chat.has("ask_above"))
    assert chat.workbench.chat.exchanges == []
    anyway = chat.find(Button, "send_anyway")
    assert anyway.hasFocus()
    chat.press(Qt.Key.Key_Escape, anyway)
    assert not chat.has("ask_above")
    assert chat.composer.hasFocus()
    assert chat.composer.toPlainText() == "Tell me about the planets"
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: chat.has("ask_above"))
    chat.press(Qt.Key.Key_Return, chat.find(Button, "send_anyway"))
    chat.wait(lambda: bool(chat.workbench.chat.exchanges))
    chat.wait_for_end()
    assert chat.texts() == ["Hello."]


def test_keys_typed_right_after_enter_belong_to_the_next_message(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.type("Tell me about the planets")
    chat.press(Qt.Key.Key_Return)
    chat.type("and the moons")
    chat.wait(lambda: bool(chat.workbench.chat.exchanges))
    chat.wait_for_end()
    assert [exchange.text for exchange in chat.workbench.chat.exchanges] == ["Tell me about the planets"]
    assert chat.composer.toPlainText() == "and the moons"


def test_a_message_that_cannot_be_sent_comes_back_with_the_reason(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.workbench.composer.set_model("nobody/at-all")
    chat.type("Tell me about the planets")
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: bool(chat.failures))
    assert isinstance(chat.failures.pop(), UsageError)
    assert chat.composer.toPlainText() == "Tell me about the planets"
    assert chat.workbench.chat.exchanges == []
    assert not chat.has("exchange")


def test_not_now_sends_nothing(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.app.settings = replace(chat.app.settings, ask_above_usd=0.0001)
    chat.type("Tell me about the planets")
    chat.press(Qt.Key.Key_Return)
    chat.click("not_now")
    assert not chat.has("ask_above")
    assert chat.workbench.chat.exchanges == []


def test_the_open_artifact_is_a_chip_that_can_be_taken_away_and_brought_back(room: Room) -> None:
    chat = room(Reply(TABLE))
    chat.ask("Make a table of planets and their moons")
    chip = chat.find(Chip, "artifact_chip")
    assert chip.text().endswith("version 1")
    chat.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    assert not chat.has("artifact_chip")
    assert not chat.workbench.composer.uses_artifact
    chat.click("add_artifact")
    assert chat.has("artifact_chip")
    chip = chat.find(Chip, "artifact_chip")
    chip.setFocus()
    chat.press(Qt.Key.Key_Delete, chip)
    assert not chat.has("artifact_chip")
    tab = chat.workbench.artifacts.active
    assert tab is not None
    chat.workbench.artifacts.activate(tab)
    assert chat.has("artifact_chip")


def test_the_prompt_goes_to_another_chat_and_its_reply_is_read(room: Room) -> None:
    chat = room()
    choose(chat, "mode_picker", "Copy/paste")
    chat.type("Make a table of planets and their moons")
    chat.press(Qt.Key.Key_Return)
    prompt = chat.find(QPlainTextEdit, "paste_prompt")
    chat.wait(lambda: prompt.toPlainText().endswith("Make a table of planets and their moons"))
    assert prompt.isReadOnly()
    assert not chat.has("composer")
    chat.click("paste_copy")
    assert QGuiApplication.clipboard().text() == prompt.toPlainText()
    reply = chat.find(QPlainTextEdit, "paste_reply")
    assert reply.hasFocus()
    assert not chat.find(Button, "paste_read").isEnabled()
    reply.insertPlainText(TABLE)
    chat.qtbot.keyClicks(chat.find(QLineEdit, "paste_model"), "Some model")
    chat.click("paste_read")
    chat.wait(lambda: chat.has("artifact_card"))
    meta = chat.find(MetaLine, "reply_meta")
    assert (meta.by.text(), meta.figures.text()) == ("Some model", "pasted")
    assert chat.composer.toPlainText() == ""


def test_cancelling_copy_and_paste_gives_the_words_back(room: Room) -> None:
    chat = room()
    chat.workbench.composer.set_mode("paste")
    chat.type("Make a table of planets")
    chat.press(Qt.Key.Key_Return)
    chat.click("paste_cancel")
    assert chat.composer.toPlainText() == "Make a table of planets"
    assert not chat.pane.findChild(PastePanel).isVisible()
    assert chat.composer.hasFocus()


def test_files_are_not_pasted_as_addresses(room: Room) -> None:
    chat = room()
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile("/tmp/report.csv")])
    words.setText("plain words")
    assert not chat.composer.canInsertFromMimeData(files)
    assert chat.composer.canInsertFromMimeData(words)


def test_little_room_leaves_the_icons_of_the_choices(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.sidebar.hide()
    layout = chat.window.layout()
    assert layout is not None and layout.activate()
    chat.window.resize(380, 700)
    picker = chat.find(Picker, "kind_picker")
    chat.wait(lambda: picker.is_compact)
    assert picker.accessibleName() == "What to make: Auto"
    box = chat.find(QWidget, "composer_box")
    chat.wait(lambda: box.width() == chat.pane.width() - 8)
    for name in ("kind_picker", "mode_picker", "model_picker", "send"):
        widget = chat.find(QWidget, name)
        right = widget.mapTo(box, widget.rect().topRight()).x()
        assert 0 < right < box.width()
    chat.window.resize(900, 700)
    chat.wait(lambda: not picker.is_compact)


def test_asking_anew_takes_no_kept_reply_and_holds_for_one_message(room: Room) -> None:
    chat = room(Reply("The first."), Reply("The second."))
    chat.ask("Tell me about the planets")
    assert not chat.has("anew_chip")
    chat.click("new_conversation")
    choose(chat, "model_picker", "Ask anew, no kept reply")
    assert chat.has("anew_chip")
    chat.ask("Tell me about the planets")
    assert chat.texts() == ["The second."]
    assert not chat.has("anew_chip")
    assert not chat.workbench.composer.asks_anew
    chat.click("new_conversation")
    chat.ask("Tell me about the planets")
    assert chat.find(MetaLine, "reply_meta").figures.text() == "kept reply · free"


def test_asking_anew_is_taken_back_by_its_chip_or_its_choice(room: Room) -> None:
    chat = room(Reply("Hello."))
    choose(chat, "model_picker", "Ask anew, no kept reply")
    assert chat.find(MenuButton, "model_picker").text() == "Any model"
    chip = chat.find(Chip, "anew_chip")
    chat.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    assert not chat.has("anew_chip")
    choose(chat, "model_picker", "Ask anew, no kept reply")
    choose(chat, "model_picker", "Ask anew, no kept reply")
    assert not chat.has("anew_chip")


def test_a_message_that_comes_back_is_still_to_be_asked_anew(room: Room) -> None:
    chat = room(Reply("Hello."))
    chat.app.settings = replace(chat.app.settings, ask_above_usd=0.0001)
    choose(chat, "model_picker", "Ask anew, no kept reply")
    chat.type("Tell me about the planets")
    chat.press(Qt.Key.Key_Return)
    chat.wait(lambda: chat.has("ask_above"))
    assert chat.has("anew_chip")
    chat.click("send_anyway")
    chat.wait(lambda: bool(chat.workbench.chat.exchanges))
    chat.wait_for_end()
    request = chat.workbench.chat.exchanges[0].request
    assert request is not None and not request.use_cache
