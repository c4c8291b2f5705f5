"""Bugs of ours, wherever they come up: written down, told in one dialog, and the program goes on.

What the user can act on (every ForgeError) goes to `on_error` instead. Qt's own messages go to the log.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    QUrl,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from forgeapp import __version__
from forgeapp.errors import ForgeError
from forgeapp.ui.controls import Button, ElidedLabel, IconMark, Label
from forgeapp.ui.theme import LABEL, TITLE, font
from forgeapp.ui.wording import tr

_log = logging.getLogger("forgeapp.crash")
_qt_log = logging.getLogger("qt")

FILES_AT_MOST: Final = 20
"""Reports one run writes at most; a fault in a timer would fill the disk otherwise."""
_TOLD_AGAIN_AFTER_S: Final = 60.0
_MAX_REPORT_CHARS: Final = 40_000
_LEVELS: Final = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


@dataclass(slots=True)
class Fault:
    """One bug as it is told: its type's name, its words, where it came up, the trace; `times` it did so."""

    name: str
    words: str
    where: str
    trace: str
    thread: str = ""
    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    times: int = 1

    @property
    def key(self) -> tuple[str, str]:
        return self.name, self.where

    def to_text(self) -> str:
        """The report: versions, trace, no contents of files and no values of variables."""
        # These take longer to import than the window to open.
        import platform

        from forgeapp.log import redacted

        return redacted(
            f"ForgeApp {__version__}\n"
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}\n"
            f"At {self.at} in thread {self.thread or 'MainThread'}\n\n"
            f"{self.trace}"
        )[:_MAX_REPORT_CHARS]


def describe(error: BaseException, trace: TracebackType | None = None, thread: str = "") -> Fault:
    """The fault an exception tells of."""
    from forgeapp.log import redacted

    trace = trace or error.__traceback__
    frames = traceback.extract_tb(trace)
    ours = [frame for frame in frames if "forgeapp" in frame.filename] or list(frames)
    where = ""
    if ours:
        parts = Path(ours[-1].filename).parts
        start = max((place for place, part in enumerate(parts) if part == "forgeapp"), default=len(parts) - 1)
        where = f"{'/'.join(parts[start:])}, {ours[-1].lineno}"
    lines = traceback.format_exception(type(error), error, trace, limit=-60)
    return Fault(type(error).__name__, redacted(str(error))[:400], where, "".join(lines), thread)


