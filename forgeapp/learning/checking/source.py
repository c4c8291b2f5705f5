"""A file as checks read it: its text, and findings at places of it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from forgeapp.domain.code import CodeFile
from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text


class Source:
    """`language` is Pygments' first alias. Lines of `text` end with \\n."""

    def __init__(self, file: CodeFile, language: str) -> None:
        self.name = file.name
        self.text = file.text
        self.language = language

    @cached_property
    def lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for line in self.lines:
            starts.append(at)
            at += len(line) + 1
        return starts

    def finding(self, place: int, width: int, severity: Severity, message: Text) -> Finding:
        """At a place of the text, counted from 0. The message's key is the rule."""
        place = min(max(place, 0), len(self.text))
        line = bisect_right(self._starts, place) - 1
        return self.finding_at(line + 1, place - self._starts[line] + 1, width, severity, message)

    def finding_at(self, line: int, column: int, width: int, severity: Severity, message: Text) -> Finding:
        """At a line and column, counted from 1; both are put within the text, and the width within the line."""
        line = min(max(line, 1), len(self.lines))
        length = len(self.lines[line - 1])
        column = min(max(column, 1), max(length, 1))
        width = max(min(width, length - column + 1), 1)
        return Finding(self.name, line, column, width, severity, message.key, message)
