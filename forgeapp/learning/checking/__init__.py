"""What is not right in code, found by reading it; nothing is ever run.

`check_file` is for a child process: what it is given may be made to take long or to exhaust the stack, and it hands
such text to parsers written in C. It is bounded by MAX_CHARS; time and memory are the caller's to bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import Final

from forgeapp.domain.code import CodeFile
from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.text import without_surrogates
from forgeapp.domain.wording import Text
from forgeapp.learning.checking import keys, leftovers
from forgeapp.learning.checking.source import Source

MAX_CHARS: Final = 1_000_000
MAX_FINDINGS: Final = 200
"""Of one file; errors come before warnings, and those before hints, where there are more."""

_ORDER: Final = tuple(Severity)
_BY_LANGUAGE: Final = {
    "python": ("python", "check_python"),
    "json": ("json", "check_json"),
    "jsonl": ("json", "check_json_lines"),
    "toml": ("toml", "check_toml"),
    "yaml": ("yaml", "check_yaml"),
    "xml": ("xml", "check_xml"),
    "html": ("xml", "check_html"),
    "csv": ("csv", "check_csv"),
    "sql": ("sql", "check_sql"),
}
_BY_EXTENSION: Final = {
    "py": "python", "pyi": "python", "json": "json", "geojson": "json", "ipynb": "json", "jsonl": "jsonl",
    "ndjson": "jsonl", "toml": "toml", "yaml": "yaml", "yml": "yaml", "xml": "xml", "svg": "xml", "html": "html",
    "htm": "html", "csv": "csv", "tsv": "csv", "sql": "sql",
}  # fmt: skip
_PROSE: Final = frozenset({"text", "markdown", "restructuredtext", "diff", "csv", "output", "console"})
"""Not looked through for what a program would need."""


def check_file(file: CodeFile) -> list[Finding]:
    """Every finding in one file, by place; at most MAX_FINDINGS."""
    if len(file.text) > MAX_CHARS:
        message = Text("too_long", "Files of more than {count} characters are not checked.", count=f"{MAX_CHARS:,}")
        return [Finding(file.name, 1, 1, 1, Severity.HINT, "too_long", message)]
    text = without_surrogates(file.text).replace("\r\n", "\n").replace("\r", "\n")
    source = Source(replace(file, text=text), _language(file))
    found = list(_found(source))
    found.sort(key=lambda finding: (_ORDER.index(finding.severity), finding.line, finding.column))
    return sorted(found[:MAX_FINDINGS], key=lambda finding: (finding.line, finding.column))


def _found(source: Source) -> Iterator[Finding]:
    if not source.text.strip():
        return
    language = source.language
    if language not in _PROSE:
        yield from leftovers.check_leftovers(source)
    yield from keys.check_keys(source)
    checker = _checker(language)
    try:
        yield from checker(source)
    except (RecursionError, MemoryError):
        yield source.finding(
            0, 1, Severity.WARNING, Text("nested_too_deep", "This is nested too deep to be checked: make it flatter.")
        )


def _checker(language: str) -> Callable[[Source], Iterator[Finding]]:
    module, name = _BY_LANGUAGE.get(language, ("tokens", "check_tokens"))
    checker: Callable[[Source], Iterator[Finding]] = getattr(
        import_module(f"forgeapp.learning.checking.{module}"), name
    )
    return checker


def _language(file: CodeFile) -> str:
    """The file's language by Pygments' first alias; a known extension says more than none or plain text."""
    extension = file.name.rpartition(".")[2].casefold()
    by_name = _BY_EXTENSION.get(extension, "")
    if by_name in ("jsonl", "csv") or not file.language or file.language == "text":
        return by_name or file.language
    return _first_alias(file.language.casefold())


@cache
def _first_alias(language: str) -> str:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return str(get_lexer_by_name(language).aliases[0])
    except ClassNotFound:
        return language
