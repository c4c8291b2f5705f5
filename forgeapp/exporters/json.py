"""JSON: the ARTIFACT object of the command line contract, with the version of the program that wrote it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from forgeapp import __version__
from forgeapp.domain.artifact import Format
from forgeapp.domain.content import from_json, to_json
from forgeapp.domain.publication import Progress, Publication


class JsonExporter:
    format = Format.JSON

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        data = {"forgeapp": __version__, **to_json(publication.content, publication.values)}
        # A lone surrogate has no UTF-8; its backslash escape is JSON's own and reads back as the same character.
        with target.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            json.dump(data, file, ensure_ascii=False, indent=2)
            file.write("\n")
        progress(1.0)
        return []

    def verify(self, publication: Publication, path: Path) -> list[str]:
        expected = to_json(publication.content, publication.values)
        try:
            data = json.loads(path.read_bytes())
            # What is the same is read as the same; a large content is not made twice to find that out.
            if data == {"forgeapp": __version__, **expected}:
                return []
            found = from_json(data)
        except (ValueError, RecursionError) as error:
            return [f"the file cannot be read again: {error}"]
        differences = [] if found == from_json(expected) else [f"the {publication.kind} read back is another one"]
        if data.get("forgeapp") != __version__:
            differences.append("the file does not say which version wrote it")
        for sheet, other in zip(expected.get("sheets", ()), data.get("sheets", ()), strict=False):
            differences += _value_differences(sheet, other)
        return differences


def _value_differences(sheet: dict[str, Any], found: dict[str, Any]) -> Iterator[str]:
    """What formulas give is no part of the content that is read back."""
    for key in ("values", "errors", "booleans"):
        wanted, have = sheet.get(key, {}), found.get(key, {})
        for name in dict.fromkeys((*wanted, *have)):
            if wanted.get(name) != have.get(name):
                yield f"{sheet['name']}!{name} is {have.get(name)!r} instead of {wanted.get(name)!r}"


EXPORTER = JsonExporter()
