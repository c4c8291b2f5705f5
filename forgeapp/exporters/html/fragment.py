"""Blocks as a piece of HTML for the clipboard: what word processors, mail and chat programs keep of it.

They drop style sheets, so each element says its own looks; they have boxes for no task, so those are drawn; of MathML
in HTML they show the letters one after the other (x squared as x2; Word takes it for an equation only where nothing
else is pasted, as text), so math is its TeX; one table or code right below another becomes one with
it, so a blank line stands between. The only classes are those that say what `code` is: a language, or math.
Spreadsheets are told which cells are text, whatever they look like (Excel's `mso-number-format`, LibreOffice's
`sdnum`): '00123' stays that, and what they would run as a formula is not run (S2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    Heading,
    Inlines,
    ListItem,
    Paragraph,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.exporters.csv.exporter import guarded
from forgeapp.exporters.highlight import Span, highlight
from forgeapp.exporters.html.blocks import Pen, class_name, direction, text_markup
from forgeapp.exporters.standins import with_standins

HEAD = '<meta charset="utf-8">'
_MONO = "font-family:Consolas,'Courier New',monospace"
_TABLE = "border-collapse:collapse;border:1px solid #b4bac3"
_CELL = "border:1px solid #b4bac3;vertical-align:top"
_HEADER = f"{_CELL};background:#f0f2f5;font-weight:bold"
_PRE = f"{_MONO};font-size:10pt;background:#f5f6f8;padding:8px;white-space:pre-wrap"
_QUOTE = "padding-left:12px;border-left:3px solid #cfd4dc"
_BETWEEN = "<p>&nbsp;</p>\n"
_MISREAD = re.compile(r"0\d.*|\d{12,}|\d{1,4}[-/]\d{1,4}|\d+[eE]\d+")
"""What a spreadsheet would make a shorter number, a date or a power of ten of."""
_AS_TEXT = ' sdnum="1033;0;@"'
_AS_TEXT_STYLE = ";mso-number-format:'\\@'"
_MATH = "math"
_AT_THE_START = ";text-align:left"
_DONE, _TO_DO = "\u2611 ", "\u2610 "


def fragment(blocks: Blocks) -> str:
    """The whole piece, with the line that says its encoding."""
    blocks, _ = with_standins(blocks)
    notes = [block for block in blocks if isinstance(block, Footnote)]
    pen = _FragmentPen(notes)
    parts = [HEAD, *pen.blocks([block for block in blocks if not isinstance(block, Footnote)])]
    if notes:
        parts += pen.notes(notes)
    return "".join(parts)


class _FragmentPen(Pen):
    def classed(self, *names: str) -> str:
        return super().classed(*(name for name in names if name == _MATH))

    def blocks(self, blocks: Sequence[Block]) -> Iterator[str]:
        before: Block | None = None
        for block in blocks:
            if isinstance(block, TableBlock | CodeBlock) and type(before) is type(block):
                yield _BETWEEN
            yield from self.block(block)
            before = block

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level=level, inlines=inlines):
                tag = f"h{min(max(level, 1), 6)}"
                yield f"<{tag}{direction(inlines)}>{self.inlines(inlines)}</{tag}>\n"
            case Quote(blocks=inner):
                yield f'<blockquote style="{_QUOTE}">\n'
                yield from self.blocks(inner)
                yield "</blockquote>\n"
            case _:
                yield from super().block(block)

    def notes(self, notes: Sequence[Footnote]) -> Iterator[str]:
        yield '<div id="footnotes"><hr>\n<ol>\n'
        for number, note in enumerate(notes, 1):
            back = f' <a href="#mark-{number}">↩</a>' if number in self.marked else ""
            yield f'<li id="note-{number}">'
            yield from self._within(note.blocks, "", back)
            yield "</li>\n"
        yield "</ol>\n</div>\n"

    def item(self, item: ListItem) -> Iterator[str]:
        box = "" if item.checked is None else _DONE if item.checked else _TO_DO
        yield "<li>"
        yield from self._within(item.blocks, box, "")
        yield "</li>\n"

    def _within(self, blocks: Blocks, lead: str, trail: str) -> Iterator[str]:
        """What an item holds, its first paragraph as bare text: mail programs set others apart by a blank line."""
        first = blocks[0] if blocks else None
        if isinstance(first, Paragraph):
            text = f"{lead}{self.inlines(first.inlines)}{trail}"
            turn = direction(first.inlines)
            yield f"<span{turn}>{text}</span>" if turn else text
            blocks = blocks[1:]
        else:
            yield f"{lead}{trail}"
        yield from self.blocks(blocks)

    def table(self, table: TableBlock) -> Iterator[str]:
        yield f'<table border="1" cellspacing="0" cellpadding="5" style="{_TABLE}">\n'
        aligned = [f";text-align:{kind}" if kind else "" for kind in table.alignments]
        if any(table.header):
            # Without it they would stand in the middle.
            cells = (
                f'<th style="{_HEADER}{style or _AT_THE_START}"{direction(inlines)}>{self.inlines(inlines)}</th>'
                for inlines, style in zip(table.header, aligned, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>\n"
        for row in table.rows:
            cells = (
                f"<td{_exactly(inlines, style)}{direction(inlines)}>{self.inlines(inlines)}</td>"
                for inlines, style in zip(row, aligned, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>\n"
        yield "</table>\n"

    def math(self, tex: str, is_block: bool) -> str:
        text = f'<code{self.classed(_MATH)} style="{_MONO}">{text_markup(tex)}</code>'
        return f"<div{self.classed(_MATH)}>{text}</div>\n" if is_block else text

    def jump(self, number: int, text: str) -> str:  # noqa: ARG002
        """Its heading may be nowhere near where a piece is pasted."""
        return text

    def code(self, language: str, text: str) -> str:
        lines = "\n".join("".join(map(self.span, spans)) for spans in highlight(text, language))
        name = class_name(language)
        kind = f' class="language-{name}"' if name else ""
        return f'<pre style="{_PRE}"><code{kind} style="{_MONO}">{lines}</code></pre>\n'

    def span(self, span: Span) -> str:
        if span.ink is None:
            return text_markup(span.text)
        looks = f"color:{span.ink.color}"
        if span.bold:
            looks += ";font-weight:bold"
        if span.italic:
            looks += ";font-style:italic"
        return f'<span style="{looks}">{text_markup(span.text)}</span>'

    def run(self, run: Run) -> str:
        return super().run(run).replace("<code>", f'<code style="{_MONO}">') if run.code else super().run(run)


def _exactly(inlines: Inlines, style: str) -> str:
    """The attributes of a cell, with what keeps a spreadsheet from reading into its text."""
    text = inlines[0].text if len(inlines) == 1 and isinstance(inlines[0], Run) else ""
    is_misread = bool(text) and (_MISREAD.fullmatch(text) is not None or guarded(text) != text)
    return f'{_AS_TEXT if is_misread else ""} style="{_CELL}{style}{_AS_TEXT_STYLE if is_misread else ""}"'
