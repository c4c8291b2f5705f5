"""DOCX files as Markdown documents: whatever program wrote them, and our own exports as they were.

Source: ECMA-376 part 1 (WordprocessingML). Nothing is loaded from elsewhere and nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from forgeapp.domain.document import (
    Blocks,
    Document,
    Footnote,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    MathBlock,
    Paragraph,
    Rule,
    Run,
    plain_text,
)
from forgeapp.domain.markdown_blocks import blocks_markdown
from forgeapp.reading.archives import Package
from forgeapp.reading.document_losses import Loss, told
from forgeapp.reading.docx_inlines import InlineReader, ParagraphText, plain_of
from forgeapp.reading.docx_source import Source, open_source
from forgeapp.reading.docx_styles import ParagraphLook, indent_of
from forgeapp.reading.docx_tables import read_table
from forgeapp.reading.docx_xml import MC, W, is_on, number_of, read_part, value_of
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.paragraph_tree import Tree
from forgeapp.reading.task_boxes import task_of

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_DEPTH = 30
OUR_INDENT, OUR_CODE_INDENT = 360, 120
"""Twips our exporter sets each list level and quote in, and the code in them."""
LOOSE_SPACING = 120
"""Twips it leaves after the items of a list with space between them."""
_LEFT_OUT = {"Table of Contents": Loss.CONTENTS, "Cover Pages": Loss.COVER}


def read_docx(path: Path) -> FileReading:
    """The document a DOCX file holds. Raises UnreadableFile, TooLarge."""
    with Package(path) as package:
        source = open_source(package)
        root = read_part(package, source.main)
        body = root.find(W + "body")
        if body is None:
            raise package.damaged()
        blocks = _BodyReader(source, source.main, root).read(body)
        blocks += tuple(_footnotes(source))
    return FileReading(Document(title_of(blocks), blocks_markdown(blocks)), told(source.losses), is_rewritten=True)


def title_of(blocks: Blocks) -> str | None:
    """The heading a document begins with, else its first one of level 1."""
    first = next((block for block in blocks[:1] if isinstance(block, Heading)), None)
    top = (block for block in blocks if isinstance(block, Heading) and block.level == 1)
    found = first or next(top, None)
    return " ".join(plain_text(found.inlines).split()) or None if found else None


def _footnotes(source: Source) -> Iterable[Footnote]:
    """The notes that marks refer to. A note may have marks of its own: `marks` grows while they are read."""
    parts = {
        relation.kind.removesuffix("s"): relation.target
        for relation in source.relations(source.main).values()
        if relation.kind in ("footnotes", "endnotes") and relation.target in source.package
    }
    roots = {kind: read_part(source.package, part) for kind, part in parts.items()}
    readers = {kind: _BodyReader(source, parts[kind], root) for kind, root in roots.items()}
    notes = {
        (kind, note.get(W + "id", "")): note for kind, root in roots.items() for note in root.iterchildren(W + kind)
    }
    done = 0
    while done < len(source.marks):
        (kind, identity), label = list(source.marks.items())[done]
        note = notes.get((kind, identity))
        yield Footnote(label, readers[kind].read(note) if note is not None else ())
        done += 1


class _BodyReader:
    """Reads what stands in one part, block by block."""

    def __init__(self, source: Source, part: str, root: _Element) -> None:
        self._source = source
        self._inlines = InlineReader(source, part, root)
        self._are_ours = source.styles.are_ours
        self._begun: set[str] = set()
        self._set_in_from: int | None = None
        """Where the list that is open began, in steps, if it began from the right."""
        self._carried: list[Inline] = []
        """The text of a paragraph whose end was deleted: it goes on in the next one."""

    def read(self, parent: _Element, depth: int = 0) -> Blocks:
        tree = Tree()
        self._children(parent, tree, depth)
        if self._carried:
            tree.add(Paragraph(tuple(self._carried)), 0)
            self._carried = []
        return tree.blocks()

    def _children(self, parent: _Element, tree: Tree, depth: int) -> None:
        for child in parent.iterchildren("*"):
            tag = str(child.tag)
            if tag == W + "p":
                self._paragraph(child, tree, depth)
            elif tag == W + "tbl":
                self._table(child, tree, depth)
            elif tag == W + "sdt":
                self._control(child, tree, depth)
            elif tag in (W + "customXml", W + "ins", W + "moveTo", W + "smartTag") and depth < MAX_DEPTH:
                self._children(child, tree, depth + 1)
            elif tag == MC + "AlternateContent" and depth < MAX_DEPTH:
                chosen = child.find(MC + "Choice")
                chosen = child.find(MC + "Fallback") if chosen is None else chosen
                if chosen is not None:
                    self._children(chosen, tree, depth + 1)
            elif tag == W + "altChunk":
                self._source.losses[Loss.EMBEDDED] += 1

    def _control(self, control: _Element, tree: Tree, depth: int) -> None:
        properties = control.find(W + "sdtPr")
        gallery = properties.find(f"{W}docPartObj/{W}docPartGallery") if properties is not None else None
        loss = _LEFT_OUT.get(gallery.get(W + "val", "")) if gallery is not None else None
        content = control.find(W + "sdtContent")
        if loss is not None:
            self._source.losses[loss] += 1
        elif content is not None and depth < MAX_DEPTH:
            self._children(content, tree, depth + 1)

    def _table(self, table: _Element, tree: Tree, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self._source.losses[Loss.DEPTH] += 1
            return

        def read_cell(cell: _Element) -> Blocks:
            self._source.losses[Loss.NESTED_TABLES] += sum(1 for _ in cell.iterchildren(W + "tbl"))
            around, self._set_in_from = self._set_in_from, None
            blocks = self.read(cell, depth + 1)
            self._set_in_from = around
            return blocks

        found = read_table(table, self._source, read_cell)
        properties = table.find(W + "tblPr")
        said = properties.find(W + "tblInd") if properties is not None else None
        indent = (number_of(said.get(W + "w")) or 0) if said is not None else 0
        at = self._depth_of_plain(tree, indent, is_continued=False)
        for block in (found,) if not isinstance(found, tuple) else found:
            tree.add(block, at, opens_quotes=self._are_ours)

    def _paragraph(self, paragraph: _Element, tree: Tree, depth: int) -> None:
        properties = paragraph.find(W + "pPr")
        style = value_of(properties, "pStyle")
        look = self._source.styles.paragraph(style)
        if look.kind == "contents":
            self._inlines.read(paragraph)
            self._source.losses[Loss.CONTENTS] = self._source.losses[Loss.CONTENTS] or 1
            return
        if look.kind == "gap":
            if _is_separator(properties):
                tree.close(self._steps(indent_of(properties) or 0))
            tree.separate()
            return
        text = self._inlines.read(paragraph)
        if text.is_dressed and look.kind not in ("code", "math"):
            self._source.losses[Loss.LOOKS] = 1
        text.inlines = [*self._carried, *text.inlines]
        self._carried = []
        if _is_joined_to_next(properties):
            self._source.losses[Loss.CHANGES] += 1
            self._carried = text.inlines
            return
        self._place(text, properties, style, look, tree)
        for equation in text.equations:
            tree.add(equation, tree.depth if text.inlines else self._depth(properties, look, tree))
        for box in text.boxes if depth < MAX_DEPTH else ():
            tree.end()
            for block in _BodyReader.read(self, box, depth + 1):
                tree.add(block, 0)

    def _place(
        self, text: ParagraphText, properties: _Element | None, style: str | None, look: ParagraphLook, tree: Tree
    ) -> None:
        inlines = tuple(text.inlines)
        depth = self._depth(properties, look, tree)
        ours = self._are_ours
        outline = number_of(value_of(properties, "outlineLvl"))
        is_blank = not any(
            not isinstance(i, LineBreak | Run) or (isinstance(i, Run) and i.text.strip()) for i in inlines
        )
        if text.is_rule or look.kind == "rule" or (is_blank and _has_line(properties) and not text.boxes):
            tree.add(Rule(), depth, opens_quotes=ours)
        elif look.kind == "code" or self._is_code(inlines, style):
            code_depth = depth if look.kind != "code" or not ours else self._our_depth(properties, OUR_CODE_INDENT)
            tree.add_code(plain_of(inlines), code_depth, opens_quotes=ours)
        elif look.kind == "math" and not is_blank:
            tree.add(MathBlock(plain_of(inlines).strip()), depth, opens_quotes=ours)
        elif look.kind in ("heading", "title") or (outline is not None and 0 <= outline <= 8 and not is_blank):
            if is_blank:
                return
            level = 1 if look.kind == "title" else look.level or min((outline or 0) + 1, 6)
            if self._list_of(properties, look)[0] is not None:
                self._source.losses[Loss.HEADING_NUMBERS] += 1
            tree.add(Heading(level, _heading_text(inlines)), depth, opens_quotes=ours)
        elif not self._add_item(inlines, properties, look, tree, is_blank):
            if is_blank:
                tree.separate()
            elif look.kind == "quote":
                tree.add_to_quote(Paragraph(inlines), depth or 1)
            else:
                tree.add(Paragraph(inlines), depth)

    def _add_item(
        self, inlines: Inlines, properties: _Element | None, look: ParagraphLook, tree: Tree, is_blank: bool
    ) -> bool:
        """Whether the paragraph is an item of a list."""
        identity, at = self._list_of(properties, look)
        level = self._source.numbering.level(identity, at)
        checked, rest = task_of(inlines)
        if level is None or level.format == "none":
            if checked is None:
                return False
            indent = indent_of(properties) or look.indent or 0
            depth = max(1, self._steps(indent)) if self._are_ours else 1
            tree.add_item(
                Paragraph(rest) if rest else None,
                depth=depth,
                indent=indent,
                number=None,
                checked=checked,
                opens_quotes=self._are_ours,
            )
            return True
        if is_blank and not self._are_ours:
            return True
        assert identity is not None
        number = self._source.numbering.advance(identity, at) if level.is_ordered else None
        if number is not None and not level.counts_in_figures:
            self._source.losses[Loss.LETTERED_LISTS] += 1
        direct = indent_of(properties)
        indent = direct if direct is not None else level.indent if level.indent is not None else look.indent or 0
        spacing = properties.find(W + "spacing") if properties is not None else None
        if self._are_ours and direct is not None:
            if at == 0 and identity not in self._begun and is_on(properties, "bidi"):
                self._set_in_from = round(indent / OUR_INDENT)
            self._begun.add(identity)
            depth = max(1, self._steps(indent))
        else:
            # Word's 'List Bullet 2' is a list of its own, at its first level, only set in further.
            depth = max(at + 1, tree.item_depth_below(indent))
        tree.add_item(
            None if is_blank else Paragraph(rest),
            depth=depth,
            indent=indent,
            number=number,
            checked=checked,
            tight=not (self._are_ours and spacing is not None and spacing.get(W + "after") == str(LOOSE_SPACING)),
            opens_quotes=self._are_ours and direct is not None,
        )
        return True

    def _list_of(self, properties: _Element | None, look: ParagraphLook) -> tuple[str | None, int]:
        """The list and level of a paragraph; a list '0' takes it out of its style's."""
        own = properties.find(W + "numPr") if properties is not None else None
        identity, level = look.list
        if own is not None:
            identity = value_of(own, "numId") or identity
            said = number_of(value_of(own, "ilvl"))
            level = said if said is not None else level
        return (None if identity == "0" else identity), min(max(level or 0, 0), 8)

    def _depth(self, properties: _Element | None, look: ParagraphLook, tree: Tree) -> int:
        indent = indent_of(properties)
        if look.kind == "quote":
            return max(1, self._steps(indent or OUR_INDENT)) if self._are_ours else 1
        indent = indent if indent is not None else look.indent or 0
        return self._depth_of_plain(tree, indent, look.kind == "continued")

    def _depth_of_plain(self, tree: Tree, indent: int, is_continued: bool) -> int:
        if self._are_ours:
            return max(0, self._steps(indent))
        if is_continued:
            return tree.item_depth_at(indent) or tree.depth
        return tree.item_depth_at(indent) if indent > 0 else 0

    def _our_depth(self, properties: _Element | None, own: int) -> int:
        """Of code, whose style sets it in by `own` twips."""
        indent = indent_of(properties)
        return 0 if indent is None else max(0, self._steps(indent - own))

    def _steps(self, indent: int) -> int:
        """How many lists and quotes of ours a paragraph stands in; lists that begin from the right are set in twice."""
        steps = round(indent / OUR_INDENT)
        if self._set_in_from is not None and steps < self._set_in_from:
            self._set_in_from = None
        return steps if self._set_in_from is None else steps - 1

    def _is_code(self, inlines: Inlines, style: str | None) -> bool:
        """Whether every letter of it is monospaced."""
        runs = [inline for inline in inlines if isinstance(inline, Run) and inline.text.strip()]
        if not runs or any(not isinstance(inline, Run | LineBreak) for inline in inlines):
            return False
        if any(run.link for run in runs):
            return False
        return self._source.styles.is_code(style) or (not self._are_ours and all(run.code for run in runs))


def _is_separator(properties: _Element | None) -> bool:
    """Whether our exporter set the paragraph between two lists, quotes or blocks of code."""
    spacing = properties.find(W + "spacing") if properties is not None else None
    return spacing is not None and spacing.get(W + "line") == "20"


def _is_joined_to_next(properties: _Element | None) -> bool:
    """Whether the end of the paragraph is a tracked deletion."""
    return properties is not None and properties.find(f"{W}rPr/{W}del") is not None


def _has_line(properties: _Element | None) -> bool:
    borders = properties.find(W + "pBdr") if properties is not None else None
    return any(value_of(borders, side) not in (None, "nil", "none") for side in ("bottom", "top", "between"))


def _heading_text(inlines: Inlines) -> Inlines:
    """What a heading is set in bold for needs no saying; it stays on one line."""
    runs = [inline for inline in inlines if isinstance(inline, Run) and inline.text.strip()]
    is_bold = bool(runs) and all(run.bold for run in runs)
    return tuple(replace(inline, bold=False) if is_bold and isinstance(inline, Run) else inline for inline in inlines)
