"""The failure reports, as the Activity page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.jobs import Lane

if TYPE_CHECKING:
    from forgeapp.ledger.reports import ReportRow
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services


@dataclass(frozen=True, slots=True)
class Report:
    """`name`: what it and its files are called. `has_pdf`: whether it could be written as PDF, and is still there."""

    row: ReportRow
    name: str
    has_pdf: bool


class Reports(QObject):
    """`rows`: newest first. `changed` follows each reading, `file_ready(Path)` each report that was asked for."""

    changed = Signal()
    file_ready = Signal(object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.rows: list[Report] = []
        self.is_read = False

    def refresh(self) -> None:
        self._workbench.call(_read, self._show)

    def remove(self, report: Report) -> None:
        def work(services: Services) -> None:
            services.ledger.reports.remove(report.row.id)
            for ending in ("pdf", "md"):
                _path(services, report.name, ending).unlink(missing_ok=True)

        self._workbench.call(work)
        self.refresh()

    def open(self, report: Report, ending: str) -> None:
        """Gives its file; the Markdown is written anew where it has gone."""

        def find(services: Services) -> Path:
            from forgeapp.services.asking.failure_report import report_document

            path = _path(services, report.name, ending)
            if ending == "md" and not path.is_file():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(report_document(report.row.id, report.row.markdown).markdown, encoding="utf-8")
            return path

        services = self._workbench.services
        if services is not None:
            self._workbench.jobs.run(lambda _cancel: find(services), self.file_ready.emit, lane=Lane.ASIDE)

    def _show(self, rows: list[Report]) -> None:
        self.rows, self.is_read = rows, True
        self.changed.emit()


def _read(services: Services) -> list[Report]:
    from forgeapp.services.asking.failure_report import report_name

    return [
        Report(row, report_name(row.id), _path(services, report_name(row.id), "pdf").is_file())
        for row in services.ledger.reports.all()
    ]


def _path(services: Services, name: str, ending: str) -> Path:
    return services.home.reports / f"{name}.{ending}"
