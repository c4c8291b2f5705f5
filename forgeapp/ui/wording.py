"""Every word the window shows: translated by Qt, with the core's errors worded for people at a window.

Translators find their texts in the literals given to `tr`, in the templates of forgeapp.errors and of each
`domain.wording.Text`, and in `HINTS`; all of them belong to the context "forgeapp".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from PySide6.QtCore import QCoreApplication, QLocale, QTime, QTranslator

from forgeapp.domain.wording import SEPARATOR, Text
from forgeapp.errors import ForgeError

CONTEXT: Final = "forgeapp"
_MAX_DETAIL_CHARS: Final = 240
_PHRASES: Final = ("reason", "remedy", "task", "kind")
"""Parameters that are phrases of ours, so they may be translated; the rest are names, numbers and others' words."""

# The core's hints name verbs of the command line where the window has a place of its own.
HINTS: Final[dict[str, str]] = {
    "usage": "",
    "unknown_artifact": "It may have been removed since. Look for it in its conversation.",
    "unknown_provider": "Choose another model below the message.",
    "unknown_model": "Choose another model below the message.",
    "no_model": "Refresh its models, or add one by its name in the list of models.",
    "unknown_template": "Choose another template, or say in words what you need.",
    "unknown_report": "It may have been removed since.",
    "unknown_source": "It may have been removed since.",
    "selection_not_found": "Select it again, and ask anew.",
    "nothing_to_revise": "Open a file first, or say what is to be made.",
    "base_moved": "Fit the change to the newest version, keep it as a file of its own, or reject it.",
    "proposal_gone": "What became of it stands in the chat and in History.",
    "database_too_new": "Install the newest ForgeApp to open it.",
    "home_not_writable": "Make it writable, or start ForgeApp with another folder in FORGEAPP_HOME.",
    "keyring_missing": (
        "Keep the key for this session only, or put it in an environment variable and name that on the Configuration "
        "page. Keys are never written to a plain file."
    ),
    "keyring_locked": (
        "Unlock it (it opens when you log in to your desktop), keep the key for this session only, or put it in an "
        "environment variable and name that on the Configuration page."
    ),
    "key_missing": "Set it on the Configuration page, or choose another model.",
    "key_rejected": "Replace the key of {provider} on the Configuration page, or choose another model.",
    "key_unusable": "Replace the key of {provider} on the Configuration page, or choose another model.",
    "budget_exceeded": (
        "Raise the budget on the Configuration page, choose a cheaper or a local model, or go on with Templates only "
        "or Copy/paste, which cost nothing."
    ),
    "price_unknown": (
        "Write its price into the list of models on the Configuration page, or allow it there without one: right click."
    ),
    "provider_left_out": "It is asked again by itself then; to ask it now, test it on the Configuration page.",
    "provider_unreachable": "Check the network and its address on the Configuration page, or choose another model.",
    "request_rejected": "Word the request differently, or choose another model below the message.",
    "model_not_found": "Refresh its models on the Configuration page, or choose another below the message.",
    "model_too_large": (
        "Choose a smaller model, close other programs, or write a smaller most output into the list of models on the "
        "Configuration page."
    ),
    "unreadable_reply": "Try again, or check the provider's address on the Configuration page.",
    "no_provider": (
        "Choose Copy/paste or Templates only below the message, or add a provider on the Configuration page."
    ),
    "nothing_fits": (
        "The templates there are stand on the right where nothing is open. Else choose Copy/paste below the message, "
        "or give a provider its key on the Configuration page."
    ),
    "would_replace": "Choose another folder, or save again and say that they may be replaced.",
    "nothing_to_export": "Say in the chat what you need, and export what is made.",
    "unknown_export": "Its line may have been cleared. Export it once more.",
    "export_not_waiting": "The list of exports shows what became of it.",
    "out_of_memory": "Make it smaller, or allow more memory among the settings on the Configuration page.",
    "export_differs": "What may have stood there before is unchanged. Choose another format, or keep the file anyway.",
    "crashed": "Copy the report and send it to the people who make ForgeApp.",
}


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What went wrong, and what to do about it ('' where nothing can be said)."""

    message: str
    hint: str


def tr(text: str, **params: Any) -> str:
    """`text` in the user's language, with `params` filled in. The first argument is always a literal."""
    translated = QCoreApplication.translate(CONTEXT, text)
    if not params:
        return translated
    try:
        return translated.format(**params)
    except (KeyError, IndexError, ValueError, AttributeError):  # a translation that names other parameters
        return text.format(**params)


