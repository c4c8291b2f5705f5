"""Which model for what, as the Configuration page shows and sets it: everywhere, or in one project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.request import NO_PARAMETERS, Tier

if TYPE_CHECKING:
    from forgeapp.domain.artifact import Kind
    from forgeapp.ledger.routes import Route
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.services import Services

SMALL, LARGE = "small", "large"
SIZES = (SMALL, LARGE)


class Routes(QObject):
    """`project`: whose routes are shown, None for those that hold everywhere. `changed` follows each reading."""

    changed = Signal()

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.project: str | None = None
        self.rows: list[Route] = []

    def refresh(self) -> None:
        self._workbench.call(lambda services: services.ledger.routes.all(), self._show)

    def choose_project(self, project: str | None) -> None:
        self.project = project
        self.changed.emit()

    def find(self, kind: Kind | None, size: str | None) -> Route | None:
        """That of exactly this scope."""
        return next(
            (
                row
                for row in self.rows
                if (row.project, row.conversation, row.kind, row.size) == (self.project, None, kind, size)
            ),
            None,
        )

    def holding(self, kind: Kind | None, size: str) -> Route | None:
        """That of the kind and size, else the one of the kind for both sizes."""
        return self.find(kind, size) or self.find(kind, None)

    def choose(self, kind: Kind | None, size: str, tier: Tier | None, model: str | None) -> None:
        """Neither leaves it to the program."""
        project, found, both = self.project, self.find(kind, size), self.find(kind, None)
        other = SMALL if size == LARGE else LARGE
        has_other = self.find(kind, other) is not None

        def change(services: Services) -> None:
            from forgeapp.ledger.routes import Route

            routes = services.ledger.routes
            kept = (found or both).parameters if (found or both) else NO_PARAMETERS  # type: ignore[union-attr]
            if both is not None:
                # What was said for both sizes goes on holding for the other.
                if not has_other:
                    routes.set(replace(both, size=other))
                routes.remove(project, None, kind, None)
            if tier is None and model is None and kept == NO_PARAMETERS:
                routes.remove(project, None, kind, size)
            else:
                routes.set(Route(project, None, kind, size, tier, model, kept))

        self._workbench.call(change)
        self.refresh()

    def _show(self, rows: list[Route]) -> None:
        self.rows = rows
        self.changed.emit()
