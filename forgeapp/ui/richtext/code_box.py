"""Code on a sunken card: its language, a place for the Copy button, lines that scroll sideways.

Lines have one height, so that only those in sight are ever laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextCharFormat

from forgeapp.ui.richtext.box import Box
from forgeapp.ui.richtext.cell import Cell, format_range, units
from forgeapp.ui.richtext.highlighting import Colour, Highlighter
from forgeapp.ui.richtext.look import Look
from forgeapp.ui.richtext.marked import TURN_ROLES
from forgeapp.ui.richtext.pieces import CodePiece, Piece
from forgeapp.ui.theme import CARD_RADIUS, LABEL, color, font, px
from forgeapp.ui.wording import tr

HEADER = 32
_PAD_X = 12
_PAD_BOTTOM = 12
_MAX_CELLS = 400
_SLICE_CHARS = 3_000
MAX_SHOWN_LINE_CHARS = 20_000


class CodeBox(Box):
    piece: CodePiece

    def __init__(self, piece: CodePiece, look: Look) -> None:
        super().__init__(piece, look)
        self._highlighter = Highlighter(piece.language)
        self._cells: dict[int, Cell] = {}

    @property
    def text(self) -> str:
        return self.piece.text

    @property
    def has_work(self) -> bool:
        return self.is_laid_out and not self._highlighter.is_done(self.piece.text)

    def work(self) -> None:
        before = len(self._highlighter.lines)
        self._highlighter.advance(self.piece.text, _SLICE_CHARS)
        for number in range(before, len(self._highlighter.lines) + 1):
            self._cells.pop(number, None)

    def restyle(self) -> None:
        self._cells.clear()
        self._set_lines()

    def take_piece(self, piece: Piece) -> bool:
        if not isinstance(piece, CodePiece) or piece.language != self.piece.language:
            return False
        if not piece.text.startswith(self.piece.text):
            self._highlighter = Highlighter(piece.language)
            self._cells.clear()
        else:
            self._cells.pop(len(self.texts) - 1, None)
        self.piece = piece
        self._set_lines()
        if len(piece.text) < _SLICE_CHARS:
            self.work()
        return True

    def _set_lines(self) -> None:
        self.set_texts([line[:MAX_SHOWN_LINE_CHARS] for line in self.piece.text.split("\n")])
        metrics = QFontMetricsF(self._font())
        advance = metrics.horizontalAdvance("0")
        longest = sorted(self.texts, key=len)[-1] if self.texts else ""
        widest = max((len(text.expandtabs(4)) for text in self.texts), default=0) * advance
        if not longest.isascii():
            widest = max(widest, metrics.horizontalAdvance(longest[:2000]))
        self._widest = widest

    def _font(self) -> QFont:
        return font(self.look.code, mono=True)

    @property
    def line_height(self) -> float:
        return float(round(px(self.look.code) * self.look.code_leading))

    def arrange(self) -> int:
        self.content_width = ceil(self._widest) + 2 * px(_PAD_X) + 2
        self.scroll_x = min(self.scroll_x, self.overflow)
        lines = len(self.texts) * self.line_height
        return px(HEADER) + ceil(lines) + px(_PAD_BOTTOM) + (4 if self.overflow else 0)

    @property
    def origin(self) -> QPointF:
        return QPointF(self.indent + px(_PAD_X) - self.scroll_x, px(HEADER))

    def cell(self, number: int) -> Cell:
        found = self._cells.get(number)
        if found is None:
            if len(self._cells) > _MAX_CELLS:
                self._cells.clear()
            found = self._make_cell(number)
            self._cells[number] = found
        return found

    def _make_cell(self, number: int) -> Cell:
        text = self.texts[number]
        made = []
        for start, length, colour in self._colours(number):
            if not text.isascii():
                start, length = units(text[:start]), units(text[start : start + length])
            made.append(format_range(start, length, self._format(colour)))
        cell = Cell(text, self._font(), self.line_height, made, wraps=False)
        cell.y = number * self.line_height
        cell.lay_out(0)
        return cell

    def _colours(self, number: int) -> Sequence[tuple[int, int, Colour]]:
        finished = self._highlighter.lines
        if number < len(finished):
            return finished[number]
        return self._highlighter.last_line(self.texts[number]) if number == len(finished) else ()

    def _format(self, colour: Colour) -> QTextCharFormat:
        role, bold, italic = colour
        made = QTextCharFormat()
        made.setForeground(QColor(color(role)))
        if bold:
            made.setFontWeight(700)
        made.setFontItalic(italic)
        return made

    def cell_number_at(self, point: QPointF) -> int:
        return min(max(0, floor(point.y() / self.line_height)), len(self.texts) - 1)

    def cells_in(self, clip: QRectF) -> Iterator[int]:
        top = clip.top() - px(HEADER)
        first = max(0, floor(top / self.line_height))
        last = min(len(self.texts), ceil((top + clip.height()) / self.line_height) + 1)
        return iter(range(first, last))

    def paint(self, painter: QPainter, clip: QRectF, selection: tuple[int, int] | None) -> None:
        card = QRectF(self.indent, 0, self.room, self.height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(card, CARD_RADIUS, CARD_RADIUS)
        painter.setFont(font(LABEL))
        painter.setPen(color("ink_3"))
        label = QRectF(self.indent + px(_PAD_X), 0, self.room - px(100), px(HEADER))
        painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, language_label(self.piece.language))
        painter.save()
        painter.setClipRect(card.adjusted(2, px(HEADER), -2, 0), Qt.ClipOperation.IntersectClip)
        self._paint_turns(painter, clip)
        painter.setPen(color("ink"))
        self.paint_cells(painter, clip, selection, self.origin)
        painter.restore()

    def _paint_turns(self, painter: QPainter, clip: QRectF) -> None:
        """The ground of lines that came or went."""
        if not self.piece.turns:
            return
        for number in self.cells_in(clip):
            turn = self.piece.turns[number] if number < len(self.piece.turns) else ""
            if turn:
                top = px(HEADER) + number * self.line_height
                role = TURN_ROLES[turn]
                painter.fillRect(QRectF(self.indent, top, self.room, self.line_height), color(f"{role}_soft"))
                painter.fillRect(QRectF(self.indent, top, 3, self.line_height), color(role))


def language_label(language: str) -> str:
    """What stands on the card: 'Python', 'JSON', 'Code' where nothing is known."""
    name = language.strip()[:40]
    if not name or name.lower() in ("text", "txt", "plain", "plaintext"):
        return tr("Text") if name else tr("Code")
    return _NAMES.get(name.lower(), name)


_NAMES = {
    "python": "Python",
    "py": "Python",
    "javascript": "JavaScript",
    "js": "JavaScript",
    "typescript": "TypeScript",
    "ts": "TypeScript",
    "json": "JSON",
    "html": "HTML",
    "css": "CSS",
    "sql": "SQL",
    "bash": "Bash",
    "sh": "Shell",
    "shell": "Shell",
    "yaml": "YAML",
    "yml": "YAML",
    "toml": "TOML",
    "xml": "XML",
    "csv": "CSV",
    "c": "C",
    "cpp": "C++",
    "c++": "C++",
    "csharp": "C#",
    "cs": "C#",
    "java": "Java",
    "kotlin": "Kotlin",
    "swift": "Swift",
    "go": "Go",
    "rust": "Rust",
    "ruby": "Ruby",
    "rb": "Ruby",
    "php": "PHP",
    "r": "R",
    "lua": "Lua",
    "dart": "Dart",
    "scala": "Scala",
    "powershell": "PowerShell",
    "dockerfile": "Dockerfile",
    "makefile": "Makefile",
    "markdown": "Markdown",
    "md": "Markdown",
    "latex": "LaTeX",
    "tex": "TeX",
    "diff": "Diff",
    "ini": "INI",
}
