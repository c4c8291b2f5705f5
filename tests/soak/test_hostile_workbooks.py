"""Workbooks made to exhaust the formula engine: its child is ended, the caller goes on, and it is said why."""

from __future__ import annotations

import time

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.services.calculation import Calculation
from forgeapp.services.workers import Limits, Workers

pytestmark = [pytest.mark.soak, pytest.mark.security]
LIMITS = Limits(memory_mb=2_048, timeout_s=10)


def doubling(times: int) -> Workbook:
    """A text that doubles with each row."""
    cells = {(0, 0): Cell("x" * 100)} | {(row, 0): Cell(f"=A{row}&A{row}") for row in range(1, times + 1)}
    return Workbook(None, (Sheet("S", cells),))


def whole_columns() -> Workbook:
    cells = {(row, 3): Cell("=SUMPRODUCT(A:A*B:B*(C:C>0))") for row in range(200)}
    return Workbook(None, (Sheet("S", cells | {(0, 0): Cell("1", 1)}),))


def lookups() -> Workbook:
    """Each of 20,000 cells looks through all the others."""
    cells = {(row, 0): Cell(str(row), row) for row in range(20_000)}
    cells |= {(row, 1): Cell(f"=SUMPRODUCT((A$1:A$20000=A{row + 1})*LEN(A$1:A$20000))") for row in range(20_000)}
    return Workbook(None, (Sheet("S", cells),))


@pytest.mark.parametrize("workbook", [doubling(38), whole_columns(), lookups()], ids=["doubling", "columns", "lookups"])
def test_an_exhausting_workbook_is_ended_and_the_next_one_computed(workbook: Workbook) -> None:
    calculation = Calculation(Workers(), LIMITS)
    started = time.monotonic()
    try:
        values = calculation.values(workbook, CancelToken())
    except WorkerFailed as failure:
        assert failure.message
        assert failure.hint
    else:
        assert values["S"]
    assert time.monotonic() - started < 15
    plain = Workbook(None, (Sheet("S", {(0, 0): Cell("=1+1")}),))
    assert calculation.values(plain, CancelToken())["S"][0, 0] == 2
