"""The shared controls, by real keys and clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from forgeapp.ui.controls import (
    Busy,
    Button,
    Chip,
    ElidedLabel,
    EmptyState,
    IconButton,
    Label,
    MenuButton,
    Meter,
    Popover,
    SearchField,
    SegmentedControl,
    ShortcutHint,
)
from forgeapp.ui.theme import LIGHT, theme

VIEWS = [("edit", "Edit"), ("preview", "Preview"), ("source", "Source"), ("history", "History")]


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme().choose("light")


@pytest.fixture
def window(qtbot) -> Iterator[QWidget]:
    window = QWidget()
    qtbot.addWidget(window)
    QHBoxLayout(window)
    window.resize(600, 120)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window


def _put(window: QWidget, *widgets: QWidget) -> None:
    for widget in widgets:
        window.layout().addWidget(widget)
    QApplication.processEvents()


def _has_colour(widget: QWidget, colour: str) -> bool:
    image = widget.grab().toImage()
    return any(image.pixelColor(x, y).name() == colour for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_a_button_is_pressed_by_mouse_and_keys(window: QWidget, qtbot, key: Qt.Key) -> None:
    button = Button("Export", "download", "primary")
    _put(window, button)
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, key)


def test_a_disabled_button_does_nothing(window: QWidget, qtbot) -> None:
    button = Button("Export")
    button.setEnabled(False)
    _put(window, button)
    with qtbot.assertNotEmitted(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_focus_ring_is_shown_for_the_keyboard_only(window: QWidget, qtbot) -> None:
    first, second = Button("One"), Button("Two")
    _put(window, first, second)
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert first.hasFocus()
    assert not first.shows_focus
    qtbot.keyClick(first, Qt.Key.Key_Tab)
    assert second.shows_focus
    assert _has_colour(second, LIGHT.accent)
    assert not _has_colour(first, LIGHT.accent)


def test_a_button_is_as_wide_as_its_words(window: QWidget) -> None:
    short, long = Button("Ok"), Button("A good deal longer than that")
    _put(window, short, long)
    assert long.minimumSizeHint().width() > short.minimumSizeHint().width()
    long.set_text("Ok")
    assert long.sizeHint() == short.sizeHint()
    assert long.accessibleName() == "Ok"


def test_an_icon_button_names_itself_and_its_shortcut(window: QWidget) -> None:
    undo = IconButton("undo-2", "Undo", "Ctrl+Z")
    _put(window, undo)
    assert undo.accessibleName() == "Undo"
    assert undo.toolTip() == "Undo  Ctrl+Z"
    assert QAccessible.queryAccessibleInterface(undo).role() is QAccessible.Role.PushButton


def test_a_menu_button_tells_what_was_chosen(window: QWidget, qtbot) -> None:
    picker = MenuButton("Kind", "sparkles")
    picker.set_choices([("auto", "Auto", "sparkles"), None, ("table", "Table", "table-2")], "auto")
    _put(window, picker)
    assert (picker.value, picker.text()) == ("auto", "Auto")
    qtbot.mouseClick(picker, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(picker.menu.isVisible)
    with qtbot.waitSignal(picker.chosen) as told:
        qtbot.keyClick(picker.menu, Qt.Key.Key_Down)
        qtbot.keyClick(picker.menu, Qt.Key.Key_Return)
    assert told.args == ["table"]
    assert (picker.value, picker.text()) == ("table", "Table")
    assert [action.isChecked() for action in picker.menu.actions() if action.data()] == [False, True]


def test_a_menu_button_opens_by_the_arrow_key_and_closes_by_escape(window: QWidget, qtbot) -> None:
    picker = MenuButton("Kind")
    picker.set_choices([("auto", "Auto", None), ("table", "Table", None)], "auto")
    _put(window, picker)
    picker.setFocus()
    qtbot.keyClick(picker, Qt.Key.Key_Down)
    qtbot.waitUntil(picker.menu.isVisible)
    with qtbot.assertNotEmitted(picker.chosen):
        qtbot.keyClick(picker.menu, Qt.Key.Key_Escape)
    assert not picker.menu.isVisible()
    assert picker.value == "auto"


def test_setting_the_value_of_a_menu_button_is_no_choice_of_the_user(window: QWidget, qtbot) -> None:
    picker = MenuButton("Kind")
    picker.set_choices([("auto", "Auto", None), ("table", "Table", None)], "auto")
    with qtbot.assertNotEmitted(picker.chosen):
        picker.set_value("table")
    assert picker.text() == "Table"
    picker.set_value("gone")
    assert picker.text() == "Kind"
    assert not any(action.isChecked() for action in picker.menu.actions())


def test_new_choices_keep_the_value_that_is_still_among_them(window: QWidget) -> None:
    picker = MenuButton("Model")
    picker.set_choices([("a", "First", None), ("b", "Second", None)], "b")
    picker.set_choices([("b", "Second, renamed", None), ("c", "Third", None)])
    assert (picker.value, picker.text()) == ("b", "Second, renamed")
    picker.set_choices([("c", "Third", None)])
    assert (picker.value, picker.text()) == (None, "Model")


def test_a_choice_can_be_closed_with_a_reason(window: QWidget) -> None:
    picker = MenuButton("Mode")
    picker.set_choices([("key", "My key", None), ("local", "Local model", None)], "key")
    picker.set_choice_enabled("local", False, "No local model answers")
    action = picker.menu.actions()[1]
    assert not action.isEnabled()
    assert action.toolTip() == "No local model answers"


def test_segments_are_chosen_by_click_and_by_arrow_keys(window: QWidget, qtbot) -> None:
    views = SegmentedControl(VIEWS)
    _put(window, views)
    with qtbot.waitSignal(views.selected) as told:
        qtbot.mouseClick(views.findChild(QWidget, "segment_source"), Qt.MouseButton.LeftButton)
    assert told.args == ["source"]
    for key, expected in (
        (Qt.Key.Key_Right, "history"),
        (Qt.Key.Key_Right, "history"),
        (Qt.Key.Key_Left, "source"),
        (Qt.Key.Key_Home, "edit"),
        (Qt.Key.Key_End, "history"),
    ):
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert views.value == expected
    assert views.findChild(QWidget, "segment_history").hasFocus()


def test_arrow_keys_pass_over_segments_that_are_closed_or_hidden(window: QWidget, qtbot) -> None:
    views = SegmentedControl(VIEWS)
    _put(window, views)
    views.set_enabled("preview", False)
    views.set_hidden("source", True)
    views.findChild(QWidget, "segment_edit").setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert views.value == "history"


def test_a_segmented_control_is_one_stop_of_the_tab_key(window: QWidget, qtbot) -> None:
    before, views, after = Button("Before"), SegmentedControl(VIEWS, "source"), Button("After")
    _put(window, before, views, after)
    before.setFocus()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().objectName() == "segment_source"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert after.hasFocus()


def test_choosing_the_segment_that_holds_tells_nothing(window: QWidget, qtbot) -> None:
    views = SegmentedControl(VIEWS)
    _put(window, views)
    with qtbot.assertNotEmitted(views.selected):
        qtbot.mouseClick(views.findChild(QWidget, "segment_edit"), Qt.MouseButton.LeftButton)
        views.set_value("history")
    assert views.value == "history"


def test_a_popover_takes_the_focus_and_gives_it_back(window: QWidget, qtbot) -> None:
    button = Button("Estimate")
    _put(window, button)
    button.setFocus()
    popover = Popover(window)
    field = QLineEdit()
    popover.content.addWidget(Label("Words"))
    popover.content.addWidget(field)
    popover.open_under(button)
    qtbot.waitUntil(popover.isVisible)
    qtbot.waitUntil(field.hasFocus)
    assert popover.geometry().top() >= button.mapToGlobal(QPoint(0, 0)).y()
    with qtbot.waitSignal(popover.closed):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not popover.isVisible()
    qtbot.waitUntil(button.hasFocus)


def test_a_popover_stays_on_the_screen(window: QWidget, qtbot) -> None:
    button = Button("Estimate")
    _put(window, button)
    screen = window.screen().availableGeometry()
    window.move(screen.right() - 80, screen.bottom() - 60)
    popover = Popover(window)
    popover.content.addWidget(Label("Words that need some room to stand in\n" * 5))
    popover.open_under(button)
    shown = popover.geometry().adjusted(12, 12, -12, -12)
    assert screen.contains(shown)
    popover.close()


def test_a_chip_is_removed_by_its_cross_or_by_a_key(window: QWidget, qtbot) -> None:
    chip = Chip("supplier-prices.pdf", "file-text", removable=True)
    _put(window, chip)
    with qtbot.waitSignal(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
    with qtbot.assertNotEmitted(chip.removed), qtbot.waitSignal(chip.clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(12, 12))


def test_a_chip_without_a_cross_cannot_be_removed(window: QWidget, qtbot) -> None:
    chip = Chip("Rows", removable=False)
    _put(window, chip)
    with qtbot.assertNotEmitted(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=QPoint(chip.width() - 8, 8))


def test_a_cut_label_tells_the_whole_in_its_tooltip(window: QWidget, qtbot) -> None:
    label = ElidedLabel("A title that is far too long for the room it is given in this window " * 3)
    _put(window, label)
    assert label.is_cut
    assert label.toolTip() == label.text()
    label.setText("Short")
    assert not label.is_cut
    assert label.toolTip() == ""


def test_wrapped_lines_stand_apart_and_are_all_shown(window: QWidget) -> None:
    label = Label("Words that need more than the one line they are given in this narrow window " * 3, wrap=True)
    _put(window, label)
    one, narrow = label.heightForWidth(10_000), label.heightForWidth(200)
    assert one == round(13 * 1.45)
    assert narrow >= 5 * one
    assert narrow % one == 0
    assert label.heightForWidth(400) < narrow
    assert Label("first\nsecond", wrap=True).sizeHint().height() == 2 * one


def test_labels_never_read_html(window: QWidget) -> None:
    for label in (Label("<b>x</b><img src='file:///etc/passwd'>"), ElidedLabel("<a href='x'>y</a>")):
        assert label.textFormat() is Qt.TextFormat.PlainText
    long_text = "<b>bold</b> " * 200
    cut = ElidedLabel(long_text)
    _put(window, cut)
    assert "<b>" not in cut.toolTip()
    assert "&lt;b&gt;" in cut.toolTip()


def test_a_label_takes_the_colour_of_its_role(window: QWidget) -> None:
    label = Label("XXXXXXXX", 24, 600, role="bad")
    _put(window, label)
    assert _has_colour(label, LIGHT.bad)
    label.set_role("good")
    assert _has_colour(label, LIGHT.good)
    assert not _has_colour(label, LIGHT.bad)


def test_the_spinner_turns_only_while_it_is_seen(window: QWidget, qtbot, monkeypatch) -> None:
    spinner = Busy()
    assert not spinner.is_turning
    _put(window, spinner)
    spinner.show()
    assert spinner.is_turning
    spinner.hide()
    assert not spinner.is_turning
    monkeypatch.setattr("forgeapp.ui.controls.surfaces.has_motion", lambda _widget: False)
    spinner.show()
    assert not spinner.is_turning


def test_a_meter_keeps_within_its_track(window: QWidget) -> None:
    meter = Meter(0.5)
    _put(window, meter)
    meter.set_value(7.0, "bad")
    assert meter.value == 1.0
    assert _has_colour(meter, LIGHT.bad)
    meter.set_value(-1)
    assert not _has_colour(meter, LIGHT.bad)


def test_a_search_field_is_cleared_by_escape(window: QWidget, qtbot) -> None:
    field = SearchField("Search conversations")
    _put(window, field)
    qtbot.keyClicks(field, "budget")
    assert field.text() == "budget"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert field.accessibleName() == "Search conversations"


def test_an_empty_state_shows_its_words_and_its_act(window: QWidget, qtbot) -> None:
    button = Button("Open a file", "folder-open")
    state = EmptyState("file-plus", "Nothing made yet", "Say in the chat what you need.", [button])
    _put(window, state)
    assert state.title.text() == "Nothing made yet"
    with qtbot.waitSignal(button.clicked):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_keys_are_written_as_on_the_keyboard(window: QWidget) -> None:
    hint = ShortcutHint("Ctrl+Shift+P")
    _put(window, hint)
    assert hint.text == "Ctrl Shift P"
    assert hint.accessibleName() == "Ctrl+Shift+P"


def test_every_control_can_be_drawn_at_twice_the_size_in_both_themes(qtbot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    column = QVBoxLayout(holder)
    for widget in (Button("A", "x"), Chip("B", "x", True), SegmentedControl(VIEWS), Meter(0.4), ShortcutHint("F1")):
        column.addWidget(widget)
    holder.show()
    theme().scale_text(2.0)
    for choice in ("dark", "light"):
        theme().choose(choice)
        QTest.qWait(0)
        assert not holder.grab().isNull()
    theme().scale_text(1.0)
