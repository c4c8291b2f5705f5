"""The built-in templates: read from resources, chosen by the request's words, their slots filled from it.

A template file is JSON: `id`, `kind`, `name`, `description`, `note`, `words` (groups of which each must occur in the
request; 'quote:' does so only as the heading of priced positions), `words_in` (the same by other languages), `except`
(words that must not), `longest` (characters of a request above which it says more than the template can take in),
`is_uncounted` (behind a number the words mean something else: '4 minutes'), `slots`, `title`, and the body of its kind,
see `filling`. Its texts are English whatever the request's language. Of a slot that `is_figure` or has `examples`, what
it finds counts as read; one that `is_needed` is missing where others of its template are given; one that is not said is
empty where the slot stands that does so `instead` of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.content import Content
from forgeapp.errors import UnknownTemplate
from forgeapp.learning.filling import fill
from forgeapp.learning.finding import (
    BLANK,
    MAX_REQUEST_CHARS,
    Line,
    Value,
    find,
    read_value,
    unread_dates,
    unread_figures,
)
from forgeapp.learning.positions import is_heading
from forgeapp.paths import resource

_COUNTED = re.compile(r"\d[ -]\w{1,20}")
_OPEN_LINES: list[Line] = [(BLANK, None)]


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that comes from the request; `is_required` where nothing sensible can stand in for it."""

    name: str
    label: str
    example: str
    is_required: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A built-in template. `note` says what in it is an example or left open; `body` is the file as read."""

    id: str
    kind: Kind
    name: str
    description: str
    note: str
    slots: tuple[Slot, ...]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with its slots filled. `has_examples`: figures stand in it that the request did not give."""

    template: Template
    content: Content
    missing: tuple[Slot, ...]
    has_examples: bool
    unread: tuple[str, ...] = ()
    """Parts of the request with figures that found no place."""


@lru_cache(maxsize=1)
def builtin_templates() -> tuple[Template, ...]:
    return tuple(
        _read(json.loads(path.read_text("utf-8"))) for path in sorted(resource("seeds", "templates").iterdir())
    )


def builtin_template(template: str) -> Template:
    """Raises UnknownTemplate."""
    for candidate in builtin_templates():
        if candidate.id == template:
            return candidate
    raise UnknownTemplate(template=template)


def choose(request: str, kind: Kind | None) -> Template | None:
    """The template whose words the request has, of this kind where it is known; None where none fits.

    Where several fit, the one named first in the request.
    """
    text = request[:MAX_REQUEST_CHARS].casefold()
    fitting: list[tuple[int, Template]] = []
    for template in builtin_templates():
        place = _named_at(template, text)
        if place is not None and kind in (None, template.kind):
            fitting.append((place, template))
    return min(fitting, key=lambda fit: fit[0])[1] if fitting else None


def is_in_english(template: Template, request: str) -> bool:
    """Whether it is an English request that names the template, so that the template's texts are in its language."""
    return _place_of_all(request[:MAX_REQUEST_CHARS].casefold(), template.body["words"]) is not None


def _named_at(template: Template, text: str) -> int | None:
    if len(text.strip()) > template.body.get("longest", MAX_REQUEST_CHARS):
        return None
    if _place(text, template.body.get("except", [])) is not None:
        return None
    if template.body.get("is_uncounted"):
        text = _COUNTED.sub(lambda match: "-" * len(match[0]), text)
    wordings = (template.body["words"], *template.body.get("words_in", {}).values())
    places = (_place_of_all(text, groups) for groups in wordings)
    return min((place for place in places if place is not None), default=None)


def _place_of_all(text: str, groups: list[list[str]]) -> int | None:
    """Where the first of the groups' words stands, None unless each group has one in the text."""
    places = [_place(text, group) for group in groups]
    return None if None in places else min(place for place in places if place is not None)


