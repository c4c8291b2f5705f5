"""Functions against what Excel's documentation says they give: tests/data/functions.jsonl."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.workbook import Cell, CellError, Sheet, Value, Workbook, position
from forgeapp.paths import resource
from forgeapp.sheets.engine import evaluate

CASES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parents[2] / "data" / "functions.jsonl").read_text(encoding="utf-8").splitlines()
]
AT = position("K20")


def sheet_of(case: dict[str, Any]) -> Sheet:
    """The case's cells, and its formula in K20."""
    cells = {
        position(at): Cell(value) if isinstance(value, str) else Cell(str(value), value)
        for at, value in case.get("cells", {}).items()
    }
    return Sheet("S", cells | {AT: Cell(case["formula"])})


def expected_of(case: dict[str, Any]) -> list[list[Any]]:
    expected = case["expected"]
    return expected if isinstance(expected, list) else [[expected]]


def is_same(value: Value | None, expected: Any) -> bool:
    if isinstance(expected, dict):
        return value == CellError(expected["error"])
    if isinstance(expected, bool | str) or isinstance(value, bool | str | CellError | None):
        return type(value) is type(expected) and value == expected
    return math.isclose(value, expected, rel_tol=1e-9, abs_tol=1e-9)


def is_right(case: dict[str, Any]) -> bool:
    values = evaluate(Workbook(None, (sheet_of(case),)))["S"]
    expected = expected_of(case)
    return all(
        is_same(values.get((AT[0] + row, AT[1] + column)), each)
        for row, line in enumerate(expected)
        for column, each in enumerate(line)
    )


@pytest.mark.parametrize("case", [each for each in CASES if "known_gap" not in each], ids=lambda case: case["formula"])
def test_a_function_gives_what_excel_documents(case: dict[str, Any]) -> None:
    assert is_right(case)


@pytest.mark.parametrize("case", [each for each in CASES if "known_gap" in each], ids=lambda case: case["formula"])
def test_a_known_gap_is_still_one(case: dict[str, Any]) -> None:
    assert not is_right(case), "it is right by now: take known_gap off the case"


def test_sixty_functions_have_two_cases_each() -> None:
    counts = Counter(case["function"] for case in CASES)
    assert len(counts) >= 60
    assert all(count >= 2 for count in counts.values())


def test_every_function_the_window_offers_is_one_the_engine_computes() -> None:
    functions = json.loads(resource("seeds", "functions.json").read_text(encoding="utf-8"))
    names = [row["name"] for row in functions["functions"]]
    cells: dict[tuple[int, int], Cell] = {}
    for row, name in enumerate(names):
        for column, arguments in enumerate(("", "1", "1,1", "1,1,1")):
            cells[row, column] = Cell(f"={name}({arguments})")
    values = evaluate(Workbook(None, (Sheet("S", cells),)))["S"]
    unknown = [
        name
        for row, name in enumerate(names)
        if all(values.get((row, column)) == CellError("#NAME?") for column in range(4))
    ]
    assert unknown in ([], ["LAMBDA"])
    assert not set(names) & set(functions["not_computed"])
    assert all(row["purpose"].endswith(".") for row in functions["functions"])
