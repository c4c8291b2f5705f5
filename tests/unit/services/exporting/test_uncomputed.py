"""A workbook whose formulas ask for too much: XLSX holds them without their values, other formats cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.workbook import Cell, Sheet, Values, Workbook
from forgeapp.errors import WorkerFailed
from forgeapp.ledger import Ledger
from forgeapp.services.calculation import Calculation
from tests.unit.services.exporting.desk import asked, exports_over

HOSTILE = Workbook("Planets", (Sheet("S", {(0, 0): Cell("x"), (0, 1): Cell("=A1&A1")}, has_header=False),))


@pytest.fixture(autouse=True)
def _no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Values:
        raise WorkerFailed(task="Computing the formulas", reason="it ran out of memory")

    monkeypatch.setattr(Calculation, "values", refuse)


def test_formulas_that_cannot_be_computed_are_written_without_values_and_told(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    row = service.export(asked(ledger, tmp_path / "planets.xlsx", HOSTILE), CancelToken())
    assert row.warnings == ("S: B1 get their values only when the file is opened.",)
    assert load_workbook(tmp_path / "planets.xlsx")["S"]["B1"].value == "=A1&A1"


def test_a_format_of_values_alone_is_refused_instead(ledger: Ledger, tmp_path: Path) -> None:
    service = exports_over(ledger)
    with pytest.raises(WorkerFailed, match="out of memory"):
        service.export(asked(ledger, tmp_path / "planets.csv", HOSTILE), CancelToken())
    assert not (tmp_path / "planets.csv").exists()
