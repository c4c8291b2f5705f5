"""Hand edits become versions: two seconds after the last one, on leaving, and before whatever builds on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services

SAVE_AFTER_MS = 2_000
_SAVE_AT_LATEST_MS = 20_000


class Saving(QObject):
    """`stored(OpenArtifact)` follows each version. Saves of one artifact happen in the order they were asked for."""

    stored = Signal(object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self._under_way: dict[int, tuple[Content, str]] = {}

    def watch(self, tab: OpenArtifact) -> None:
        """Saves it by itself from now on, for as long as it lives."""
        idle, latest = (_timer(tab, after_ms) for after_ms in (SAVE_AFTER_MS, _SAVE_AT_LATEST_MS))
        for timer in (idle, latest):
            timer.timeout.connect(partial(self.save, tab))

        def on_changed(_where: object) -> None:
            idle.start()
            if not latest.isActive():
                latest.start()

        def on_stored() -> None:
            if tab.is_saved:
                idle.stop()
                latest.stop()

        tab.changed.connect(on_changed)
        tab.stored.connect(on_stored)

    def save(
        self,
        tab: OpenArtifact,
        then: Callable[[], None] | None = None,
        on_error: Callable[[], None] | None = None,
    ) -> None:
        """Stores what the tab holds now, then calls `then`: at once where there is nothing to store.

        A failure is told; `on_error` follows it instead of `then`.
        """
        under_way = self._under_way.get(tab.id)
        if under_way is None and tab.is_saved:
            if then is not None:
                then()
            return
        content, title = tab.content, tab.title
        if under_way is not None and under_way[0] is content and under_way[1] == title:
            # It is being stored already; the ledger's jobs keep their order.
            self._workbench.call(lambda _services: None, lambda _: self.save(tab, then, on_error))
            return
        self._under_way[tab.id] = content, title

        def store(services: Services) -> StoredVersion:
            version = services.handwork.save(tab.id, tab.base, content, title)
            tab.base = version.number
            return version

        def done(version: StoredVersion) -> None:
            self._leave(tab, content, title)
            tab.mark_stored(version.number, title, content)
            self.stored.emit(tab)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            self._leave(tab, content, title)
            self._workbench.failed.emit(error)
            if on_error is not None:
                on_error()

        self._workbench.call(store, done, failed)

    def _leave(self, tab: OpenArtifact, content: Content, title: str) -> None:
        if self._under_way.get(tab.id) == (content, title):
            del self._under_way[tab.id]


def _timer(tab: OpenArtifact, after_ms: int) -> QTimer:
    timer = QTimer(tab)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    return timer
