"""Exports under load: fifty at once, a PDF of 100 MB, a program killed at any moment."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from forgeapp.app import build
from forgeapp.domain.artifact import FORMATS, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.exports import ExportStatus
from tests.unit.services.exporting.desk import until

pytestmark = [pytest.mark.soak, pytest.mark.load]

MOST_MB = 600
PICTURES = 100
TIMES = 12
ROWS = tuple((f"planet {number}", str(number), "words " * 5) for number in range(400))
_ROOT = Path(__file__).parents[2]
_RUN = (
    "import sys; from pathlib import Path; from forgeapp.app import build\n"
    "from forgeapp.domain.cancel import CancelToken\n"
    "from forgeapp.domain.export_request import ArtifactSubject, ExportRequest\n"
    "with build(Path(sys.argv[1])) as app:\n"
    "    app.exports.export(ExportRequest(ArtifactSubject(1, 1), Path(sys.argv[2])), CancelToken())"
)


def _program(home: Path, target: Path, aside: Path | None = None) -> subprocess.Popen[bytes]:
    env = {**os.environ, "TMPDIR": str(aside)} if aside else None
    return subprocess.Popen([sys.executable, "-c", _RUN, str(home), str(target)], cwd=_ROOT, env=env)


def test_fifty_exports_at_once_are_all_verified_by_two_children_at_a_time(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with build(home) as app:
        artifact = app.ledger.artifacts.add(NewVersion(Table("Planets", ("a", "b", "c"), ROWS), Origin.EDITED, "P"))
        subject = ArtifactSubject(artifact.artifact, 1)
        endings = [each.value for each in FORMATS[Kind.TABLE]]
        queued = [
            app.exports.enqueue(ExportRequest(subject, folder / f"{number}.{endings[number % len(endings)]}"))
            for number in range(50)
        ]
        most, is_over = [0], threading.Event()

        def count() -> None:
            while not is_over.wait(0.05):
                most[0] = max(most[0], len(psutil.Process().children()))

        counter = threading.Thread(target=count)
        counter.start()
        with ThreadPoolExecutor(50) as pool:
            exported = list(pool.map(lambda export: app.exports.run(export, CancelToken()), queued))
        is_over.set()
        counter.join()
        assert most[0] <= 2
        assert not any(each.differences for each in exported)
        assert {row.status for row in app.exports.history()} == {ExportStatus.COMPLETED}
    assert sorted(path.name for path in folder.iterdir()) == sorted(each.path.name for each in exported)


def test_a_pdf_of_100_mb_takes_less_than_600_mb_in_all_processes_together(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "large.pdf"
    document = Document("Pictures", "\n\n".join(f"## Part {number}\n\n{_noise()}" for number in range(PICTURES)))
    assert _most_mb(home, document, target) < MOST_MB
    assert target.stat().st_size > 100_000_000


@pytest.mark.parametrize("ending", ["docx", "json"])
def test_a_table_of_two_million_cells_takes_less_than_600_mb(home: Path, tmp_path: Path, ending: str) -> None:
    rows = tuple(tuple(f"{row * column % 9_973:,}" for column in range(20)) for row in range(100_000))
    table = Table("Figures", tuple(f"Column {column}" for column in range(20)), rows)
    assert _most_mb(home, table, tmp_path / f"large.{ending}") < MOST_MB


def _most_mb(home: Path, content: Content, target: Path) -> float:
    """What an export and its children took together, at the moment when it was the most."""
    with build(home) as app:
        app.ledger.artifacts.add(NewVersion(content, Origin.EDITED, "Large"))
    del content
    most = 0
    with _program(home, target) as program:
        watched = psutil.Process(program.pid)
        while program.poll() is None:
            with contextlib.suppress(psutil.NoSuchProcess):
                most = max(most, sum(each.memory_info().rss for each in (watched, *watched.children(recursive=True))))
            time.sleep(0.02)
    assert program.returncode == 0
    return most / 2**20


def test_a_program_killed_at_any_moment_leaves_the_old_file_or_the_whole_new_one(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, aside = tmp_path / "out", tmp_path / "aside"
    folder.mkdir()
    aside.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(aside))
    formulas = {(row, column): Cell(f"={row}+{column}") for row in range(100) for column in range(3)}
    sums = Workbook("Sums", (Sheet("Plan", formulas, has_header=False),))
    target = folder / "a.pdf"
    with build(home) as app:
        app.ledger.artifacts.add(NewVersion(sums, Origin.EDITED, "P"))
        began = time.monotonic()
        app.exports.export(ExportRequest(ArtifactSubject(1, 1), target), CancelToken())
        took_s = time.monotonic() - began
    whole = target.stat().st_size
    chance = random.Random(6)
    for _ in range(TIMES):
        target.write_bytes(b"old")
        with _program(home, target, aside) as program:
            time.sleep(chance.uniform(0.3, 1.0 + took_s))
            children = psutil.Process(program.pid).children(recursive=True)
            program.kill()
        until(lambda children=children: not any(child.is_running() for child in children))
        assert target.read_bytes() == b"old" or abs(target.stat().st_size - whole) < 100
        with build(home) as app:
            assert all(row.status is not ExportStatus.RUNNING for row in app.exports.history())
            assert [path.name for path in folder.iterdir()] == ["a.pdf"]
            assert list(aside.iterdir()) == []
            for row in app.exports.unfinished():
                app.exports.cancel_queued(row.id)


def _noise() -> str:
    """A picture of a megabyte that no format makes smaller."""
    from PIL import Image

    data = io.BytesIO()
    Image.frombytes("RGB", (640, 524), os.urandom(640 * 524 * 3)).save(data, "PNG")
    return f"![noise](data:image/png;base64,{base64.b64encode(data.getvalue()).decode()})"
