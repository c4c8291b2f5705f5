"""JSON: the ARTIFACT object of the command line contract, with the version of the program that wrote it."""

from __future__ import annotations

import json
from pathlib import Path

from forgeapp import __version__
from forgeapp.domain.artifact import Format
from forgeapp.domain.content import from_json, to_json
from forgeapp.domain.publication import Progress, Publication


class JsonExporter:
    format = Format.JSON

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        data = {"forgeapp": __version__, **to_json(publication.content, publication.values)}
        text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
        # A lone surrogate has no UTF-8; its backslash escape is JSON's own and reads back as the same character.
        target.write_bytes(text.encode("utf-8", "backslashreplace"))
        progress(1.0)
        return []

    def verify(self, publication: Publication, path: Path) -> list[str]:
        try:
            data = json.loads(path.read_bytes().decode())
            found = from_json(data)
        except ValueError as error:
            return [f"the file cannot be read again: {error}"]
        expected = to_json(publication.content, publication.values)
        differences = [] if found == from_json(expected) else [f"the {publication.kind} read back is another one"]
        for sheet, other in zip(expected.get("sheets", ()), data.get("sheets", ()), strict=False):
            for key in ("values", "errors", "booleans"):
                found_values = other.get(key, {})
                for name, value in sheet.get(key, {}).items():
                    if found_values.get(name) != value:
                        differences.append(f"{sheet['name']}!{name} is {found_values.get(name)!r} instead of {value!r}")
        return differences


EXPORTER = JsonExporter()
