"""The properties a Markdown text has between '---' lines at its very top, and the text without them.

They are YAML, read as events of the parser: nothing is built that a text could make large. What is broken, or no
mapping, is text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from forgeapp.domain.front_matter import front_matter_end
from forgeapp.domain.wording import Text

_MAX_DEPTH: Final = 20
_MAX_TITLE_CHARS: Final = 200
_MARK: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n|^(?:---|\.\.\.)[ \t]*\r?\n?\Z", re.MULTILINE)
_MOST_LINES, _MOST_MARKS = 100, 4
"""So many lines and rules are looked through for front matter within a reply."""
_NOT_A_LINE_END: Final = re.compile(r"[^\n]")

Properties = Mapping[str, tuple[str, ...]]
"""The texts of each, in their order: of a list its entries, of what has parts its name. () where it has no text."""


def front_matter(markdown: str) -> Properties:
    """What stands above the text; {} where nothing does."""
    end = front_matter_end(markdown)
    return _read(markdown[:end]) if end else {}


def split_front_matter(markdown: str) -> tuple[str, str]:
    """The lines of the front matter, '' where there is none, and the text beneath them."""
    end = front_matter_end(markdown)
    if not end or not _read(markdown[:end]):
        return "", markdown
    return markdown[:end], markdown[end:]


def body_in_place(markdown: str) -> str:
    """The text with blank lines where its front matter stands, as long as those, so that all else keeps its place."""
    head, body = split_front_matter(markdown)
    return _NOT_A_LINE_END.sub(" ", head) + body if head else markdown


def line_with_front_matter(lines: Sequence[str], start: int) -> int:
    """The line a document begins with whose text begins at line `start`: that of its front matter, where some stands
    there or right above."""
    marks = [number for number in range(max(start - _MOST_LINES, 0), start + 1) if lines[number].rstrip() == "---"]
    for first in marks[-_MOST_MARKS:]:
        head, _ = split_front_matter("\n".join(lines[first : start + _MOST_LINES]))
        end = first + head.count("\n")
        if head and (start <= end or not any(line.strip() for line in lines[end:start])):
            return first
    return start


def stated_title(markdown: str) -> str | None:
    """The title its front matter gives a text."""
    texts = next((texts for name, texts in front_matter(markdown).items() if name.casefold() == "title"), ())
    return " ".join(texts)[:_MAX_TITLE_CHARS] or None


def doubt_of_front_matter(markdown: str) -> tuple[Text, ...]:
    """What a user is to know of lines that look like front matter and are none."""
    if not front_matter_end(markdown) or front_matter(markdown):
        return ()
    template = "The lines between '---' at the top are no valid YAML (front matter): they stand in the text."
    return (Text("front_matter_broken", template),)


@lru_cache(maxsize=16)
def _read(head: str) -> Properties:
    import yaml

    # libyaml's, where it is there, is thirty times as fast and reads the same.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        found = _built(yaml.parse(_MARK.sub("", head).replace("\ufeff", ""), Loader=loader))
    except (yaml.YAMLError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: tuple(" ".join(text.split()) for text in _texts(value)) for name, value in found.items()}


def _built(events: Iterator[Any]) -> Any:
    """The lists, mappings and texts of the one document there is. Raises ValueError for more, or for what is too
    deep."""
    from yaml import events as kinds

    root: list[Any] = []
    stack: list[tuple[list[Any] | dict[str, Any], str | None]] = [(root, None)]

    def put(value: Any) -> None:
        holder, key = stack[-1]
        if isinstance(holder, list):
            holder.append(value)
        elif key is None:
            stack[-1] = (holder, value if isinstance(value, str) else "")
        else:
            holder[key] = value
            stack[-1] = (holder, None)

    for event in events:
        match event:
            case kinds.ScalarEvent(value=value, implicit=implicit):
                is_nothing = implicit[0] and value in ("", "~", "null")
                put("" if is_nothing else value)
            case kinds.AliasEvent():
                put("")
            case kinds.MappingStartEvent() | kinds.SequenceStartEvent():
                made: list[Any] | dict[str, Any] = {} if isinstance(event, kinds.MappingStartEvent) else []
                put(made)
                stack.append((made, None))
                if len(stack) > _MAX_DEPTH:
                    raise ValueError("too deep")
            case kinds.MappingEndEvent() | kinds.SequenceEndEvent():
                stack.pop()
            case _:
                pass
    if len(root) != 1:
        raise ValueError("not one document")
    return root[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    else:
        yield from _texts(value.get("name", ""))
