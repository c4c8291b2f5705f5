"""What of a workbook is kept out of sight: left out of pages, kept in files that can hide, and told for both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Hidden, Sheet, Workbook, column_letters

_HIDING: Final = (Format.XLSX, Format.JSON)
"""What is hidden is in them, and hidden."""
_MAX_RUNS: Final = 5


def seen_sheets(workbook: Workbook) -> tuple[Sheet, ...]:
    """Those that can be seen, in their order."""
    hidden = workbook.hidden_sheets
    return tuple(sheet for sheet in workbook.sheets if sheet not in hidden) if hidden else workbook.sheets


def seen_lines(rows: Sequence[Sequence[str]], hidden: Hidden) -> Sequence[Sequence[str]]:
    """The rows of a sheet without those that are hidden, and without the cells of hidden columns."""
    if hidden.rows:
        rows = [row for number, row in enumerate(rows) if number not in hidden.rows]
    if hidden.columns:
        rows = [[text for number, text in enumerate(row) if number not in hidden.columns] for row in rows]
    return rows


def hidden_warnings(workbook: Workbook, file_format: Format | None, as_shown: bool) -> Iterator[Text]:
    """What a file of this format does with it; a CSV file with `as_shown` is what the pages are."""
    sheets = workbook.hidden_sheets
    main = workbook.main_sheet
    if file_format is Format.CSV:
        sheets = (main,) if main is not None and main.hidden.sheet else ()
    if sheets:
        names = ", ".join(sheet.name for sheet in sheets)
        yield (
            Text(
                "hidden_sheets_kept",
                "Hidden sheets are in the file, where anybody can show them: {names}.",
                names=names,
            )
            if file_format in _HIDING or file_format is Format.CSV
            else Text("hidden_sheets_left_out", "Hidden sheets are left out: {names}.", names=names)
        )
    for sheet in _told_of(workbook, file_format):
        parts = (*_runs("row", sheet.hidden.rows), *_runs("column", sheet.hidden.columns))
        if not parts:
            continue
        lines = ", ".join(parts)
        if file_format in _HIDING or (file_format is Format.CSV and not as_shown):
            template = "{sheet}: what is hidden is in the file, where anybody can see it: {lines}."
            yield Text("hidden_lines_kept", template, sheet=sheet.name, lines=lines)
        else:
            template = "{sheet}: what is hidden is left out: {lines}."
            yield Text("hidden_lines_left_out", template, sheet=sheet.name, lines=lines)


def _told_of(workbook: Workbook, file_format: Format | None) -> tuple[Sheet, ...]:
    """The sheets a file of this format holds."""
    if file_format is not Format.CSV:
        return seen_sheets(workbook)
    return (workbook.main_sheet,) if workbook.main_sheet is not None else ()


def _runs(word: str, numbers: Iterable[int]) -> Iterator[str]:
    """'row 3', 'rows 5-9', 'column B': the first few of them."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    for first, last in runs[:_MAX_RUNS]:
        shown = [str(number + 1) if word == "row" else column_letters(number) for number in (first, last)]
        yield f"{word} {shown[0]}" if first == last else f"{word}s {shown[0]}-{shown[1]}"
    if len(runs) > _MAX_RUNS:
        yield f"and {sum(last - first + 1 for first, last in runs[_MAX_RUNS:]):,} {word}s more"
