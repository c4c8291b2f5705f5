"""What is to be exported, where to, and how: all that the queue keeps of it, so that it can go on after a restart."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.standing import Standing

FILES: Final = "files"
"""Stands for the format of code's own files in a folder."""


@dataclass(frozen=True, slots=True)
class ArtifactSubject:
    artifact: int
    version: int


@dataclass(frozen=True, slots=True)
class ConversationSubject:
    """Every message of a conversation, each with one of its replies.

    `shown`: the replies, by the numbers of their messages, that stand on the user's screen. Of a message none of whose
    replies is named the newest whole one goes in, else the newest.
    """

    conversation: int
    shown: tuple[int, ...] = ()


Subject = ArtifactSubject | ConversationSubject


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """`target`: a file, whose extension names the format; with `is_folder` a folder for code's own files."""

    subject: Subject
    target: Path
    options: ExportOptions = USUAL
    keeps_differing: bool = False
    """Delivers the file also where it does not hold all that the subject holds; the differences are told."""
    is_folder: bool = False
    may_replace: Standing | None = None
    """What stood there when the user agreed to its being replaced, or what an export of ours has left there. None:
    whatever stands there when it is queued."""
    gives_way: bool = False
    """Where anything else stands there in the end, it goes beside that, under the next free name: for a place the
    program chose. Else it fails, and what stands there stays."""

    @property
    def format(self) -> str:
        """An extension without its dot, or FILES."""
        return FILES if self.is_folder else self.target.suffix.lstrip(".").casefold()
