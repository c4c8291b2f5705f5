"""The values of a workbook's formulas, computed by formualizer in whatever process this is called in.

What is not here: the child process and its memory cap. A formula can ask for more memory than there is (a string
doubled forty times), and a single huge array operation is not interrupted at its deadline, so callers who do not trust
a workbook put both a memory cap and a clock of their own around `evaluate`.

What Excel would only warn of, or would not accept at all, has values too:

- a formula in a circle, or one that depends on a circle: '#REF!', as Google Sheets shows it (Excel warns and shows 0)
- a formula that cannot be read, is nested too deeply or is longer than 8,192 characters: '#NAME?'
- a refused formula (`domain.formulas.refusal`): '#BLOCKED!', which spreads to what depends on it
- a function the engine does not have: '#NAME?'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from forgeapp.domain.formulas import fault, refusal, tokens
from forgeapp.domain.packed_cells import entries, packed
from forgeapp.domain.workbook import (
    MAX_COLUMNS,
    MAX_ROWS,
    TEXT_FORMAT,
    Cell,
    CellError,
    Position,
    Sheet,
    Value,
    Values,
    Workbook,
    address,
    is_formula,
    position,
)
from forgeapp.errors import WorkerFailed
from forgeapp.sheets.corrections import register_corrections
from forgeapp.sheets.lifting import lifted, register_lifted
from forgeapp.sheets.ranges import in_order, spills_over_itself

if TYPE_CHECKING:
    import formualizer

MAX_EVALUATION_MS = 5_000
MAX_WORK_UNITS = 200_000_000

_Run = tuple[int, int, list[str]]
"""Formulas down a column: the first row, the column, their texts."""
_BLOCKED_KIND = "Cancelled"
"""The engine has no error of the name; this one of its kinds no formula can produce."""
_SHEET1 = re.compile(r"'?sheet1'?!", re.IGNORECASE)
_CODES = {
    "Div": "#DIV/0!",
    "Ref": "#REF!",
    "Name": "#NAME?",
    "Value": "#VALUE!",
    "Na": "#N/A",
    "Num": "#NUM!",
    "Null": "#NULL!",
    "Spill": "#SPILL!",
    "Calc": "#CALC!",
    "Circ": "#REF!",
    "NImpl": "#NAME?",
    "Error": "#NAME?",
    _BLOCKED_KIND: "#BLOCKED!",
}


def evaluate(workbook: Workbook) -> Values:
    """Computed values by sheet name and position (from 0): every formula cell, and the cells formulas spill into.

    Dates are Excel's serial numbers, whole numbers are ints. Sheets without formulas are in it too, empty. Raises
    WorkerFailed where the formulas take longer than MAX_EVALUATION_MS or more work than MAX_WORK_UNITS.
    """
    if not any(
        is_formula(text, number, form) for sheet in workbook.sheets for _, text, number, form in entries(sheet.cells)
    ):
        return {sheet.name: {} for sheet in workbook.sheets}
    engine = _engine()
    for sheet in workbook.sheets:
        engine.add_sheet(sheet.name)
    has_sheet1 = any(sheet.name.casefold() == "sheet1" for sheet in workbook.sheets)
    runs = {sheet.name: _load(engine, sheet, has_sheet1) for sheet in workbook.sheets}
    try:
        engine.evaluate_all()
    except Exception as error:
        raise WorkerFailed(task="Computing the formulas", reason=_reason(error)) from error
    return {sheet.name: dict(_computed(engine, sheet, runs[sheet.name])) for sheet in workbook.sheets}


def _engine() -> formualizer.Workbook:
    import formualizer

    evaluation = formualizer.EvaluationConfig()
    evaluation.max_eval_time_ms = MAX_EVALUATION_MS
    evaluation.max_work_units = MAX_WORK_UNITS
    config = formualizer.WorkbookConfig(mode=formualizer.WorkbookMode.Interactive, eval_config=evaluation)
    engine = formualizer.Workbook(config=config)
    engine.set_changelog_enabled(False)
    engine.set_temporal_egress("serial")
    register_lifted(engine)
    register_corrections(engine)
    return engine


def _reason(error: Exception) -> str:
    if "resource exhausted" in str(error):
        return f"it takes longer than {MAX_EVALUATION_MS // 1000} seconds or too much work"
    return str(error)[:200]


def _load(engine: formualizer.Workbook, sheet: Sheet, has_sheet1: bool) -> list[_Run]:
    """The formulas, which are set behind all values. `has_sheet1`: the engine has a sheet of that name in any case,
    which a workbook without one must not see."""
    import formualizer

    formulas: list[_Run] = []
    for row, column, is_computed, run in _runs(sheet.cells):
        if is_computed:
            formulas.append((row, column, run))
        else:
            engine.set_values_batch(sheet.name, row + 1, column + 1, [[value] for value in run])
    blocked = formualizer.LiteralValue.error(_BLOCKED_KIND, "")
    unreadable = formualizer.LiteralValue.error("Name", "")
    missing = formualizer.LiteralValue.error("Ref", "")
    for row, column, run in formulas:
        readable: list[list[str]] = []
        for offset, text in enumerate(map(in_order, run)):
            if refusal(text):
                engine.set_value(sheet.name, row + offset + 1, column + 1, blocked)
            elif not _is_readable(text):
                engine.set_value(sheet.name, row + offset + 1, column + 1, unreadable)
            elif spills_over_itself(text, (row + offset, column)) or (
                not has_sheet1 and _SHEET1.search(text) and _names_sheet1(text)
            ):
                engine.set_value(sheet.name, row + offset + 1, column + 1, missing)
            else:
                readable.append([lifted(text)])
                continue
            _set_formulas(engine, sheet.name, row + offset - len(readable), column, readable)
            readable = []
        _set_formulas(engine, sheet.name, row + len(run) - len(readable), column, readable)
    return formulas


def _names_sheet1(formula: str) -> bool:
    return any(token.kind in ("name", "quoted") and _SHEET1.fullmatch(token.text + "!") for token in tokens(formula))


def _typed(text: str, number: float | int | None, format_code: str | None) -> Any:
    if number is not None:
        return float(number)
    if text in ("TRUE", "FALSE") and format_code != TEXT_FORMAT:
        return text == "TRUE"
    return text


def _set_formulas(engine: formualizer.Workbook, name: str, row: int, column: int, formulas: list[list[str]]) -> None:
    """In one batch: one by one, the engine takes quadratic time over chains."""
    if formulas:
        engine.set_formulas_batch(name, row + 1, column + 1, formulas)


def _is_readable(formula: str) -> bool:
    import formualizer

    if fault(formula):
        return False
    try:
        formualizer.parse(formula)
    except (formualizer.ParserError, formualizer.TokenizerError):
        return False
    return True


def _runs(cells: Mapping[Position, Cell]) -> Iterator[tuple[int, int, bool, list[Any]]]:
    """The cells as stretches down a column: first row, column, whether they are formulas, their texts or values."""
    start, of, is_computed = -1, -1, False
    run: list[Any] = []
    for (row, column), text, number, format_code in packed(cells).column_entries():
        is_next_computed = text[0] == "=" and is_formula(text, number, format_code)
        if run and (column != of or row != start + len(run) or is_next_computed != is_computed):
            yield start, of, is_computed, run
            run = []
        if not run:
            start, of, is_computed = row, column, is_next_computed
        run.append(text if is_computed else _typed(text, number, format_code))
    if run:
        yield start, of, is_computed, run


def _computed(engine: formualizer.Workbook, sheet: Sheet, runs: Iterable[_Run]) -> Iterator[tuple[Position, Value]]:
    for row, column, run in runs:
        block = _values(engine, sheet.name, row, column, row + len(run), column + 1)
        for offset in range(len(run)):
            at = (row + offset, column)
            yield at, _value(block[offset][0])
            right, below = block[offset][1:], [line[0] for line in block[offset + 1 : offset + 2]]
            is_wide = right not in ([], [None]) and (at[0], column + 1) not in sheet.cells
            is_high = below not in ([], [None]) and (at[0] + 1, column) not in sheet.cells
            if is_wide or is_high:
                yield from _spilled(engine, sheet, at)


def _values(
    engine: formualizer.Workbook, name: str, row: int, column: int, last_row: int, last_column: int
) -> list[list[Any]]:
    import formualizer

    last_row, last_column = min(last_row, MAX_ROWS - 1), min(last_column, MAX_COLUMNS - 1)
    area = formualizer.RangeAddress(name, row + 1, column + 1, last_row + 1, last_column + 1)
    return engine.sheet(name).get_values(area)


def _spilled(engine: formualizer.Workbook, sheet: Sheet, anchor: Position) -> Iterator[tuple[Position, Value]]:
    """The cells the formula at `anchor` spills into, itself left out."""
    area = _extent(engine, sheet.name, anchor)
    if area is None:
        return
    last_row, last_column = area
    block = _values(engine, sheet.name, *anchor, last_row, last_column)
    for row, values in enumerate(block, start=anchor[0]):
        for column, value in enumerate(values, start=anchor[1]):
            if (row, column) != anchor:
                yield (row, column), _value(value)


def _extent(engine: formualizer.Workbook, name: str, anchor: Position) -> Position | None:
    """The last row and column of a spill, None where the formula does not spill."""
    quoted = name.replace("'", "''")
    spill = engine.inspect_cell(f"'{quoted}'!{address(anchor)}", include_values=False).cell.spill
    if spill is None or not spill.extent:
        return None
    return position(spill.extent.rpartition("!")[2].rpartition(":")[2])


def _value(value: Any) -> Value:
    """A value of the engine's as one of ours."""
    if value is None:
        return 0
    if isinstance(value, dict):
        return CellError(_CODES.get(str(value.get("kind")), "#VALUE!"))
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if isinstance(value, list):
        return _value(value[0][0])
    assert isinstance(value, str | bool | int)
    return value
