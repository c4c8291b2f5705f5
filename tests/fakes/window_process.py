"""A window as a process of its own: `python -m tests.fakes.window_process REQUEST DRAFT`.

Types and sends REQUEST in a new conversation, then types DRAFT and leaves it unsent. Prints a JSON line every 50 ms:
how much of the reply has arrived, and the draft as far as it is typed. Runs until it is ended.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from forgeapp.app import build


def main(request: str, draft: str) -> int:
    app = build()
    window = app.window()
    window.resize(1200, 800)
    window.show()
    composer = window.findChild(QPlainTextEdit, "composer")
    assert composer is not None
    while window.workbench.jobs.count:
        QTest.qWait(10)
    window.new_conversation()
    QTest.keyClicks(composer, request)
    QTest.keyClick(composer, Qt.Key.Key_Return)

    def type_draft() -> None:
        QTest.keyClicks(composer, draft)

    def tell() -> None:
        live = window.workbench.chat.live
        arrived = len(live.text) if live is not None else 0
        print(json.dumps({"arrived": arrived, "draft": composer.toPlainText()}), flush=True)

    QTimer.singleShot(300, type_draft)
    timer = QTimer()
    timer.timeout.connect(tell)
    timer.start(50)
    return QApplication.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
