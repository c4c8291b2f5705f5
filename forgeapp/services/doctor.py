"""What the program needs here, checked one by one, each with what mends it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from forgeapp.credentials import Credentials
from forgeapp.errors import ForgeError, KeyringLocked, KeyringMissing
from forgeapp.ledger import Ledger
from forgeapp.paths import Home, find_home, resource


@dataclass(frozen=True, slots=True)
class Check:
    """`hint`: what to do where it is not ok, or what would be better."""

    name: str
    is_ok: bool
    detail: str
    hint: str = ""


_SCRIPTS = {
    "Arabic": "ع",
    "Hebrew": "ש",
    "Devanagari": "ह",
    "Chinese": "汉",
    "Japanese": "か",
    "Korean": "한",
    "emoji": "😀",
}
"""A letter each: what PDF can set."""


def examine(home: str | Path | None) -> list[Check]:
    """Every check, also behind one that fails."""
    place = find_home(home)
    checks: list[Callable[[Home], Check]] = [
        _python,
        _home,
        _database,
        _keyring,
        _app_keys,
        _fonts,
        _formulas,
        _providers,
    ]
    results: list[Check] = []
    for check in checks:
        try:
            results.append(check(place))
        except ForgeError as error:
            results.append(Check(_name(check), False, error.message, error.hint))
        except Exception as error:  # noqa: BLE001 - one check that breaks must not hide the others
            hint = "Please report this."
            results.append(Check(_name(check), False, f"{type(error).__name__}: {error}", hint))
    return results


def _name(check: Callable[[Home], Check]) -> str:
    return check.__name__.strip("_").replace("_", " ")


def _python(_: Home) -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Check("python", sys.version_info >= (3, 11), version, "")


def _home(home: Home) -> Check:
    home.create()
    return Check("home", True, str(home.root))


def _database(home: Home) -> Check:
    ledger = Ledger(home.database, home.backups)
    try:
        findings = ledger.database.check()
        size = home.database.stat().st_size / 1024
    finally:
        ledger.close()
    if findings:
        return Check("database", False, "; ".join(findings), f"Put the newest file of {home.backups} in its place.")
    return Check("database", True, f"{home.database} is sound ({size:,.0f} KB)")


def _keyring(home: Home) -> Check:
    try:
        Credentials(home.root).names()
    except KeyringLocked as error:
        return Check("keyring", True, "it is locked", error.hint)
    except KeyringMissing as error:
        return Check("keyring", True, "none here; keys can come from environment variables", error.hint)
    return Check("keyring", True, "keys can be kept in the system's keyring")


def _app_keys(home: Home) -> Check:
    credentials = Credentials(home.root, resource("app-keys.json"))
    file = credentials.check_app_keys()
    providers = ", ".join(credentials.app_providers())
    if not providers:
        return Check("app keys", True, "none came with the program")
    if file is not None and os.name == "posix" and file.stat().st_mode & 0o044:
        return Check("app keys", True, f"for {providers}", f"Others can read them: chmod 600 {file}")
    return Check("app keys", True, f"for {providers}")


def _fonts(_: Home) -> Check:
    from forgeapp.exporters.fonts import fallback_font

    missing = [script for script, sign in _SCRIPTS.items() if fallback_font(sign) is None]
    if missing:
        hint = "PDF needs fonts for them, on Debian and Ubuntu: apt install fonts-noto-cjk fonts-noto-color-emoji"
        return Check("fonts", True, f"none for {', '.join(missing)}", hint)
    return Check("fonts", True, f"found for {', '.join(_SCRIPTS)}")


def _formulas(home: Home) -> Check:
    from forgeapp.domain.cancel import CancelToken
    from forgeapp.domain.workbook import Cell, Sheet, Workbook
    from forgeapp.services.calculation import Calculation
    from forgeapp.services.workers import Limits, Workers
    from forgeapp.settings import load_settings

    settings = load_settings(home.settings)
    calculation = Calculation(Workers(), Limits(settings.worker_memory_mb, settings.formula_timeout_s))
    values = calculation.values(Workbook(None, (Sheet("Check", {(0, 0): Cell("=6*7")}),)), CancelToken())
    answer = values.get("Check", {}).get((0, 0))
    return Check("formulas", answer == 42, f"6*7 is {answer}", "" if answer == 42 else "Install ForgeApp again.")


def _providers(home: Home) -> Check:
    credentials = Credentials(home.root)
    ledger = Ledger(home.database, home.backups)
    try:
        rows = [row for row in ledger.providers.all() if row.is_enabled]
    finally:
        ledger.close()
    keyless = {
        row.name for row in rows if row.needs_key and not credentials.source(row.name, row.key_env, row.key_name)
    }
    ready = [row.name for row in rows if row.name not in keyless]
    # What the program put there by itself is not missed as long as nobody gives it a key.
    missed = [f"{row.name} has no key" for row in rows if row.name in keyless and not row.is_seed]
    if not ready:
        hint = (
            "Give one its key with 'forgeapp keys set NAME' ('forgeapp providers list' shows them), or add one with "
            "'forgeapp providers add'; built-in templates and copy/paste work without."
        )
        return Check("providers", True, ", ".join(["none is set up", *missed]), hint)
    hint = f"Try one: 'forgeapp providers test {ready[0]}'."
    return Check("providers", True, ", ".join([*ready, *missed]), hint)
