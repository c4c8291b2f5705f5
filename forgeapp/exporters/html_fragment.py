"""Blocks as a piece of HTML for the clipboard: what word processors, mail and chat programs keep of it.

They drop style sheets, so each element says its own looks; they have boxes for no task, so those are drawn; they read
no language but the class of `code`. Spreadsheets are told which cells are text, whatever they look like (Excel's
`mso-number-format`, LibreOffice's `sdnum`): '00123' stays that, and what they would run as a formula is not run (S2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from forgeapp.domain.document import (
    Block,
    Blocks,
    Footnote,
    Heading,
    Inlines,
    ListItem,
    Paragraph,
    Quote,
    Run,
    TableBlock,
)
from forgeapp.exporters.csv import guarded
from forgeapp.exporters.highlight import Span, highlight
from forgeapp.exporters.html_blocks import Pen, direction, text_markup

HEAD = '<meta charset="utf-8">'
_MONO = "font-family:Consolas,'Courier New',monospace"
_TABLE = "border-collapse:collapse;border:1px solid #b4bac3"
_CELL = "border:1px solid #b4bac3;padding:4px 8px;vertical-align:top"
_HEADER = f"{_CELL};background:#f0f2f5;font-weight:bold"
_PRE = f"{_MONO};font-size:10pt;background:#f5f6f8;padding:8px;white-space:pre-wrap"
_QUOTE = "margin:8px 0 8px 8px;padding-left:12px;border-left:3px solid #cfd4dc"
_MISREAD = re.compile(r"0\d.*|\d{12,}|\d{1,4}[-/]\d{1,4}|\d+[eE]\d+")
"""What a spreadsheet would make a shorter number, a date or a power of ten of."""
_AS_TEXT = ' sdnum="1033;0;@"'
_AS_TEXT_STYLE = ";mso-number-format:'\\@'"
_DONE, _TO_DO = "\u2611 ", "\u2610 "


def fragment(blocks: Blocks) -> str:
    """The whole piece, with the line that says its encoding."""
    notes = [block for block in blocks if isinstance(block, Footnote)]
    pen = _FragmentPen(notes)
    parts = [markup for block in blocks if not isinstance(block, Footnote) for markup in pen.block(block)]
    if notes:
        parts += pen.notes(notes)
    return HEAD + "".join(parts)


class _FragmentPen(Pen):
    def classed(self, *names: str) -> str:  # noqa: ARG002
        return ""

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level=level, inlines=inlines):
                tag = f"h{min(max(level, 1), 6)}"
                yield f"<{tag}{direction(inlines)}>{self.inlines(inlines)}</{tag}>\n"
            case Quote(blocks=inner):
                yield f'<blockquote style="{_QUOTE}">\n'
                for each in inner:
                    yield from self.block(each)
                yield "</blockquote>\n"
            case _:
                yield from super().block(block)

    def notes(self, notes: Sequence[Footnote]) -> Iterator[str]:
        yield '<div id="footnotes"><hr>\n<ol>\n'
        for number, note in enumerate(notes, 1):
            yield f'<li id="note-{number}">'
            for block in note.blocks:
                yield from self.block(block)
            if number in self.marked:
                yield f'<a href="#mark-{number}">↩</a>'
            yield "</li>\n"
        yield "</ol>\n</div>\n"

    def item(self, item: ListItem) -> Iterator[str]:
        box = "" if item.checked is None else _DONE if item.checked else _TO_DO
        first = item.blocks[0] if item.blocks else None
        if isinstance(first, Paragraph):
            # Without a paragraph of its own, which mail programs set apart by a blank line.
            yield f"<li{direction(first.inlines)}>{box}{self.inlines(first.inlines)}"
            rest = item.blocks[1:]
        else:
            yield f"<li>{box}"
            rest = item.blocks
        for block in rest:
            yield from self.block(block)
        yield "</li>\n"

    def table(self, table: TableBlock) -> Iterator[str]:
        yield f'<table border="1" cellspacing="0" cellpadding="4" style="{_TABLE}">\n'
        aligned = [f";text-align:{kind}" if kind else "" for kind in table.alignments]
        if any(table.header):
            cells = (
                f'<th style="{_HEADER}{style}"{direction(inlines)}>{self.inlines(inlines)}</th>'
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

    def code(self, language: str, text: str) -> str:
        lines = "\n".join("".join(map(self.span, spans)) for spans in highlight(text, language))
        name = re.sub(r"[^A-Za-z0-9_+#-]", "", language)
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
