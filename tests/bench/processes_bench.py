"""Starting: a whole process of ours beside `python -c pass`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable

from tests.bench.pairs import paired, row

_PLAIN = [sys.executable, "-c", "pass"]


def main() -> None:
    with tempfile.TemporaryDirectory() as home:
        for name, arguments in (
            ("forgeapp gate TEXT", ["gate", "make a table of planets"]),
            ("forgeapp artifacts", ["--home", home, "artifacts"]),
            ("forgeapp forge, from a built-in template", ["--home", home, "forge", "budget sheet for a cafe", "--yes"]),
        ):
            row(name, paired(_run([sys.executable, "-m", "forgeapp", *arguments]), _run(_PLAIN), runs=7), "none set")


def _run(command: list[str]) -> Callable[[], object]:
    return lambda: subprocess.run(command, capture_output=True, check=True)


if __name__ == "__main__":
    main()
