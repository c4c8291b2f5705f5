"""What can be made without any provider: a built-in template filled from the request, labelled as such, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content
from forgeapp.domain.events import MissingSlot
from forgeapp.domain.wording import Text
from forgeapp.learning.builtin import choose, fill_from, is_in_english

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
