"""Long work told on standard error: how far it is, every few seconds, and what it has to wait for, once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from forgeapp.app import App
from forgeapp.cli.output import Output
from forgeapp.domain.publication import Progress, Share

_TOLD_EVERY_S = 3.0


def progress_teller(output: Output, what: str = "") -> Progress:
    """`what` is under way, where there may be several: 'report.pdf: 40%, row 40,000 of 100,000'."""
    told = time.monotonic()

    def tell(share: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _TOLD_EVERY_S:
            told = time.monotonic()
            output.notice(f"{what}: {_in_words(share)}" if what else _in_words(share))

    return tell


def _in_words(share: float) -> str:
    percent = f"{float(share):.0%}"
    if not isinstance(share, Share):
        return percent
    if share.unit == "check":
        return f"{percent}, read again and compared"
    if not share.number:
        return percent
    of = f" of {share.count:,}" if share.count else ""
    return f"{percent}, {share.unit} {share.number:,}{of}"


def waiting_teller(app: App, output: Output) -> Callable[[float], None]:
    """Says once that an export has to wait."""
    is_told = False

    def tell(seconds: float) -> None:
        nonlocal is_told
        if not is_told:
            output.notice(
                f"{app.settings.exports_per_minute} exports a minute are allowed: this one begins in "
                f"{math.ceil(seconds)} s. Change it with 'forgeapp settings set exports_per_minute'."
            )
        is_told = True

    return tell
