"""One file read as a child process is told to, and how its content comes back through JSON."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code
from forgeapp.domain.content import Content, from_json, kind_of, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.image import Image
from forgeapp.domain.number_look import BY_CONTENT, NumberLooks
from forgeapp.domain.publication import Progress
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Cell, Hidden, Sheet, Values, Workbook
from forgeapp.reading.file_reading import FileReading
from forgeapp.reading.files import read_file

_ONE_SHEET = (".csv", ".tsv")


@dataclass(frozen=True, slots=True)
class ImportJob:
    """`base`: what the file is the next version of, `values` its computed ones. `kind`: what it is to become, where it
    could be either a table or a spreadsheet. `looks`: of the numbers of workbooks."""

    path: Path
    base: Content | None = None
    values: Values = field(default_factory=dict)
    kind: Kind | None = None
    looks: NumberLooks = BY_CONTENT


def import_task(job: ImportJob, _progress: Progress) -> dict[str, Any]:
    # Millions of cells and no cycles among them: looking for garbage would take longer than reading.
    gc.disable()
    reading = imported(job)
    return {
        "content": _packed(reading.content),
        "lost": [_packed_text(text) for text in reading.lost],
        "delimiter": reading.delimiter,
    }


def imported(job: ImportJob) -> FileReading:
    """Raises UnreadableFile, TooLarge."""
    source = job.path.name
    if isinstance(job.base, Code):
        from forgeapp.services.importing.codes import read_code

        return read_code(job.base, job.path)
    read = read_file(job.path)
    if job.kind is not None:
        from forgeapp.services.importing.grids import as_kind

        read = as_kind(read, job.kind, source, job.looks)
    ending = job.path.suffix.lower()
    if job.base is None or (ending == ".json" and kind_of(job.base) is kind_of(read.content)):
        return read
    if isinstance(job.base, Image) or isinstance(read.content, Image):
        from forgeapp.services.importing.pictures import carried_over as picture_over

        return picture_over(job.base, read, source)
    if isinstance(job.base, Document):
        from forgeapp.services.importing.documents import carried_over as document_over

        return replace(read, content=document_over(job.base, read), values={})
    from forgeapp.services.importing.grids import carried_over

    return carried_over(job.base, read, source, job.values, job.looks, is_one_sheet=ending in _ONE_SHEET)


def unpacked(answer: Any) -> FileReading:
    """What `import_task` gave. Raises ValueError for what it cannot have given."""
    lost = tuple(_unpacked_text(text) for text in answer["lost"])
    return FileReading(_unpacked(answer["content"]), lost, delimiter=answer["delimiter"])


def _packed(content: Content) -> dict[str, Any]:
    """As `to_json`, but the cells of sheets as columns of values: that takes a third of the time."""
    if not isinstance(content, Workbook):
        return to_json(content)
    sheets = [
        {
            "name": sheet.name,
            "rows": [row for row, _ in sheet.cells],
            "columns": [column for _, column in sheet.cells],
            "texts": [cell.text for cell in sheet.cells.values()],
            "numbers": [cell.number for cell in sheet.cells.values()],
            "formats": [cell.format for cell in sheet.cells.values()],
            "has_header": sheet.has_header,
            "frozen": [sheet.frozen_rows, sheet.frozen_columns],
            "widths": list(sheet.widths.items()),
            "hidden": [sheet.hidden.sheet, sorted(sheet.hidden.rows), sorted(sheet.hidden.columns)],
            "filter": sheet.filter,
            "size": [sheet.row_count, sheet.column_count],
        }
        for sheet in content.sheets
    ]
    return {"kind": Kind.SPREADSHEET.value, "title": content.title, "packed": sheets}


def _unpacked(data: dict[str, Any]) -> Content:
    if "packed" not in data:
        return from_json(data)
    return Workbook(data["title"], tuple(_sheet(item) for item in data["packed"]))


def _sheet(data: dict[str, Any]) -> Sheet:
    places = zip(data["rows"], data["columns"], strict=True)
    cells = map(Cell, data["texts"], data["numbers"], data["formats"])
    frozen_rows, frozen_columns = data["frozen"]
    row_count, column_count = data["size"]
    is_hidden, rows, columns = data["hidden"]
    return Sheet(
        name=data["name"],
        cells=dict(zip(places, cells, strict=True)),
        has_header=data["has_header"],
        frozen_rows=frozen_rows,
        frozen_columns=frozen_columns,
        widths=dict(data["widths"]),
        row_count=row_count,
        column_count=column_count,
        hidden=Hidden(is_hidden, frozenset(rows), frozenset(columns)),
        filter=tuple(data["filter"]) if data["filter"] else None,
    )


def _packed_text(text: str) -> str | list[Any]:
    if not isinstance(text, Text):
        return text
    params = {name: value if isinstance(value, int | float) else str(value) for name, value in text.params.items()}
    return [text.key, text.template, params]


def _unpacked_text(text: Any) -> str:
    if isinstance(text, str):
        return text
    key, template, params = text
    return Text(key, template, **params)
