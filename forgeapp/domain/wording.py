"""Words for the user that are made below the window: English, and how it was made, so that they can be translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forgeapp.errors import ForgeError

SEPARATOR = "; "
"""Between the parts of a parameter that is a list."""


class Text(str):
    """English words that know how they were made; wherever a text is wanted they are one.

    `template` names the `params`, each of which is a name or a figure, a Text, a ForgeError, or a tuple of those.
    """

    __slots__ = ("key", "params", "template")

    key: str
    template: str
    params: Mapping[str, Any]

    def __new__(cls, key: str, template: str, **params: Any) -> Text:
        made = super().__new__(cls, template.format(**{name: _english(value) for name, value in params.items()}))
        made.key, made.template, made.params = key, template, params
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy elsewhere is the English alone."""
        return (str, (str(self),))


def _english(value: Any) -> str:
    match value:
        case tuple():
            return SEPARATOR.join(_english(part) for part in value)
        case ForgeError():
            return value.message
    return str(value)