class CrashReporter(QObject):
    """Takes every exception nobody else took, from any thread. `crashes` is the folder of the reports.

    `install` sets the hooks and `uninstall` puts the former ones back. `reported(Fault)` follows each fault.
    """

    reported = Signal(object)
    _arrived = Signal(object, object)

    def __init__(self, crashes: Path, on_error: Callable[[ForgeError], object], window: QWidget | None = None) -> None:
        super().__init__(window)
        self._crashes = crashes
        self._on_error = on_error
        self._window = window
        self._dialog: CrashDialog | None = None
        self._files = 0
        self._told_at: dict[tuple[str, str], float] = {}
        self._former: tuple[Any, Any, Any] | None = None
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    @property
    def dialog(self) -> CrashDialog | None:
        """The dialog that is open, if one is."""
        return self._dialog

    def install(self) -> None:
        if self._former is not None:
            return
        self._former = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        sys.unraisablehook = self._on_unraisable
        qInstallMessageHandler(log_qt_message)

    def uninstall(self) -> None:
        if self._former is None:
            return
        if sys.excepthook == self._on_exception:  # else another has taken over since
            sys.excepthook, threading.excepthook, sys.unraisablehook = self._former
            qInstallMessageHandler(None)
        self._former = None

    def report(self, error: BaseException) -> None:
        """Tells of an error, from any thread: a ForgeError to `on_error`, anything else as a bug."""
        if isinstance(error, ForgeError):
            self._deliver(error, None)
            return
        fault = describe(error, thread=threading.current_thread().name)
        _log.error("%s: %s (%s)\n%s", fault.name, fault.words, fault.where, fault.trace)
        self._deliver(None, fault)

    def _deliver(self, error: ForgeError | None, fault: Fault | None) -> None:
        try:
            self._arrived.emit(error, fault)
        except RuntimeError:  # the window is gone already, and with it whoever could be told
            _log.warning("told of after the window was closed: %s", error or (fault and fault.name))

    def _on_exception(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        error = error if error is not None else kind()
        if isinstance(error, KeyboardInterrupt):
            QApplication.quit()
            return
        if error.__traceback__ is None:
            error = error.with_traceback(trace)
        self.report(error)

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_type is not SystemExit:
            self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _on_unraisable(self, unraisable: Any) -> None:
        # Only the exception is kept: the object it came from is being destroyed.
        self._on_exception(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)

    @Slot(object, object)
    def _on_arrived(self, error: ForgeError | None, fault: Fault | None) -> None:
        if error is not None:
            self._on_error(error)
        elif fault is not None:
            self._tell(fault)

    def _tell(self, fault: Fault) -> None:
        now = time.monotonic()
        is_new = now - self._told_at.get(fault.key, -_TOLD_AGAIN_AFTER_S) >= _TOLD_AGAIN_AFTER_S
        self._told_at[fault.key] = now
        if self._dialog is not None:
            if is_new:
                self._write(fault)
            self._dialog.add(fault)
        elif is_new:
            self._write(fault)
            self._dialog = CrashDialog(fault, self._crashes, self._window)
            self._dialog.finished.connect(self._on_dialog_closed)
            self._dialog.open()
        self.reported.emit(fault)

    def _on_dialog_closed(self) -> None:
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.deleteLater()

    def _write(self, fault: Fault) -> None:
        if self._files >= FILES_AT_MOST:
            return
        self._files += 1
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        path = self._crashes / f"crash-{stamp}.txt"
        try:
            self._crashes.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a descriptor
                file.write(fault.to_text())
        except OSError as error:
            _log.warning("the report could not be written: %s", error)


class CrashDialog(QDialog):
    """What happened, that nothing stored is lost, and the report for who wants to send it."""

    def __init__(self, fault: Fault, crashes: Path, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle(tr("ForgeApp made a mistake"))
        self._crashes = crashes
        self._faults: dict[tuple[str, str], Fault] = {fault.key: fault}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 16)
        outer.setSpacing(16)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(IconMark("bug", "bad", "bad_soft"), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(tr("ForgeApp made a mistake"), TITLE, 600))
        words.addWidget(
            Label(
                tr(
                    "Nothing that was stored is lost, and you can go on working. If something looks wrong afterwards, "
                    "close the window and open it again."
                ),
                role="ink_2",
                wrap=True,
            )
        )
        words.addSpacing(4)
        self._summary = ElidedLabel(size=LABEL, role="ink_3", mode=Qt.TextElideMode.ElideMiddle)
        self._summary.setObjectName("crash_summary")
        words.addWidget(self._summary)
        head.addLayout(words, 1)
        outer.addLayout(head)
        self._details = QPlainTextEdit()
        self._details.setObjectName("crash_details")
        self._details.setAccessibleName(tr("Details of the mistake"))
        self._details.setReadOnly(True)
        self._details.setFont(font(LABEL, mono=True))
        self._details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._details.setMinimumHeight(200)
        self._details.setTabChangesFocus(True)
        self._details.hide()
        outer.addWidget(self._details, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        self.details_button = Button(tr("Details"), "chevron-right", "quiet")
        self.details_button.setObjectName("crash_show_details")
        self.details_button.clicked.connect(self._on_details_clicked)
        self.copy_button = Button(tr("Copy report"), "copy")
        self.copy_button.setObjectName("crash_copy")
        self.copy_button.clicked.connect(self._on_copy_clicked)
        folder = Button(tr("Show folder"), "folder-open")
        folder.setObjectName("crash_folder")
        folder.clicked.connect(self._on_folder_clicked)
        self.go_on_button = Button(tr("Go on"), kind="primary")
        self.go_on_button.setObjectName("crash_go_on")
        self.go_on_button.clicked.connect(self.accept)
        row.addWidget(self.details_button)
        row.addStretch()
        for button in (self.copy_button, folder, self.go_on_button):
            row.addWidget(button)
        outer.addLayout(row)
        self.setMinimumWidth(520)
        self.go_on_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_faults()

    @property
    def report_text(self) -> str:
        return "\n\n".join(
            fault.to_text() + (f"\n({fault.times} times)" if fault.times > 1 else "") for fault in self._faults.values()
        )

    def add(self, fault: Fault) -> None:
        """One more while the dialog is open: counted where it is known already."""
        known = self._faults.get(fault.key)
        if known is not None:
            known.times += 1
        elif len(self._faults) < FILES_AT_MOST:
            self._faults[fault.key] = fault
        self._show_faults()

    def _show_faults(self) -> None:
        first = next(iter(self._faults.values()))
        total = sum(fault.times for fault in self._faults.values())
        text = tr("{name} in {where}", name=first.name, where=first.where) if first.where else first.name
        if total > 1:
            text += " · " + tr("{count} times", count=total)
        self._summary.setText(text)
        if self._details.isVisible():
            self._details.setPlainText(self.report_text)

    def _on_details_clicked(self) -> None:
        shows = self._details.isHidden()
        self._details.setVisible(shows)
        self.details_button.set_icon("chevron-down" if shows else "chevron-right")
        if shows:
            self._details.setPlainText(self.report_text)
        self.adjustSize()

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self.report_text)
        self.copy_button.set_icon("check")
        self.copy_button.set_text(tr("Copied"))

    def _on_folder_clicked(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._crashes)))


def log_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's messages in the log; from a plugin about itself they are no more than debugging."""
    level = _LEVELS.get(kind, logging.WARNING)
    if message.startswith("This plugin does not support"):
        level = logging.DEBUG
    _qt_log.log(level, "%s: %s", context.category or "default", message)
