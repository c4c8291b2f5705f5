"""Files named with --to: each once, and what stands there when they are named."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from forgeapp.cli.output import Output
from forgeapp.domain.standing import Standing
from forgeapp.services.exporting.destinations import check_place, standing_at_target


def each_once(names: Iterable[str], output: Output) -> list[str]:
    """What is named twice is written once, and that is told."""
    once: dict[str, str] = {}
    for name in names:
        place = _place(name)
        if place in once:
            output.notice(f"Named twice, written once: {name}.")
        once.setdefault(place, name)
    return list(once.values())


def _place(name: str) -> str:
    """By it two names of one file are known, a link and what it leads to among them."""
    # The folder the program was started in may have gone, which is told later.
    with suppress(OSError, ValueError):
        return os.path.normcase(os.path.realpath(name)) if name else name
    return name


def file_targets(names: Iterable[str], output: Output) -> dict[Path, Standing]:
    """Each file with what stands there now: that, and nothing that comes later, may be replaced.

    Raises TargetNotWritable for a place no file can stand at.
    """
    targets: dict[Path, Standing] = {}
    for name in each_once(names, output):
        target = Path(name)
        check_place(target)
        targets[target] = standing_to_replace(target, output)
    return targets


def standing_to_replace(target: Path, output: Output) -> Standing:
    """Says that it will be replaced."""
    standing = standing_at_target(target)
    if os.path.lexists(target):
        output.notice(f"A file stands at {target}: it will be replaced.")
    return standing
