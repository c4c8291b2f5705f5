"""A patch on the content it was made for: what comes of it, and which of its steps had no place there."""

from __future__ import annotations

from dataclasses import dataclass

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.patch import Patch
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Workbook
from forgeapp.services.revising.table_steps import change_table
from forgeapp.services.revising.text_steps import change_code, change_document
from forgeapp.services.revising.workbook_steps import change_workbook


@dataclass(frozen=True, slots=True)
class Applied:
    """`failed`: what could not be read or had no place, in words for the user. `count`: the steps that changed it."""

    content: Content
    failed: tuple[Text, ...]
    count: int


def applied(patch: Patch, base: Content, selection: Selection | None = None) -> Applied:
    """The patch's steps taken in their order, each on what those before it left.

    `selection`: what the user had selected, to tell places apart by. Never raises for anything a patch may hold.
    """
    content: Content
    match base:
        case Document():
            content, failed, count = change_document(base, patch.steps, selection)
        case Code():
            content, failed, count = change_code(base, patch.steps, selection)
        case Table():
            content, failed, count = change_table(base, patch.steps)
        case Workbook():
            content, failed, count = change_workbook(base, patch.steps, selection)
        case Image():
            raise AssertionError("a picture is not revised")
    return Applied(content, (*failed, *patch.unread), count)
