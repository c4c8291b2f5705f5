"""Code: one or more named files. Never executed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeFile:
    """`language` is a Pygments alias ('python') or the fence's own word; '' when unknown."""

    name: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Code:
    title: str | None
    files: tuple[CodeFile, ...]
