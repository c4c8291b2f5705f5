"""The notice bar, by real clicks and keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget

from forgeapp.ui import notices
from forgeapp.ui.controls import Button, Label, Meter
from forgeapp.ui.notices import Notice, NoticeBar
from forgeapp.ui.theme import theme


@pytest.fixture
def window(qtbot) -> Iterator[QWidget]:
    theme().choose("light")
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield window


@pytest.fixture
def bar(window: QWidget) -> NoticeBar:
    return NoticeBar(window)


def _texts(bar: NoticeBar) -> list[str]:
    return [notice.text for notice in bar.shown]


def _buttons(bar: NoticeBar, name: str) -> list[QWidget]:
    return [found for found in bar.findChildren(QWidget, name) if found.isVisible()]


def _words(bar: NoticeBar, name: str) -> list[str]:
    return [label.text() for label in bar.findChildren(Label, name) if label.isVisible()]


def test_a_message_is_laid_over_the_lower_right_corner(window: QWidget, bar: NoticeBar) -> None:
    assert not bar.isVisible()
    bar.show_notice(Notice("Café budget.xlsx is written", "good"))
    assert bar.isVisible()
    assert _words(bar, "notice_text") == ["Café budget.xlsx is written"]
    assert bar.geometry().right() <= window.width()
    assert bar.geometry().bottom() <= window.height() - 28
    window.resize(700, 500)
    QApplication.processEvents()
    assert window.rect().contains(bar.geometry())


def test_a_narrow_window_still_holds_a_long_message(window: QWidget, bar: NoticeBar) -> None:
    window.resize(320, 400)
    bar.show_notice(Notice("A message of many words that must be wrapped to be read " * 3, "warn", "And a hint " * 8))
    QApplication.processEvents()
    assert bar.width() <= window.width() + 24
    label = bar.findChild(Label, "notice_text")
    assert label.height() >= label.heightForWidth(label.width())


def test_the_newest_is_on_top_and_at_most_three_are_shown(bar: NoticeBar) -> None:
    for number in range(5):
        bar.show_notice(Notice(f"Error {number}", "bad"))
    assert _texts(bar) == ["Error 4", "Error 3", "Error 2"]
    tops = {label.text(): label.mapTo(bar, QPoint(0, 0)).y() for label in bar.findChildren(Label, "notice_text")}
    QApplication.processEvents()
    assert tops["Error 4"] <= tops["Error 3"] <= tops["Error 2"]


def test_an_error_pushed_out_comes_back_when_there_is_room(bar: NoticeBar, qtbot) -> None:
    for number in range(4):
        bar.show_notice(Notice(f"Error {number}", "bad"))
    qtbot.mouseClick(_buttons(bar, "notice_close")[0], Qt.MouseButton.LeftButton)
    assert "Error 0" in _texts(bar)
    assert len(_texts(bar)) == 3


def test_good_news_pushed_out_is_dropped(bar: NoticeBar) -> None:
    gone: list[int] = []
    bar.closed.connect(gone.append)
    first = bar.show_notice(Notice("Saved", "good"))
    for number in range(3):
        bar.show_notice(Notice(f"Error {number}", "bad"))
    assert gone == [first]


def test_good_news_goes_by_itself_and_errors_stay(bar: NoticeBar, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(notices, "GOES_AFTER_MS", 30)
    bar.show_notice(Notice("No credit left", "bad"))
    bar.show_notice(Notice("Saved", "good"))
    qtbot.waitUntil(lambda: _texts(bar) == ["No credit left"])
    assert bar.isVisible()


def test_how_long_each_tone_stays() -> None:
    assert Notice("", "good").goes_after_ms == 8_000
    assert Notice("", "info").goes_after_ms == 8_000
    assert Notice("", "warn").goes_after_ms == 0
    assert Notice("", "bad").goes_after_ms == 0
    assert Notice("", "good", timeout_ms=0).goes_after_ms == 0
    assert Notice("", "good", progress=0.5).goes_after_ms == 0


def test_a_message_that_has_the_focus_does_not_go(bar: NoticeBar, qtbot, monkeypatch) -> None:
    monkeypatch.setattr(notices, "_HELD_MS", 20)
    bar.show_notice(Notice("Saved", "good", actions=(("Open", list),), timeout_ms=200))
    assert bar.focus_newest()
    with pytest.raises(qtbot.TimeoutError):
        qtbot.waitSignal(bar.closed, timeout=400).wait()
    QApplication.focusWidget().clearFocus()
    qtbot.waitUntil(lambda: not bar.isVisible())


def test_an_action_is_called_once_and_closes_the_message(bar: NoticeBar, qtbot) -> None:
    called: list[str] = []
    bar.show_notice(
        Notice("Written", "good", actions=(("Open", lambda: called.append("open")), ("Show in folder", list)))
    )
    actions = _buttons(bar, "notice_action")
    assert [button.text() for button in actions] == ["Open", "Show in folder"]
    qtbot.mouseClick(actions[0], Qt.MouseButton.LeftButton)
    assert called == ["open"]
    assert not bar.isVisible()


def test_work_under_way_shows_its_progress_and_can_be_stopped(bar: NoticeBar, qtbot) -> None:
    stopped: list[bool] = []
    key = bar.show_notice(Notice("Writing a.pdf", progress=0.0, on_cancel=lambda: stopped.append(True)))
    bar.update_notice(key, progress=0.5)
    meter = bar.findChild(Meter, "notice_progress")
    assert meter.isVisible()
    assert meter.value == 0.5
    assert _buttons(bar, "notice_close") == []
    (stop,) = _buttons(bar, "notice_stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert stopped == [True]
    assert not stop.isEnabled()


def test_progress_keeps_the_same_stop_button_so_that_it_can_be_clicked(bar: NoticeBar) -> None:
    def stop() -> None: ...

    key = bar.show_notice(Notice("Writing a.pdf", progress=0.0, on_cancel=stop))
    (before,) = _buttons(bar, "notice_stop")
    for step in range(10):
        bar.update_notice(key, progress=step / 10)
    assert _buttons(bar, "notice_stop") == [before]


def test_work_that_is_done_becomes_good_news(bar: NoticeBar, qtbot) -> None:
    key = bar.show_notice(Notice("Writing a.pdf", progress=0.2, on_cancel=list))
    bar.update_notice(key, text="a.pdf is written", tone="good", progress=None, actions=(("Open", list),))
    assert _words(bar, "notice_text") == ["a.pdf is written"]
    assert _buttons(bar, "notice_stop") == []
    qtbot.waitUntil(lambda: len(_buttons(bar, "notice_action")) == 1)
    assert not bar.findChild(Meter, "notice_progress").isVisible()


def test_updating_or_closing_what_is_gone_does_nothing(bar: NoticeBar) -> None:
    key = bar.show_notice(Notice("Saved"))
    bar.close_notice(key)
    bar.close_notice(key)
    bar.update_notice(key, text="Again")
    assert bar.shown == []


def test_the_same_message_again_is_shown_once(bar: NoticeBar) -> None:
    for _ in range(5):
        bar.show_notice(Notice("Gemini cannot be reached", "bad", "Check the network."))
    assert _texts(bar) == ["Gemini cannot be reached"]


def test_many_errors_are_bounded(bar: NoticeBar) -> None:
    for number in range(60):
        bar.show_notice(Notice(f"Error {number}", "bad"))
    assert len(bar._cards) == 3 + notices._WAITING_AT_MOST
    bar.close_all()
    assert not bar.isVisible()


def test_escape_closes_the_message_that_has_the_focus(bar: NoticeBar, qtbot) -> None:
    bar.show_notice(Notice("First", "bad"))
    bar.show_notice(Notice("Second", "bad"))
    bar.focus_newest()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert _texts(bar) == ["First"]
    assert bar.isAncestorOf(QApplication.focusWidget())


def test_escape_does_not_hide_work_under_way(bar: NoticeBar, qtbot) -> None:
    bar.show_notice(Notice("Writing a.pdf", progress=0.2, on_cancel=list))
    bar.focus_newest()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert _texts(bar) == ["Writing a.pdf"]


def test_a_message_is_told_to_who_does_not_see_it(bar: NoticeBar, monkeypatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(QAccessible, "isActive", staticmethod(lambda: True))
    monkeypatch.setattr(QAccessible, "updateAccessibility", staticmethod(told.append))
    bar.show_notice(Notice("No credit left", "bad", "Add credit."))
    announced = [event for event in told if event.type() is QAccessible.Event.Announcement]
    assert [event.message() for event in announced] == ["No credit left Add credit."]


def test_markup_in_a_message_is_shown_as_it_is(bar: NoticeBar) -> None:
    bar.show_notice(Notice("<b>x</b>", "bad", "<img src='file:///etc/passwd'>"))
    for label in bar.findChildren(Label):
        assert label.textFormat() is Qt.TextFormat.PlainText


def test_the_bar_survives_a_change_of_theme(bar: NoticeBar) -> None:
    bar.show_notice(Notice("Saved", "good", actions=(("Open", list),)))
    theme().choose("dark")
    assert not bar.grab().isNull()
    assert bar.findChildren(Button)
    theme().choose("light")
