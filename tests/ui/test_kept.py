"""What the user wrote and edited is kept, whatever happens at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from forgeapp.app import App, build
from forgeapp.domain.table import Table
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.settings import save_settings
from forgeapp.ui.main_window import MainWindow
from forgeapp.ui.workbench.open_artifact import OpenArtifact
from tests.fakes.provider_server import FakeServer, Reply

TOWNS = Table("Towns", ("Town", "Size"), (("Ulm", "1"), ("Bonn", "2")))
REVISED = (
    '<artifact kind="table" title="Towns">\n| Town | Size | Ring |\n|---|---|---|\n| Ulm | 1 | no |\n</artifact>\n'
)


class Desk:
    """A window over a real home, and what the ledger says of it."""

    def __init__(self, qtbot: QtBot, home: Path) -> None:
        self.qtbot = qtbot
        self.home = home
        self.windows: list[MainWindow] = []

    def open(self) -> MainWindow:
        window = build(self.home).window()
        self.windows.append(window)
        window.resize(1440, 900)
        window.show()
        self.settle(window)
        return window

    def settle(self, window: MainWindow) -> None:
        self.qtbot.waitUntil(lambda: window.workbench.jobs.count == 0)

    def wait(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so)

    def type_and_send(self, window: MainWindow, text: str) -> None:
        window.focus_composer()
        field = window.findChild(QPlainTextEdit, "composer")
        assert field is not None
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, Qt.Key.Key_Return)

    def close(self) -> None:
        for window in self.windows:
            if shiboken6.isValid(window):
                window.close()
                shiboken6.delete(window)


@pytest.fixture
def desk(qtbot: QtBot, home: Path) -> Iterator[Desk]:
    made = Desk(qtbot, home)
    yield made
    made.close()


def store(home: Path, content: Table = TOWNS) -> StoredVersion:
    with build(home) as app:
        conversation = app.ledger.conversations.start("towns")
        return app.ledger.artifacts.add(
            NewVersion(content, Origin.GENERATED, content.title or "", conversation=conversation)
        )


def add_provider(home: Path, server: FakeServer) -> None:
    with build(home) as app:
        app.ledger.providers.add("fake", "openai-chat", server.base_url, ("large",), None, "none")


def take_changes_at_once(home: Path) -> None:
    """A model's change of an open artifact does not wait for the user."""
    with build(home) as app:
        save_settings(app.home.settings, replace(app.settings, model_changes="take"))


def open_tab(desk: Desk, window: MainWindow, artifact: int) -> OpenArtifact:
    window.workbench.artifacts.open(artifact)
    desk.wait(lambda: window.workbench.artifacts.find(artifact) is not None)
    tab = window.workbench.artifacts.find(artifact)
    assert tab is not None
    conversation = tab.conversation
    assert conversation is not None
    window.workbench.conversations.open(conversation)
    desk.settle(window)
    return tab


def put(tab: OpenArtifact, text: str) -> None:
    """A hand edit of the first cell."""
    content = tab.content
    assert isinstance(content, Table)
    rows = ((text, *content.rows[0][1:]), *content.rows[1:])
    tab.edit("Edit", lambda _: Table(content.title, content.columns, rows), lambda _: content)


def first_cells(app: App, artifact: int) -> list[str]:
    """Of every version, oldest first."""
    numbers = range(1, app.ledger.artifacts.get(artifact).version + 1)
    contents = [app.ledger.artifacts.version(artifact, number).content for number in numbers]
    return [content.rows[0][0] for content in contents if isinstance(content, Table)]


