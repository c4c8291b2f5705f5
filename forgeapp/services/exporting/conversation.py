"""A conversation read out of the ledger for export: the shown replies, and what was made where it was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from forgeapp.domain.chat import Role
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.export_request import ConversationSubject
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin, VersionRow
from forgeapp.ledger.calls import CallRow, total_cost
from forgeapp.ledger.conversations import StoredMessage
from forgeapp.services.chat_text import without_broken_patch, words_around
from forgeapp.services.exporting.conversation_parts import ConversationOutline, Place, Said
from forgeapp.services.exporting.handover import hand_over

USER = "You"
_NOBODY = {
    Origin.TEMPLATE: "Built-in template",
    Origin.PASTED: "Pasted reply",
}
_PATCH = "patch"
"""Stands in the provenance of what a patch made."""


def conversation_outline(
    ledger: Ledger,
    subject: ConversationSubject,
    folder: Path,
    options: ExportOptions = USUAL,
    most: int | None = None,
    looks: NumberLooks = BY_CONTENT,
) -> ConversationOutline:
    """What a child is to read and write. What was made is put into files in `folder`, which the caller removes.

    `most`: no more than so many parts from the beginning; None is all. `looks`: of the numbers of workbooks. Raises
    UsageError for a number that is no conversation, StorageError where the folder takes no more.
    """
    row = ledger.conversations.get(subject.conversation)
    messages = ledger.conversations.messages(subject.conversation)
    story = _Story(ledger, subject.conversation, folder, options.costs)
    parts = islice(story.parts(_chosen(messages, frozenset(subject.shown))), most)
    return ConversationOutline(row.title, tuple(parts), options, row.updated_at, looks)


def _chosen(messages: Sequence[StoredMessage], shown: frozenset[int]) -> list[StoredMessage]:
    """The user's messages, each with one reply behind it."""
    exchanges: list[list[StoredMessage]] = []
    places: dict[int, list[StoredMessage]] = {}
    for message in messages:
        if message.role is Role.USER or not exchanges:
            exchanges.append([message])
            places[message.id] = exchanges[-1]
        else:
            places.get(message.reply_to or 0, exchanges[-1]).append(message)
    chosen: list[StoredMessage] = []
    for first, *replies in exchanges:
        chosen.append(first)
        if replies:
            chosen.append(max(replies, key=lambda reply: (reply.id in shown, not reply.is_partial, reply.id)))
    return chosen


class _Story:
    def __init__(self, ledger: Ledger, conversation: int, folder: Path, has_costs: bool) -> None:
        self._ledger = ledger
        self._folder = folder
        self._brought = ledger.artifacts.brought_by(conversation)
        self._proposed = ledger.proposals.brought_by(conversation)
        self._versions: dict[int, list[VersionRow]] = {}
        self._calls: Mapping[int, Sequence[CallRow]] = ledger.calls.of_conversation(conversation) if has_costs else {}
        self._unasked = sorted(
            (self._rows(row.id)[0] for row in ledger.artifacts.all() if row.conversation == conversation),
            key=lambda first: first.created_at,
        )
        self._unasked = [first for first in self._unasked if first.message is None]
        """First versions of what no reply brought: begun by hand, opened from files."""

    def parts(self, messages: Sequence[StoredMessage]) -> Iterator[Said | Place]:
        request = ""
        for message in messages:
            while self._unasked and self._unasked[0].created_at < message.created_at:
                yield self._place(self._unasked.pop(0))
            if message.role is Role.USER:
                request = message.text
                yield Said(USER, message.created_at, message.text, is_request=True)
            else:
                yield self._said(message, request)
                newest = {version.artifact: version for version in self._brought.get(message.id, ())}
                yield from map(self._place, newest.values())
        yield from map(self._place, self._unasked)

    def _said(self, reply: StoredMessage, request: str) -> Said:
        brought, proposed = self._brought.get(reply.id, []), self._proposed.get(reply.id, [])
        origin = brought[0].origin if brought else None
        if origin is Origin.TEMPLATE or not (brought or proposed):
            text = without_broken_patch(reply.text) if reply.is_partial else reply.text
        else:
            kind = self._ledger.artifacts.get(proposed[0].artifact).kind if proposed else brought[0].kind
            is_patch = bool(proposed) or any(_PATCH in version.provenance for version in brought)
            text = words_around(reply.text, request, kind, is_patch)
        calls = [call for call in self._calls.get(reply.reply_to or 0, ()) if call.reply == reply.id]
        who = reply.model or (_NOBODY.get(origin, "ForgeApp") if origin else "ForgeApp")
        return Said(
            who,
            reply.created_at,
            text,
            is_partial=reply.is_partial,
            cost_nano_usd=total_cost(calls) if calls else None,
        )

    def _place(self, first: VersionRow) -> Place:
        """As it stood before a reply changed it again: with what the user changed by hand since."""
        last = first
        for row in self._rows(first.artifact)[first.number :]:
            if row.message is not None:
                break
            last = row
        content = hand_over(self._ledger, last.artifact, last.number, self._folder)
        model = self._ledger.conversations.message(first.message).model if first.message is not None else None
        return Place(content, last.title, last.number, last.artifact, model)

    def _rows(self, artifact: int) -> list[VersionRow]:
        """Oldest first: version n is row n - 1."""
        if artifact not in self._versions:
            self._versions[artifact] = self._ledger.artifacts.versions(artifact)[::-1]
        return self._versions[artifact]
