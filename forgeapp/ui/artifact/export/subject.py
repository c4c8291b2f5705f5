"""What is exported: an open artifact, one of its older versions, or a whole conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ConversationSubject
from forgeapp.domain.standing import Standing
from forgeapp.ui.artifact.export.formats import Choice, choices, conversation_choices
from forgeapp.ui.workbench.exports import CONVERSATION

if TYPE_CHECKING:
    from forgeapp.domain.content import Content
    from forgeapp.ledger.artifacts import StoredVersion
    from forgeapp.services.exporting.previews import Preview
    from forgeapp.ui.workbench import Services, Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

Look = Callable[["Services", CancelToken], "Preview"]
"""Makes a preview, off the UI thread."""


class Subject(Protocol):
    """`kind` None: a conversation. `key`: what its choices are remembered by. `content` None: not known beforehand."""

    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> Kind | None: ...
    @property
    def key(self) -> str: ...
    @property
    def content(self) -> Content | None: ...
    def choices(self) -> list[Choice]: ...
    def look(self, choice: Choice, options: ExportOptions) -> Look: ...
    def start(
        self, workbench: Workbench, choice: Choice, target: Path, options: ExportOptions, may_replace: Standing
    ) -> None:
        """`may_replace`: what the user was told stands there."""


@dataclass(frozen=True, slots=True)
class ArtifactToExport:
    """`version`: an older one; None: as it stands in its tab."""

    tab: OpenArtifact
    version: StoredVersion | None = None

    @property
    def title(self) -> str:
        return self.version.title if self.version is not None else self.tab.title

    @property
    def kind(self) -> Kind:
        return self.tab.kind

    @property
    def key(self) -> str:
        return self.kind.value

    @property
    def content(self) -> Content:
        return self.version.content if self.version is not None else self.tab.content

    @property
    def number(self) -> int | None:
        return self.version.number if self.version is not None else None

    def choices(self) -> list[Choice]:
        return choices(self.content)

    def look(self, choice: Choice, options: ExportOptions) -> Look:
        artifact, content, title, number = self.tab.id, self.content, self.title, self.number
        file_format = choice.format
        return lambda services, cancel: services.previews.make(
            artifact, content, title, file_format, cancel, options, number
        )

    def start(
        self, workbench: Workbench, choice: Choice, target: Path, options: ExportOptions, may_replace: Standing
    ) -> None:
        workbench.exports.start(self.tab, target, self.number, options, choice.is_folder, may_replace)


@dataclass(frozen=True, slots=True)
class ConversationToExport:
    """`shown`: the replies on the screen; where another message got several, the newest whole one goes in."""

    conversation: int
    title: str
    shown: tuple[int, ...] = ()

    @property
    def kind(self) -> None:
        return None

    @property
    def key(self) -> str:
        return CONVERSATION

    @property
    def content(self) -> None:
        return None

    def choices(self) -> list[Choice]:
        return conversation_choices()

    def look(self, choice: Choice, options: ExportOptions) -> Look:
        subject, file_format = self._subject, choice.format or Format.PDF
        return lambda services, cancel: services.previews.make_of_conversation(subject, file_format, cancel, options)

    def start(
        self, workbench: Workbench, choice: Choice, target: Path, options: ExportOptions, may_replace: Standing
    ) -> None:
        del choice
        workbench.exports.start_conversation(self._subject, self.title, target, options, may_replace)

    @property
    def _subject(self) -> ConversationSubject:
        return ConversationSubject(self.conversation, shown=self.shown)
