"""What can be made without any provider: a built-in template filled from the request, labelled as such, or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content
from forgeapp.domain.decision import Intent
from forgeapp.domain.events import ArtifactReady, Event, MissingSlot, Source, Status, Summary
from forgeapp.domain.wording import Text
from forgeapp.errors import ForgeError, NoProvider
from forgeapp.learning.builtin import choose, fill_from, is_in_english
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.ledger.turns import FinishedTurn
from forgeapp.services.turn import Endings, Turn, named

_QUOTED_CHARS = 80
_ENGLISH_ONLY = "Built-in templates are in English."


@dataclass(frozen=True, slots=True)
class OfflineDraft:
    """`notice`: one line that says where the artifact comes from. `missing`: the slots left blank."""

    template: str
    content: Content
    title: str
    notice: Text
    note: str
    missing: tuple[MissingSlot, ...]
    unread: tuple[str, ...]
    """Parts of the request with figures that are not in the artifact."""


def compose(request: str, kind: Kind | None, given: Mapping[str, str] | None = None) -> OfflineDraft | None:
    """None where no template honestly fits. `given`: values by slot, which win over what the request says."""
    template = choose(request, kind)
    if template is None:
        return None
    filled = fill_from(template, request, given or {})
    notes = [template.note] if filled.has_examples or template.kind is not Kind.SPREADSHEET else []
    if not is_in_english(template, request):
        notes.append(_ENGLISH_ONLY)
    return OfflineDraft(
        template=template.id,
        content=filled.content,
        title=filled.content.title or template.name,
        notice=Text(
            "from_template", "From the built-in template '{name}', without a model, at no cost.", name=template.name
        ),
        note=" ".join(notes),
        missing=tuple(MissingSlot(slot.name, slot.label, slot.example) for slot in filled.missing),
        unread=filled.unread,
    )


def composed(turn: Turn) -> OfflineDraft | None:
    """For a turn that is to make something; None where no template honestly fits."""
    if turn.decision.intent is not Intent.CREATE:
        return None
    return compose(turn.request.text, turn.decision.kind, turn.request.slots)


class OfflineAnswers:
    def __init__(self, ledger: Ledger, ends: Endings) -> None:
        self._ledger = ledger
        self._ends = ends

    def answer(self, turn: Turn, draft: OfflineDraft, cause: ForgeError | None) -> Iterator[Event]:
        """`cause`: why no provider answered; None where none was to be asked."""
        if draft.missing and not turn.request.confirmed:
            question = f"{draft.notice} Please say: {', '.join(slot.label for slot in draft.missing)}."
            yield self._ends.finished(
                turn,
                Status.NEEDS_SLOTS,
                Summary(title=draft.title, summary=question),
                template=draft.template,
                missing_slots=draft.missing,
                source=Source.OFFLINE,
            )
            return
        version = NewVersion(
            content=draft.content,
            origin=Origin.TEMPLATE,
            title=draft.title,
            conversation=turn.conversation,
            provenance={"request": turn.request.text, "template": draft.template},
        )
        words = f"{draft.notice} {draft.note}".strip()
        stored = self._ledger.turns.finish(
            FinishedTurn(turn.conversation, words, turn.message, versions=[version], calls=turn.calls)
        )
        self._ledger.events.record("template_used", template=draft.template, artifact=stored.versions[0].artifact)
        yield ArtifactReady(named(stored.versions[0]))
        warnings = [draft.note] if draft.note else []
        if cause is not None and not isinstance(cause, NoProvider):
            warnings.append(Text("nobody_answered", "No provider answered: {cause}", cause=cause))
        if draft.unread:
            quoted = ", ".join(f"'{part[:_QUOTED_CHARS]}'" for part in draft.unread)
            warnings.append(Text("not_taken_over", "Not taken over, please check: {parts}.", parts=quoted))
        if draft.missing:
            blank = ", ".join(slot.label for slot in draft.missing)
            warnings.append(Text("left_blank", "Left blank: {slots}.", slots=blank))
        summary = Summary(title=draft.title, summary=draft.notice, content=words, warnings=tuple(warnings))
        yield replace(self._ends.done(turn, stored, summary, Source.OFFLINE), template=draft.template)
