"""HTML: one file that needs nothing else, runs nothing and loads nothing; readable, printable, every text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import (
    Block,
    Blocks,
    CodeBlock,
    Footnote,
    FootnoteMark,
    Heading,
    Inline,
    InlineMath,
    LineBreak,
    ListBlock,
    ListItem,
    MathBlock,
    Paragraph,
    Picture,
    Quote,
    Rule,
    Run,
    TableBlock,
    plain_text,
)
from forgeapp.domain.publication import Progress, Publication
from forgeapp.exporters.highlight import Span, highlight
from forgeapp.exporters.html_style import STYLE
from forgeapp.exporters.html_verify import differences
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pictures import read_picture

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
"""What the file may do, said to the browser: nothing but its own style and its own pictures."""

_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_CLASS = re.compile(r"[^A-Za-z0-9_+#-]")
_RUNS_BACKWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_ALIGNMENTS = ("left", "right", "center")


class HtmlExporter:
    """`properties` read: 'author', 'subject', 'language' (BCP 47)."""

    format = Format.HTML

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        notes = [block for block in publication.blocks if isinstance(block, Footnote)]
        body = [block for block in publication.blocks if not isinstance(block, Footnote)]
        pen = _Pen(notes)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_head(publication))
            for number, block in enumerate(body, 1):
                file.writelines(pen.block(block))
                progress(number / len(publication.blocks))
            if notes:
                file.writelines(pen.notes(notes))
            file.write("</body>\n</html>\n")
        progress(1.0)
        return list(pen.warnings)

    def verify(self, publication: Publication, path: Path) -> list[str]:
        return differences(publication, path)


def _head(publication: Publication) -> str:
    properties = publication.properties
    language = properties.get("language", "")
    lines = [
        "<!doctype html>",
        f'<html lang="{language if _LANGUAGE.fullmatch(language) else "und"}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="generator" content="ForgeApp">',
    ]
    for name, key in (("author", "author"), ("description", "subject")):
        if properties.get(key):
            lines.append(f'<meta name="{name}" content="{_text(properties[key])}">')
    lines += [f"<title>{_text(publication.title)}</title>", f"<style>{STYLE}</style>", "</head>", "<body>\n"]
    return "\n".join(lines)


class _Pen:
    """Writes blocks as markup. `warnings`: what the user should know, each once."""

    def __init__(self, notes: Iterable[Footnote]) -> None:
        self.warnings: dict[str, None] = {}
        self._numbers = {note.label: number for number, note in enumerate(notes, 1)}
        self._marked: set[int] = set()

    def block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading(level=level, inlines=inlines):
                tag = f"h{min(max(level, 1), 6)}"
                yield f"<{tag}{_direction(inlines)}>{self._inlines(inlines)}</{tag}>\n"
            case Paragraph(inlines=inlines):
                yield f"<p{_direction(inlines)}>{self._inlines(inlines)}</p>\n"
            case ListBlock():
                yield from self._list(block)
            case TableBlock():
                yield from self._table(block)
            case CodeBlock(language=language, text=text):
                yield _code(language, text)
            case MathBlock(tex=tex):
                self._warn_of_math()
                yield f'<div class="math"><code class="math">{_text(tex)}</code></div>\n'
            case Quote(blocks=blocks):
                yield "<blockquote>\n"
                yield from self._blocks(blocks)
                yield "</blockquote>\n"
            case Rule():
                yield "<hr>\n"
            case Footnote():
                yield from self.notes([block])

    def notes(self, notes: Sequence[Footnote]) -> Iterator[str]:
        """Each goes back to its first mark."""
        yield '<section class="footnotes">\n<ol>\n'
        for note in notes:
            number = self._numbers.get(note.label, 0)
            yield f'<li id="note-{number}">\n'
            yield from self._blocks(note.blocks)
            if number in self._marked:
                yield f'<a class="back" href="#mark-{number}" aria-label="Back to the text">↩</a>'
            yield "</li>\n"
        yield "</ol>\n</section>\n"

    def _blocks(self, blocks: Blocks) -> Iterator[str]:
        for block in blocks:
            yield from self.block(block)

    def _list(self, block: ListBlock) -> Iterator[str]:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        yield f"<{tag}{start}{' class=' + chr(34) + 'tight' + chr(34) if block.tight else ''}>\n"
        for item in block.items:
            yield from self._item(item)
        yield f"</{tag}>\n"

    def _item(self, item: ListItem) -> Iterator[str]:
        if item.checked is None:
            yield "<li>"
        else:
            state = " checked" if item.checked else ""
            yield f'<li class="task"><input type="checkbox" disabled{state}>'
        yield from self._blocks(item.blocks)
        yield "</li>\n"

    def _table(self, table: TableBlock) -> Iterator[str]:
        classes = [f' class="{kind}"' if kind in _ALIGNMENTS else "" for kind in table.alignments]
        yield '<div class="scroll"><table>\n<thead><tr>'
        for inlines, kind in zip(table.header, classes, strict=True):
            yield f'<th scope="col"{kind}{_direction(inlines)}>{self._inlines(inlines)}</th>'
        yield "</tr></thead>\n<tbody>\n"
        for row in table.rows:
            cells = (
                f"<td{kind}{_direction(inlines)}>{self._inlines(inlines)}</td>"
                for inlines, kind in zip(row, classes, strict=True)
            )
            yield f"<tr>{''.join(cells)}</tr>\n"
        yield "</tbody>\n</table></div>\n"

    def _inlines(self, inlines: Iterable[Inline]) -> str:
        return "".join(map(self._inline, inlines))

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Run():
                return _run(inline)
            case InlineMath(tex=tex):
                self._warn_of_math()
                return f'<code class="math">{_text(tex)}</code>'
            case Picture():
                return self._picture(inline)
            case FootnoteMark(label=label):
                return self._mark(label)
            case LineBreak():
                return "<br>\n"

    def _picture(self, picture: Picture) -> str:
        if read_picture(picture.source):
            return f'<img src="{_text("".join(picture.source.split()))}" alt="{_text(picture.alt)}">'
        self.warnings.setdefault(
            "Only PNG and JPEG pictures inside the document are shown; others by their description."
        )
        return f'<span class="picture">{_text(picture.alt)}</span>'

    def _mark(self, label: str) -> str:
        number = self._numbers.get(label)
        if number is None:
            return f"<sup>[{_text(label)}]</sup>"
        name = "" if number in self._marked else f' id="mark-{number}"'
        self._marked.add(number)
        return f'<sup><a{name} href="#note-{number}">{number}</a></sup>'

    def _warn_of_math(self) -> None:
        self.warnings.setdefault("Math is shown as TeX.")


def _run(run: Run) -> str:
    text = _text(run.text)
    if run.code:
        text = f"<code>{text}</code>"
    if run.bold:
        text = f"<strong>{text}</strong>"
    if run.italic:
        text = f"<em>{text}</em>"
    if run.strike:
        text = f"<s>{text}</s>"
    address = web_address(run.link)
    if address:
        text = f'<a href="{_text(address)}" rel="noopener noreferrer">{text}</a>'
    return text


def _code(language: str, text: str) -> str:
    name = _CLASS.sub("", language)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = ("".join(map(_span, spans)) for spans in highlight(text, language))
    return (
        f"<pre><code{f' class={chr(34)}language-{name}{chr(34)}' if name else ''}>"
        + "\n".join(lines)
        + "</code></pre>\n"
    )


def _span(span: Span) -> str:
    rules = [f"color:{span.color}"] if span.color else []
    if span.bold:
        rules.append("font-weight:600")
    if span.italic:
        rules.append("font-style:italic")
    text = _text(span.text)
    return f'<span style="{";".join(rules)}">{text}</span>' if rules else text


def _direction(inlines: Sequence[Inline]) -> str:
    """Text that may run from right to left says so itself."""
    return ' dir="auto"' if _RUNS_BACKWARDS.search(plain_text(inlines)) else ""


def _text(text: str) -> str:
    return escape(_UNSHOWABLE.sub("\ufffd", text))


EXPORTER = HtmlExporter()
