"""Code as WordprocessingML: coloured, tabs four columns wide, its numbers apart from what goes on below.

Lengths are twips. Source: ECMA-376 part 1, 17.3.1.38 (tabs), 17.3.1.12 (a hanging indent is a tab stop, too).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from forgeapp.domain.document import CodeBlock
from forgeapp.exporters.docx.story import Story
from forgeapp.exporters.docx.text import text_elements
from forgeapp.exporters.highlight import Span, highlight

CODE_CHARACTER = 99
"""Of the style's font and size."""
CODE_PADDING = 120
"""What the style sets code in."""
LINES_PER_PARAGRAPH = 200
"""Word lays out one endless paragraph slowly."""
_TAB_COLUMNS = 4
_MOST_STOPS = 24
"""As many as a page on its side has room for; behind them stand Word's own."""
_WIDER = 1.1
"""So much wider may another font be, where ours is missing."""
_GUTTER_GAP = 120
_BREAK = "<w:r><w:br/></w:r>"


def code_xml(story: Story, block: CodeBlock, indent: int) -> Iterator[str]:
    """The paragraphs of the code: one a line where lines have numbers, for only a paragraph's lines hang."""
    text = story.manuscript.typesetter.clean(block.text).removesuffix("\n")
    lines, texts = highlight(text, block.language), text.split("\n")
    contents = [_line(line) for line in lines]
    left, gutter, size = indent + CODE_PADDING, 0, LINES_PER_PARAGRAPH
    if story.manuscript.has_line_numbers:
        numbers = numbered(len(lines))
        contents = [f"{_number(number)}{line}" for number, line in zip(numbers, contents, strict=True)]
        gutter, size = round(len(str(len(lines))) * CODE_CHARACTER * _WIDER) + _GUTTER_GAP, 1
    starts = [*range(0, len(lines), size), len(lines)]
    for start, end in pairwise(starts):
        properties = "".join(
            (
                f'<w:pStyle w:val="{"CodeContinued" if start else "HTMLPreformatted"}"/>',
                _tab_stops(left + gutter, texts[start:end], has_gutter=gutter > 0),
                '<w:spacing w:after="0"/>' if end < len(lines) else "",
                _indent(left, gutter) if gutter or indent else "",
            )
        )
        yield f"<w:p><w:pPr>{properties}</w:pPr>{_BREAK.join(contents[start:end])}</w:p>"


def numbered(lines: int) -> list[str]:
    """What stands before each line of code that has numbers."""
    return [f"{number:>{len(str(lines))}}\t" for number in range(1, lines + 1)]


def _indent(left: int, gutter: int) -> str:
    return f'<w:ind w:left="{left + gutter}"' + (f' w:hanging="{gutter}"/>' if gutter else "/>")


def _tab_stops(left: int, lines: Sequence[str], *, has_gutter: bool) -> str:
    """As many as the tabs of these lines reach, every four columns from where the code begins."""
    columns = max(
        (len(line.rpartition("\t")[0].expandtabs(_TAB_COLUMNS)) for line in lines if "\t" in line), default=-1
    )
    count = min(columns // _TAB_COLUMNS + 1, _MOST_STOPS)
    stops = range(0 if has_gutter else 1, count + 1)
    placed = "".join(f'<w:tab w:val="left" w:pos="{left + stop * _TAB_COLUMNS * CODE_CHARACTER}"/>' for stop in stops)
    return f"<w:tabs>{placed}</w:tabs>" if placed else ""


def _number(number: str) -> str:
    return f'<w:r><w:rPr><w:rStyle w:val="LineNumber"/></w:rPr>{text_elements(number)}</w:r>'


def _line(spans: Sequence[Span]) -> str:
    parts: list[str] = []
    for (color, bold, italic), group in groupby(spans, lambda span: (span.color, span.bold, span.italic)):
        properties = "".join(
            (
                "<w:b/>" if bold else "",
                "<w:i/>" if italic else "",
                f'<w:color w:val="{color[1:].upper()}"/>' if color else "",
            )
        )
        text = text_elements("".join(span.text for span in group))
        parts.append(f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{text}</w:r>")
    return "".join(parts)
