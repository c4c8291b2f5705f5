"""`forgeapp doctor` as a real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


def test_doctor_says_what_is_missing_and_how_to_mend_it(run: Run) -> None:
    ran = run("doctor", "--json")
    checks = {check["name"]: check for check in ran.json}
    assert {"python", "home", "database", "keyring", "fonts", "formulas", "providers"} <= checks.keys()
    assert checks["formulas"]["ok"]
    assert checks["database"]["ok"]
    assert "--key-env" in checks["keyring"]["hint"]
    assert ran.code == 0


def test_doctor_ends_with_1_where_something_has_to_be_mended(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "forgeapp.db").write_bytes(b"not a database " * 1000)
    ran = run("doctor", "--json")
    assert ran.code == 1
    checks = {check["name"]: check for check in ran.json}
    assert not checks["database"]["ok"]
    assert checks["formulas"]["ok"]
