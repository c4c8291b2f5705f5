"""Functions of single values over whole ranges: SUMPRODUCT((MONTH(A2:A99)=1)*B2:B99).

formualizer takes only the first cell of the range there (LEN) or gives #VALUE! (MONTH). So in formulas that compute
with arrays these functions go by another name, under which a second engine computes them for every element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from forgeapp.domain.formulas import SCALAR_FUNCTIONS, tokens, yields_arrays
from forgeapp.domain.workbook import column_letters
from forgeapp.sheets.corrections import error, given_back

if TYPE_CHECKING:
    import formualizer

_LIFTED = SCALAR_FUNCTIONS - {"IF", "IFERROR", "IFNA", "VALUE", "PROPER"}
"""All but those the engine, or our own correction, lifts already."""
_PREFIX = "LIFTED_"
_MAX_ELEMENTS = 200_000
_MAX_REMEMBERED = 64

Grid = list[list[Any]]


def lifted(formula: str) -> str:
    """The formula with its functions of single values renamed, where it computes with arrays."""
    if not yields_arrays(formula):
        return formula
    parts = tokens(formula)
    texts = ["="]
    for index, token in enumerate(parts):
        after = next((part.text for part in parts[index + 1 : index + 3] if part.kind != "space"), "")
        is_lifted = token.kind == "name" and after == "(" and token.text.upper() in _LIFTED
        texts.append(_PREFIX + token.text.upper() if is_lifted else token.text)
    return "".join(texts)


def register_lifted(engine: formualizer.Workbook) -> None:
    """Teaches an engine the names `lifted` uses."""
    for name in sorted(_LIFTED):
        engine.register_function(_PREFIX + name, _element_wise(name), min_args=0, max_args=None)


def _element_wise(name: str) -> Callable[..., Any]:
    remembered: dict[str, Any] = {}

    def compute(*arguments: Any) -> Any:
        key = repr(arguments)
        if key not in remembered:
            if len(remembered) >= _MAX_REMEMBERED:
                remembered.clear()
            remembered[key] = _computed(name, arguments)
        return remembered[key]

    return compute


def _computed(name: str, arguments: tuple[Any, ...]) -> Any:
    import formualizer

    grids = [argument if isinstance(argument, list) else [[argument]] for argument in arguments]
    rows = max((len(grid) for grid in grids), default=1)
    columns = max((len(grid[0]) for grid in grids if grid), default=1)
    if rows * columns > _MAX_ELEMENTS:
        return error("Num")
    engine = formualizer.Workbook()
    engine.set_temporal_egress("serial")
    elements = list(_elements(grids, rows, columns))
    if grids:
        engine.set_values_batch("Sheet1", 1, 1, elements)
    width = len(grids)
    formulas = [
        [f"={name}({','.join(f'{column_letters(column)}{row}' for column in range(width))})"]
        for row in range(1, len(elements) + 1)
    ]
    engine.set_formulas_batch("Sheet1", 1, width + 1, formulas)
    engine.evaluate_all()
    area = formualizer.RangeAddress("Sheet1", 1, width + 1, len(elements), width + 1)
    results = [given_back(row[0]) for row in engine.sheet("Sheet1").get_values(area)]
    if rows == columns == 1 and not any(isinstance(argument, list) for argument in arguments):
        return results[0]
    return [results[start : start + columns] for start in range(0, len(results), columns)]


def _elements(grids: list[Grid], rows: int, columns: int) -> Iterator[list[Any]]:
    """The arguments of every call; a grid of one row or column serves all rows or columns, others end in #N/A."""
    for row in range(rows):
        for column in range(columns):
            yield [_element(grid, row, column) for grid in grids]


def _element(grid: Grid, row: int, column: int) -> Any:
    row = 0 if len(grid) == 1 else row
    if row >= len(grid):
        return given_back({"type": "Error", "kind": "Na"})
    line = grid[row]
    column = 0 if len(line) == 1 else column
    return given_back(line[column] if column < len(line) else {"type": "Error", "kind": "Na"})
