"""The open artifact and the user's selection as a model is shown them, and what it is told about its answer.

Places are named as a patch names them: addresses of cells, rows from 1 (a table's header is row 1), files by name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.request import Selection
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import CellError, Position, Sheet, Value, Values, Workbook, address, column_letters
from forgeapp.paths import resource
from forgeapp.reading import envelope
from forgeapp.services.revising.pictures import Pictures

_MAX_VALUE_CHARS = 60


def shown(content: Content, values: Values | None = None) -> str:
    """The artifact as text; `values`: a workbook's computed ones, which then stand beside the formulas."""
    match content:
        case Document(markdown=markdown):
            return Pictures.of(markdown).lifted
        case Code(files=files):
            return "\n".join(f'<file name="{_attribute(file.name)}">\n{_ended(file.text)}</file>' for file in files)
        case Table():
            return "\n".join(_table_lines(content))
        case Workbook(sheets=sheets):
            return "\n".join(
                line for sheet in sheets for line in _sheet_lines(sheet, (values or {}).get(sheet.name, {}))
            )
        case Image():
            return described(content)


def described(image: Image) -> str:
    """A picture in words: its bytes are not for reading."""
    facts = f"A picture ({image.format_name}, {image.width} x {image.height} pixels), which is not shown here."
    return f"{facts}\nWhat it shows, in the user's words: {image.alt}" if image.alt.strip() else facts


def shown_selection(content: Content, selection: Selection) -> str:
    """What is selected: where it stands, as far as that is known, and its text."""
    text = Pictures.of(content.markdown).of_part(selection.text) if isinstance(content, Document) else selection.text
    return f"{selection.where}:\n{text}" if selection.where.strip() else text


def instructions(kind: Kind, has_selection: bool) -> str:
    """How the model is to answer: with a patch of the form for this kind, else with the whole artifact."""
    parts = ["revise", f"revise-{kind}", *(["revise-selection"] if has_selection else []), "revise-whole"]
    return "\n\n".join((*(_part(part) for part in parts), envelope.instructions(kind)))


def whole_instructions(kind: Kind, has_selection: bool) -> str:
    """How the model is to answer where a patch has failed: with the whole artifact."""
    parts = ["revise", *(["revise-selection"] if has_selection else []), "revise-anew"]
    return "\n\n".join((*(_part(part) for part in parts), envelope.instructions(kind)))


@lru_cache(maxsize=16)
def _part(name: str) -> str:
    return resource("seeds", "prompts", f"{name}.md").read_text("utf-8").strip()


def _attribute(name: str) -> str:
    return name.replace('"', "'").replace("\n", " ")


def _ended(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _table_lines(table: Table) -> Iterator[str]:
    """Tabs between the cells; a tab or a line's end within one as JSON writes it."""
    yield "\t".join(("", *map(column_letters, range(len(table.columns)))))
    for number, row in enumerate((table.columns, *table.rows), 1):
        yield "\t".join((str(number), *map(_on_one_line, row)))


def _sheet_lines(sheet: Sheet, computed: Mapping[Position, Value]) -> Iterator[str]:
    frozen = "".join(
        f' frozen_{name}="{count}"'
        for name, count in (("rows", sheet.frozen_rows), ("columns", sheet.frozen_columns))
        if count
    )
    yield f'<sheet name="{_attribute(sheet.name)}"{frozen}>'
    line: list[str] = []
    last = -1
    for at, cell in sorted(sheet.cells.items()):
        if at[0] != last and line:
            yield "\t".join(line)
            line = []
        last = at[0]
        value = f" → {_value(computed[at])}" if cell.is_formula and at in computed else ""
        line.append(f"{address(at)}: {_on_one_line(cell.text)}{value}")
    if line:
        yield "\t".join(line)
    formats = "; ".join(_formats(sheet))
    if formats:
        yield f"formats: {formats}"
    yield "</sheet>"


def _formats(sheet: Sheet) -> Iterator[str]:
    """Number formats by the columns' runs of rows that have the same one."""
    by_column = sorted((at[1], at[0], cell.format) for at, cell in sheet.cells.items() if cell.format)
    runs: list[tuple[int, int, int, str]] = []
    for column, row, code in by_column:
        if runs and runs[-1][0] == column and runs[-1][2] == row - 1 and runs[-1][3] == code:
            runs[-1] = (column, runs[-1][1], row, code)
        else:
            runs.append((column, row, row, code))
    for column, first, last, code in runs:
        end = f":{address((last, column))}" if last > first else ""
        yield f"{address((first, column))}{end} {_on_one_line(code)}"


def _value(value: Value) -> str:
    match value:
        case CellError(code=code):
            return code
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            return _shortened(_on_one_line(value))
    return f"{value:.10g}"


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_VALUE_CHARS else text[: _MAX_VALUE_CHARS - 1] + "…"


def _on_one_line(text: str) -> str:
    if "\n" in text or "\t" in text or "\r" in text:
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n").replace("\t", "\\t")
    return text
