"""The card an artifact has in the transcript: what it is, how much, its first lines, and the way to open it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.glance import Glance
from forgeapp.domain.numbers import parse_number
from forgeapp.ui.chat.captions import card_text, export_text, kind_text
from forgeapp.ui.controls import Button, ElidedLabel, HLine
from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.icons import KIND_ICONS, pixmap
from forgeapp.ui.theme import BODY, CAPTION, CARD_RADIUS, LABEL, color, font
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.workbench.thumbnails import Thumbnails

MAX_WIDTH: Final = 440
_SHADOW: Final = 4
_CELL_PAD: Final = 8
_MIN_COLUMN: Final = 40
_MARKS: Final = re.compile(r"[*`]+|^\s*[-+>]\s+")
"""What Markdown writes around words, which is not for reading."""


class ArtifactCard(QWidget):
    """One version of an artifact. `opened(artifact, version)` follows a click anywhere on it, or Open by the keyboard.

    `export_wished(artifact, Format or None)` follows the second button, which is there once `offer_export` was called.
    """

    opened = Signal(int, int)
    export_wished = Signal(int, object)

    def __init__(
        self,
        artifact: int,
        number: int,
        kind: Kind,
        title: str,
        glance: Glance | None = None,
        parent: QWidget | None = None,
        provenance: Mapping[str, object] | None = None,
        thumbnails: Thumbnails | None = None,
    ) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self._number = number
        self.setObjectName("artifact_card")
        self.setAccessibleName(tr("{kind}: {title}", kind=kind_text(kind), title=title))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMaximumWidth(MAX_WIDTH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1 + _SHADOW)
        column.setSpacing(0)
        self._head = QHBoxLayout()
        self._head.setContentsMargins(12, 10, 12, 10)
        self._head.setSpacing(12)
        self._head.addWidget(KindMark(kind, self))
        words = QVBoxLayout()
        words.setSpacing(1)
        self.title = ElidedLabel(title, BODY, 600)
        self.caption = ElidedLabel(card_text(kind, glance, number, provenance), LABEL, role="ink_3")
        for label in (self.title, self.caption):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)
            words.addWidget(label)
        self._head.addLayout(words, 1)
        self.open_button = Button(tr("Open"))
        self.open_button.setObjectName("artifact_open")
        self.open_button.setAccessibleName(tr("Open {title}", title=title))
        self.open_button.clicked.connect(lambda: self.opened.emit(self.artifact, self._number))
        self._head.addWidget(self.open_button)
        column.addLayout(self._head)
        has_excerpt = glance is not None and any(any(row) for row in glance.excerpt)
        if kind is Kind.IMAGE and thumbnails is not None:
            from forgeapp.ui.artifact.image.thumbnail import CardPicture

            shown = glance.excerpt[0][0] if glance is not None and has_excerpt else ""
            column.addWidget(HLine("line", self))
            column.addWidget(CardPicture(thumbnails, artifact, number, shown, self))
        elif glance is not None and has_excerpt:
            column.addWidget(HLine("line", self))
            column.addWidget(Excerpt(kind, glance.excerpt, self))

    def offer_export(self, format_: Format | None) -> None:
        """The export that was asked for in words."""
        button = Button(export_text(format_), "download", "primary")
        button.setObjectName("export_it")
        button.clicked.connect(lambda: self.export_wished.emit(self.artifact, format_))
        self._head.insertWidget(self._head.count() - 1, button)
        self._head.setSpacing(8)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.artifact, self._number)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = self.rect().adjusted(0, 0, 0, -_SHADOW)
        draw_shadow(painter, card, CARD_RADIUS, _SHADOW)
        fill_round(
            painter, card, CARD_RADIUS, color("raised"), color("ink_3", 0.5) if self.underMouse() else color("line")
        )


class KindMark(QWidget):
    """The icon of a kind on a soft square."""

    def __init__(self, kind: Kind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = kind
        self.setFixedSize(36, 36)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill_round(painter, self.rect(), 8, color("good_soft"))
        painter.drawPixmap(QPoint(9, 9), pixmap(KIND_ICONS[self._kind], "good", 18, self.devicePixelRatioF()))


class Excerpt(QWidget):
    """The first rows of a table or the first lines of a text, small and quiet."""

    def __init__(self, kind: Kind, rows: Sequence[Sequence[str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._has_columns = kind in (Kind.TABLE, Kind.SPREADSHEET)
        self._is_mono = kind is Kind.CODE
        self.setAccessibleName("; ".join(", ".join(row) for row in rows))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def _row_height(self) -> int:
        return round(QFontMetricsF(font(CAPTION)).height()) + (6 if self._has_columns else 3)

    def _widths(self, room: int) -> list[int]:
        """Each column as wide as its words, all of them shrunk alike where there is no room."""
        count = max(len(row) for row in self._rows)
        metrics = QFontMetricsF(font(CAPTION, 500))
        wanted = [
            max(
                _MIN_COLUMN,
                *(int(metrics.horizontalAdvance(row[i])) + 2 * _CELL_PAD + 2 for row in self._rows if i < len(row)),
            )
            for i in range(count)
        ]
        total = sum(wanted)
        if total > room:
            return [max(_MIN_COLUMN, width * room // total) for width in wanted]
        spare = (room - total) // count
        return [width + spare for width in wanted]

    def sizeHint(self) -> QSize:
        padding = 8 if self._has_columns else 14
        return QSize(160, self._row_height * len(self._rows) + padding)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._has_columns:
            self._paint_cells(painter)
        else:
            self._paint_lines(painter)

    def _paint_lines(self, painter: QPainter) -> None:
        type_ = font(CAPTION, mono=self._is_mono)
        metrics = QFontMetricsF(type_)
        painter.setFont(type_)
        painter.setPen(color("ink_3"))
        for number, row in enumerate(self._rows):
            area = QRect(14, 7 + number * self._row_height, self.width() - 28, self._row_height)
            words = row[0] if row else ""
            if not self._is_mono:
                words = _MARKS.sub("", words)
            text = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _paint_cells(self, painter: QPainter) -> None:
        height = self._row_height
        widths = self._widths(self.width() - 8)
        for number, row in enumerate(self._rows):
            type_ = font(CAPTION, 500 if number == 0 else 400)
            metrics = QFontMetricsF(type_)
            painter.setFont(type_)
            x = 5
            for index, cell in enumerate(row):
                area = QRect(x + _CELL_PAD, 4 + number * height, widths[index] - 2 * _CELL_PAD, height)
                is_number = self._is_number_column(index)
                painter.setPen(color("ink_2" if number == 0 else "ink_3"))
                painter.drawText(
                    area,
                    Qt.AlignmentFlag.AlignVCenter
                    | (Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft)
                    | Qt.TextFlag.TextSingleLine,
                    metrics.elidedText(cell, Qt.TextElideMode.ElideRight, area.width()),
                )
                x += widths[index]
            if number:
                painter.fillRect(12, 4 + number * height, self.width() - 24, 1, color("line", 0.7))

    def _is_number_column(self, index: int) -> bool:
        """What formulas give is not known here: an empty column is taken to be like the one before it."""
        cells = [row[index] for row in self._rows[1:] if index < len(row) and row[index]]
        if not cells:
            return index > 0 and self._is_number_column(index - 1)
        return all(parse_number(cell) is not None for cell in cells)
