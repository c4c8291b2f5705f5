"""A PDF opened again with pdfium, another library than its writer's, and compared with what was to be written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from forgeapp.domain.anchors import place_number
from forgeapp.domain.document import Blocks, Footnote, FootnoteMark, Heading, Run, TableBlock, plain_text, walk
from forgeapp.domain.publication import Publication
from forgeapp.exporters.front import listed_headings
from forgeapp.exporters.links import web_address
from forgeapp.exporters.pdf.characters import RUNS_BACKWARDS, flowing, single_line_ends
from forgeapp.exporters.pdf.drawn_differences import formula_differences, formulas_of, picture_differences
from forgeapp.exporters.pdf.front import Cover
from forgeapp.exporters.pdf.reading import Found, OutlineEntry, read
from forgeapp.exporters.pdf.style import CODE_IN_TEXT, HEADINGS
from forgeapp.exporters.pdf.text_differences import SHOWN_CHARS, compact, short, text_differences
from forgeapp.exporters.pdf.units import headings_of, inlines_of

MAX_NAMED = 20
_NAMELESS = "…"
_SAME_SIZE = 0.3


def differences(publication: Publication, path: Path, cover: Cover | None) -> list[str]:
    """Every difference in words, the first MAX_NAMED of them; [] for none. `cover`: what its page says."""
    import pypdfium2 as pdfium

    blocks = publication.blocks
    formulas = list(formulas_of(blocks))
    has_notes = any(isinstance(block, Footnote) for block in blocks)
    try:
        has_lines = any(isinstance(block, TableBlock) and _has_lines(block) for block in walk(blocks))
        found = read(path, has_formulas=bool(formulas), has_notes=has_notes, has_lines=has_lines)
    except pdfium.PdfiumError as error:
        return [f"the file cannot be opened: {error}"]
    if not found.texts:
        return ["the file has no page"]
    result: list[str] = []
    title = flowing(publication.title).strip()
    if found.title != title:
        result.append(f"the title is '{short(found.title)}', not '{short(title)}'")
    result += text_differences(publication, found, cover)
    result += _outline_differences(blocks, found)
    result += _appendix_differences(publication, found)
    if publication.options.contents:
        result += _contents_differences(blocks, found)
    result += _link_differences(blocks, found, has_contents=publication.options.contents)
    result += picture_differences(blocks, found.pictures)
    if formulas:
        result += formula_differences(formulas, found.outlines)
    result += _number_differences(found, has_cover=cover is not None)
    return result[:MAX_NAMED]


def _has_lines(table: TableBlock) -> bool:
    cells = (cell for row in (table.header, *table.rows) for cell in row)
    return any(isinstance(inline, Run) and "\n" in single_line_ends(inline.text) for cell in cells for inline in cell)


def _outline_differences(blocks: Blocks, found: Found) -> list[str]:
    wanted: list[tuple[int, int, str]] = []
    level = -1
    for heading in headings_of(blocks):
        number = min(max(heading.level, 1), 6)
        level = min(number - 1, level + 1)
        first = next((inline for inline in heading.inlines if plain_text((inline,)).strip()), None)
        # The size of a formula or of a mark says nothing.
        wanted.append(
            (number if isinstance(first, Run) else 0, level, flowing(plain_text(heading.inlines)).strip() or _NAMELESS)
        )
    if len(found.outline) != len(wanted):
        return [f"the outline has {len(found.outline)} entries, not {len(wanted)}"]
    result: list[str] = []
    pages = [compact(text) for text in found.texts]
    for (number, level, title), entry in zip(wanted, found.outline, strict=True):
        if (entry.level, compact(entry.title)) != (level, compact(title)):
            result.append(
                f"the outline has '{short(entry.title)}' at level {entry.level + 1}, "
                f"not '{short(title)}' at level {level + 1}"
            )
        elif number and entry.sizes and not any(_is_size_of(number, size) for size in entry.sizes):
            result.append(f"'{short(title)}' does not look like a heading of level {number}")
        elif not _stands_on(entry, pages):
            result.append(f"the outline leads to page {entry.page} for '{short(title)}', which is not there")
    return result


def _appendix_differences(publication: Publication, found: Found) -> list[str]:
    """What stands behind the content begins a page."""
    first = publication.appendix[0] if publication.appendix else None
    number = len(headings_of(publication.blocks)) - len(headings_of(publication.appendix))
    if not isinstance(first, Heading) or number >= len(found.outline):
        return []
    title, page = compact(plain_text(first.inlines)), found.outline[number].page
    if 0 < page <= len(found.texts) and compact(found.texts[page - 1]).startswith(title):
        return []
    return [f"'{short(plain_text(first.inlines))}' does not begin a page"]


def _is_size_of(number: int, size: float) -> bool:
    """Whether a heading of this level begins in this size; code in it is a little smaller."""
    return any(abs(size - HEADINGS[number - 1] * scale) < _SAME_SIZE for scale in (1.0, CODE_IN_TEXT))


def _stands_on(entry: OutlineEntry, pages: Sequence[str]) -> bool:
    if not 0 < entry.page <= len(pages):
        return False
    if entry.title == _NAMELESS:
        return True
    title = compact(entry.title)
    return not title.isascii() or title[:SHOWN_CHARS] in pages[entry.page - 1]


def _contents_differences(blocks: Blocks, found: Found) -> list[str]:
    """Each line of the contents leads to the page of its heading."""
    pages = [found.outline[number].page for number, _ in listed_headings(blocks) if number < len(found.outline)]
    first = min(pages, default=1)
    # Behind them stand those of footnotes that are named before the first heading.
    jumps = [target for page, target in found.jumps if page < first][: len(pages)]
    return [] if jumps == pages else [f"the lines of the contents lead to the pages {jumps[:9]}, not {pages[:9]}"]


def _link_differences(blocks: Blocks, found: Found, *, has_contents: bool) -> list[str]:
    wanted = Counter(address for address in map(web_address, _links(blocks)) if address)
    result = [
        f"{count} of {wanted[address]} links to {short(address)} are missing"
        for address, count in (wanted - found.links).items()
    ]
    more = [address for address in found.links if address not in wanted]
    result += [f"there is a link to {short(address)}, which is not in the document" for address in more]
    marks, notes = _marks_and_notes(blocks)
    listed = [number for number, _ in listed_headings(blocks)] if has_contents else []
    inner = [number - 1 for number in map(place_number, _links(blocks)) if number]
    pages = Counter(found.outline[number].page for number in (*listed, *inner) if number < len(found.outline))
    jumps = Counter(page for _, page in found.jumps)
    result += [
        f"{count} of {pages[page]} links to headings on page {page} are missing"
        for page, count in (pages - jumps).items()
    ]
    # The lines of the contents and links to headings are the other links inside the file.
    left = len(found.jumps) - len(listed) - len(inner)
    if left < marks + notes:
        missing, most = marks + notes - left, marks + notes + len(inner)
        kind = "between footnotes and their marks" if not inner else "to headings, footnotes and their marks"
        result.append(f"{missing} of {most} links {kind} are missing")
    return result


def _marks_and_notes(blocks: Blocks) -> tuple[int, int]:
    """The marks that name a footnote, and the footnotes that the text names; what only notes name may lead nowhere."""
    notes = tuple(block for block in blocks if isinstance(block, Footnote))
    labels = {note.label for note in notes}
    in_text = _labels(tuple(block for block in blocks if not isinstance(block, Footnote)), labels)
    return len(in_text) + len(_labels(notes, labels)), len(set(in_text))


def _labels(blocks: Blocks, known: set[str]) -> list[str]:
    marks = (inline for inlines in inlines_of(blocks) for inline in inlines if isinstance(inline, FootnoteMark))
    return [mark.label for mark in marks if mark.label in known]


def _number_differences(found: Found, *, has_cover: bool) -> list[str]:
    count = len(found.footers)
    if count == 1:
        return []
    return [
        f"page {number} has no number"
        for number, text in enumerate(found.footers, 1)
        if not _has_number(compact(text), number, count) and not (number == 1 and has_cover)
    ][:1]


def _has_number(footer: str, number: int, count: int) -> bool:
    """At its end; beside a title from right to left the line is read backwards."""
    if RUNS_BACKWARDS.search(footer):
        backwards = f"{count}/{number}"
        return footer.startswith(backwards) or footer.endswith(backwards)
    return footer.endswith(f"{number}/{count}")


def _links(blocks: Blocks) -> Iterator[str]:
    for inlines in inlines_of(blocks):
        for inline in inlines:
            if isinstance(inline, Run) and inline.link and compact(inline.text):
                yield inline.link
