"""A window in a process of its own, for `window_bench`: says on standard output when it got how far.

bare            a plain PySide6 window with a text field
ours HOME       the program's window
busy HOME       the program's window with a reply streaming in and two exports running; tells its event loop's gaps
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_SETTLED_MS = 3_000
"""When memory is looked at: what is loaded ahead, a second after the start, is there by then."""


def say(word: str, *values: float) -> None:
    print(word, *(f"{value:.6f}" for value in values), flush=True)


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def bare() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    field = QPlainTextEdit()
    window.setCentralWidget(field)
    window.resize(1440, 900)
    window.show()
    QTimer.singleShot(0, lambda: take_key(field))
    QTimer.singleShot(_SETTLED_MS, lambda: (say("memory", resident_mb()), app.quit()))
    app.exec()


def take_key(field: object) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    assert isinstance(field, QPlainTextEdit)
    QApplication.processEvents()
    field.setFocus()
    QTest.keyClick(field, "a")
    assert field.toPlainText() == "a"
    field.grab()
    say("painted")


def ours(home: str) -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    from forgeapp.paths import find_home
    from forgeapp.ui import program

    program.make_application(needs_screen=False)
    window = program._make_window(find_home(home))
    window.show()

    def build() -> program.Services:
        from forgeapp.app import build

        return build(home)

    def when_painted() -> None:
        composer = window.findChild(QPlainTextEdit, "composer")
        take_key(composer)
        window.workbench.start(build)

    def look_restored() -> None:
        if window.workbench.chat.is_loaded and window.workbench.chat.exchanges:
            look.stop()
            QApplication.processEvents()
            window.grab()
            say("restored")
            QTimer.singleShot(_SETTLED_MS, lambda: (say("memory", resident_mb()), window.close()))

    look = QTimer()
    look.timeout.connect(look_restored)
    look.start(2)
    QTimer.singleShot(0, when_painted)
    QApplication.exec()


def busy(home: str) -> None:
    from PySide6.QtCore import Qt, QTimer
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QPlainTextEdit

    from forgeapp.app import build

    window = build(home).window()
    window.resize(1440, 900)
    window.show()
    workbench = window.workbench
    end = time.monotonic() + 10
    while not workbench.artifacts.recent and time.monotonic() < end:
        QApplication.processEvents()
    for row in workbench.artifacts.recent[:2]:
        workbench.artifacts.open(row.id)
    while len(workbench.artifacts.tabs) < 2 and time.monotonic() < end:
        QApplication.processEvents()
    # As on a user's computer, where what is needed soon is loaded while the first words are being thought of.
    end = time.monotonic() + _SETTLED_MS / 1000
    while time.monotonic() < end:
        QApplication.processEvents()
    composer = window.findChild(QPlainTextEdit, "composer")
    assert composer is not None
    composer.setFocus()
    QTest.keyClicks(composer, "tell me at length how a canal lock works")
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
        if gaps and workbench.chat.live is None and not workbench.exports.running and len(gaps) > 100:
            timer.stop()
            for gap in gaps:
                say("gap", gap)
            window.close()

    QTest.keyClick(composer, Qt.Key.Key_Return)
    for number, tab in enumerate(workbench.artifacts.tabs):
        workbench.exports.start(tab, Path(home, f"busy{number}.{('xlsx', 'pdf')[number]}"))
    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(1)
    QApplication.exec()


if __name__ == "__main__":
    {"bare": bare, "ours": ours, "busy": busy}[sys.argv[1]](*sys.argv[2:])
