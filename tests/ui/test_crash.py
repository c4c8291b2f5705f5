"""Bugs of ours are written down, told once, and the program goes on."""

from __future__ import annotations

import gc
import logging
import re
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt, QTimer, qWarning
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from forgeapp import log
from forgeapp.errors import ForgeError, NoProvider
from forgeapp.ui import crash
from forgeapp.ui.controls import Label
from forgeapp.ui.crash import CrashReporter, describe
from forgeapp.ui.theme import theme

KEY = "sk-abcdefghijklmnop1234"


@pytest.fixture
def told() -> list[ForgeError]:
    return []


@pytest.fixture
def reporter(qtbot, tmp_path: Path, told: list[ForgeError]) -> Iterator[CrashReporter]:
    theme().choose("light")
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    reporter = CrashReporter(tmp_path / "crashes", told.append, window)
    reporter.install()
    yield reporter
    reporter.uninstall()
    if reporter.dialog is not None:
        reporter.dialog.close()


def _error(text: str = "division by zero") -> ZeroDivisionError:
    try:
        raise ZeroDivisionError(text)
    except ZeroDivisionError as error:
        return error


def _other_error() -> KeyError:
    try:
        raise KeyError("budget")
    except KeyError as error:
        return error


def _reports(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "crashes").glob("crash-*.txt"))


def _click(qtbot, reporter: CrashReporter, name: str) -> None:
    qtbot.mouseClick(reporter.dialog.findChild(QWidget, name), Qt.MouseButton.LeftButton)


def _summary(reporter: CrashReporter) -> str:
    return reporter.dialog.findChild(Label, "crash_summary").text()


