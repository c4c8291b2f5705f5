"""YAML, as events only: nothing is built, so that aliases of aliases cost nothing and tags make no objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_MAX_DEPTH: Final = 500
"""Of brackets; libyaml looks through all that are open with each new one."""
_BRACKET: Final = re.compile(r"[\[\]{}]")
_PYTHON_TAG: Final = "tag:yaml.org,2002:python/"


def check_yaml(source: Source) -> Iterator[Finding]:
    import yaml

    if _depth(source.text) > _MAX_DEPTH:
        raise RecursionError
    # libyaml's, where it is there, is thirty times as fast and reads the same.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _Events(source)
    try:
        for event in yaml.parse(source.text, Loader=loader):
            yield from reader.read(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        yield source.finding_at(line, column, 1, Severity.ERROR, _worded(source, line, error.problem or ""))
    except yaml.YAMLError as error:  # a character YAML does not have
        place = getattr(error, "position", 0)
        message = Text("yaml_character", "There is a character here that YAML does not take.")
        yield source.finding(place if isinstance(place, int) else 0, 1, Severity.ERROR, message)


def _depth(text: str) -> int:
    """How many brackets are open at once at most, those in texts counted too."""
    depth = deepest = 0
    for match in _BRACKET.finditer(text):
        depth = depth + 1 if match[0] in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _worded(source: Source, line: int, problem: str) -> Text:
    text = source.lines[line - 1] if line <= len(source.lines) else ""
    indent = text[: len(text) - len(text.lstrip())]
    if "\t" in indent:
        return Text("yaml_tab", "YAML takes no tabs at the beginning of a line: indent with spaces.")
    if problem.startswith("mapping values are not allowed"):
        return Text("yaml_colon", "A second colon makes no sense here: put the value in quotes, or begin a new line.")
    if "undefined alias" in problem:
        return Text("yaml_alias", "Nothing above has the name this stands for.")
    return Text("yaml_syntax", "This is not YAML: {detail}.", detail=problem)


class _Events:
    """What the events so far have opened: for each mapping its keys, and whose turn it is, a key's or a value's."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._open: list[tuple[set[str], bool] | None] = []

    def read(self, event: Any) -> Iterator[Finding]:
        from yaml import events

        if isinstance(event, events.NodeEvent):
            tag = getattr(event, "tag", None)
            if tag and str(tag).startswith(_PYTHON_TAG):
                message = Text(
                    "yaml_python_tag", "This asks the program that reads it to make a Python object: write plain data."
                )
                yield self._at(event, Severity.WARNING, message)
            yield from self._take_node(event)
        match event:
            case events.MappingStartEvent():
                self._open.append((set(), True))
            case events.SequenceStartEvent():
                self._open.append(None)
            case events.MappingEndEvent() | events.SequenceEndEvent():
                self._open.pop()

    def _take_node(self, event: Any) -> Iterator[Finding]:
        """A node is a key or a value of the mapping that is open."""
        if not self._open or self._open[-1] is None:
            return
        keys, is_key = self._open[-1]
        self._open[-1] = (keys, not is_key)
        value = getattr(event, "value", None)
        if not is_key or not isinstance(value, str) or value == "<<":
            return
        if value in keys:
            message = Text(
                "yaml_twice", "{name} stands in this mapping before: only one of the two is taken.", name=value[:60]
            )
            yield self._at(event, Severity.WARNING, message, len(value))
        keys.add(value)

    def _at(self, event: Any, severity: Severity, message: Text, width: int = 1) -> Finding:
        mark = event.start_mark
        return self._source.finding_at(mark.line + 1, mark.column + 1, width, severity, message)
