"""What a model is told: the prompt's material gathered from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import forgeapp.services.revising.material as revising
from forgeapp.domain.chat import Message, Role
from forgeapp.domain.content import Content
from forgeapp.domain.decision import Decision, Intent
from forgeapp.domain.request import Attachment, ForgeRequest
from forgeapp.domain.workbook import Values, Workbook
from forgeapp.errors import TooLongToRevise, WorkerFailed
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import ArtifactRow, Origin
from forgeapp.ledger.conversations import History
from forgeapp.services.prompts import AssembledPrompt, CountTokens, Material, assemble, is_longer
from forgeapp.services.revising.base import Base
from forgeapp.settings import Settings

Compute = Callable[[Workbook], Values]
_IN_A_REPLY = (Origin.GENERATED, Origin.REVISED, Origin.PASTED)
_HISTORY_EXCHANGES = 200
"""How many of the user's messages, with their replies, are looked at for what goes along with a new one."""


class Briefing:
    def __init__(self, ledger: Ledger, count_tokens: CountTokens, settings: Settings, compute: Compute) -> None:
        self._ledger = ledger
        self._count_tokens = count_tokens
        self._settings = settings
        self._compute = compute
        self._computed: tuple[Workbook, Values] | None = None

    def prompt(
        self,
        request: ForgeRequest,
        decision: Decision,
        open_artifact: ArtifactRow | None,
        base: Base | None,
        conversation: int | None,
        message: int | None,
        *,
        as_patch: bool = True,
    ) -> AssembledPrompt:
        """`message`: the one that is answered, where it is stored already; what was said ends before it.

        `base`: what a revision starts from, changed by a patch, or else given anew as a whole. Raises TooLongToRevise.
        """
        history = History((), 0)
        if conversation is not None:
            history = self._ledger.conversations.history(conversation, message, _HISTORY_EXCHANGES)
        stored = list(history.messages)
        while stored and stored[-1].role is Role.USER and stored[-1].text == request.text:
            stored.pop()
        material = Material([Message(m.role, m.text) for m in stored], request.attachments, earlier=history.earlier)
        if base is not None:
            material = self._with_base(material, base, request, as_patch)
        elif open_artifact is not None and decision.intent is Intent.CHAT:
            material = self._with_artifact(material, open_artifact, request, conversation)
        return assemble(
            request.text,
            decision,
            material,
            count_tokens=self._count_tokens,
            history_tokens=self._settings.history_tokens,
            attachment_tokens=self._settings.attachment_tokens,
        )

    def _with_base(self, material: Material, base: Base, request: ForgeRequest, as_patch: bool) -> Material:
        current = revising.shown(base.content, self._values(base.content))
        limit = self._settings.current_tokens
        if is_longer(current, limit, self._count_tokens):
            raise TooLongToRevise(title=base.title, limit=f"{limit:,}")
        selection = request.selection
        instructions = revising.instructions if as_patch else revising.whole_instructions
        return replace(
            material,
            current=current,
            selection=revising.shown_selection(base.content, selection) if selection else None,
            manner=instructions(base.kind, selection is not None),
        )

    def _with_artifact(
        self, material: Material, artifact: ArtifactRow, request: ForgeRequest, conversation: int | None
    ) -> Material:
        """The open artifact as something to talk about."""
        version = self._ledger.artifacts.version(artifact.id)
        if request.selection is not None:
            material = replace(material, selection=revising.shown_selection(version.content, request.selection))
        is_whole = version.origin in _IN_A_REPLY and not version.provenance.get("patch")
        if is_whole and artifact.conversation == conversation:
            # What a model wrote here stands in the history already; what was edited since, or patched, does not.
            return material
        text = revising.shown(version.content, self._values(version.content))
        return replace(material, attachments=(*material.attachments, Attachment(version.title, text)))

    def _values(self, content: Content) -> Values | None:
        """What a workbook comes to; kept for as long as it is the one that is asked about."""
        if not isinstance(content, Workbook):
            return None
        if self._computed is None or self._computed[0] != content:
            try:
                self._computed = content, self._compute(content)
            except WorkerFailed:
                # A workbook that cannot be computed is sent as it is written.
                self._computed = content, {}
        return self._computed[1]
