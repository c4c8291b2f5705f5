"""Where a version comes from: who asked for what, who answered, at what cost, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from forgeapp.domain.chat import Role
from forgeapp.domain.document import Block, Blocks, Heading, Inlines, Run, TableBlock
from forgeapp.domain.money import usd_text
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin, VersionRow
from forgeapp.ledger.calls import CallRow, total_cost
from forgeapp.services.revising.base import EARLIER

_MADE = (Origin.GENERATED, Origin.REVISED, Origin.PASTED, Origin.TEMPLATE, Origin.IMPORTED, Origin.COPIED)
"""What a version begins with; restored and edited ones lead back to such a one."""

ORIGINS = {
    Origin.GENERATED: "written by a model",
    Origin.REVISED: "changed by a model",
    Origin.PASTED: "a reply from another chat",
    Origin.TEMPLATE: "made from a template",
    Origin.IMPORTED: "opened from a file",
    Origin.RESTORED: "an older version again",
    Origin.EDITED: "edited by hand",
    Origin.COPIED: "saved from another artifact",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One version on the way. `calls`: the attempts at providers that led to it, `prompt` what the last one was sent.

    `request`: the user's words, a line for each request that led to it. `sources`: names of files that went along.
    `taken`: how many of how many proposed changes the user took, None where he was not asked. `model` as the user named
    it where it was a pasted reply.
    """

    number: int
    label: str | None
    origin: Origin
    at: str
    title: str
    request: str | None = None
    model: str | None = None
    calls: tuple[CallRow, ...] = ()
    prompt: tuple[tuple[str, str], ...] = ()
    prompt_version: str | None = None
    sources: tuple[str, ...] = ()
    selection: str | None = None
    template: str | None = None
    file: str | None = None
    restored_from: int | None = None
    base: int | None = None
    taken: tuple[int, int] | None = None

    @property
    def cost_nano_usd(self) -> int | None:
        return total_cost(self.calls)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Of version `number`: its `steps` from the first version on, the version itself last.

    `cost_nano_usd`: what all calls on the way cost, None where the price of one is unknown.
    """

    artifact: int
    number: int
    title: str
    steps: tuple[Step, ...]

    @property
    def cost_nano_usd(self) -> int | None:
        return total_cost([call for step in self.steps for call in step.calls])

    @property
    def maker(self) -> Step:
        """The newest step that brought something from elsewhere: what came after it is the user's own work."""
        return next((step for step in reversed(self.steps) if step.origin in _MADE), self.steps[0])

    @property
    def edits(self) -> int:
        """How many versions the user made by hand since."""
        since = self.steps[self.steps.index(self.maker) + 1 :]
        return sum(step.origin is Origin.EDITED for step in since)

    def to_json(self) -> dict[str, Any]:
        return {
            "artifact": self.artifact,
            "version": self.number,
            "title": self.title,
            "cost_nano_usd": self.cost_nano_usd,
            "edits": self.edits,
            "steps": [_step_json(step) for step in self.steps],
        }


def provenance_of(ledger: Ledger, artifact: int, number: int | None = None) -> Provenance:
    """Raises UnknownArtifact, UnknownVersion."""
    version = ledger.artifacts.version(artifact, number)
    rows = [row for row in reversed(ledger.artifacts.versions(artifact)) if row.number <= version.number]
    return Provenance(artifact, version.number, version.title, tuple(_step(ledger, row) for row in rows))


def provenance_blocks(provenance: Provenance) -> Blocks:
    """The page that can be put at the end of an export: facts, then the versions, then the calls."""
    blocks: list[Block] = [Heading(1, (Run("Provenance"),)), _facts(provenance)]
    if len(provenance.steps) > 1:
        blocks.append(Heading(2, (Run("Versions"),)))
        rows = [(str(step.number), _day(step.at), _what(step), step.request or "") for step in provenance.steps]
        blocks.append(_table(("Version", "When (UTC)", "What", "Request"), rows))
    calls = [(step, call) for step in provenance.steps for call in step.calls]
    if calls:
        blocks.append(Heading(2, (Run("Calls"),)))
        blocks.append(
            _table(
                ("Version", "Model", "Status", "Input tokens", "Output tokens", "Cost"),
                [
                    (
                        str(step.number),
                        f"{call.provider}/{call.model}",
                        call.status.value,
                        f"{call.usage.input_tokens:,}",
                        f"{call.usage.output_tokens:,}",
                        usd_text(call.cost_nano_usd),
                    )
                    for step, call in calls
                ],
                right=(3, 4, 5),
            )
        )
    return tuple(blocks)


