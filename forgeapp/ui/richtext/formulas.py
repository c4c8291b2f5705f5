"""Formulas drawn from TeX: off the UI thread, each once, sharp at every size and in every colour.

Where one cannot be drawn, its TeX is shown, and why stands in its tooltip.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.wording import Text
from forgeapp.exporters.formulas import Formula, Undrawn, draw
from forgeapp.ui.jobs import Job, Jobs, Lane
from forgeapp.ui.theme import roles

if TYPE_CHECKING:
    from forgeapp.ui.richtext.blocks_view import BlocksView

MAX_KNOWN: Final = 2_000
MAX_SPENT_S: Final = 6.0
"""For all formulas of one asking; those left then stay TeX."""
_BATCH_S: Final = 0.05
_NO_TIME: Final = Text("formula_no_time", "There was no time to draw this formula.")


@dataclass(frozen=True, slots=True)
class Wish:
    """`is_block`: on a line of its own, with large sums and fractions."""

    tex: str
    is_block: bool


_known: dict[Wish, Formula | Undrawn] = {}


def known(wish: Wish) -> Formula | Undrawn | None:
    """None: it was not drawn yet."""
    return _known.get(wish)


def paint(painter: QPainter, formula: Formula, left: float, baseline: float, em: float, role: str) -> None:
    """At a baseline, in a role's colour; `em` in pixels."""
    ratio = painter.device().devicePixelRatioF()
    width, height = formula.width * em, (formula.ascent + formula.descent) * em
    drawn = _pixmap(formula.svg, getattr(roles(), role), width, height, ratio)
    painter.drawPixmap(QPointF(left, baseline - formula.ascent * em), drawn)


@lru_cache(maxsize=256)
def _pixmap(svg: str, colour: str, width: float, height: float, ratio: float) -> QPixmap:
    made = QPixmap(max(round(width * ratio), 1), max(round(height * ratio), 1))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer = QSvgRenderer(QByteArray(svg.replace('"black"', f'"{colour}"').encode()))
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


class Formulas:
    """Of one view: what it asks for is drawn in a job, and the view is told with `take_formulas`."""

    def __init__(self, view: BlocksView) -> None:
        self.jobs: Jobs | None = None
        """Where, if not in those of the window's workbench; without any it is done at once."""
        self._view = view
        self._asked: dict[Wish, None] = {}
        self._job: Job | None = None
        self._late = QTimer(view)
        self._late.setSingleShot(True)
        self._late.setInterval(0)
        self._late.timeout.connect(self._start)

    @property
    def is_working(self) -> bool:
        return self._job is not None or bool(self._asked)

    def ask(self, wishes: Iterable[Wish]) -> None:
        for wish in wishes:
            self._asked[wish] = None
        if self._asked and self._job is None:
            self._late.start()

    def _start(self) -> None:
        wishes = [wish for wish in self._asked if wish not in _known]
        # What another view has had drawn meanwhile.
        ready = {wish: _known[wish] for wish in self._asked if wish in _known}
        self._asked.clear()
        if ready:
            self._view.take_formulas(ready)
        if not wishes:
            return
        jobs = self.jobs or self._view.pictures.jobs
        jobs = jobs or getattr(getattr(self._view.window(), "workbench", None), "jobs", None)

        def work(token: CancelToken) -> Iterator[dict[Wish, Formula | Undrawn]]:
            began = last = time.monotonic()
            done: dict[Wish, Formula | Undrawn] = {}
            for wish in wishes:
                token.check()
                is_over = time.monotonic() - began > MAX_SPENT_S
                done[wish] = Undrawn(_NO_TIME) if is_over else draw(wish.tex, wish.is_block)
                if time.monotonic() - last > _BATCH_S:
                    yield done
                    done, last = {}, time.monotonic()
            yield done

        if jobs is None:
            for done in work(CancelToken()):
                self._take(done)
        else:
            self._job = jobs.stream(work, self._take, self._on_end, lambda _error: None, Lane.VIEWS)

    def _take(self, done: dict[Wish, Formula | Undrawn]) -> None:
        while len(_known) > MAX_KNOWN:
            _known.pop(next(iter(_known)))
        _known.update(done)
        if isValid(self._view):
            self._view.take_formulas(done)

    def _on_end(self) -> None:
        self._job = None
        if self._asked and isValid(self._view):
            self._late.start()
