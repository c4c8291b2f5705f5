"""The whole window: panes, divider, palette, what is restored, and its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QListView, QPlainTextEdit, QSplitterHandle, QWidget
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.settings import load_settings
from forgeapp.ui.divider import MIN_PANE
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.palette import Palette, ShortcutSheet
from forgeapp.ui.theme import theme
from tests.fakes.provider_server import FakeServer, Reply
from tests.pace import ends_within

Opened = Callable[[], MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, home: Path) -> Iterator[Opened]:
    """Opens the window of this test's home, again and again if asked."""
    windows: list[MainWindow] = []

    def open_again() -> MainWindow:
        window = build(home).window()
        windows.append(window)
        window.resize(1440, 900)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.workbench.jobs.count == 0)
        return window

    yield open_again
    for window in windows:
        window.close()
        window.deleteLater()
    theme().choose("light")


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    combined = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        combined |= modifier
    qtbot.keyClick(window.focusWidget() or window, key, combined)


def composer_of(window: MainWindow) -> QPlainTextEdit:
    composer = window.findChild(QPlainTextEdit, "composer")
    assert composer is not None
    return composer


def test_the_panes_begin_half_and_half(open_window: Opened) -> None:
    window = open_window()
    assert abs(window.chat_pane.width() - window.artifact_pane.width()) <= 1


