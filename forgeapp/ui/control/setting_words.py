"""What each setting does, from the docstring under its field in forgeapp.settings, and the unit its name ends with.

Translators find these texts in that module; they belong to the context of all others.
"""

from __future__ import annotations

import dataclasses
from typing import Final

from PySide6.QtCore import QCoreApplication

from forgeapp.settings import Settings, explanations
from forgeapp.ui.wording import CONTEXT, tr

OTHERWHERE: Final = frozenset(
    {"theme", "model_changes", "number_look", "ask_above_usd", "cache_days", "quick_export_folder"}
)
"""Settings with a place of their own on the page."""


def describe(name: str) -> str:
    """The docstring of a setting in the user's language; its name in words where there is none to be read."""
    text = explanations().get(name)
    return QCoreApplication.translate(CONTEXT, text) if text else name.replace("_", " ")


def unit_of(name: str) -> tuple[str, str]:
    """What stands before and behind its number."""
    ending = name.rpartition("_")[2]
    if "usd" in name.split("_"):
        return "$", tr("a day") if name.endswith("a_day") else ""
    match ending:
        case "s":
            return "", tr("s")
        case "mb":
            return "", tr("MB")
        case "tokens":
            return "", tr("tokens")
        case "days":
            return "", tr("days")
    return "", ""


def value_text(name: str, value: object) -> str:
    """As it is typed: '180', '2, 4', '0.10' of an amount."""
    if isinstance(value, float) and "usd" in name.split("_"):
        text = _text(value)
        return f"{value:.2f}" if len(text.partition(".")[2]) < 2 else text
    return _text(value)


def _text(value: object) -> str:
    match value:
        case tuple():
            return ", ".join(_text(part) for part in value)
        case float() if value == int(value):
            return str(int(value))
    return str(value)


def read_value(text: str, default: object) -> object:
    """What was typed, of the sort of `default`; the default for no text. Raises ValueError in words."""
    text = text.strip()
    if not text:
        return default
    match default:
        case tuple():
            return tuple(_number(part) for part in text.replace(";", ",").split(","))
        case int():
            is_number = text.isascii() and text.isdigit() and len(text) <= 9
            if not is_number or (default and not int(text)):
                raise ValueError(tr("Write a whole number above 0.") if default else tr("Write a whole number."))
            return int(text)
    number = _number(text.replace(",", "."))
    if not number:
        raise ValueError(tr("Write a number above 0."))
    return number


def default_of(name: str) -> object:
    return next(field.default for field in dataclasses.fields(Settings) if field.name == name)


def _number(text: str) -> float:
    text = text.strip()
    if not text.replace(".", "", 1).isdecimal() or not text.isascii() or len(text) > 12:
        raise ValueError(tr("Write a number."))
    return float(text)