def test_a_bug_in_a_slot_is_told_and_written_down(reporter, qtbot, tmp_path, monkeypatch) -> None:
    def fail() -> None:
        raise RuntimeError("the slot failed")

    # What Qt's loop does with it: it goes to sys.excepthook.
    with qtbot.captureExceptions(), qtbot.waitSignal(reporter.reported):
        monkeypatch.setattr(sys, "excepthook", reporter._on_exception)
        QTimer.singleShot(0, fail)
    assert reporter.dialog.isVisible()
    (path,) = _reports(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "RuntimeError: the slot failed" in text
    assert "ForgeApp " in text
    assert "Qt 6" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert re.fullmatch(r"crash-\d{8}T\d{12}\.txt", path.name)


def test_one_that_is_taken_out_leaves_the_hooks_of_another(reporter, qtbot, tmp_path, monkeypatch) -> None:
    for place, name in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(place, name, getattr(place, name))
    window = QWidget()
    qtbot.addWidget(window)
    later = CrashReporter(tmp_path / "later", lambda _: None, window)
    later.install()
    reporter.uninstall()
    assert sys.excepthook == later._on_exception
    later.uninstall()


def test_a_bug_in_a_thread_is_told_on_the_windows_thread(reporter, qtbot) -> None:
    where: list[threading.Thread] = []
    reporter.reported.connect(lambda _fault: where.append(threading.current_thread()))

    def fail() -> None:
        raise RuntimeError("the thread failed")

    with qtbot.waitSignal(reporter.reported) as told:
        thread = threading.Thread(target=fail, name="forgeapp-files")
        thread.start()
        thread.join()
    assert where == [threading.main_thread()]
    assert told.args[0].thread == "forgeapp-files"
    assert "forgeapp-files" in reporter.dialog.report_text


def test_a_bug_nobody_could_raise_is_told(reporter, qtbot) -> None:
    class Broken:
        def __del__(self) -> None:
            raise RuntimeError("while being destroyed")

    with qtbot.waitSignal(reporter.reported) as told:
        Broken()
        gc.collect()
    assert told.args[0].words == "while being destroyed"


def test_a_forge_error_goes_to_the_notices_instead(reporter, qtbot, told, tmp_path) -> None:
    error = NoProvider()
    sys.excepthook(NoProvider, error, None)
    qtbot.waitUntil(lambda: told == [error])
    assert reporter.dialog is None
    assert _reports(tmp_path) == []


def test_the_same_fault_again_is_counted(reporter, qtbot, tmp_path) -> None:
    for _ in range(5):
        reporter.report(_error())
    qtbot.waitUntil(lambda: reporter.dialog is not None and "5 times" in _summary(reporter))
    assert len(_reports(tmp_path)) == 1


def test_another_fault_joins_the_open_dialog(reporter, qtbot, tmp_path) -> None:
    reporter.report(_error())
    reporter.report(_other_error())
    qtbot.waitUntil(lambda: reporter.dialog is not None and "2 times" in _summary(reporter))
    assert "ZeroDivisionError" in reporter.dialog.report_text
    assert "KeyError" in reporter.dialog.report_text
    assert len(_reports(tmp_path)) == 2


def test_a_fault_that_was_just_told_does_not_open_the_dialog_again(reporter, qtbot, monkeypatch) -> None:
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    _click(qtbot, reporter, "crash_go_on")
    assert reporter.dialog is None
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    assert reporter.dialog is None
    monkeypatch.setattr(crash, "_TOLD_AGAIN_AFTER_S", 0.0)
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    assert reporter.dialog is not None


def test_a_fault_without_end_does_not_fill_the_disk(reporter, qtbot, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(crash, "_TOLD_AGAIN_AFTER_S", 0.0)
    seen: list[object] = []
    reporter.reported.connect(seen.append)
    for _ in range(crash.FILES_AT_MOST + 10):
        reporter.report(_error())
    qtbot.waitUntil(lambda: len(seen) == crash.FILES_AT_MOST + 10)
    assert len(_reports(tmp_path)) == crash.FILES_AT_MOST


def test_the_details_are_folded_until_asked_for(reporter, qtbot) -> None:
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    details = reporter.dialog.findChild(QPlainTextEdit, "crash_details")
    assert not details.isVisible()
    _click(qtbot, reporter, "crash_show_details")
    assert details.isVisible()
    assert "ZeroDivisionError: division by zero" in details.toPlainText()
    _click(qtbot, reporter, "crash_show_details")
    assert not details.isVisible()


def test_the_report_is_copied(reporter, qtbot) -> None:
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    _click(qtbot, reporter, "crash_copy")
    assert "ZeroDivisionError: division by zero" in QGuiApplication.clipboard().text()


def test_the_folder_of_the_reports_is_shown(reporter, qtbot, tmp_path, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda url: opened.append(url.toLocalFile())))
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    _click(qtbot, reporter, "crash_folder")
    assert [Path(path) for path in opened] == [tmp_path / "crashes"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_return_and_escape_go_on(reporter, qtbot, key: Qt.Key) -> None:
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    qtbot.waitUntil(lambda: reporter.dialog.go_on_button.hasFocus())
    qtbot.keyClick(reporter.dialog.go_on_button, key)
    assert reporter.dialog is None


@pytest.mark.security
def test_keys_are_taken_out_of_everything_that_is_kept(reporter, qtbot, tmp_path) -> None:
    log.hide("a private key of no known form")
    logs = log.start(tmp_path / "logs")
    try:
        with qtbot.waitSignal(reporter.reported):
            reporter.report(_error(f"{KEY} and a private key of no known form"))
        _click(qtbot, reporter, "crash_copy")
        kept = [path.read_text(encoding="utf-8") for path in (*_reports(tmp_path), logs)]
    finally:
        log.stop()
    for text in (*kept, QGuiApplication.clipboard().text(), _summary(reporter)):
        assert KEY not in text
        assert "no known form" not in text
    assert all("[hidden]" in text for text in kept)


def test_a_folder_that_cannot_be_written_still_leaves_the_dialog(reporter, qtbot, tmp_path) -> None:
    (tmp_path / "crashes").write_text("a file stands in the way")
    with qtbot.waitSignal(reporter.reported):
        reporter.report(_error())
    assert reporter.dialog.isVisible()


def test_words_of_qt_go_to_the_log(reporter, caplog) -> None:
    with caplog.at_level(logging.DEBUG, "qt"):
        qWarning("a layout is missing")
        qWarning("This plugin does not support raise()")
    levels = {record.getMessage().split(": ", 1)[1]: record.levelno for record in caplog.records if record.name == "qt"}
    assert levels["a layout is missing"] == logging.WARNING
    assert levels["This plugin does not support raise()"] == logging.DEBUG


def test_uninstalling_puts_the_former_hooks_back(qtbot, tmp_path) -> None:
    former = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    reporter = CrashReporter(tmp_path, list)
    reporter.install()
    assert sys.excepthook != former[0]
    reporter.install()
    reporter.uninstall()
    reporter.uninstall()
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == former


def test_a_bug_after_the_window_is_gone_goes_to_the_log(qtbot, tmp_path, caplog) -> None:
    window = QWidget()
    reporter = CrashReporter(tmp_path, list, window)
    shiboken6.delete(window)
    reporter.report(_error())
    reporter.report(NoProvider())
    texts = [record.getMessage() for record in caplog.records if record.name == "forgeapp.crash"]
    assert any("division by zero" in text for text in texts)
    assert sum("after the window was closed" in text for text in texts) == 2


def test_a_fault_names_the_last_place_of_ours() -> None:
    try:
        log.start(Path("/dev/null/none"))
    except ForgeError as error:
        fault = describe(error)
    assert re.fullmatch(r"forgeapp/log\.py, \d+", fault.where)
    assert describe(ValueError("never raised")).where == ""
