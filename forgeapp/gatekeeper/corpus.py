"""The labelled messages the model is trained from: resources/gatekeeper/corpus/*.tsv.

Columns: intent, kind, open, format, text; '-' for none. Lines that begin with '#' and the header are skipped.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.decision import Intent
from forgeapp.paths import resource


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message with its right answer; `language` is the file's."""

    text: str
    intent: Intent
    kind: Kind | None
    open_artifact: Kind | None
    format: Format | None
    language: str


def corpus_files() -> list[Path]:
    return sorted(resource("gatekeeper", "corpus").glob("*.tsv"))


def read_corpus() -> list[Labelled]:
    """Every line of every file, in order. Raises ValueError for a line that breaks the columns."""
    return [line for path in corpus_files() for line in read_file(path)]


def read_file(path: Path) -> list[Labelled]:
    """The lines of one file. Raises ValueError naming file and line."""
    lines: list[Labelled] = []
    for number, row in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not row or row.startswith(("#", "intent\t")):
            continue
        try:
            intent, kind, open_artifact, format, text = row.split("\t")
            lines.append(
                Labelled(
                    text,
                    Intent(intent),
                    None if kind == "-" else Kind(kind),
                    None if open_artifact == "-" else Kind(open_artifact),
                    None if format == "-" else Format(format),
                    path.name.split(".")[0],
                )
            )
        except ValueError as error:
            raise ValueError(f"{path.name}:{number}: {error}") from error
    return lines
