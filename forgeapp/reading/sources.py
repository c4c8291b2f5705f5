"""Where a reply holds rows: each part of it as grids, with what names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from forgeapp.reading.cells import Grid
from forgeapp.reading.delimited import looks_delimited, read_delimited
from forgeapp.reading.displayed import Displayer
from forgeapp.reading.formulas import unwrapped_formula
from forgeapp.reading.html_tables import outer_text, read_html_tables
from forgeapp.reading.json_remarks import remarks_in
from forgeapp.reading.json_shapes import says_workbook, sheets_in, tables_in, title_in
from forgeapp.reading.languages import detect
from forgeapp.reading.lenient_json import Decoded, Decoder, decode
from forgeapp.reading.pipe_tables import PipeTable
from forgeapp.reading.scan import (
    MARKDOWN_WORDS,
    PLAIN_WORDS,
    Fence,
    HeadingPart,
    HtmlPart,
    JsonPart,
    Paragraph,
    Part,
    scan,
)

DELIMITED_WORDS = {"csv": None, "tsv": "\t", "psv": "|", "ssv": ";", "tab": "\t", "dsv": None}
JSON_WORDS = frozenset({"json", "json5", "jsonc", "jsonl", "ndjson"})
TABLE_WORDS = frozenset({"table", "tables", "excel", "xlsx", "spreadsheet", "sheet", "ascii", "console", "output"})
_SECTION = re.compile(r"(?:#+|//|={2,}|-{2,}|\[)\s*([^,;\t|\[\]]{1,80}?)\s*(?:={2,}|-{2,}|#+|\])?\s*:?")
_INFO_NAME = re.compile(r"""\b(?:title|name|sheet|file|filename)\s*=\s*(?:"([^"]+)"|'([^']+)'|(\S+))""")
_EXTENSION = re.compile(r"\.(?:csv|tsv|txt|xlsx|json)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """The grids of one part, its lines `start` to `end`.

    `is_workbook`: given as sheets; `names_sheets`: and said to be. `label`: the heading or bold line directly above,
    from line `label_start` on; `heading`: the nearest heading above. `remarks`: what it says beside its rows.
    `spans`: the lines it takes up where these are not all.
    """

    grids: tuple[Grid, ...]
    start: int
    end: int
    is_workbook: bool = False
    is_cut: bool = False
    title: str | None = None
    label: str | None = None
    label_start: int | None = None
    heading: str | None = None
    is_json: bool = False
    names_sheets: bool = False
    remarks: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


def sources_of(parts: Sequence[Part], displayer: Displayer) -> list[Source]:
    """All parts that hold rows."""
    found: list[Source] = []
    heading: str | None = None
    for index, part in enumerate(parts):
        if isinstance(part, HeadingPart):
            heading = displayer.text(part.text)
        source = source_of(part, displayer)
        if source is None:
            continue
        label, label_start = _label(parts, index, displayer)
        found.append(replace(source, label=label, label_start=label_start, heading=heading))
        heading = None
    return found


def unfenced_rows(parts: Sequence[Part]) -> list[Source]:
    """Paragraphs that are CSV or TSV without a fence: three lines or more of short fields, as many in each."""
    found: list[Source] = []
    for part in parts:
        if not isinstance(part, Paragraph) or part.end - part.start < 3 or part.is_list:
            continue
        if not looks_delimited(part.text) or any(line.endswith((".", "!", "?")) for line in part.text.split("\n")):
            continue
        read = read_delimited(part.text)
        fields = [cell for row in read.rows for cell in row]
        enough = 3 if read.delimiter == "," else 2
        if len(read.rows[0]) < enough or sum(map(len, fields)) > 30 * len(fields) or detect(part.text):
            continue
        found.append(Source((Grid(read.rows, is_cut=not read.closed),), part.start, part.end))
    return found


def _label(parts: Sequence[Part], index: int, displayer: Displayer) -> tuple[str | None, int | None]:
    """The heading or bold line directly above a part."""
    above = parts[index - 1] if index else None
    if isinstance(above, HeadingPart) and above.text:
        return displayer.text(above.text), above.start
    if isinstance(above, Paragraph) and above.bold_line:
        return displayer.text(above.bold_line), above.start
    return None, None


def source_of(part: Part, displayer: Displayer) -> Source | None:
    """The rows of one part, None where it holds none."""
    match part:
        case PipeTable():
            return Source((_pipe_grid(part, displayer),), part.start, part.end)
        case HtmlPart(text=text, closed=closed):
            return _html_source(text, part, is_cut=not closed)
        case JsonPart(text=text, decoded=decoded):
            return _json_source(text, decoded, part)
        case Fence():
            return _fence_source(part, displayer)
        case _:
            return None


def _pipe_grid(table: PipeTable, displayer: Displayer) -> Grid:
    width = table.width
    rows = tuple(
        tuple(unwrapped_formula(cell) or displayer.text(cell) for cell in _without_blank_end(row, width))
        for row in table.rows
    )
    return Grid(rows, start=table.start, end=table.end)


def _without_blank_end(row: tuple[str, ...], width: int) -> tuple[str, ...]:
    """Without the blank cells beyond the header's."""
    end = len(row)
    while end > width and not row[end - 1]:
        end -= 1
    return row[:end]


def _html_source(text: str, part: Part, *, is_cut: bool = False) -> Source | None:
    tables = list(read_html_tables(text))
    grids = tuple(Grid(table.rows, table.caption) for table in tables if table.rows)
    strays: list[str] = []
    at = 0
    for table in tables:
        strays += (outer_text(text[at : table.start]), *table.strays)
        at = table.end
    strays.append(outer_text(text[at:]))
    return Source(grids, part.start, part.end, is_cut=is_cut, remarks=tuple(filter(None, strays))) if grids else None


def _fence_source(fence: Fence, displayer: Displayer) -> Source | None:
    word, text = fence.word, fence.text
    source: Source | None = None
    if word in DELIMITED_WORDS:
        source = _delimited_source(fence, DELIMITED_WORDS[word])
    elif word in JSON_WORDS:
        source = _json_source(text, decode(text), fence)
    elif word in ("html", "htm", "xhtml"):
        bare = text.strip().lower()
        if bare.startswith("<table") and "<script" not in bare and "<style" not in bare:
            source = _html_source(text, fence)
    elif word in MARKDOWN_WORDS:
        source = _inner_source(fence, displayer)
    elif word in PLAIN_WORDS or word in TABLE_WORDS:
        first = text.lstrip()[:1]
        if first in ("{", "["):
            source = _json_source(text, decode(text), fence)
        elif text.lstrip()[:6].lower() == "<table":
            source = _html_source(text, fence)
        else:
            source = _inner_source(fence, displayer)
        if source is None and looks_delimited(text) and not detect(text):
            source = _delimited_source(fence, None)
    if source is None or not source.grids:
        return None
    name = _info_name(fence)
    if name and len(source.grids) == 1 and source.grids[0].name is None:
        source = replace(source, grids=(replace(source.grids[0], name=name),))
    return replace(source, is_cut=source.is_cut or not fence.closed)


def _info_name(fence: Fence) -> str | None:
    if match := _INFO_NAME.search(fence.info):
        name = match[1] or match[2] or match[3]
    else:
        name = fence.info.strip()[len(fence.word) :].strip(" :{}")
    return _EXTENSION.sub("", name.rsplit("/", 1)[-1]) or None


def _inner_source(fence: Fence, displayer: Displayer) -> Source | None:
    """Tables within a Markdown or plain fence, named by the headings there; what stands beside them is chat."""
    runs = groupby(scan(fence.lines), lambda part: isinstance(part, Fence))
    inner = [source for is_fence, run in runs if not is_fence for source in sources_of(list(run), displayer)]
    grids: list[Grid] = []
    first = fence.start + 1
    spans = [(fence.start, first), *([(fence.end - 1, fence.end)] if fence.closed else [])]
    remarks: list[str] = []
    for source in inner:
        for grid in source.grids:
            name = grid.name or source.label or source.heading
            grids.append(replace(grid, name=name, start=first + source.start, end=first + source.end))
        is_named = source.label_start is not None and any(grid.name is None for grid in source.grids)
        start = source.label_start if is_named and source.label_start is not None else source.start
        spans.append((first + start, first + source.end))
        remarks += source.remarks
    if not grids:
        return None
    return Source(tuple(grids), fence.start, fence.end, remarks=tuple(remarks), spans=tuple(spans))


def is_only_rows(fence: Fence) -> bool:
    """Whether a Markdown fence holds tables and at most their headings, nothing a document is made of."""
    parts = scan(fence.lines)
    tables = sum(isinstance(part, PipeTable | HtmlPart) for part in parts)
    headings = sum(
        isinstance(part, HeadingPart) or (isinstance(part, Paragraph) and bool(part.bold_line)) for part in parts
    )
    return tables > 0 and tables + headings == len(parts) and headings <= tables


def _delimited_source(fence: Fence, delimiter: str | None) -> Source:
    grids: list[Grid] = []
    empty: list[str] = []
    for name, lines in _sections(fence.lines):
        read = read_delimited("\n".join(lines), delimiter)
        if read.rows:
            grids.append(Grid(read.rows, name, is_cut=not read.closed))
        elif name:
            empty.append(name)
    is_cut = any(grid.is_cut for grid in grids)
    return Source(tuple(grids), fence.start, fence.end, is_cut=is_cut, remarks=tuple(empty))


def _sections(lines: Sequence[str]) -> list[tuple[str | None, list[str]]]:
    """CSV of several sheets in one fence: '# Income' or '[Income]' on a line of its own begins the next."""
    found: list[tuple[str | None, list[str]]] = [(None, [])]
    for number, line in enumerate(lines):
        starts = number == 0 or not lines[number - 1].strip()
        if starts and line[:1] in "#/=-[" and (match := _SECTION.fullmatch(line.strip())):
            while found[-1][1] and not found[-1][1][-1].strip():
                found[-1][1].pop()
            found.append((match[1].strip(), []))
        else:
            found[-1][1].append(line)
    return found


def _json_source(text: str, decoded: Decoded | None, part: Part) -> Source | None:
    if decoded is None:
        return None
    value, rest = decoded.value, text[decoded.end :].strip()
    if isinstance(value, dict) and rest[:1] == "{":
        value, rest = _lines_of_json(text)
    cut, title, said = not decoded.complete, title_in(value), False
    grids = tuple(sheets_in(value))
    is_workbook = bool(grids)
    if is_workbook:
        said = says_workbook(value)
    else:
        grids = tuple(grid for grid in tables_in(value) if grid.rows)
    if not grids:
        return None
    remarks = remarks_in(value, grids, title)
    if any(map(str.isalnum, rest)):
        remarks = (*remarks, rest)
    return Source(
        grids, part.start, part.end, is_workbook, cut, title, is_json=True, names_sheets=said, remarks=remarks
    )


def _lines_of_json(text: str) -> tuple[list[object], str]:
    """JSON lines, one object after another, and what follows them."""
    found: list[object] = []
    decoder = Decoder(text)
    at = 0
    while at < len(text) and (decoded := decoder.decode(at)):
        found.append(decoded.value)
        if not decoded.complete:
            return found, ""
        at = decoded.end
        while at < len(text) and text[at] in " \n\r\t,":
            at += 1
    return found, text[at:].strip()