def test_a_tab_that_was_closed_and_opened_again_is_stored_as_before(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    window = desk.open()
    put(open_tab(desk, window, artifact), "Aachen")
    window.close_tab()
    desk.wait(lambda: window.workbench.artifacts.find(artifact) is None)
    desk.qtbot.wait(10)
    put(open_tab(desk, window, artifact), "Kiel")
    window.close()
    assert window.is_over
    with build(home) as app:
        assert first_cells(app, artifact) == ["Ulm", "Aachen", "Kiel"]


def test_what_is_edited_while_something_is_being_stored_is_stored_when_the_window_closes(
    desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = store(home).artifact
    window = desk.open()
    tab = open_tab(desk, window, artifact)
    services = window.workbench.services
    assert services is not None
    goes_on = threading.Event()
    save = services.handwork.save

    def slow(*arguments: object) -> StoredVersion:
        goes_on.wait(60)
        return save(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(services.handwork, "save", slow)
    put(tab, "Aachen")
    window.workbench.artifacts.save(tab)
    put(tab, "Kiel")
    threading.Timer(0.3, goes_on.set).start()
    window.close()
    with build(home) as app:
        assert first_cells(app, artifact) == ["Ulm", "Aachen", "Kiel"]


def test_a_new_name_is_not_undone_by_a_save_that_was_under_way(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    window = desk.open()
    tab = open_tab(desk, window, artifact)
    put(tab, "Aachen")
    window.workbench.artifacts.save(tab)
    window.workbench.artifacts.rename(tab, "Cities")
    put(tab, "Kiel")
    window.close()
    with build(home) as app:
        assert app.ledger.artifacts.get(artifact).title == "Cities"
        assert first_cells(app, artifact)[-1] == "Kiel"


def test_closing_right_after_enter_keeps_the_words(desk: Desk, home: Path) -> None:
    with FakeServer(Reply("Hello.")) as server:
        add_provider(home, server)
        window = desk.open()
        desk.type_and_send(window, "Tell me about the planets")
        window.close()
    with build(home) as app:
        drafts = [app.ledger.drafts.get(None)]
        stored = [
            message.text
            for conversation in app.ledger.conversations.all()
            for message in app.ledger.conversations.messages(conversation.id)
        ]
        drafts += [app.ledger.drafts.get(conversation.id) for conversation in app.ledger.conversations.all()]
    assert "Tell me about the planets" in [*drafts, *stored]


def test_a_message_goes_where_it_was_sent_also_if_another_conversation_is_opened_at_once(
    desk: Desk, home: Path
) -> None:
    with FakeServer(Reply("Hello.")) as server:
        add_provider(home, server)
        with build(home) as app:
            other = app.ledger.conversations.start("the other one")
        window = desk.open()
        window.new_conversation()
        desk.type_and_send(window, "Tell me about the planets")
        window.workbench.conversations.open(other)
        desk.settle(window)
        desk.wait(lambda: len(window.workbench.conversations.all_rows) == 2)
        with build(home) as app:
            newest = app.ledger.conversations.all()[0]
            desk.wait(lambda: len(app.ledger.conversations.messages(newest.id)) == 2)
            assert newest.id != other
            assert app.ledger.conversations.messages(other) == []
        assert window.workbench.chat.conversation == other
        assert window.workbench.composer.text == ""


def test_what_was_edited_while_the_model_wrote_is_a_version_of_its_own(desk: Desk, home: Path) -> None:
    take_changes_at_once(home)
    artifact = store(home).artifact
    with FakeServer(Reply(REVISED, piece_delay_s=0.05)) as server:
        add_provider(home, server)
        window = desk.open()
        tab = open_tab(desk, window, artifact)
        desk.type_and_send(window, "add a column Ring")
        desk.wait(lambda: window.workbench.chat.live is not None and window.workbench.chat.live.is_writing_changes)
        put(tab, "Kiel")
        desk.wait(lambda: window.workbench.chat.live is None)
        desk.settle(window)
        assert isinstance(tab.content, Table)
        assert tab.content.columns == ("Town", "Size", "Ring")
        assert tab.is_saved
        tab.undo_stack.undo()
        assert isinstance(tab.content, Table)
        assert tab.content.rows[0][0] == "Kiel"
        tab.undo_stack.redo()
        assert any(notice.tone == "warn" for notice in window.notices.shown)
        window.close()
    with build(home) as app:
        assert "Kiel" in first_cells(app, artifact)
        newest = app.ledger.artifacts.version(artifact).content
        assert isinstance(newest, Table)
        assert newest.columns == ("Town", "Size", "Ring")


def test_a_change_made_from_an_older_version_waits_beside_what_was_edited_meanwhile(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    with FakeServer(Reply(REVISED, piece_delay_s=0.05)) as server:
        add_provider(home, server)
        window = desk.open()
        tab = open_tab(desk, window, artifact)
        desk.type_and_send(window, "add a column Ring")
        desk.wait(lambda: window.workbench.chat.live is not None and window.workbench.chat.live.is_writing_changes)
        put(tab, "Kiel")
        desk.wait(lambda: window.workbench.chat.live is None)
        desk.settle(window)
        desk.wait(lambda: window.workbench.reviews.of(tab) is not None)
        found = window.workbench.reviews.of(tab)
        assert found is not None
        assert found.review.is_outdated
        assert isinstance(tab.content, Table)
        assert (tab.content.columns, tab.content.rows[0][0]) == (("Town", "Size"), "Kiel")
        window.workbench.reviews.fit(tab)
        desk.settle(window)
        fitted = window.workbench.reviews.of(tab)
        assert fitted is not None
        assert not fitted.review.is_outdated
        window.workbench.reviews.decide_rest(tab, True)
        desk.settle(window)
        assert isinstance(tab.content, Table)
        assert tab.content.columns == ("Town", "Size", "Ring")
        assert tab.content.rows[0][0] == "Kiel"
        window.close()
    with build(home) as app:
        assert "Kiel" in first_cells(app, artifact)


def test_an_edit_is_stored_before_the_same_message_is_answered_again(desk: Desk, home: Path) -> None:
    take_changes_at_once(home)
    artifact = store(home).artifact
    with FakeServer(Reply(REVISED)) as server:
        add_provider(home, server)
        window = desk.open()
        tab = open_tab(desk, window, artifact)
        desk.type_and_send(window, "add a column Ring")
        desk.wait(lambda: bool(window.workbench.chat.exchanges) and window.workbench.chat.live is None)
        desk.settle(window)
        put(tab, "Kiel")
        window.workbench.regenerate(window.workbench.chat.exchanges[-1])
        desk.settle(window)
        assert "Kiel" in server.chats[-1].json["messages"][-1]["content"]


def test_regenerating_after_a_restart_changes_its_own_conversations_artifact(desk: Desk, home: Path) -> None:
    take_changes_at_once(home)
    towns = store(home).artifact
    rivers = store(home, Table("Rivers", ("River",), (("Rhine",),))).artifact
    with FakeServer(Reply(REVISED), Reply(REVISED.replace("| no |", "| yes |"))) as server:
        add_provider(home, server)
        window = desk.open()
        open_tab(desk, window, towns)
        desk.type_and_send(window, "add a column Ring")
        desk.wait(lambda: bool(window.workbench.chat.exchanges) and window.workbench.chat.live is None)
        window.close()
        again = desk.open()
        again.workbench.artifacts.open(rivers)
        desk.settle(again)
        again.workbench.regenerate(again.workbench.chat.exchanges[-1])
        desk.settle(again)
        again.close()
    with build(home) as app:
        assert app.ledger.artifacts.get(rivers).version == 1
        assert app.ledger.artifacts.get(towns).version == 3


def test_an_artifact_of_another_conversation_goes_along_only_when_asked(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    window = desk.open()
    open_tab(desk, window, artifact)
    assert window.workbench.composer.uses_artifact
    window.new_conversation()
    assert not window.workbench.composer.uses_artifact
    window.workbench.composer.set_uses_artifact(True)
    assert window.workbench.composer.request("hello").artifact == artifact


def test_a_message_whose_hand_edits_cannot_be_stored_comes_back(
    desk: Desk, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from forgeapp.errors import StorageError

    artifact = store(home).artifact
    window = desk.open()
    tab = open_tab(desk, window, artifact)
    services = window.workbench.services
    assert services is not None

    def full(*_: object) -> StoredVersion:
        raise StorageError(path=home, reason="the disk is full", remedy="Make room.")

    monkeypatch.setattr(services.handwork, "save", full)
    put(tab, "Kiel")
    desk.type_and_send(window, "add a column Ring")
    desk.settle(window)
    assert window.workbench.composer.text == "add a column Ring"
    assert window.workbench.chat.exchanges == []
    assert any("disk is full" in notice.text for notice in window.notices.shown)
    export = window.workbench.exports.start(tab, home / "towns.csv")
    desk.wait(lambda: export not in window.workbench.exports.running)
    assert not (home / "towns.csv").exists()
    monkeypatch.undo()


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [
        (Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier),
    ],
)
def test_keys_work_right_after_a_start(desk: Desk, home: Path, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    artifact = store(home).artifact
    window = desk.open()
    open_tab(desk, window, artifact)
    window.close()
    window = desk.open()
    window.activateWindow()
    artifacts = window.workbench.artifacts
    assert artifacts.active is not None
    desk.qtbot.keyClick(window.focusWidget() or window, key, modifiers)
    desk.wait(
        lambda: artifacts.active is None or artifacts.active.view == "history" or window.artifact_pane.panel.isVisible()
    )


def test_keys_typed_elsewhere_while_a_reply_arrives_stay_where_they_are_typed(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    with FakeServer(Reply(REVISED.replace("Towns", "Cities"), piece_delay_s=0.05)) as server:
        add_provider(home, server)
        window = desk.open()
        tab = open_tab(desk, window, artifact)
        window.workbench.composer.set_uses_artifact(False)
        window.workbench.composer.set_kind("table")
        desk.type_and_send(window, "make a table of the cities")
        artifacts = window.workbench.artifacts
        desk.wait(lambda: artifacts.draft is not None and artifacts.is_draft_in_view)
        artifacts.activate(tab)
        desk.wait(lambda: window.workbench.chat.live is None)
        desk.settle(window)
        assert len(artifacts.tabs) == 2
        assert artifacts.active is tab
        ready = [notice for notice in window.notices.shown if "is ready" in notice.text]
        assert len(ready) == 1
        ready[0].actions[0][1]()
        assert artifacts.active is artifacts.tabs[1]


def test_a_conversation_brings_its_own_artifact_into_view(desk: Desk, home: Path) -> None:
    towns = store(home).artifact
    rivers = store(home, Table("Rivers", ("River",), (("Rhine",),))).artifact
    window = desk.open()
    open_tab(desk, window, towns)
    with build(home) as app:
        conversation = app.ledger.artifacts.get(rivers).conversation
    assert conversation is not None
    window.workbench.conversations.open(conversation)
    desk.settle(window)
    active = window.workbench.artifacts.active
    assert active is not None
    assert active.id == rivers
    assert window.workbench.composer.request("longer").artifact == rivers


def test_an_old_card_opens_the_version_it_shows(desk: Desk, home: Path) -> None:
    artifact = store(home).artifact
    window = desk.open()
    put(open_tab(desk, window, artifact), "Kiel")
    window.workbench.artifacts.save_all()
    desk.settle(window)
    window.workbench.artifacts.open_version(artifact, 1)
    desk.settle(window)
    active = window.workbench.artifacts.active
    assert active is not None
    assert active.view == "history"


def test_conversations_can_be_gone_through_faster_than_they_are_read(desk: Desk, home: Path) -> None:
    with build(home) as app:
        numbers = [app.ledger.conversations.start(f"number {number}") for number in range(8)]
    window = desk.open()
    failures: list[object] = []
    window.workbench.failed.connect(failures.append)
    goes_on = threading.Event()
    window.workbench.jobs.run(lambda _cancel: goes_on.wait(60))
    for conversation in numbers * 2:
        window.workbench.conversations.open(conversation)
        desk.qtbot.wait(2)
    goes_on.set()
    desk.settle(window)
    assert failures == []
    assert window.workbench.chat.conversation == numbers[-1]
    assert window.workbench.chat.is_loaded
