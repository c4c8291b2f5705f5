"""The Activity page: the failure reports, newest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from forgeapp.ui.chat.marks import Mark
from forgeapp.ui.control.page import Page, Section
from forgeapp.ui.controls import Button, ElidedLabel, EmptyState, HLine, IconButton, Label, Popover
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr, when

if TYPE_CHECKING:
    from forgeapp.ui.main_window import MainWindow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.reports import Report


class ActivityPage(Page):
    def __init__(self, window: MainWindow, parent: QWidget) -> None:
        super().__init__(tr("Activity"), parent)
        self.setObjectName("activity_page")
        self._workbench = window.workbench
        self.reports = Section(
            tr("Failure reports"),
            tr("What was tried when nobody answered, and what can be done about it."),
            self.body,
        )
        self.reports.setObjectName("reports_card")
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self.reports.content.addLayout(self._list)
        self._lines: dict[int, QWidget] = {}
        self.nothing = EmptyState(
            "scroll-text",
            tr("No failure reports"),
            tr("When every provider fails, a report of what was tried is kept here, as PDF and Markdown."),
        )
        self.nothing.setObjectName("no_reports")
        self.nothing.setMinimumHeight(320)
        self.add_card(self.reports)
        self.add_card(self.nothing)
        self._workbench.reports.changed.connect(self.refresh)
        self.refresh()

    def read(self) -> None:
        self._workbench.reports.refresh()

    def refresh(self) -> None:
        reports = self._workbench.reports
        self.reports.setVisible(bool(reports.rows))
        self.nothing.setVisible(reports.is_read and not reports.rows)
        ids = [report.row.id for report in reports.rows]
        for number in set(self._lines) - set(ids):
            line = self._lines.pop(number)
            line.hide()
            line.deleteLater()
        for place, report in enumerate(reports.rows):
            if report.row.id not in self._lines:
                line = self._lines[report.row.id] = ReportLine(self._workbench, report)
                self._list.insertWidget(place, line)

    def focus_first(self) -> None:
        first = next(iter(self._lines.values()), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)


class ReportLine(QWidget):
    """What was asked, when, and the report's files."""

    def __init__(self, workbench: Workbench, report: Report) -> None:
        super().__init__()
        self.setObjectName(f"report_{report.row.id}")
        self._workbench = workbench
        self._report = report
        title = ElidedLabel(" ".join(report.row.task.split()), weight=500)
        told = ElidedLabel(f"{report.name} · {when(report.row.created_at)}", LABEL, role="ink_2")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(told)
        row = QHBoxLayout()
        row.setContentsMargins(0, 8, 0, 8)
        row.setSpacing(8)
        row.addWidget(Mark("triangle-alert", "warn", 16))
        row.addLayout(words, 1)
        self._files = []
        for file_format, text in (("pdf", tr("PDF")), ("md", tr("Markdown"))):
            if file_format == "pdf" and not report.has_pdf:
                continue
            button = Button(text, "file-text", small=True)
            button.setObjectName(f"open_{file_format}")
            button.setAccessibleName(tr("Open {report} as {format}", report=report.name, format=text))
            button.clicked.connect(partial(workbench.reports.open, report, file_format))
            row.addWidget(button)
            self._files.append(button)
        self._remove = IconButton("trash-2", tr("Remove {report}", report=report.name), side=28)
        self._remove.setObjectName("remove_report")
        self._remove.clicked.connect(self._ask)
        row.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(HLine())
        self.setFocusProxy(self._files[0])

    def _ask(self) -> None:
        popover = Popover(self)
        popover.setObjectName("remove_popover")
        question = tr("Remove {report} and its files? They cannot be brought back.", report=self._report.name)
        popover.content.addWidget(Label(question, weight=500))
        row = QHBoxLayout()
        row.addStretch(1)
        leave = Button(tr("Keep it"), kind="quiet")
        leave.clicked.connect(popover.close)
        remove = Button(tr("Remove it"), "trash-2", "danger")
        remove.setObjectName("remove_confirmed")
        remove.clicked.connect(partial(self._on_confirmed, popover))
        row.addWidget(leave)
        row.addWidget(remove)
        popover.content.addLayout(row)
        popover.closed.connect(popover.deleteLater)
        popover.open_under(self._remove, align_right=True)

    def _on_confirmed(self, popover: Popover) -> None:
        popover.close()
        self._workbench.reports.remove(self._report)
