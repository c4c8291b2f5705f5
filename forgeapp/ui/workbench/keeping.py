"""Replies and artifacts saved as something else: an artifact of its own, the next version of another, a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact
    from forgeapp.ui.workbench.services import Services


@dataclass(frozen=True, slots=True)
class Kept:
    """What was made. `artifact` None: a source. `is_next`: version `number` of an artifact that was there before."""

    title: str
    artifact: int | None = None
    number: int = 1
    is_next: bool = False


class Keeping(QObject):
    """`kept(Kept)` follows each. `artifact` below is the one whose next version it becomes, None: a new one."""

    kept = Signal(object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench

    def save_artifact(self, tab: OpenArtifact, title: str, artifact: int | None = None) -> None:
        """What is open, with its hand edits. A version of another keeps that one's title."""

        def save(services: Services) -> StoredVersion:
            version = services.ledger.artifacts.version(tab.id, tab.version)
            return services.handwork.save_as(version, artifact, title if artifact is None else None)

        self._workbench.artifacts.save(tab, lambda: self._keep(save, artifact))

    def save_artifact_as_source(self, tab: OpenArtifact, title: str) -> None:
        def save(services: Services) -> Kept:
            version = services.ledger.artifacts.version(tab.id, tab.version)
            return Kept(services.handwork.save_as_source(version, title).title)

        self._workbench.artifacts.save(tab, lambda: self._workbench.call(save, self.kept.emit))

    def save_reply(self, message: int, title: str, artifact: int | None = None) -> None:
        """A reply's words as a document."""
        self._keep(lambda services: services.handwork.make_of_reply(message, title, artifact), artifact)

    def save_reply_as_source(self, message: int, title: str) -> None:
        def save(services: Services) -> Kept:
            return Kept(services.handwork.keep_reply(message, title).title)

        self._workbench.call(save, self.kept.emit)

    def save_part(self, content: Content, title: str, message: int) -> None:
        """A table or code out of a reply, as an artifact of its own."""
        self._keep(lambda services: services.handwork.make_of_part(content, title, message), None)

    def _keep(self, make: Callable[[Services], StoredVersion], artifact: int | None) -> None:
        artifacts = self._workbench.artifacts

        def show(version: StoredVersion) -> None:
            artifacts.put(version, tr("Save as the next version"))
            artifacts.refresh_recent()
            self.kept.emit(Kept(version.title, version.artifact, version.number, artifact is not None))

        target = artifacts.find(artifact) if artifact is not None else None
        if target is not None:
            artifacts.save(target, lambda: self._workbench.call(make, show))
        else:
            self._workbench.call(make, show)
