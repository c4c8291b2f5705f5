"""Footnotes at the foot of the page that names them, under a short rule; what does not fit goes on at the next one's.

Each is set once, as a galley: a flow without pages that remembers what was drawn and is cut between its lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from fpdf import FPDF

from forgeapp.domain.document import Footnote
from forgeapp.exporters.pdf.flow import Flow
from forgeapp.exporters.pdf.pen import line_extra
from forgeapp.exporters.pdf.style import GROUND, HAIRLINE, LEADING, MARGIN_SIDE, MARGIN_TOP, SMALL, STRONG_LINE, Mark
from forgeapp.exporters.pdf.text import Line, Typesetter

_GAP = 3.0
"""Between two notes."""
_HEAD = 16.0
"""From the text to the first note, with the rule between them."""
RULE_WIDTH, RULE_THICKNESS = 90.0, 0.6
_LEAST = 2 * SMALL * LEADING
"""So much of a note stands on the page of its mark, or all of it."""
_MOST_OF_ONE = 180.0
"""Points: of a picture in a note."""
_MOST_CARRIED = 0.6
"""Of a page: what notes of earlier pages may take of it, so that the text goes on as well."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One act of drawing between two heights; `is_whole`: no page may end inside of it."""

    top: float
    bottom: float
    again: Callable[[Flow, float, float], None]
    """Given the flow, the height of its top there, and that of the first point that is cut off."""
    is_whole: bool = True
    marks: tuple[Mark, ...] = ()


class Galley(Flow):
    """A flow without pages. `height`: of all that was set."""

    def __init__(self, paper: FPDF, typesetter: Typesetter, upright: tuple[float, float]) -> None:
        super().__init__(paper, typesetter, upright)
        self._drawn: list[_Drawn] = []
        self._cuts: list[float] | None = None
        self._has_page = True
        self.y = MARGIN_TOP
        self.bottom = float("inf")

    @property
    def height(self) -> float:
        return self.y - MARGIN_TOP

    @property
    def page_room(self) -> float:
        """Nothing in a note is higher, on whatever paper it comes to stand."""
        return _MOST_OF_ONE

    def new_page(self) -> None:
        """There is none, and all that is asked for fits."""

    def set_page_size(self, size: tuple[float, float]) -> None:
        """What stands in a note stays there, however wide."""

    def line(self, line: Line, left: float, width: float, leading: float, align: str) -> None:
        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.y = top
            flow.line(line, left, width, leading, align)

        self._keep(leading + line_extra(line, leading), again, line.marks)

    def picture(self, data: bytes, left: float, width: float, height: float) -> None:
        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.y = top
            flow.picture(data, left, width, height)

        self._keep(height, again)

    def check_box(self, left: float, top: float, size: float, *, is_checked: bool) -> None:
        below = top - self.y

        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.check_box(left, top + below, size, is_checked=is_checked)

        self._keep(below + size, again)

    def turn_mark(self, left: float, middle: float, size: float) -> None:
        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.turn_mark(left, top, size)

        self._drawn.append(_Drawn(middle, middle, again))

    def rule(self, left: float, right: float, y: float, thickness: float = 0.5, color: str = HAIRLINE) -> None:
        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.rule(left, right, top, thickness, color)

        self._drawn.append(_Drawn(y, y, again))

    def box(self, left: float, top: float, width: float, height: float, color: str = GROUND) -> None:
        # A ground or a bar goes on where its text does.
        def again(flow: Flow, top: float, end: float) -> None:
            flow.box(left, top, width, end - top, color)

        self._drawn.append(_Drawn(top, top + height, again, is_whole=False))

    def section(self, name: str, level: int) -> None:
        """Headings in notes are not in the outline."""

    def place(self, link: int) -> None:
        def again(flow: Flow, top: float, end: float) -> None:  # noqa: ARG001
            flow.y = top
            flow.place(link)

        self._drawn.append(_Drawn(self.y, self.y, again))

    def cut(self, start: float, room: float) -> float:
        """How far down from `start` there is room for, between two lines; `start` itself where for nothing."""
        if self.height - start <= room + 0.01:
            return self.height
        if self._cuts is None:
            self._cuts = self._between()
        at = bisect_right(self._cuts, start + room + 0.01)
        return max(start, self._cuts[at - 1]) if at else start

    def next_cut(self, start: float) -> float:
        """The first place below `start` where a page may end."""
        if self._cuts is None:
            self._cuts = self._between()
        at = bisect_right(self._cuts, start + 0.01)
        return self._cuts[at] if at < len(self._cuts) else self.height

    def draw(self, flow: Flow, start: float, end: float, top: float) -> None:
        """The part from `start` to `end`, its upper edge at the height `top` of the flow's page."""
        for drawn in self._drawn:
            first, last = drawn.top - MARGIN_TOP, drawn.bottom - MARGIN_TOP
            # What has no height of its own belongs to what stands below it.
            if (start <= first < end) if drawn.is_whole else (first < end and last > start):
                drawn.again(flow, top + max(first, start) - start, top + min(last, end) - start)

    def marks(self, start: float, end: float) -> tuple[Mark, ...]:
        return tuple(mark for drawn in self._drawn if start <= drawn.top - MARGIN_TOP < end for mark in drawn.marks)

    def _keep(self, height: float, again: Callable[[Flow, float, float], None], marks: tuple[Mark, ...] = ()) -> None:
        self._drawn.append(_Drawn(self.y, self.y + height, again, True, marks))

    def _between(self) -> list[float]:
        """Where one line has ended and no other has begun, from top to bottom."""
        cuts: list[float] = []
        reached = MARGIN_TOP
        for drawn in sorted((drawn for drawn in self._drawn if drawn.is_whole), key=lambda drawn: drawn.top):
            if drawn.top >= reached - 0.01 and reached > MARGIN_TOP:
                cuts.append(reached - MARGIN_TOP)
            reached = max(reached, drawn.bottom)
        return cuts