def test_the_divider_moves_by_arrow_keys_and_home_resets_it(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    divider = window.findChild(QSplitterHandle, "divider")
    assert divider is not None
    divider.setFocus(Qt.FocusReason.TabFocusReason)
    before = window.chat_pane.width()
    for _ in range(3):
        qtbot.keyClick(divider, Qt.Key.Key_Right)
    assert window.chat_pane.width() == before + 48
    qtbot.keyClick(divider, Qt.Key.Key_Home)
    assert abs(window.chat_pane.width() - window.artifact_pane.width()) <= 1


def test_no_pane_gets_narrower_than_it_may(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    divider = window.findChild(QSplitterHandle, "divider")
    assert divider is not None
    for _ in range(30):
        qtbot.keyClick(divider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert window.chat_pane.width() == MIN_PANE


def test_where_the_divider_stood_is_remembered(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    divider = window.findChild(QSplitterHandle, "divider")
    assert divider is not None
    for _ in range(5):
        qtbot.keyClick(divider, Qt.Key.Key_Right)
    width = window.chat_pane.width()
    window.close()
    assert abs(open_window().chat_pane.width() - width) <= 1


def test_the_conversation_list_folds_first_then_one_pane_shows_at_a_time(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    assert window.is_sidebar_shown
    window.resize(900, 700)
    assert not window.is_sidebar_shown
    assert window.chat_pane.isVisible()
    assert window.artifact_pane.isVisible()
    window.resize(760, 700)
    assert window.chat_pane.isVisible()
    assert not window.artifact_pane.isVisible()
    switch = window.top_bar.switch
    assert switch.isVisible()
    switch.setFocus()
    qtbot.keyClick(switch.focusProxy() or switch, Qt.Key.Key_Right)
    assert window.artifact_pane.isVisible()
    assert not window.chat_pane.isVisible()
    window.resize(1440, 900)
    assert window.is_sidebar_shown
    assert window.chat_pane.isVisible()
    assert window.artifact_pane.isVisible()


def test_one_key_folds_the_artifact_pane_and_an_arriving_artifact_unfolds_it(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    press(qtbot, window, Qt.Key.Key_F8)
    assert not window.artifact_pane.isVisible()
    window.focus_composer()
    qtbot.keyClicks(composer_of(window), "monthly budget spreadsheet for a small cafe")
    qtbot.keyClick(composer_of(window), Qt.Key.Key_Return)
    qtbot.waitUntil(window.artifact_pane.isVisible)
    qtbot.waitUntil(lambda: window.workbench.chat.live is None)


def test_the_palette_finds_a_command_by_its_words_and_runs_it(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    press(qtbot, window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    palette = window.findChild(Palette, "palette")
    assert palette is not None
    field = palette.findChild(QLineEdit, "palette_field")
    assert field is not None
    qtbot.keyClicks(field, "doc new")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workbench.artifacts.active is not None)
    assert window.workbench.artifacts.active is not None
    assert window.workbench.artifacts.active.kind is Kind.DOCUMENT


def test_the_palette_says_so_when_nothing_is_found_and_escape_closes_it(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    window.open_palette()
    palette = window.findChild(Palette, "palette")
    assert palette is not None
    qtbot.keyClicks(palette.field, "zzzz")
    hits = palette.findChild(QListView, "palette_list")
    assert hits is not None
    assert not hits.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_f1_shows_every_shortcut(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    press(qtbot, window, Qt.Key.Key_F1)
    sheet = window.findChild(ShortcutSheet, "shortcut_sheet")
    assert sheet is not None
    assert sheet.isVisible()
    sheet.close()


def test_no_two_commands_share_a_key(open_window: Opened) -> None:
    from forgeapp.ui.commands import COMMANDS

    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_a_chosen_theme_is_kept(qtbot: QtBot, open_window: Opened, home: Path) -> None:
    window = open_window()
    window.actions_by_id["theme.dark"].trigger()
    assert theme().is_dark
    window.close()
    assert load_settings(home / "settings.json").theme == "dark"
    open_window()
    assert theme().is_dark


def test_the_last_conversation_and_its_tabs_come_back(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    window.focus_composer()
    qtbot.keyClicks(composer_of(window), "monthly budget spreadsheet for a small cafe")
    qtbot.keyClick(composer_of(window), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workbench.artifacts.active is not None)
    qtbot.waitUntil(lambda: window.workbench.chat.live is None)
    conversation, tab = window.workbench.chat.conversation, window.workbench.artifacts.active
    assert tab is not None
    artifact = tab.id
    window.close()
    again = open_window()
    qtbot.waitUntil(lambda: bool(again.workbench.chat.exchanges))
    assert again.workbench.chat.conversation == conversation
    assert again.workbench.artifacts.active is not None
    assert again.workbench.artifacts.active.id == artifact


def test_a_home_that_cannot_be_used_is_told_over_the_whole_window(
    qtbot: QtBot, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forgeapp.ui import program

    home.mkdir()
    (home / "forgeapp.db").write_bytes(b"no database at all" * 100)
    program.make_application(needs_screen=False)
    from forgeapp.paths import find_home

    window = program._make_window(find_home(home))
    qtbot.addWidget(window)
    window.show()
    window.workbench.start(lambda: build(home))
    qtbot.waitUntil(lambda: window.findChild(QWidget, "start_failed") is not None)
    assert window.findChild(QWidget, "start_failed").isVisible()
    (home / "forgeapp.db").unlink()
    window._start_again()
    qtbot.waitUntil(lambda: window.workbench.services is not None)
    assert window.findChild(QPlainTextEdit, "composer").isVisible()


def test_keys_typed_before_the_services_are_there_are_not_lost(qtbot: QtBot, home: Path) -> None:
    from forgeapp.paths import find_home
    from forgeapp.ui import program

    program.make_application(needs_screen=False)
    window = program._make_window(find_home(home))
    qtbot.addWidget(window)
    window.show()
    qtbot.keyClicks(composer_of(window), "household budget: rent 900, food 400")
    qtbot.keyClick(composer_of(window), Qt.Key.Key_Return)
    window.workbench.start(lambda: build(home))
    qtbot.waitUntil(lambda: window.workbench.artifacts.active is not None)


def test_closing_in_mid_stream_ends_threads_and_children_and_keeps_the_partial(
    qtbot: QtBot, open_window: Opened, home: Path
) -> None:
    words = " ".join(f"word{number}" for number in range(60_000))
    with FakeServer(Reply(words, piece_delay_s=0.01)) as server:
        with build(home) as app:
            app.ledger.providers.add("fake", "openai-chat", server.base_url, ("large",), None, "none")
        window = open_window()
        window.focus_composer()
        qtbot.keyClicks(composer_of(window), "hello, how are you?")
        qtbot.keyClick(composer_of(window), Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.workbench.chat.live is not None and len(window.workbench.chat.live.text) > 50)
        with ends_within(60):
            window.close()
        assert window.is_over
        assert not _children()
        ours = [thread.name for thread in threading.enumerate() if thread.name.startswith("forgeapp-turns")]
        assert not ours or _end_soon(ours)
    with build(home) as app:
        conversation = app.ledger.conversations.all()[0].id
        reply = app.ledger.conversations.messages(conversation)[-1]
    assert reply.role is Role.ASSISTANT
    assert reply.is_partial
    assert len(reply.text) > 50
    assert words.startswith(reply.text)


def _children() -> list[str]:
    """The ids of this process's child processes, as Linux tells them."""
    return [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]


def _end_soon(names: list[str]) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not any(thread.name in names for thread in threading.enumerate()):
            return True
        time.sleep(0.01)
    return False


def test_every_widget_a_person_uses_has_a_name_and_the_keyboard_reaches_it(open_window: Opened) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLineEdit

    window = open_window()
    nameless = [
        widget
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit)
        for widget in window.findChildren(kind)
        if widget.isVisible()
        and not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert [(type(widget).__name__, widget.objectName()) for widget in nameless] == []


def test_the_divider_is_reached_by_tab(qtbot: QtBot, open_window: Opened) -> None:
    window = open_window()
    divider = window.findChild(QSplitterHandle, "divider")
    widget, steps = window.focusWidget() or composer_of(window), 0
    while widget is not divider and steps < 300:
        widget, steps = widget.nextInFocusChain(), steps + 1
    assert widget is divider
    assert divider.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert divider.mapTo(window, QPoint(0, 0)).x() > 0


def test_the_app_gives_its_window(qtbot: QtBot, home: Path) -> None:
    app: App = build(home)
    window = app.window()
    qtbot.addWidget(window)
    assert window.workbench.services is app
