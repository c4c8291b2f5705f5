from __future__ import annotations

from hypothesis import given, settings

from forgeapp.domain.document import (
    Blocks,
    Footnote,
    Heading,
    Inlines,
    ListBlock,
    ListItem,
    Paragraph,
    Quote,
    Run,
    TableBlock,
    walk,
)
from forgeapp.domain.rewriting import rewritten
from tests.unit.exporters.document_samples import RICH, documents

TEXT: Blocks = (
    Heading(2, (Run("a"),)),
    Quote((Heading(5, (Run("b"),)), ListBlock(False, (ListItem((Paragraph((Run("c"),)),)),)))),
    TableBlock(((Run("d"),),), (((Run("e"),),),), (None,)),
    Footnote("1", (Paragraph((Run("f"),)),)),
)


def _loud(inlines: Inlines) -> Inlines:
    return tuple(Run(inline.text.upper()) if isinstance(inline, Run) else inline for inline in inlines)


def test_every_line_is_given_once_and_in_reading_order() -> None:
    seen: list[str] = []

    def note(inlines: Inlines) -> Inlines:
        seen.extend(inline.text for inline in inlines if isinstance(inline, Run))
        return inlines

    assert rewritten(TEXT, note) is TEXT
    assert seen == list("abcdef")


def test_lines_are_exchanged_wherever_they_stand() -> None:
    changed = rewritten(TEXT, _loud)
    assert changed[1] == Quote((Heading(5, (Run("B"),)), ListBlock(False, (ListItem((Paragraph((Run("C"),)),)),))))
    assert changed[2] == TableBlock(((Run("D"),),), (((Run("E"),),),), (None,))


def test_headings_move_down_no_further_than_the_sixth_level() -> None:
    moved = rewritten(TEXT, lambda inlines: inlines, deeper=2)
    assert [block.level for block in walk(moved) if isinstance(block, Heading)] == [4, 6]
    assert moved[2] is TEXT[2]


def test_of_a_text_of_every_sort_nothing_is_lost() -> None:
    assert rewritten(RICH, lambda inlines: inlines) is RICH
    assert rewritten(RICH, lambda inlines: (*inlines,)) == RICH


@given(documents())
@settings(deadline=None, max_examples=40)
def test_any_text_comes_back_as_it_was(blocks: Blocks) -> None:
    assert rewritten(blocks, lambda inlines: (*inlines,)) == blocks
