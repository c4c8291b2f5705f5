"""The provenance of a version in the window's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from forgeapp.ui.chat.captions import cost_text
from forgeapp.ui.wording import number_text, tr

if TYPE_CHECKING:
    from forgeapp.ledger.calls import CallRow
    from forgeapp.services.provenance import Provenance, Step

_MAX_CHARS: Final = 600


def facts(provenance: Provenance) -> list[tuple[str, str]]:
    """What is known of it, as (name, value)."""
    maker = provenance.maker
    calls = [call for step in provenance.steps for call in step.calls]
    known = [
        (tr("Made"), step_text(maker) if maker is not provenance.steps[-1] else ""),
        (tr("Request"), short(maker.request)),
        (tr("Model"), maker.model or ""),
        (tr("Template"), maker.template or ""),
        (tr("File"), maker.file or ""),
        (tr("Selection"), short(maker.selection)),
        (tr("Sources"), ", ".join(maker.sources)),
        (tr("Changes"), taken_text(maker)),
        (tr("Edits since"), edits_text(provenance.edits)),
        (tr("Cost"), _cost(provenance, calls)),
        (tr("Reviews"), tr("Not cross-checked")),
    ]
    return [(name, value) for name, value in known if value]


def _cost(provenance: Provenance, calls: list[CallRow]) -> str:
    if not calls:
        return tr("no call is recorded") if provenance.maker.model else tr("nothing, no model was called")
    cost, count = cost_text(provenance.cost_nano_usd), len(calls)
    if count == 1:
        return tr("{cost}, for 1 call", cost=cost)
    return tr("{cost}, for {count} calls", cost=cost, count=number_text(count))


def edits_text(edits: int) -> str:
    if not edits:
        return tr("none by hand")
    return tr("1 version by hand") if edits == 1 else tr("{count} versions by hand", count=number_text(edits))


def taken_text(step: Step) -> str:
    """'2 of 3 changes taken'."""
    if step.taken is None:
        return ""
    taken, of = step.taken
    return tr("{taken} of {total} changes taken", taken=number_text(taken), total=number_text(of))


def step_name(step: Step) -> str:
    number = tr("Version {number}", number=step.number)
    return f"{number} · {step.label}" if step.label else number


def step_text(step: Step) -> str:
    """How a version came to be."""
    match step.origin.value:
        case "generated":
            return tr("written by {model}", model=step.model) if step.model else tr("written by a model")
        case "revised":
            return tr("changed by {model}", model=step.model) if step.model else tr("changed by a model")
        case "pasted":
            return tr("a reply of {model}, pasted", model=step.model) if step.model else tr("a reply, pasted")
        case "template":
            return tr("made from the template {name}", name=step.template) if step.template else tr("from a template")
        case "imported":
            return tr("opened from {file}", file=step.file) if step.file else tr("opened from a file")
        case "restored":
            number = step.restored_from
            return tr("version {number} again", number=number) if number else tr("an older version again")
        case "copied":
            return tr("saved from another artifact")
        case _:
            return tr("edited by hand")


def step_note(step: Step) -> str:
    """What was asked for, and what was taken of it."""
    sources = tr("with {names}", names=", ".join(step.sources)) if step.sources else ""
    parts = [f"“{short(step.request, 200)}”" if step.request else "", sources, taken_text(step)]
    return " · ".join(part for part in parts if part)


def call_row(step: Step, call: CallRow) -> tuple[str, ...]:
    usage = call.usage
    return (
        str(step.number),
        f"{call.provider}/{call.model}",
        outcome_text(call.status.value),
        number_text(usage.input_tokens),
        number_text(usage.output_tokens),
        cost_text(call.cost_nano_usd),
    )


def outcome_text(key: str) -> str:
    """A call's outcome, or whose words a part of a prompt is."""
    return {
        "running": tr("running"),
        "ok": tr("done"),
        "failed": tr("failed"),
        "cancelled": tr("stopped"),
        "interrupted": tr("interrupted"),
        "cached": tr("kept reply"),
        "system": tr("System"),
        "user": tr("You"),
        "assistant": tr("Model"),
    }.get(key, key)


def short(text: str | None, most: int = _MAX_CHARS) -> str:
    """The beginning of a text, its lines as they are."""
    if not text:
        return ""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