def noop(text: str) -> str:
    """Marks a text that `tr` translates where it is shown."""
    return text


def install_translator(translator: QTranslator) -> None:
    """Texts are looked up here first from now on; what is already shown is not worded anew."""
    QCoreApplication.installTranslator(translator)


def error_text(error: ForgeError) -> ErrorText:
    """The error in the window's words, its parameters bounded and on one line."""
    kind = type(error)
    params = {name: _shown(name, value) for name, value in error.params.items()}
    return ErrorText(_fill(kind.message_template, params), _fill(HINTS.get(kind.key, kind.hint_template), params))


def text_below(text: str) -> str:
    """What was worded below the window, in the user's language; a text that does not know how it was made, as it is."""
    if not isinstance(text, Text):
        return text
    return _fill(text.template, {name: _param(value) for name, value in text.params.items()})


def _param(value: Any) -> str:
    match value:
        case tuple():
            return SEPARATOR.join(_param(part) for part in value)
        case ForgeError():
            return error_text(value).message
        case Text():
            return text_below(value)
    return str(value)


def _fill(template: str, params: dict[str, str]) -> str:
    if not template:
        return ""
    try:
        filled = QCoreApplication.translate(CONTEXT, template).format_map(_Blank(params))
    except (IndexError, ValueError, AttributeError):  # a translation that is no template
        filled = template.format_map(_Blank(params))
    # A parameter that is blank, or ends a sentence by itself, leaves doubled marks behind.
    for doubled, single in ((" (status )", ""), (": .", "."), ("..", "."), ("!.", "!"), ("?.", "?")):
        filled = filled.replace(doubled, single)
    return filled.strip()


def _shown(name: str, value: Any) -> str:
    if value is None:
        return ""
    text = " ".join(_param(value).split())
    if name in _PHRASES and text:
        text = QCoreApplication.translate(CONTEXT, text)
    return text if len(text) <= _MAX_DETAIL_CHARS else text[: _MAX_DETAIL_CHARS - 1].rstrip() + "…"


class _Blank(dict[str, str]):
    """A parameter that is not given is left blank: telling of a fault must not fail."""

    def __missing__(self, key: str) -> str:
        return ""


def when(at_utc: str | datetime, now: datetime | None = None) -> str:
    """A moment as a list shows it, in local time: 'now', '10:12' today, 'Tue' this week, '12 Nov', '12 Nov 2024'.

    `at_utc` is ISO 8601, in UTC where it names no zone; what is no moment gives ''.
    """
    try:
        at = _local(datetime.fromisoformat(at_utc) if isinstance(at_utc, str) else at_utc)
    except (ValueError, OverflowError):
        return ""
    present = _local(now) if now else datetime.now().astimezone()
    if 0 <= (present - at).total_seconds() < 60:
        return tr("now")
    locale = QLocale()
    days = (present.date() - at.date()).days
    if days == 0:
        return locale.toString(QTime(at.hour, at.minute), tr("HH:mm"))
    if 0 < days < 7:
        return locale.dayName(at.isoweekday(), QLocale.FormatType.ShortFormat)
    month = locale.monthName(at.month, QLocale.FormatType.ShortFormat)
    if at.year == present.year:
        return tr("{day} {month}", day=at.day, month=month)
    return tr("{day} {month} {year}", day=at.day, month=month, year=at.year)


def _local(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


def size_text(size: int) -> str:
    """Bytes for people: '812 bytes', '4.2 KB', '1.3 MB'."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def number_text(value: float, decimals: int = 0) -> str:
    """A number grouped as the user's country groups it: '1,204'."""
    locale = QLocale()
    if locale.language() is QLocale.Language.C:  # no country is set, and nothing would be grouped
        locale = QLocale(QLocale.Language.English)
    return locale.toString(float(value), "f", decimals)
