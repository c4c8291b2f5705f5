"""`forgeapp doctor`: is everything here that the program needs, and if not, what to do."""

from __future__ import annotations

import argparse

from forgeapp.cli.output import Output
from forgeapp.services.doctor import examine


def configure(parser: argparse.ArgumentParser) -> None:
    del parser


def run(arguments: argparse.Namespace, output: Output) -> int:
    checks = examine(getattr(arguments, "home", None))
    output.result(
        [{"name": check.name, "ok": check.is_ok, "detail": check.detail, "hint": check.hint} for check in checks],
        [
            f"{'ok  ' if check.is_ok else 'MEND'}  {check.name}: {check.detail}"
            + (f" {check.hint}" if check.hint else "")
            for check in checks
        ],
    )
    return 0 if all(check.is_ok for check in checks) else 1
