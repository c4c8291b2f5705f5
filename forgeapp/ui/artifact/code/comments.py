"""Lines made comments and back, in the marks of their language. Pure: texts in, texts out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

_HASH: Final = (
    "python", "bash", "yaml", "toml", "ruby", "perl", "splus", "make", "docker", "nginx", "terraform", "elixir",
    "powershell", "cmake", "julia", "nim", "graphql", "awk", "tcl", "console",
)  # fmt: skip
_DASHES: Final = ("sql", "lua", "haskell", "ada", "vhdl", "elm", "applescript")
_BLOCKS: Final = {
    "html": ("<!-- ", " -->"), "xml": ("<!-- ", " -->"), "markdown": ("<!-- ", " -->"), "vue": ("<!-- ", " -->"),
    "css": ("/* ", " */"),
}  # fmt: skip
_OTHERS: Final = {
    "latex": "% ", "matlab": "% ", "erlang": "% ", "vb.net": "' ", "vba": "' ", "ini": "; ", "lisp": ";; ",
    "clojure": ";; ", "scheme": ";; ", "batch": "rem ", "fortran": "! ",
}  # fmt: skip
_WITHOUT: Final = ("", "text", "json", "csv", "diff")


def comment_marks(language: str) -> tuple[str, str] | None:
    """What stands before a comment and behind it, None where the language has none."""
    if language in _WITHOUT:
        return None
    if language in _BLOCKS:
        return _BLOCKS[language]
    if language in _HASH:
        return "# ", ""
    if language in _DASHES:
        return "-- ", ""
    return _OTHERS.get(language, "// "), ""


def toggle_comments(lines: Sequence[str], language: str) -> list[str]:
    """All lines made comments where one is none yet, else all of them made code; blank ones stay as they are."""
    marks = comment_marks(language)
    filled = [line for line in lines if line.strip()]
    if marks is None or not filled:
        return list(lines)
    begin, end = marks
    if all(line.lstrip().startswith(begin.strip()) for line in filled):
        return [_uncommented(line, begin, end) for line in lines]
    column = min(len(line) - len(line.lstrip()) for line in filled)
    return [f"{line[:column]}{begin}{line[column:]}{end}" if line.strip() else line for line in lines]


def _uncommented(line: str, begin: str, end: str) -> str:
    indent = line[: len(line) - len(line.lstrip())]
    rest = line[len(indent) :]
    if not rest:
        return line
    rest = rest.removeprefix(begin) if rest.startswith(begin) else rest.removeprefix(begin.strip())
    if end and rest.rstrip().endswith(end.strip()):
        rest = rest.rstrip().removesuffix(end.strip()).removesuffix(" ")
    return indent + rest
