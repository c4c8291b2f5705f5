"""What all of our errors have in common."""

from __future__ import annotations

from typing import Any, ClassVar


class ForgeError(Exception):
    """A fault the user can act on: `key`, filled `message`, filled `hint` (what to do), `params`.

    Subclasses set `message_template` and `hint_template`; both may name any of the keyword parameters given.
    """

    key: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1
    message_template: ClassVar[str] = "Something went wrong."
    hint_template: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return self.message_template.format_map(_Blank(self.params))

    @property
    def hint(self) -> str:
        return self.hint_template.format_map(_Blank(self.params))

    def to_json(self) -> dict[str, str]:
        """The `error` object of the command line contract."""
        return {"type": self.key, "message": self.message, "hint": self.hint}

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.params))


def _rebuild(kind: type[ForgeError], params: dict[str, Any]) -> ForgeError:
    return kind(**params)


class _Blank(dict[str, Any]):
    """Leaves an unfilled parameter blank rather than failing while reporting a failure."""

    def __missing__(self, key: str) -> str:
        return ""
