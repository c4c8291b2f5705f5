"""From the whole text of a reply to what it means: artifacts, and the talk around them.

One function does it, so that the result cannot depend on the pieces in which the text arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.localised_formulas import dialect_of
from forgeapp.domain.workbook import Workbook
from forgeapp.reading import prose
from forgeapp.reading.anatomy import Anatomy
from forgeapp.reading.cells import MAX_SAMPLED, Grid, sheet_of, table_of
from forgeapp.reading.envelope import Envelope, envelopes
from forgeapp.reading.formulas import sheets_named
from forgeapp.reading.front_matter import line_with_front_matter, split_front_matter, stated_title
from forgeapp.reading.languages import detect, file_name, language_of, language_of_file
from forgeapp.reading.naming import (
    file_in,
    is_name_line,
    named_by_first_line,
    named_by_info,
    safe_path,
    sheet_names,
    sheet_title,
    without_emoji,
)
from forgeapp.reading.reasoning import without_reasoning
from forgeapp.reading.scan import Fence, HeadingPart, HtmlPart, JsonPart, Paragraph, Part, fence_mark, is_rule
from forgeapp.reading.sources import Source
from forgeapp.reading.wrapping import with_tables_apart, without_wrapping

CUT_OFF = "The reply breaks off; what had arrived is kept."
NO_ARTIFACT_END = "The reply ends before its artifact does; what had arrived is kept."
TOO_MANY = "The reply holds more than can be taken up; the rest is left in the chat."
LEFT_OUT = "{count} sheets beyond the first ones were left out."
SURPLUS = "{count} cells beyond the header's columns were left out."
MAX_TABLES = 500
MAX_SHEETS = 500
MAX_FILES = 500
_ADDRESS = re.compile(r"\$?[A-Z]{1,2}\$?\d+(?:\s*[:–-]\s*\$?[A-Z]{1,2}\$?\d+)?")
_TAGGED = ("xml", "html", "artifact", "")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply holds.

    `kind` and `title` are those of the first artifact, None where there is none. `chat_text`: what surrounds the
    artifacts, raw Markdown. `warnings`: English sentences.
    """

    kind: Kind | None
    title: str | None
    chat_text: str
    artifacts: tuple[Content, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass
class _Found:
    """Artifacts, the lines of the reply they take up, what these say beside the artifacts, and warnings."""

    artifacts: list[Content] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def take(self, source: Source, names: Iterable[str | None]) -> None:
        """`names`: what its artifacts are called; a label that is none of them stays in the chat."""
        if source.label_start is not None and any(_says(name, source.label) for name in names):
            self.taken.append((source.label_start, source.start))
        self.taken.extend(source.spans or ((source.start, source.end),))
        self.remarks.extend(source.remarks)
        if source.is_cut:
            self.warn(CUT_OFF)

    def warn(self, warning: str) -> None:
        if warning not in self.warnings:
            self.warnings.append(warning)


def interpret(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    """The meaning of a whole reply; `kind` is the wished-for one where known, `request` what the user had asked."""
    text, _ = without_reasoning(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    lines = with_tables_apart(without_wrapping(text.split("\n")))
    found_envelopes = _unfenced_envelopes(lines)
    if found_envelopes:
        found = _Found()
        for envelope in found_envelopes:
            _read_envelope(envelope, kind, request, found)
        found.artifacts = _distinct(found.artifacts)
    else:
        found = _read_plain(Anatomy(lines, request), kind)
    first = found.artifacts[0] if found.artifacts else None
    return Reading(
        kind_of(first) if first else None,
        first.title if first else None,
        "\n\n".join(filter(None, (_chat(lines, found.taken), *found.remarks))),
        tuple(found.artifacts),
        tuple(found.warnings),
    )


def _unfenced_envelopes(lines: Sequence[str]) -> list[Envelope]:
    """The envelopes; a fence that does nothing but wrap them goes with them."""
    found = envelopes(lines) if any("artifact" in line.lower() and "<" in line for line in lines) else []
    result: list[Envelope] = []
    for envelope in found:
        start, end = envelope.start, envelope.end
        above = fence_mark(lines[start - 1]) if start else None
        below = fence_mark(lines[end]) if end < len(lines) else None
        if above and above[2].lower() in _TAGGED and below and not below[2]:
            start, end = start - 1, end + 1
        result.append(replace(envelope, start=start, end=end))
    return result


def _read_envelope(envelope: Envelope, kind: Kind | None, request: str, found: _Found) -> None:
    anatomy = Anatomy(envelope.lines, request)
    wished = envelope.kind or kind
    if wished is Kind.TABLE and kind is Kind.SPREADSHEET:
        wished = kind
    if wished is None:
        wished = anatomy.kind
    inner = _read_plain(anatomy, wished, is_wrapped=True)
    if not inner.artifacts and wished is not Kind.DOCUMENT:
        inner = _read_plain(anatomy, anatomy.kind, is_wrapped=True)
    if not inner.artifacts and wished is Kind.CODE and any(line.strip() for line in envelope.lines):
        inner.artifacts = [_code_of_lines(envelope.lines)]
        inner.taken = [(0, len(envelope.lines))]
    last = envelope.inside + len(envelope.lines)
    found.taken.append((envelope.start, envelope.inside))
    found.taken.extend((start + envelope.inside, end + envelope.inside) for start, end in inner.taken)
    found.taken.append((min(last, envelope.end), envelope.end))
    for artifact in inner.artifacts:
        title = envelope.title or artifact.title
        if artifact.title and not _shows(artifact, artifact.title) and artifact.title not in (title or ""):
            found.remarks.append(artifact.title)
        found.artifacts.append(replace(artifact, title=title))
    found.remarks.extend(inner.remarks)
    for warning in inner.warnings:
        found.warn(warning)
    if not envelope.closed:
        found.warn(NO_ARTIFACT_END)


def _read_plain(anatomy: Anatomy, kind: Kind | None, is_wrapped: bool = False) -> _Found:
    """Artifacts of one kind in lines without envelopes."""
    if not is_wrapped and anatomy.is_only_talk:
        return _Found()
    match kind or anatomy.kind:
        case Kind.TABLE:
            return _tables(anatomy)
        case Kind.SPREADSHEET:
            return _workbook(anatomy)
        case Kind.CODE:
            return _code(anatomy)
        case Kind.DOCUMENT:
            return _document(anatomy, is_wrapped)
        case _:
            return _Found()


def _tables(anatomy: Anatomy) -> _Found:
    found = _Found()
    lost = 0
    seen: set[tuple[tuple[str, ...], ...]] = set()
    for source in anatomy.sources:
        if len(found.artifacts) >= MAX_TABLES:
            found.warn(TOO_MANY)
            break
        names: list[str | None] = []
        is_read = False
        for grid in source.grids:
            grid = grid.as_rows
            rows = tuple(row for row in grid.rows if row)
            is_read = is_read or bool(rows)
            if not rows or rows in seen:
                found.remarks.extend([grid.name] if grid.name else [])
                continue
            seen.add(rows)
            label = grid.name or source.title or source.label or source.heading
            table, surplus = table_of(grid, without_emoji(label) or None if label else None)
            found.artifacts.append(table)
            names.append(table.title)
            lost += surplus
        if is_read:
            found.take(source, names)
            if source.title and source.title not in names:
                found.remarks.append(source.title)
    if lost:
        found.warn(SURPLUS.format(count=lost))
    return found


def _workbook(anatomy: Anatomy) -> _Found:
    found = _Found()
    used = [source for source in anatomy.sources if source.is_workbook] or anatomy.sources
    pairs: list[tuple[Grid, str | None]] = []
    seen: set[tuple[str | None, tuple[tuple[str, ...], ...]]] = set()
    title: str | None = None
    taken: list[tuple[Source, int]] = []
    may_explain = anatomy.has_formulas and sum(len(source.grids) for source in used) > 1
    for source in used:
        if len(pairs) >= MAX_SHEETS:
            found.warn(TOO_MANY)
            break
        source = source if source.is_workbook or not may_explain else _without_explanations(source)
        kept = source.grids
        for grid in kept:
            label = grid.name or (source.label or source.heading if len(source.grids) == 1 else None)
            if grid.rows and (grid.name, grid.rows) in seen:
                continue
            seen.add((grid.name, grid.rows))
            pairs.append((grid, label))
            if len(pairs) > MAX_SHEETS:
                found.warn(LEFT_OUT.format(count=len(pairs) - MAX_SHEETS))
                del pairs[MAX_SHEETS:]
        if kept:
            taken.append((source, len(pairs)))
            title = title or source.title
    if not pairs:
        return _Found()
    formulas = [text for grid, _ in pairs for text in grid.formulas]
    referred = list(dict.fromkeys(name for text in formulas if "!" in text for name in sheets_named(text)))
    names = sheet_names([label for _, label in pairs], referred)
    dialect = dialect_of(formulas[:MAX_SAMPLED])
    if dialect:
        found.warn(dialect.note)
    sheets = tuple(
        sheet_of(grid, name, anatomy.decimal_comma, dialect) for (grid, _), name in zip(pairs, names, strict=True)
    )
    if title is None:
        heading = next((part for part in anatomy.parts if isinstance(part, HeadingPart)), None)
        label = pairs[0][1] if len(pairs) == 1 else None
        title = label or (heading and heading.level <= 2 and anatomy.displayer.text(heading.text)) or None
    title = without_emoji(title) or None if title else None
    for source, last in taken:
        found.take(source, (title, *names[max(0, last - len(source.grids)) : last]))
    for (grid, _), name in zip(pairs, names, strict=True):
        if grid.name and not _says(name, grid.name) and grid.name != title:
            found.remarks.append(grid.name)
    found.artifacts.append(Workbook(title, sheets))
    return found


def _says(name: str | None, label: str | None) -> bool:
    """Whether a name holds the words of a label, its number and the word for a sheet left out."""
    if not name or not label:
        return False
    return sheet_title(label).casefold() in name.casefold() or without_emoji(label) == name


def _shows(artifact: Content, title: str) -> bool:
    """Whether the artifact holds its title elsewhere, too, or took it from a line that stays in the chat."""
    match artifact:
        case Workbook(sheets=sheets):
            return any(title in sheet.name for sheet in sheets)
        case Document() | Code():
            return True
        case _:
            return False


def _without_explanations(source: Source) -> Source:
    """Without the grids that only explain, where what they stand in can be parted into its lines."""
    kept = tuple(grid for grid in source.grids if not _explains(grid))
    if not kept or len(kept) == len(source.grids):
        return replace(source, grids=kept)
    if not source.spans:
        return source
    gone = [grid.start for grid in source.grids if _explains(grid)]
    spans = tuple(span for span in source.spans if not any(span[0] <= start < span[1] for start in gone))
    return replace(source, grids=kept, spans=spans)


def _explains(grid: Grid) -> bool:
    """A table beside the sheets that only says what stands in which cell, or holds no figures at all."""
    firsts = [row[0] for row in grid.rows[1:] if row and row[0]]
    if firsts and sum(bool(_ADDRESS.fullmatch(cell)) for cell in firsts) * 2 > len(firsts):
        return True
    return not grid.has_formulas and not grid.has_numbers


def _code(anatomy: Anatomy) -> _Found:
    found = _Found()
    files: list[CodeFile] = []
    names: set[str] = set()
    for index, part in enumerate(anatomy.parts):
        if isinstance(part, Fence):
            if len(files) >= MAX_FILES:
                found.warn(TOO_MANY)
                break
            label = anatomy.parts[index - 1] if index else None
            files.append(_file_of(part, label, names, found))
            found.taken.append((part.start, part.end))
            if not part.closed:
                found.warn(CUT_OFF)
    if not files:
        return _unfenced_code(anatomy)
    heading = next((part for part in anatomy.parts if isinstance(part, HeadingPart)), None)
    title = without_emoji(anatomy.displayer.text(heading.text)) if heading and not is_name_line(heading.text) else None
    found.artifacts.append(Code(title or None, tuple(files)))
    return found


def _file_of(fence: Fence, above: Part | None, names: set[str], found: _Found) -> CodeFile:
    label = ""
    if isinstance(above, HeadingPart | Paragraph):
        label = above.text.strip().split("\n")[-1]
    language = language_of(fence.word) if fence.word else ""
    is_plain = not language or fence.word in ("text", "txt", "plaintext", "plain", "none", "code")
    name = (
        named_by_info(fence)
        or (file_in(label) if _names_file(label, above) else None)
        or named_by_first_line(fence.lines)
    )
    if is_plain:
        language = (language_of_file(name) if name else "") or detect(fence.text) or language
    path = safe_path(name) if name else ""
    if not path or path in names:
        path = file_name(language, names)
    elif label and isinstance(above, HeadingPart | Paragraph) and is_name_line(above.text):
        found.taken.append((above.start, above.end))
    names.add(path)
    return CodeFile(path, language, fence.text)


def _names_file(label: str, above: Part | None) -> bool:
    """Whether the line above a fence is about the file: a heading, a name alone, or a short line that ends in ':'."""
    if isinstance(above, HeadingPart) or is_name_line(label):
        return True
    return len(label) <= 120 and label.rstrip("* ").endswith((":", "：")) and label.count("`") <= 4


def _unfenced_code(anatomy: Anatomy) -> _Found:
    """Code that stands in a reply without any fence: JSON, HTML, or lines that look like a language."""
    found = _Found()
    for part in anatomy.parts:
        if isinstance(part, JsonPart | HtmlPart):
            language = "json" if isinstance(part, JsonPart) else "html"
            name = file_name(language, set())
            found.artifacts.append(Code(None, (CodeFile(name, language, part.text),)))
            found.taken.append((part.start, part.end))
            return found
    bare = anatomy.bare_code
    if bare is None:
        return found
    found.artifacts.append(_code_of_lines(anatomy.lines[bare.start : bare.end]))
    found.taken.append((bare.start, bare.end))
    return found


def _code_of_lines(lines: Sequence[str]) -> Code:
    text = "\n".join(lines).strip("\n")
    language = detect(text)
    named = named_by_first_line(lines)
    return Code(None, (CodeFile((named and safe_path(named)) or file_name(language, set()), language, text),))


def _document(anatomy: Anatomy, is_wrapped: bool) -> _Found:
    found = _Found()
    fences = anatomy.document_fences
    if not fences and len(anatomy.fences) == 1 and anatomy.filled_lines - len(anatomy.fences[0].lines) <= 8:
        only = anatomy.fences[0]
        fences = [only] if only.word in ("markdown", "md") else []
    if fences:
        for fence in fences:
            found.artifacts.append(_document_of(fence.lines, Anatomy(fence.lines)))
            found.taken.append((fence.start, fence.end))
            if not fence.closed:
                found.warn(CUT_OFF)
        return found
    if is_wrapped:
        if any(line.strip() for line in anatomy.lines):
            found.artifacts.append(_document_of(anatomy.lines, anatomy))
            found.taken.append((0, len(anatomy.lines)))
        return found
    span = anatomy.manuscript
    if span is None:
        return found
    start, end = anatomy.parts[span.first].start, anatomy.parts[span.last - 1].end
    if anatomy.fences and not anatomy.fences[-1].closed:
        found.warn(CUT_OFF)
    start = line_with_front_matter(anatomy.lines, start)
    found.artifacts.append(_document_of(anatomy.lines[start:end], anatomy, anatomy.parts[span.first : span.last]))
    found.taken.append((start, end))
    return found


def _document_of(lines: Sequence[str], anatomy: Anatomy, parts: Sequence[Part] | None = None) -> Document:
    markdown = "\n".join(lines).strip("\n")
    head, body = split_front_matter(markdown)
    title = (stated_title(head) or title_of(Anatomy(body.split("\n")))) if head else title_of(anatomy, parts)
    return Document(title, markdown.rstrip())


def title_of(anatomy: Anatomy, parts: Sequence[Part] | None = None) -> str | None:
    """A document's title: the heading or bold line it begins with, else its first heading of level 1."""
    parts = anatomy.parts if parts is None else parts
    begin = next((part for part in parts if isinstance(part, HeadingPart | Paragraph)), None)
    headings = [part for part in parts if isinstance(part, HeadingPart) and part.text]
    if isinstance(begin, HeadingPart) and begin.text:
        return anatomy.displayer.text(begin.text)
    if isinstance(begin, Paragraph) and begin.bold_line and not prose.is_salutation(begin.text):
        return anatomy.displayer.text(begin.bold_line)
    top = next((part for part in headings if part.level == 1), None)
    return anatomy.displayer.text(top.text) if top else None


def _distinct(artifacts: list[Content]) -> list[Content]:
    return [artifact for number, artifact in enumerate(artifacts) if artifact not in artifacts[:number][-16:]]


def _chat(lines: Sequence[str], taken: Sequence[tuple[int, int]]) -> str:
    """The lines no artifact takes up, rules at the seams left out."""
    chunks: list[str] = []
    at = 0
    for start, end in (*sorted(taken), (len(lines), len(lines))):
        if start > at:
            chunks.append(_without_seams(lines[at:start], at > 0, start < len(lines)))
        at = max(at, end)
    return "\n\n".join(chunk for chunk in chunks if chunk)


def _without_seams(lines: Sequence[str], after: bool, before: bool) -> str:
    first, last = 0, len(lines)
    while first < last and (not lines[first].strip() or (after and is_rule(lines[first]))):
        first += 1
    while last > first and (not lines[last - 1].strip() or (before and is_rule(lines[last - 1]))):
        last -= 1
    return "\n".join(lines[first:last])