def _facts(provenance: Provenance) -> TableBlock:
    maker = provenance.maker
    facts = [
        ("Artifact", provenance.title),
        ("Version", f"{provenance.number}, {_what(provenance.steps[-1])}, {_day(provenance.steps[-1].at)} UTC"),
        ("Request", maker.request),
        ("Model", maker.model),
        ("Template", maker.template),
        ("File", maker.file),
        ("Selection", maker.selection),
        ("Sources", ", ".join(maker.sources)),
        ("Changes taken", f"{maker.taken[0]} of {maker.taken[1]}" if maker.taken else None),
        ("Edits by hand since", str(provenance.edits) if provenance.edits else None),
        ("Cost of all calls", usd_text(provenance.cost_nano_usd)),
    ]
    return _table(("", ""), [(name, value) for name, value in facts if value])


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()) -> TableBlock:
    return TableBlock(
        header=tuple(_cell(text) for text in header),
        rows=tuple(tuple(_cell(" ".join(text.split())) for text in row) for row in rows),
        alignments=tuple("right" if column in right else None for column in range(len(header))),
    )


def _cell(text: str) -> Inlines:
    return (Run(text),) if text else ()


def _day(at: str) -> str:
    return at[:16].replace("T", " ")


def _what(step: Step) -> str:
    words = ORIGINS[step.origin]
    if step.restored_from is not None:
        words = f"version {step.restored_from} again"
    return f"{words} ({step.label})" if step.label else words


def _step(ledger: Ledger, row: VersionRow) -> Step:
    noted = row.provenance
    earlier = [reply for reply in noted.get(EARLIER) or () if isinstance(reply, int)]
    replies = [*earlier, *([row.message] if row.message is not None else [])]
    calls = [call for reply in replies for call in ledger.replies.calls(reply)]
    request = _text(noted.get("request"))
    if request is None and row.message is not None:
        request = _asked(ledger, row.message)
    requests = [*(_asked(ledger, reply) for reply in earlier), request]
    taken, of = noted.get("taken"), noted.get("of")
    last = calls[-1] if calls else None
    return Step(
        number=row.number,
        label=row.label,
        origin=row.origin,
        at=row.created_at,
        title=row.title,
        request="\n".join(words for words in requests if words) or None,
        model=_text(noted.get("model")),
        calls=tuple(calls),
        prompt=tuple(ledger.replies.prompt(last.id)) if last else (),
        prompt_version=_text(noted.get("prompt_version")),
        sources=tuple(str(name) for name in noted.get("attachments") or ()),
        selection=_text(noted.get("selection")),
        template=_text(noted.get("template")),
        file=_text(noted.get("file")),
        restored_from=_number(noted.get("restored_from")),
        base=_number(noted.get("base")),
        taken=(taken, of) if isinstance(taken, int) and isinstance(of, int) else None,
    )


def _asked(ledger: Ledger, reply: int) -> str | None:
    answered = ledger.conversations.message(reply).reply_to
    if answered is None:
        return None
    message = ledger.conversations.message(answered)
    return message.text if message.role is Role.USER else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _step_json(step: Step) -> dict[str, Any]:
    facts = {
        "version": step.number,
        "label": step.label,
        "origin": step.origin.value,
        "at": step.at,
        "request": step.request,
        "model": step.model,
        "template": step.template,
        "file": step.file,
        "sources": list(step.sources),
        "selection": step.selection,
        "restored_from": step.restored_from,
        "base": step.base,
        "taken": list(step.taken) if step.taken else None,
        "prompt": [{"role": role, "content": text} for role, text in step.prompt],
        "calls": [call.to_json() for call in step.calls],
    }
    return {key: value for key, value in facts.items() if value not in (None, [], "")}
