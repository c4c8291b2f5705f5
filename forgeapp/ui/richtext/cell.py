"""One run of text laid out in lines of a fixed height: the paragraph of a page, the cell of a table, a line of code.

Positions count UTF-16 units, as Qt does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from forgeapp.ui.long_lines import is_long_run

_UNBOUNDED = 1e7
_WORD = re.compile(r"[^\s\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]+")
"""What is not broken where it can be helped; between CJK characters lines may break anywhere."""


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, start: int, end: int) -> str:
    """`text` from one position to another."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "ignore")


def is_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction says so."""
    if text.isascii():
        return False
    for character in text[:2000]:
        direction = unicodedata.bidirectional(character)
        if direction == "L":
            return False
        if direction in ("R", "AL"):
            return True
    return False


def format_range(start: int, length: int, text_format: QTextCharFormat) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start = start
    made.length = length
    made.format = text_format
    return made


@dataclass(frozen=True, slots=True)
class Insert:
    """Something drawn in place of the character at `position`, which stands as wide; heights from the baseline."""

    position: int
    ascent: float
    descent: float
    paint: Callable[[QPainter, QPointF], None]


class Cell:
    """`x` and `y` are within the box; `height` is known once it is laid out."""

    __slots__ = (
        "_alignment",
        "_inserts",
        "_line_height",
        "_width",
        "height",
        "is_right_to_left",
        "layout",
        "text",
        "wraps",
        "x",
        "y",
    )

    def __init__(
        self,
        text: str,
        font: QFont,
        line_height: float,
        formats: Sequence[QTextLayout.FormatRange] = (),
        wraps: bool = True,
        inserts: Sequence[Insert] = (),
    ) -> None:
        self.text = text
        self._inserts = inserts
        self.x = self.y = 0.0
        self.height = 0.0
        self.wraps = wraps
        self.is_right_to_left = is_right_to_left(text)
        self._alignment = "right" if self.is_right_to_left else "left"
        self._line_height = line_height
        self._width = -1.0
        self.layout = QTextLayout(text, font)
        self.layout.setCacheEnabled(True)
        option = QTextOption()
        option.setUseDesignMetrics(False)
        if self.is_right_to_left:
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setWrapMode(_wrap_mode(text) if wraps else QTextOption.WrapMode.ManualWrap)
        if not wraps:
            option.setTabStopDistance(4 * _space_width(font))
        self.layout.setTextOption(option)
        if formats:
            self.layout.setFormats(list(formats))

    def lay_out(self, width: float) -> float:
        """Breaks the text into lines of `width`; the height."""
        if width == self._width:
            return self.height
        self._width = width
        layout = self.layout
        room = max(width, 8.0) if self.wraps else _UNBOUNDED
        y = 0.0
        layout.beginLayout()
        while True:
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(room)
            natural = line.height()
            height = max(self._line_height, natural)
            above, below = self._around(line, (height - natural) / 2)
            x = 0.0
            if self.wraps and self._alignment != "left":
                spare = max(0.0, width - line.naturalTextWidth())
                x = spare if self._alignment == "right" else spare / 2
            line.setPosition(QPointF(x, y + above))
            y += above + natural + below
        layout.endLayout()
        self.height = max(y, self._line_height)
        return self.height

    def _around(self, line: QTextLine, spare: float) -> tuple[float, float]:
        """The space above and below a line: half of what its height leaves, or more for what is drawn in it."""
        above = below = spare
        first, last = line.textStart(), line.textStart() + line.textLength()
        for insert in self._inserts:
            if first <= insert.position < last:
                above = max(above, insert.ascent - line.ascent() + 2)
                below = max(below, insert.descent - line.descent() + 2)
        return above, below

    def align(self, alignment: str) -> None:
        """'left', 'right' or 'center'; it is laid out anew afterwards."""
        if alignment != self._alignment:
            self._alignment = alignment
            self._width = -1.0

    def widths(self) -> tuple[float, float]:
        """The least width (that of the longest word) and the natural one (without a break)."""
        self.lay_out(_UNBOUNDED)
        natural = max((line.naturalTextWidth() for line in self._lines()), default=0.0)
        longest = max(_WORD.finditer(self.text), key=lambda word: word.end() - word.start(), default=None)
        if longest is None or natural == 0.0:
            return min(natural, self._line_height), natural
        start, end = units(self.text[: longest.start()]), units(self.text[: longest.end()])
        return max((rect.width() for rect in self.rects(start, end)), default=0.0), natural

    def first_baseline(self) -> float:
        if self.layout.lineCount() == 0:
            return self._line_height * 0.75
        line = self.layout.lineAt(0)
        return line.y() + line.ascent()

    def paint(self, painter: QPainter, origin: QPointF) -> None:
        corner = origin + QPointF(self.x, self.y)
        self.layout.draw(painter, corner)
        for insert in self._inserts:
            line = self.layout.lineForTextPosition(insert.position)
            if line.isValid():
                baseline = QPointF(_x_of(line, insert.position), line.y() + line.ascent())
                insert.paint(painter, corner + baseline)

    def rects(self, start: int, end: int) -> Iterable[QRectF]:
        """What the text from one position to another covers, a rectangle a line, within the box."""
        for line in self._lines():
            first, last = line.textStart(), line.textStart() + line.textLength()
            if last < start or first > end:
                continue
            left = _x_of(line, max(start, first))
            right = _x_of(line, min(end, last))
            natural = line.height()
            height = max(self._line_height, natural)
            top = line.y() - (height - natural) / 2
            if left != right:
                yield QRectF(self.x + min(left, right), self.y + top, abs(right - left), height)

    def position_at(self, point: QPointF) -> int:
        """The position nearest to a point within the box."""
        y = point.y() - self.y
        count = self.layout.lineCount()
        for number in range(count):
            line = self.layout.lineAt(number)
            if y < line.y() + line.height() or number == count - 1:
                return int(line.xToCursor(point.x() - self.x))
        return 0

    def caret(self, position: int) -> QRectF:
        """Where the caret stands, within the box."""
        line = self.layout.lineForTextPosition(position)
        if not line.isValid():
            return QRectF(self.x, self.y, 1, self._line_height)
        return QRectF(self.x + _x_of(line, position), self.y + line.y(), 1, line.height())

    def line_ends(self, position: int) -> tuple[int, int]:
        """The positions at the ends of the line that `position` stands in."""
        line = self.layout.lineForTextPosition(position)
        if not line.isValid():
            return 0, units(self.text)
        end = line.textStart() + line.textLength()
        last = self.layout.lineAt(self.layout.lineCount() - 1).lineNumber() == line.lineNumber()
        return line.textStart(), end if last else max(line.textStart(), end - 1)

    def _lines(self) -> Iterable[QTextLine]:
        return (self.layout.lineAt(number) for number in range(self.layout.lineCount()))


def _wrap_mode(text: str) -> QTextOption.WrapMode:
    modes = QTextOption.WrapMode
    return modes.WrapAnywhere if is_long_run(text) else modes.WrapAtWordBoundaryOrAnywhere


def fill(painter: QPainter, rects: Iterable[QRectF], origin: QPointF, colour: QColor) -> None:
    for rect in rects:
        painter.fillRect(rect.translated(origin), colour)


def _x_of(line: QTextLine, position: int) -> float:
    found: Any = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else found)


_space_widths: dict[str, float] = {}


def _space_width(font: QFont) -> float:
    key = font.key()
    if key not in _space_widths:
        from PySide6.QtGui import QFontMetricsF

        _space_widths[key] = QFontMetricsF(font).horizontalAdvance(" ")
    return _space_widths[key]
