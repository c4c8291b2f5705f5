"""How severe a finding is, as people see it: a shape and a colour each, and in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from forgeapp.domain.finding import Finding, Severity
from forgeapp.ui.theme import color
from forgeapp.ui.wording import number_text, text_below, tr

ROLES: Final = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.HINT: "accent"}


def draw_severity(painter: QPainter, area: QRectF, severity: Severity) -> None:
    """A disc for an error, a triangle for a warning, a ring for a hint."""
    ink = color(ROLES[severity])
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if severity is Severity.HINT:
        painter.setPen(QPen(ink, 1.5))
        painter.drawEllipse(area.adjusted(1.25, 1.25, -1.25, -1.25))
    else:
        painter.setPen(QPen(ink, 0))
        painter.setBrush(ink)
        if severity is Severity.ERROR:
            painter.drawEllipse(area)
        else:
            top = QPointF(area.center().x(), area.top())
            painter.drawPolygon(QPolygonF([top, area.bottomRight(), area.bottomLeft()]))
    painter.restore()


def count_words(severity: Severity, count: int) -> str:
    """'1 error', '3 warnings'."""
    number = number_text(count)
    match severity:
        case Severity.ERROR:
            return tr("1 error") if count == 1 else tr("{count} errors", count=number)
        case Severity.WARNING:
            return tr("1 warning") if count == 1 else tr("{count} warnings", count=number)
        case Severity.HINT:
            return tr("1 hint") if count == 1 else tr("{count} hints", count=number)


def severity_word(severity: Severity) -> str:
    match severity:
        case Severity.ERROR:
            return tr("Error")
        case Severity.WARNING:
            return tr("Warning")
        case Severity.HINT:
            return tr("Hint")


def told(findings: Iterable[Finding]) -> str:
    """For a tooltip: a line each."""
    return "\n".join(f"{severity_word(each.severity)}: {text_below(each.message)}" for each in findings)