def fill_from(template: Template, request: str, given: Mapping[str, str] | None = None) -> Filled:
    """Fills the slots with what is given, then with what the request says, then with defaults and marked examples.

    The rest stays blank. `given`: values in words by slot name; blank ones are not given.
    """
    told = _told(template, request, given or {})
    for raw in template.body["slots"]:
        if raw["name"] in told:
            told.pop(raw.get("instead"), None)
        elif raw.get("instead") in told:
            told[raw["name"]] = []
    values: dict[str, Value] = {}
    missing: list[Slot] = []
    has_examples = False
    folded = request[:MAX_REQUEST_CHARS].casefold()
    # Examples stand in only where the request gives no figure at all: given and invented ones are never mixed.
    unread = tuple(_unread(template, request))
    takes_positions = any(raw["find"] == "item_lines" for raw in template.body["slots"])
    is_figured = (takes_positions and bool(unread)) or any(
        ("examples" in raw or raw.get("is_figure")) and told.get(raw["name"]) for raw in template.body["slots"]
    )
    for slot, raw in zip(template.slots, template.body["slots"], strict=True):
        if slot.name in told:
            values[slot.name] = told[slot.name]
        elif "examples" in raw and is_figured:
            values[slot.name] = _OPEN_LINES
            if raw.get("is_needed"):
                missing.append(slot)
        elif "examples" in raw:
            values[slot.name] = _example(raw["examples"], folded)
            has_examples = True
        elif "default" in raw:
            values[slot.name] = raw["default"]
        else:
            values[slot.name] = [BLANK] * raw["least"] if "least" in raw else BLANK
            missing.append(slot)
    return Filled(
        template,
        fill(template.kind, template.body, values, has_examples),
        tuple(missing),
        has_examples,
        unread,
    )


def _unread(template: Template, request: str) -> list[str]:
    """The parts of the request with figures that no slot reads; of a template that takes no figures, none."""
    finders = [raw["find"] for raw in template.body["slots"] if raw.get("is_figure")]
    # Of two rates or discounts neither is taken.
    reading = [finder for finder in finders if find(finder, request) is not None]
    if not finders and not any("examples" in raw for raw in template.body["slots"]):
        return []
    takes_lines = any(raw["find"].endswith("_lines") for raw in template.body["slots"])
    takes_positions = any(raw["find"] == "item_lines" for raw in template.body["slots"])
    parts = unread_figures(request, takes_lines, takes_positions)
    unread = [part for part in parts if not any(find(finder, part) for finder in reading)]
    return [*unread, *unread_dates(request, set(finders))] if takes_positions else unread


def _told(template: Template, request: str, given: Mapping[str, str]) -> dict[str, Value]:
    """The values that were given or stand in the request, by slot name."""
    told: dict[str, Value] = {}
    for raw in template.body["slots"]:
        least = raw.get("least", 1)
        value = read_value(raw["find"], given.get(raw["name"], ""))
        if isinstance(value, list) and len(value) < least:
            value = [*value, *[BLANK] * (least - len(value))]
        if value is None:
            value = find(raw["find"], request)
            if isinstance(value, list) and len(value) < least:
                value = None
        if value is not None:
            told[raw["name"]] = value
    return told


def _read(body: dict[str, Any]) -> Template:
    slots = tuple(
        Slot(slot["name"], slot["label"], slot["example"], "default" not in slot and "examples" not in slot)
        for slot in body["slots"]
    )
    return Template(
        id=body["id"],
        kind=Kind(body["kind"]),
        name=body["name"],
        description=body["description"],
        note=body["note"],
        slots=slots,
        body=body,
    )


def _example(examples: list[dict[str, Any]], words: str) -> Value:
    chosen = next(example for example in examples if not example["when"] or _place(words, example["when"]) is not None)
    return [(name, amount) for name, amount in chosen["value"]]


def _place(text: str, words: list[str]) -> int | None:
    """Where the first of these words stands in the text."""
    matches = (re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) for word in words if word[-1] != ":")
    if any(word[-1] == ":" and is_heading(word[:-1], text) for word in words):
        return 0
    return min((match.start() for match in matches if match), default=None)
