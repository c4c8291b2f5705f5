"""A model's reply as a patch: the steps that change an artifact, and the talk around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forgeapp.domain.artifact import Kind
from forgeapp.domain.patch import Patch
from forgeapp.reading.envelope import Envelope, envelopes
from forgeapp.reading.patch_blocks import read_blocks
from forgeapp.reading.patch_diffs import read_diffs
from forgeapp.reading.patch_frame import Found, talk
from forgeapp.reading.patch_operations import read_operations
from forgeapp.reading.reasoning import without_reasoning
from forgeapp.reading.scan import fence_mark


@dataclass(frozen=True, slots=True)
class PatchReading:
    """`chat_text`: what stands around the patch, raw Markdown."""

    patch: Patch
    chat_text: str


def read_patch(reply: str, kind: Kind) -> PatchReading | None:
    """The patch in a reply to the wish for a change of an artifact of `kind`; None: read it as a whole artifact.

    Never raises, takes linear time; a reply that broke off gives the steps that are there in whole.
    """
    text, _ = without_reasoning(reply.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")
    found = _found(lines, kind)
    if not found.is_patch or _is_within_whole(lines, found):
        return None
    return PatchReading(Patch(tuple(found.steps), tuple(found.unread), found.is_cut), talk(lines, found.taken))


def _found(lines: Sequence[str], kind: Kind) -> Found:
    match kind:
        case Kind.TABLE | Kind.SPREADSHEET:
            return read_operations(lines)
        case Kind.DOCUMENT | Kind.CODE:
            found = read_blocks(lines, kind is Kind.CODE)
            return found if found.is_patch else read_diffs(lines, kind is Kind.CODE)
        case Kind.IMAGE:
            return Found()


def _is_within_whole(lines: Sequence[str], found: Found) -> bool:
    """Whether the changes found are but part of an artifact given whole, as one that is about changes."""
    if not any("artifact" in line.lower() for line in lines if "<" in line):
        return False
    return any(_holds_more(lines, envelope, found) for envelope in envelopes(lines))


def _holds_more(lines: Sequence[str], envelope: Envelope, found: Found) -> bool:
    """Whether something else than a change is the first thing within."""
    for number in range(envelope.inside, envelope.end):
        if any(start <= number < end for start, end in found.taken[:50]):
            return False
        if lines[number].strip() and not fence_mark(lines[number]):
            return True
    return False
