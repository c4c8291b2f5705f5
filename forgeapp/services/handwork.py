"""Artifacts that begin or change by the user's own hand, without a model."""

from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.errors import ImagesNotMade
from forgeapp.learning.builtin import builtin_template, fill_from
from forgeapp.learning.finding import BLANK
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion

_BLANK_COLUMNS = 3
_BLANK_ROWS = 5


class Handwork:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def blank(self, kind: Kind, conversation: int | None = None, title: str | None = None) -> StoredVersion:
        """An empty artifact to write in; without a conversation it begins one of its own.

        Raises UsageError for a conversation there is none of, ImagesNotMade.
        """
        title = title or f"Untitled {kind.value}"
        version = self._begin(_blank(kind, title), title, conversation, Origin.EDITED, {"blank": True})
        self._ledger.events.record("artifact_created", artifact=version.artifact, kind=kind.value)
        return version

    def from_template(self, template_id: str, conversation: int | None = None) -> StoredVersion:
        """A built-in template with its marked examples, blanks visible; as `blank` otherwise.

        Raises UnknownTemplate, UsageError.
        """
        template = builtin_template(template_id)
        content = fill_from(template, "").content
        title = content.title if content.title and BLANK not in content.title else template.name
        version = self._begin(content, title, conversation, Origin.TEMPLATE, {"template": template_id})
        self._ledger.events.record("template_used", template=template_id, artifact=version.artifact)
        return version

    def save(self, artifact: int, base: int, content: Content, title: str) -> StoredVersion:
        """What the user made of version `base`, as the newest version; that one itself where nothing differs from it.

        Raises UnknownArtifact.
        """
        newest = self._ledger.artifacts.version(artifact)
        title = title.strip() or newest.title
        content = content if isinstance(content, Document) else replace(content, title=title)
        if (newest.content, newest.title) == (content, title):
            return newest
        return self._ledger.artifacts.add(
            NewVersion(content, Origin.EDITED, title, artifact=artifact, provenance={"base": base})
        )

    def restore(self, artifact: int, number: int) -> StoredVersion:
        """An older version as the newest one again. Raises UnknownArtifact, UnknownVersion."""
        return self._ledger.artifacts.restore(artifact, number)

    def _begin(
        self, content: Content, title: str, conversation: int | None, origin: Origin, provenance: dict[str, object]
    ) -> StoredVersion:
        if conversation is None:
            conversation = self._ledger.conversations.start(title)
        else:
            self._ledger.conversations.get(conversation)
        return self._ledger.artifacts.add(
            NewVersion(content, origin, title, conversation=conversation, provenance=provenance)
        )


def _blank(kind: Kind, title: str) -> Content:
    match kind:
        case Kind.TABLE:
            columns = tuple(f"Column {number}" for number in range(1, _BLANK_COLUMNS + 1))
            return Table(title, columns, (("",) * _BLANK_COLUMNS,) * _BLANK_ROWS)
        case Kind.SPREADSHEET:
            return Workbook(title, (Sheet("Sheet1"),))
        case Kind.DOCUMENT:
            return Document(title, "")
        case Kind.CODE:
            return Code(title, (CodeFile("main.py", "python", ""),))
        case Kind.IMAGE:
            raise ImagesNotMade()