@dataclass(slots=True)
class _Part:
    galley: Galley
    start: float
    end: float


@dataclass(slots=True)
class Notes:
    """The footnotes of one publication. `set_note` sets one as a galley; `marks` are those of all of them."""

    flow: Flow
    notes: Mapping[int, Footnote]
    marks: Mapping[int, Mark]
    set_note: Callable[[Footnote, Mark], Galley]
    _galleys: dict[int, Galley] = field(default_factory=dict)
    _placed: set[int] = field(default_factory=set)
    _here: list[_Part] = field(default_factory=list)
    _carried: list[_Part] = field(default_factory=list)

    def least(self, marks: Iterable[Mark]) -> float:
        needed = 0.0
        for mark in marks:
            if mark.number not in self._placed and not self._carried:
                needed += _GAP + min(self._galley(mark).height, _LEAST)
        return needed + (_HEAD if needed and not self._here else 0.0)

    def take(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            if mark.number in self._placed:
                continue
            self._placed.add(mark.number)
            self._add(_Part(self._galley(mark), 0.0, self._galley(mark).height), self.flow.bottom - self.flow.y)

    def begin_page(self) -> None:
        carried, self._carried = self._carried, []
        room = self.flow.page_room * _MOST_CARRIED
        for part in carried:
            # At least one line, or notes would be carried for ever.
            self._add(part, room - (self.flow.lowest - self.flow.bottom), is_forced=not self._here)

    def end_page(self) -> None:
        if not self._here:
            return
        flow = self.flow
        y, left = flow.y, flow.left
        flow.y = flow.bottom + _HEAD / 2
        flow.left = MARGIN_SIDE
        flow.rule(flow.left, flow.left + RULE_WIDTH, flow.y, RULE_THICKNESS, STRONG_LINE)
        top = flow.bottom + _HEAD
        for part in self._here:
            part.galley.draw(flow, part.start, part.end, top)
            top += part.end - part.start + _GAP
        self._here = []
        flow.y, flow.left = y, left

    def finish(self) -> None:
        """What nothing refers to comes last, and what was carried gets its pages."""
        rest = [self.marks[number] for number in self.notes if number not in self._placed]
        if rest or self._carried:
            self.flow.set_page_size(self.flow.upright)
            self.flow.begin(0.0)
        for mark in rest:
            if self.flow.y + self.least([mark]) > self.flow.bottom and not self._carried:
                self.flow.new_page()
            self.take([mark])
        while self._carried:
            self.flow.new_page()

    def _add(self, part: _Part, room: float, *, is_forced: bool = False) -> None:
        """As much as there is room for above the foot of the page; the rest to the next one."""
        taken = _GAP if self._here else _HEAD
        galley = part.galley
        end = part.start if self._carried else galley.cut(part.start, room - taken)
        if end <= part.start and is_forced:
            end = galley.next_cut(part.start)
        if end > part.start or not galley.height:
            self._here.append(_Part(galley, part.start, end))
            self.flow.bottom -= end - part.start + taken
            self.take(galley.marks(part.start, end))
        if end < part.end:
            self._carried.append(_Part(galley, end, part.end))

    def _galley(self, mark: Mark) -> Galley:
        galley = self._galleys.get(mark.number)
        if galley is None:
            galley = self._galleys[mark.number] = self.set_note(self.notes[mark.number], mark)
        return galley


def numbered(notes: Sequence[Footnote]) -> dict[str, int]:
    """The number of each label; of two notes with one label the marks lead to the first."""
    numbers: dict[str, int] = {}
    for number, note in enumerate(notes, 1):
        numbers.setdefault(note.label, number)
    return numbers
