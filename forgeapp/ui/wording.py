"""Every word the window shows: translated by Qt, with the core's errors worded for people at a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from forgeapp.errors import ForgeError

CONTEXT: Final = "forgeapp"


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What went wrong, and what to do about it ('' where nothing can be said)."""

    message: str
    hint: str


def tr(text: str, **params: Any) -> str:
    """`text` in the user's language, with `params` filled in. The first argument is always a literal."""
    translated = QCoreApplication.translate(CONTEXT, text)
    return translated.format(**params) if params else translated


def install_translator(translator: QTranslator) -> None:
    """Texts are looked up here first from now on; what is already shown is not worded anew."""
    QCoreApplication.installTranslator(translator)


# The core's hints name verbs of the command line where the window has a place of its own.
_HINTS: Final[dict[str, str]] = {}


def error_text(error: ForgeError) -> ErrorText:
    """The error in the window's words."""
    kind = type(error)
    hint = _HINTS.get(kind.key, kind.hint_template)
    return ErrorText(_fill(kind.message_template, error.params), _fill(hint, error.params))


def _fill(template: str, params: dict[str, Any]) -> str:
    translated = QCoreApplication.translate(CONTEXT, template) if template else ""
    return translated.format_map(_Blank(params)).strip()


class _Blank(dict[str, Any]):
    """A parameter that is not given is left blank: telling of a fault must not fail."""

    def __missing__(self, key: str) -> str:
        return ""


def when(at_utc: str, now: datetime | None = None) -> str:
    """A moment of the past as a list shows it: 'now', '10:12' today, 'Tue' this week, '12 Nov', '12 Nov 2024'."""
    try:
        moment = datetime.fromisoformat(at_utc)
    except ValueError:
        return ""
    at = _local(moment)
    today = now or datetime.now().astimezone()
    if 0 <= (today - at).total_seconds() < 60:
        return tr("now")
    locale = QLocale()
    days = (today.date() - at.date()).days
    if days == 0:
        return locale.toString(at.time().replace(tzinfo=None), "HH:mm")
    if 0 < days < 7:
        return locale.dayName(at.isoweekday(), QLocale.FormatType.ShortFormat)
    month = locale.monthName(at.month, QLocale.FormatType.ShortFormat)
    return tr("{day} {month}", day=at.day, month=month) + ("" if at.year == today.year else f" {at.year}")


def _local(moment: datetime) -> datetime:
    from datetime import UTC

    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


def size_text(size: int) -> str:
    """Bytes for people: '1 byte', '812 bytes', '4.2 KB', '1.3 MB'."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def number_text(value: float, decimals: int = 0) -> str:
    """A number grouped as the user's country groups it: '1,204'."""
    return QLocale().toString(float(value), "f", decimals)
