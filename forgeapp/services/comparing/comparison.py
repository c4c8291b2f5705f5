"""What changed between two contents, hunk by hunk, and what becomes of them when only some are taken."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Workbook
from forgeapp.services.comparing.codes import CodeWeave, weave_codes
from forgeapp.services.comparing.hunks import Hunk, KindChange, TitleChange
from forgeapp.services.comparing.pictures import PictureWeave, weave_pictures
from forgeapp.services.comparing.tables import TableWeave, weave_tables
from forgeapp.services.comparing.texts import TextWeave, weave_texts
from forgeapp.services.comparing.workbooks import WorkbookWeave, weave_workbooks

_Weave = TextWeave | CodeWeave | TableWeave | WorkbookWeave | PictureWeave | None
"""None where the kinds differ: then one hunk stands for all."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """`hunks` in reading order; none for equal contents. A hunk's place among them is its number."""

    before: Content
    after: Content
    hunks: tuple[Hunk, ...]
    _weave: _Weave

    def accepted(self, chosen: Collection[int]) -> Content:
        """`before` with just the hunks of these numbers taken; all of them give `after`, none gives `before`.

        Whatever is taken, the content is sound: formulas follow the rows and columns that came or went, and a cell
        whose new formula would have lost what it refers to keeps the old one.
        """
        numbers = frozenset(chosen)
        return replace(self._body(numbers), title=_title(self, numbers))

    def _body(self, chosen: frozenset[int]) -> Content:
        match self._weave, self.before:
            case TextWeave(), Document():
                return replace(self.before, markdown=self._weave.accepted(chosen))
            case None, _:
                is_taken = any(isinstance(self.hunks[n].change, KindChange) for n in _valid(self, chosen))
                return self.after if is_taken else self.before
            case CodeWeave() | TableWeave() | WorkbookWeave() | PictureWeave(), _:
                return self._weave.accepted(chosen)
        raise AssertionError("a document is woven as a text")


def _valid(comparison: Comparison, chosen: frozenset[int]) -> frozenset[int]:
    return chosen & frozenset(range(len(comparison.hunks)))


def _title(comparison: Comparison, chosen: frozenset[int]) -> str | None:
    is_retitled = any(isinstance(comparison.hunks[n].change, TitleChange) for n in _valid(comparison, chosen))
    return comparison.after.title if is_retitled else comparison.before.title


def compare(before: Content, after: Content) -> Comparison:
    """What leads from the one to the other. Linear for what shares little, and for hostile contents."""
    hunks: list[Hunk] = []
    if before.title != after.title:
        hunks.append(Hunk("title", before.title or "", after.title or "", TitleChange(before.title, after.title)))
    weave: _Weave = None
    match before, after:
        case Document(), Document():
            weave = weave_texts(before.markdown, after.markdown, None, hunks)
        case Code(), Code():
            weave = weave_codes(before, after, hunks)
        case Table(), Table():
            weave = weave_tables(before, after, hunks)
        case Workbook(), Workbook():
            weave = weave_workbooks(before, after, hunks)
        case Image(), Image():
            weave = weave_pictures(before, after, hunks)
        case _:
            kinds = kind_of(before), kind_of(after)
            hunks.append(Hunk("kind", kinds[0].value, kinds[1].value, KindChange(*kinds)))
    return Comparison(before, after, tuple(hunks), weave)


@dataclass(frozen=True, slots=True)
class Fitted:
    """`content`: the newest one with the hunks `placed`. `unplaced` are those whose place changed there, or is gone."""

    content: Content
    placed: tuple[Hunk, ...]
    unplaced: tuple[Hunk, ...]


def fitted(comparison: Comparison, newest: Content) -> Fitted:
    """The comparison's changes on a content that moved on from its `before` meanwhile.

    Where both changed the same lines, cells, rows or columns, what is newest stays; a change that both made alike
    counts as placed. What both put behind the last row or column stands there, the newest content's first.
    """
    content, left_out = _onto(comparison, newest)
    before, after, title = comparison.before.title, comparison.after.title, newest.title
    if before != after and title not in (before, after):
        left_out |= {0}
    elif before != after:
        title = after
    hunks = list(enumerate(comparison.hunks))
    return Fitted(
        replace(content, title=title),
        tuple(hunk for number, hunk in hunks if number not in left_out),
        tuple(hunk for number, hunk in hunks if number in left_out),
    )


def _onto(comparison: Comparison, newest: Content) -> tuple[Content, frozenset[int]]:
    everything = frozenset(
        number for number, hunk in enumerate(comparison.hunks) if not isinstance(hunk.change, TitleChange)
    )
    if replace(newest, title=comparison.after.title) == comparison.after:
        return newest, frozenset()
    match comparison._weave, newest:
        case TextWeave(), Document():
            markdown, left_out = comparison._weave.onto(newest.markdown)
            return replace(newest, markdown=markdown), left_out
        case CodeWeave(), Code():
            return comparison._weave.onto(newest)
        case TableWeave(), Table():
            return comparison._weave.onto(newest)
        case WorkbookWeave(), Workbook():
            return comparison._weave.onto(newest)
        case PictureWeave(), Image():
            return comparison._weave.onto(newest)
        case None, _ if replace(newest, title=comparison.before.title) == comparison.before:
            return comparison.after, frozenset()
    return newest, everything
