"""A reply of 100 KB in 2,000 pieces, drawn as it comes, beside drawing the same text once.

Each measurement is a process of its own, without a screen: fed through a zero-delay timer into a view inside a scroll
area, as the window does. Gaps are the times between two turns of the event loop.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

SIZE = 100_000
PIECES = 2_000
ROUNDS = 3
_ROOT = Path(__file__).resolve().parents[2]


def reply() -> str:
    """Prose, lists, tables and code, as models answer."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((_ROOT / "tests/data/replies").glob("*.md"))]
    chance = random.Random(7)
    parts: list[str] = []
    while sum(map(len, parts)) < SIZE:
        # A reply that stops within a fence would make the rest of the text code.
        text = chance.choice(texts)
        parts.append(text + "\n```" * (text.count("```") % 2) + "\n\n")
    return "".join(parts)[:SIZE]


def _pieces(text: str) -> list[str]:
    size = -(-len(text) // PIECES)
    return [text[at : at + size] for at in range(0, len(text), size)]


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def _window() -> tuple[Any, Any]:
    """The application and a scroll area as wide as the chat."""
    from PySide6.QtWidgets import QApplication, QScrollArea

    from forgeapp.ui.theme import Theme

    app = QApplication([])
    Theme("light")
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.resize(620, 800)
    area.show()
    return app, area


def _loop(app: Any, step: Any, is_over: Any, pause_ms: int = 0) -> dict[str, float]:
    """Runs the event loop with `step` at every turn or pause; the processor's time and the gaps beyond the pause."""
    from PySide6.QtCore import Qt, QTimer

    gaps: list[float] = []
    last = time.perf_counter()

    def turn() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(max(0.0, now - last - pause_ms / 1000))
        last = now
        step()
        if is_over():
            app.exit()

    began, began_cpu = time.perf_counter(), time.process_time()
    timer = QTimer()
    timer.timeout.connect(turn)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.start(pause_ms)
    app.exec()
    return {
        "cpu_ms": (time.process_time() - began_cpu) * 1000,
        "wall_ms": (time.perf_counter() - began) * 1000,
        "p50_ms": _percentile(gaps, 0.5) * 1000,
        "p99_ms": _percentile(gaps, 0.99) * 1000,
        "worst_ms": max(gaps) * 1000,
    }


def measure_stream(pause_ms: int = 0) -> dict[str, float]:
    """The reply fed piece by piece; `pause_ms` between two pieces is a model that writes more slowly."""
    app, area = _window()
    from forgeapp.ui.richtext import ReplyView

    view = ReplyView()
    area.setWidget(view)
    warm_up()
    pieces = iter(_pieces(reply()))
    ended = False

    def step() -> None:
        nonlocal ended
        piece = next(pieces, None)
        if piece is not None:
            view.feed(piece)
        elif not ended:
            ended = True
            view.finish()

    return _loop(app, step, lambda: ended and view.is_finished and not view.is_working, pause_ms)


def measure_slowly() -> dict[str, float]:
    return measure_stream(pause_ms=2)


def measure_blocks() -> dict[str, float]:
    """The whole reply parsed, then shown once by the view of blocks."""
    app, area = _window()
    from forgeapp.reading.markdown import parse
    from forgeapp.ui.richtext import BlocksView

    view = BlocksView()
    area.setWidget(view)
    warm_up()
    text = reply()
    began = time.process_time()
    blocks = parse(text)
    parse_ms = (time.process_time() - began) * 1000
    started = False

    def step() -> None:
        nonlocal started
        if not started:
            started = True
            view.show_blocks(blocks)

    return {"parse_ms": parse_ms} | _loop(app, step, lambda: started and not view.is_working)


def measure_browser() -> dict[str, float]:
    """The whole reply as HTML in one QTextBrowser, laid out to its end."""
    app, area = _window()
    from PySide6.QtWidgets import QTextBrowser

    from forgeapp.reading.dialect import document_parser

    view = QTextBrowser()
    area.setWidget(view)
    warm_up()
    began = time.process_time()
    html = document_parser().render(reply())
    parse_ms = (time.process_time() - began) * 1000
    turns = 0

    def step() -> None:
        nonlocal turns
        turns += 1
        if turns == 1:
            view.setHtml(html)
            view.document().size()

    return {"parse_ms": parse_ms} | _loop(app, step, lambda: turns > 3)


def warm_up() -> None:
    """What is loaded once a start, in the background: the parser and the lexers."""
    from forgeapp.reading.markdown import parse
    from forgeapp.ui.richtext.highlighting import preload

    parse("# a\n\n**b** *c* `d` https://example.com\n\n| a | b |\n|--|--|\n| 1 | 2 |\n")
    preload()


def measure() -> dict[str, dict[str, float]]:
    """The best of the rounds, by the processor's time; each in a process of its own, in turns."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for name in ("stream", "slowly", "blocks", "browser"):
            code = (
                f"import json; from tests.bench import window_stream_bench as b; print(json.dumps(b.measure_{name}()))"
            )
            done = subprocess.run(
                [sys.executable, "-c", code], cwd=_ROOT, env=environment, capture_output=True, text=True, check=True
            )
            found.setdefault(name, []).append(json.loads(done.stdout.splitlines()[-1]))
    return {name: min(rounds, key=lambda figures: figures["cpu_ms"]) for name, rounds in found.items()}


def main() -> None:
    figures = measure()
    labels = {
        "stream": "streamed, as fast as it goes",
        "slowly": "streamed, a piece every 2 ms",
        "blocks": "drawn once, BlocksView",
        "browser": "drawn once, QTextBrowser.setHtml",
    }
    print(f"{SIZE // 1000} KB, {PIECES:,} pieces          parse ms   draw ms  gaps p50 ms   p99   worst")
    for name, label in labels.items():
        row = figures[name]
        parse_ms = f"{row['parse_ms']:8.0f}" if "parse_ms" in row else "        "
        # While a reply streams, parsing is part of drawing it.
        gaps = f"{row['p50_ms']:11.1f} {row['p99_ms']:6.1f} {row['worst_ms']:7.1f}"
        print(f"{label:<34} {parse_ms} {row['cpu_ms']:9.0f} {gaps}")
    stream = figures["stream"]["cpu_ms"]
    for name in ("browser", "blocks"):
        once = figures[name]["parse_ms"] + figures[name]["cpu_ms"]
        print(f"streamed beside parsed and drawn once, {name:<8} {stream / once:.2f}x")


if __name__ == "__main__":
    main()
