"""What a reply says beside what was made of it: the words that stand in the chat."""

from __future__ import annotations

from forgeapp.domain.artifact import Kind


def words_around(reply: str, request: str, kind: Kind, is_patch: bool) -> str:
    """A reply without the artifacts of `kind`, or the changes of one, that were read out of it, raw Markdown."""
    if is_patch:
        from forgeapp.reading.patches import read_patch

        patch = read_patch(reply, kind)
        if patch is not None:
            return patch.chat_text
    from forgeapp.reading import Reader

    reader = Reader(kind, request)
    reader.feed(reply)
    return reader.finish().chat_text


def without_broken_patch(reply: str) -> str:
    """A reply that broke off, without the changes it had begun: nothing came of them, and their marks say nothing."""
    if "<<<<<" not in reply and '"operations"' not in reply:
        return reply
    from forgeapp.reading.patches import read_patch

    found = (read_patch(reply, kind) for kind in (Kind.DOCUMENT, Kind.TABLE))
    patch = next((patch for patch in found if patch is not None), None)
    return patch.chat_text if patch is not None and patch.chat_text.strip() else reply
