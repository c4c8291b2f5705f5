"""What is not right in a file of code, at its place and in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from forgeapp.domain.wording import Text


class Severity(StrEnum):
    """ERROR: it will not work. WARNING: it may do harm or not what is meant. HINT: it could be better."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """`file` is the file's name. `line` and `column` count from 1, in characters; lines end with \\n, \\r\\n or \\r.

    `width`: how many characters are meant, at least 1. `rule` says which check found it, and stays the same in every
    language.
    """

    file: str
    line: int
    column: int
    width: int
    severity: Severity
    rule: str
    message: Text

    def to_json(self) -> dict[str, Any]:
        """A JSON object that `from_json` reads."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "width": self.width,
            "severity": self.severity.value,
            "rule": self.rule,
            "template": self.message.template,
            "params": dict(self.message.params),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Finding:
        return cls(
            data["file"],
            data["line"],
            data["column"],
            data["width"],
            Severity(data["severity"]),
            data["rule"],
            Text(data["rule"], data["template"], **data["params"]),
        )
