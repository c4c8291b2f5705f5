"""A built-in artifact with slots, reusable at no cost."""

from __future__ import annotations

from dataclasses import dataclass

from forgeapp.domain.artifact import Kind


@dataclass(frozen=True, slots=True)
class Slot:
    """A value that comes from the request. `default` is None where nothing sensible can be assumed."""

    name: str
    label: str
    example: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """`description` and `note` are for people; `note` says which figures are examples."""

    id: str
    kind: Kind
    title: str
    description: str
    note: str
    slots: tuple[Slot, ...]
