"""What is selected, for the clipboard: plain text as a person would type it, and HTML without any colours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from forgeapp.domain.document import FootnoteMark, InlineMath, Run
from forgeapp.ui.carried_text import unfolded
from forgeapp.ui.richtext.box import Box, RuleBox
from forgeapp.ui.richtext.cell import cut
from forgeapp.ui.richtext.code_box import CodeBox
from forgeapp.ui.richtext.math_box import MathBox
from forgeapp.ui.richtext.picture_box import PictureBox
from forgeapp.ui.richtext.pieces import Container, Marker
from forgeapp.ui.richtext.styling import Span, Styled, is_link
from forgeapp.ui.richtext.table_box import TableBox
from forgeapp.ui.richtext.text_box import TextBox

Selected = tuple[Box, int, int]
"""A box, and the positions its selection stands between."""


def plain_text(selected: Sequence[Selected]) -> str:
    """Items with their marks, cells with tabs between them."""
    parts: list[str] = []
    for number, (box, start, end) in enumerate(selected):
        if number:
            parts.append("\n" if box.piece.place.gap == "item" else "\n\n")
        parts.append(_plain_box(box, start, end))
    return "".join(parts)


def _plain_box(box: Box, start: int, end: int) -> str:
    if isinstance(box, TableBox):
        return _plain_table(box, start, end)
    if isinstance(box, RuleBox):
        return "---"
    if isinstance(box, TextBox):
        text = "".join(_plain_spans(box.styled, start, end))
    else:
        text = "\n".join(text for _, text, _, _ in box.parts(start, end))
    lists = [container for container in box.piece.place.containers if container.digits is not None]
    marker = box.piece.place.marker
    if start == 0 and marker:
        return "  " * max(0, len(lists) - 1) + _mark(marker) + text
    return text


def _plain_spans(text: Styled, start: int, end: int) -> Iterable[str]:
    for span in text.spans:
        first, last = max(start, span.start), min(end, span.end)
        if first < last:
            part = text.source(span, cut(text.text, first, last).replace("\u2028", "\n"))
            yield f"[{part}]" if isinstance(span.inline, FootnoteMark) else part


def _mark(marker: Marker) -> str:
    if marker.checked is not None:
        return "☑ " if marker.checked else "☐ "
    if marker.label:
        return f"[{marker.label}] "
    return "• " if marker.number is None else f"{marker.number}. "


def _plain_table(box: TableBox, start: int, end: int) -> str:
    lines: list[list[str]] = []
    last_row = -1
    columns = len(box.shown_rows[0])
    for number, _, first, last in box.parts(start, end):
        row = number // columns
        if row != last_row:
            lines.append([])
            last_row = row
        lines[-1].append(_plain_cell(box.shown_rows[row][number % columns], first, last))
    return "\n".join("\t".join(line) for line in lines)


def _plain_cell(text: Styled, start: int, end: int) -> str:
    parts = []
    for span in text.spans:
        first, last = max(start, span.start), min(end, span.end)
        if first < last:
            parts.append(text.source(span, cut(text.text, first, last)).replace("\u2028", " "))
    return "".join(parts)


def html(selected: Sequence[Selected]) -> str:
    """Headings, paragraphs, lists, tables, code and quotes."""
    parts: list[str] = []
    open_containers: list[Container] = []
    in_item: list[bool] = []
    for box, start, end in selected:
        place = box.piece.place
        shared = _shared(open_containers, place.containers, place.opened, place.marker is not None)
        _close(parts, open_containers, in_item, shared)
        for container in place.containers[shared:]:
            parts.append(_opening(container))
            open_containers.append(container)
            in_item.append(False)
        if place.marker and in_item:
            if in_item[-1]:
                parts.append("</li>")
            parts.append("<li>" + (_mark(place.marker) if place.marker.checked is not None else ""))
            in_item[-1] = True
        parts.append(_html_box(box, start, end))
    _close(parts, open_containers, in_item, 0)
    return "".join(parts)


def _shared(opened: Sequence[Container], wanted: Sequence[Container], new: int, begins_item: bool) -> int:
    """How many of the open containers go on; the item's own list does, though each item opens it anew."""
    fresh = len(wanted) - new
    if begins_item and new and len(opened) >= len(wanted) and opened[len(wanted) - 1] == wanted[-1]:
        fresh = len(wanted)
    count = 0
    for outer, inner in zip(opened, wanted[:fresh], strict=False):
        if outer != inner:
            break
        count += 1
    return count


def _opening(container: Container) -> str:
    if container.digits is None:
        return "<blockquote>"
    return "<ol>" if container.ordered else "<ul>"


def _close(parts: list[str], containers: list[Container], in_item: list[bool], kept: int) -> None:
    while len(containers) > kept:
        container = containers.pop()
        if in_item.pop():
            parts.append("</li>")
        parts.append(_opening(container).replace("<", "</"))


def _html_box(box: Box, start: int, end: int) -> str:
    if isinstance(box, TextBox):
        body = _html_text(box.styled, start, end)
        if box.piece.level:
            return f"<h{box.piece.level}>{body}</h{box.piece.level}>"
        return body if box.piece.place.marker else f"<p>{body}</p>"
    if isinstance(box, CodeBox):
        return f"<pre><code>{escape(_plain_box(box, start, end))}</code></pre>"
    if isinstance(box, TableBox):
        return _html_table(box, start, end)
    if isinstance(box, MathBox):
        return f"<p><code>{escape(_plain_box(box, start, end))}</code></p>"
    if isinstance(box, PictureBox):
        picture = box.piece.picture
        return f'<p><img src="{escape(unfolded(picture.source))}" alt="{escape(picture.alt)}"></p>'
    return "<hr>"


def _html_table(box: TableBox, start: int, end: int) -> str:
    rows: dict[int, list[str]] = {}
    columns = len(box.shown_rows[0])
    for number, _, first, last in box.parts(start, end):
        row, column = divmod(number, columns)
        tag = "td" if row else "th"
        rows.setdefault(row, []).append(f"<{tag}>{_html_text(box.shown_rows[row][column], first, last)}</{tag}>")
    return "<table>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows.values()) + "</table>"


def _html_text(text: Styled, start: int, end: int) -> str:
    return "".join(_html_spans(text, start, end))


def _html_spans(text: Styled, start: int, end: int) -> Iterable[str]:
    for span in text.spans:
        first, last = max(start, span.start), min(end, span.end)
        if first < last:
            part = text.source(span, cut(text.text, first, last))
            yield _html_span(span, escape(part).replace("\u2028", "<br>"))


def _html_span(span: Span, body: str) -> str:
    inline = span.inline
    if isinstance(inline, InlineMath):
        return f"<code>{body}</code>"
    if isinstance(inline, FootnoteMark):
        return f"<sup>{body}</sup>"
    if not isinstance(inline, Run):
        return body
    for applies, tag in ((inline.code, "code"), (inline.strike, "s"), (inline.italic, "i"), (inline.bold, "b")):
        if applies:
            body = f"<{tag}>{body}</{tag}>"
    return f'<a href="{escape(inline.link or "")}">{body}</a>' if is_link(inline.link) else body
