"""`forgeapp doctor` as a real process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.conftest import Run

pytestmark = pytest.mark.integration


def test_doctor_says_what_is_missing_and_how_to_mend_it(run: Run, run_here: Run) -> None:
    ran = run("doctor", "--json")
    checks = {check["name"]: check for check in ran.json}
    assert {"python", "home", "database", "keyring", "fonts", "formulas", "providers"} <= checks.keys()
    assert checks["formulas"]["ok"]
    assert checks["database"]["ok"]
    assert "--key-env" in checks["keyring"]["hint"]
    assert ran.code == 0
    lines = run_here("doctor").out.splitlines()
    keyring = next(place for place, line in enumerate(lines) if line.startswith("ok    keyring: "))
    assert lines[keyring + 1].startswith("      Put the key in an environment variable")


def test_doctor_ends_with_1_where_something_has_to_be_mended(run: Run, home: Path) -> None:
    home.mkdir(parents=True)
    (home / "forgeapp.db").write_bytes(b"not a database " * 1000)
    ran = run("doctor", "--json")
    assert ran.code == 1
    checks = {check["name"]: check for check in ran.json}
    assert not checks["database"]["ok"]
    assert checks["formulas"]["ok"]


@pytest.mark.security
def test_doctor_says_who_else_can_read_the_app_keys(run_here: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text('{"gemini": "k-of-the-distributor"}')
    env = {"FORGEAPP_APP_KEYS": str(file)}

    def check() -> tuple[bool, str, str]:
        ran = run_here("doctor", "--json", env=env)
        assert "k-of-the" not in ran.out + ran.err
        return next((row["ok"], row["detail"], row["hint"]) for row in ran.json if row["name"] == "app keys")

    file.chmod(0o644)
    assert check() == (True, "for gemini", f"Others can read them: chmod 600 {file}")
    file.chmod(0o600)
    assert check() == (True, "for gemini", "")
    file.write_text('{"gemini": "k-of-the-distributor')
    is_ok, detail, hint = check()
    assert not is_ok
    assert str(file) in detail
    assert "JSON" in hint
