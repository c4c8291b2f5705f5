"""Artifacts that begin or change by the user's own hand, without a model."""

from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.errors import ImagesNotMade, UsageError
from forgeapp.learning.builtin import builtin_template, fill_from
from forgeapp.learning.finding import BLANK
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin, StoredVersion
from forgeapp.ledger.sources import Source

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

    def save_as(self, version: StoredVersion, artifact: int | None = None, title: str | None = None) -> StoredVersion:
        """A version as an artifact of its own, or as the next version of another of its kind.

        Raises UnknownArtifact; UsageError for one of another kind.
        """
        provenance: dict[str, object] = {"from_artifact": version.artifact, "from_version": version.number}
        if artifact is None:
            title = (title or "").strip() or version.title
            conversation = self._ledger.artifacts.get(version.artifact).conversation
        else:
            target = self._ledger.artifacts.get(artifact)
            if target.kind is not version.kind:
                ours, others = version.kind.with_article, target.kind.with_article
                raise UsageError(reason=f"{ours[:1].upper()}{ours[1:]} cannot be a version of {others}.")
            title, conversation = (title or "").strip() or target.title, target.conversation
        content = version.content if isinstance(version.content, Document) else replace(version.content, title=title)
        saved = self._ledger.artifacts.add(
            NewVersion(content, Origin.COPIED, title, artifact, conversation, provenance=provenance)
        )
        self._ledger.events.record("artifact_created", artifact=saved.artifact, kind=saved.kind.value)
        return saved

    def save_as_source(self, version: StoredVersion, title: str | None = None) -> Source:
        """A version's text as a source."""
        from forgeapp.services.revising.material import shown

        origin = {"artifact": version.artifact, "version": version.number}
        return self._ledger.sources.add((title or "").strip() or version.title, shown(version.content), origin)

    def keep_reply(self, message: int, title: str) -> Source:
        """A message's text as a source. Raises UsageError for one there is none of."""
        text = self._ledger.conversations.message(message).text
        return self._ledger.sources.add(title, text, {"message": message})

    def make_of_reply(self, message: int, title: str, artifact: int | None = None) -> StoredVersion:
        """A message's text as a document of its own, or as the next version of one. Raises UsageError."""
        found = self._ledger.conversations.message(message)
        content = Document(title, found.text)
        provenance: dict[str, object] = {"message": message, "model": found.model}
        if artifact is not None:
            target = self._ledger.artifacts.get(artifact)
            if target.kind is not Kind.DOCUMENT:
                raise UsageError(reason=f"A reply's words cannot be a version of {target.kind.with_article}.")
            title = target.title
        return self._ledger.artifacts.add(
            NewVersion(content, Origin.COPIED, title, artifact, found.conversation, provenance=provenance)
        )

    def make_of_part(self, content: Content, title: str, message: int) -> StoredVersion:
        """A table or code that stands in a message as an artifact of its own. Raises UsageError."""
        found = self._ledger.conversations.message(message)
        provenance: dict[str, object] = {"message": message, "model": found.model}
        made = self._ledger.artifacts.add(
            NewVersion(content, Origin.COPIED, title, conversation=found.conversation, provenance=provenance)
        )
        self._ledger.events.record("artifact_created", artifact=made.artifact, kind=made.kind.value)
        return made

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
