"""Dates as people type them and as spreadsheets store them: days since 30 December 1899."""

from __future__ import annotations

import re
from datetime import date

ISO_FORMAT = "yyyy-mm-dd"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MOMENT = re.compile(r"(?:(\d{4}-\d{2}-\d{2})[ T])?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_EPOCH = date(1899, 12, 30).toordinal()


def serial_of(text: str) -> int | None:
    """'2024-01-15' -> 45306; None for anything else, and before 1 March 1900, where spreadsheets disagree."""
    match = _ISO.fullmatch(text)
    if not match:
        return None
    try:
        serial = date(*map(int, match.groups())).toordinal() - _EPOCH
    except ValueError:
        return None
    return serial if serial >= 61 else None


def moment_of(text: str) -> float | None:
    """'2024-01-15 18:00:00' -> 45306.75, '18:00' -> 0.75; None for anything else, also for a date by itself."""
    match = _MOMENT.fullmatch(text)
    if not match:
        return None
    day = serial_of(match[1]) if match[1] else 0
    hours, minutes, seconds = int(match[2]), int(match[3]), int(match[4] or 0)
    return None if day is None else day + (hours * 3_600 + minutes * 60 + seconds) / 86_400


def date_of(serial: int) -> date:
    """45306 -> 15 January 2024. Raises ValueError or OverflowError beyond the years 1900 to 9999."""
    return date.fromordinal(serial + _EPOCH)
