"""A process of its own for `exports_load_bench`.

fifty HOME FOLDER    puts fifty exports of every kind and format into the queue
large HOME FOLDER    puts one PDF of 100 MB into the queue
window HOME          the program's window, which goes on with them; tells its event loop's gaps
"""

from __future__ import annotations

import base64
import io
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

PICTURES = 100
_CHOSEN = ("minutes", "book-loan", "code-twenty-files", "pictures", "table-thirty-columns")
_SETTLED_S = 3.0


def fifty(home: Path, folder: Path) -> None:
    from forgeapp.app import build
    from forgeapp.domain.artifact import FORMATS
    from forgeapp.domain.content import kind_of
    from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
    from forgeapp.ledger.artifacts import NewVersion, Origin
    from tests.unit.exporters.corpus import large_samples, samples

    chosen = [*(samples()[name] for name in _CHOSEN), *large_samples()]
    with build(home) as app:
        stored = [app.ledger.artifacts.add(NewVersion(each.content, Origin.EDITED, each.name)) for each in chosen]
        for number in range(50):
            sample, version = chosen[number % len(chosen)], stored[number % len(chosen)]
            formats = [each for each in FORMATS[kind_of(sample.content)] if each not in sample.refused]
            ending = formats[number // len(chosen) % len(formats)].value
            request = ExportRequest(ArtifactSubject(version.artifact, 1), folder / f"{number}.{ending}", sample.options)
            app.exports.enqueue(request)


def large(home: Path, folder: Path) -> None:
    from forgeapp.app import build
    from forgeapp.domain.document import Document
    from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
    from forgeapp.ledger.artifacts import NewVersion, Origin

    text = "\n\n".join(f"## Part {number}\n\n![noise](data:image/png;base64,{_noise()})" for number in range(PICTURES))
    with build(home) as app:
        version = app.ledger.artifacts.add(NewVersion(Document("Pictures", text), Origin.EDITED, "Pictures"))
        app.exports.enqueue(ExportRequest(ArtifactSubject(version.artifact, 1), folder / "large.pdf"))


def _noise() -> str:
    """A picture of a megabyte that no format makes smaller."""
    from PIL import Image

    data = io.BytesIO()
    Image.frombytes("RGB", (640, 524), os.urandom(640 * 524 * 3)).save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


def window(home: Path) -> None:
    """Each gap as it comes, in seconds; then how many exports ended well."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from forgeapp.app import build
    from forgeapp.ledger.exports import ExportStatus

    app = build(home)
    shown = app.window()
    shown.resize(1440, 900)
    shown.show()
    exports = shown.workbench.exports
    began = last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        # What is loaded ahead after a start is another's to measure.
        if now - began > _SETTLED_S:
            print("gap", f"{now - last:.6f}", flush=False)
        last = now
        if now - began > _SETTLED_S and not exports.running:
            timer.stop()
            rows = app.exports.history()
            print("completed", sum(row.status is ExportStatus.COMPLETED for row in rows), flush=True)
            shown.close()

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(1)
    QApplication.exec()


if __name__ == "__main__":
    {"fifty": fifty, "large": large, "window": window}[sys.argv[1]](*map(Path, sys.argv[2:]))
