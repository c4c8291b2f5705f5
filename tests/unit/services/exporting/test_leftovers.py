"""What a killed export leaves beside its target goes, and nothing else does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.code import Code, CodeFile
from forgeapp.exporters.saving import part_name
from forgeapp.ledger import Ledger
from forgeapp.ledger.exports import ExportRow
from forgeapp.services.exporting.leftovers import remove_leftovers
from tests.unit.services.exporting.desk import asked, exports_over, names


def begun(ledger: Ledger, target: Path, **choices: Any) -> ExportRow:
    export = exports_over(ledger).enqueue(asked(ledger, target, **choices))
    ledger.exports.claim(export)
    return ledger.exports.get(export)


def test_only_parts_of_that_export_go(ledger: Ledger, tmp_path: Path) -> None:
    target = tmp_path / "a.csv"
    row = begun(ledger, target)
    assert row.mark
    for name in (part_name(target, row.mark), part_name(target, "0123456789abcdef"), "a.csv"):
        (tmp_path / name).write_text("half")
    remove_leftovers(row)
    assert names(tmp_path) == {part_name(target, "0123456789abcdef"), "a.csv"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_beside_the_file_a_link_leads_to(ledger: Ledger, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    link = tmp_path / "a.csv"
    link.symlink_to(away / "b.csv")
    row = begun(ledger, link)
    assert row.mark
    (away / part_name(link, row.mark)).write_text("half")
    remove_leftovers(row)
    assert not list(away.iterdir())


def test_in_the_folder_that_files_of_code_gave_way_to(ledger: Ledger, tmp_path: Path) -> None:
    code = Code("Tool", (CodeFile("a.py", "python", "a = 1"),))
    row = begun(ledger, tmp_path / "to[ol]", content=code, is_folder=True, may_replace=(), gives_way=True)
    for name in ("to[ol]", "to[ol] (2)", "tool (2)"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f".forgeapp-{row.mark}-0.part.py").write_text("half")
    remove_leftovers(row)
    assert [path.parent.name for path in tmp_path.glob("*/.forgeapp-*")] == ["tool (2)"]
