"""A picture file as the next version of an image."""

from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.content import Content
from forgeapp.domain.image import Image
from forgeapp.errors import UnreadableFile
from forgeapp.reading.file_reading import FileReading
from forgeapp.services.importing.sameness import look_of


def carried_over(base: Content, read: FileReading, source: str) -> FileReading:
    """What the picture shows, in the user's words, and its title stay, and the picture where its pixels are the same.

    Either `base` or what was read is an image. Raises UnreadableFile for another kind of file.
    """
    match base, read.content:
        case Image(), Image() if look_of(base.data) == look_of(read.content.data):
            return replace(read, content=base)
        case Image(), Image():
            return replace(read, content=replace(read.content, title=base.title, alt=base.alt))
        case Image(), _:
            reason, remedy = "it is no picture", "Choose a picture file, or open this one as a new artifact."
        case _:
            reason = "a picture cannot be a version of something else"
            remedy = "Open it as a new artifact, or insert it into a document."
    raise UnreadableFile(source=source, reason=reason, remedy=remedy)
