"""A table as it stands on the pages of a PDF: very many columns in bands, long stretches of nothing told in a line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

from forgeapp.domain.document import Inlines, Run, TableBlock
from forgeapp.domain.wording import Text

MAX_COLUMNS = 40
"""Of one band."""
_MOST_EMPTY_ROWS = 40
"""One after another that are shown, as in a form to be filled in by hand: about a page."""
_MOST_EMPTY_COLUMNS = 8
_LEFT_OUT: Inlines = (Run("…"),)


@dataclass(frozen=True, slots=True)
class Gap:
    """So many empty rows, which stand as one line."""

    count: int

    @property
    def text(self) -> Text:
        return Text("pdf_gap", "… {count} empty rows …", count=f"{self.count:,}")


Row = tuple[Inlines, ...] | Gap


@dataclass(frozen=True, slots=True)
class Band:
    """Columns that stand side by side; `rows` and `alignments` as those of a TableBlock."""

    header: tuple[Inlines, ...]
    rows: tuple[Row, ...]
    alignments: tuple[str | None, ...]


def bands(table: TableBlock) -> list[Band]:
    """The whole table as one, or, of more than MAX_COLUMNS columns, as several, each with the first column again."""
    table = _without_empty_columns(table)
    header, alignments = table.header, table.alignments
    rows = _with_gaps(table.rows)
    if len(header) <= MAX_COLUMNS:
        return [Band(header, rows, alignments)]
    result: list[Band] = []
    for start in range(1, len(header), MAX_COLUMNS - 1):
        part = slice(start, start + MAX_COLUMNS - 1)
        result.append(
            Band(
                (header[0], *header[part]),
                tuple(row if isinstance(row, Gap) else (row[0], *row[part]) for row in rows),
                (alignments[0], *alignments[part]),
            )
        )
    return result


def empty_rows_left_out(band: Band) -> int:
    return sum(row.count for row in band.rows if isinstance(row, Gap))


def empty_columns_left_out(table: TableBlock) -> int:
    shown = [column for column in _columns(table) if column is not None]
    return len(table.header) - len(shown)


def _with_gaps(rows: tuple[tuple[Inlines, ...], ...]) -> tuple[Row, ...]:
    if all(map(_is_filled, rows)):
        return rows
    result: list[Row] = []
    for is_filled, group in groupby(rows, key=_is_filled):
        run = list(group)
        result += run if is_filled or len(run) <= _MOST_EMPTY_ROWS else [Gap(len(run))]
    return tuple(result)


def _is_filled(row: tuple[Inlines, ...]) -> bool:
    return not all(map(_is_blank, row))


def _is_blank(cell: Inlines) -> bool:
    return not cell or all(isinstance(inline, Run) and not inline.text.strip() for inline in cell)


def _without_empty_columns(table: TableBlock) -> TableBlock:
    """Each long run of them as one that says so in its header."""
    columns = _columns(table)
    if None not in columns:
        return table
    empty: Inlines = ()
    return replace(
        table,
        header=tuple(_LEFT_OUT if column is None else table.header[column] for column in columns),
        rows=tuple(tuple(empty if column is None else row[column] for column in columns) for row in table.rows),
        alignments=tuple("center" if column is None else table.alignments[column] for column in columns),
    )


def _columns(table: TableBlock) -> list[int | None]:
    """Their numbers, None for a long run of empty ones."""
    count = len(table.header)
    empty = {column for column, cell in enumerate(table.header) if _is_blank(cell)}
    if len(empty) > _MOST_EMPTY_COLUMNS:
        for row in table.rows:
            empty -= {column for column in empty if not _is_blank(row[column])}
            if not empty:
                break
    columns: list[int | None] = []
    for is_empty, group in groupby(range(count), key=empty.__contains__):
        run = list(group)
        columns += [None] if is_empty and len(run) > _MOST_EMPTY_COLUMNS else run
    return columns
