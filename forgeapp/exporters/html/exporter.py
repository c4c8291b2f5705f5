"""HTML: one file that needs nothing else, runs nothing and loads nothing; readable on any screen, and printable."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from forgeapp.domain.artifact import Format
from forgeapp.domain.document import Blocks, Footnote, plain_text
from forgeapp.domain.publication import Progress, Publication
from forgeapp.exporters.counting import count_of, size_of
from forgeapp.exporters.front import listed_headings, title_heading
from forgeapp.exporters.html.blocks import Pen, direction, heading_id, runs_backwards, text_markup
from forgeapp.exporters.html.style import STYLE
from forgeapp.exporters.html.verify import differences
from forgeapp.exporters.language import beginning_of, language_of
from forgeapp.exporters.standins import publication_with_standins

POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What the file may do, said to the browser: nothing but its own style sheet and its own pictures (CSP Level 3)."""

_DESCRIBED = (
    ("author", "author"),
    ("description", "subject"),
    ("keywords", "keywords"),
    ("dcterms.created", "created"),
)
"""Names of what a page says about itself, and the properties they are."""


class HtmlExporter:
    format = Format.HTML

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        publication, warnings = publication_with_standins(publication)
        notes = [block for block in publication.blocks if isinstance(block, Footnote)]
        body = [block for block in publication.blocks if not isinstance(block, Footnote)]
        pen = Pen(notes, publication.options.line_numbers)
        contents = list(_contents(publication.blocks)) if publication.options.contents else []
        title = title_heading(publication.blocks)
        count = count_of(publication.blocks, progress)
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_head(publication))
            for block in body:
                if block is not title:
                    file.writelines(contents)
                    contents = []
                file.writelines(count.each(pen.block(block), size_of(block)))
            if notes:
                file.writelines(pen.notes(notes))
            file.write("</main>\n</body>\n</html>\n")
        progress(1.0)
        return [*warnings, *pen.warnings]

    def verify(self, publication: Publication, path: Path) -> list[str]:
        return differences(publication_with_standins(publication)[0], path)


def _head(publication: Publication) -> str:
    properties = publication.properties
    beginning = beginning_of(publication.blocks)
    turn = ' dir="rtl"' if _is_mostly_backwards(beginning) else ""
    lines = [
        "<!doctype html>",
        f'<html lang="{language_of(publication)}"{turn}>',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="generator" content="ForgeApp">',
    ]
    for name, key in _DESCRIBED:
        if properties.get(key):
            lines.append(f'<meta name="{name}" content="{text_markup(properties[key])}">')
    lines += [f"<title>{text_markup(publication.title)}</title>", f"<style>{STYLE}</style>", "</head>", "<body>"]
    return "\n".join((*lines, "<main>\n"))


def _is_mostly_backwards(text: str) -> bool:
    """Whether most letters are of scripts written from right to left."""
    letters = [runs_backwards(character) for character in text if character.isalpha()]
    return 2 * sum(letters) > len(letters)


def _contents(blocks: Blocks) -> Iterator[str]:
    """Links to the headings, nested as they are."""
    entries = listed_headings(blocks)
    if not entries:
        return
    yield '<nav class="contents" aria-label="Contents">'
    opened: list[int] = []
    for number, heading in entries:
        level = heading.level
        while opened and opened[-1] > level:
            yield "</li></ol>"
            opened.pop()
        if opened and opened[-1] == level:
            yield "</li>\n"
        else:
            yield "<ol>\n"
            opened.append(level)
        text = text_markup(plain_text(heading.inlines))
        yield f'<li><a href="#{heading_id(number + 1)}"{direction(heading.inlines)}>{text}</a>'
    yield "</li></ol>" * len(opened) + "</nav>\n"


EXPORTER = HtmlExporter()
