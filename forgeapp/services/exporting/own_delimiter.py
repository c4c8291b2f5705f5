"""A CSV file that was opened goes out with the delimiter it came with, unless the user chooses another."""

from __future__ import annotations

from dataclasses import replace

from forgeapp.domain.artifact import Kind
from forgeapp.domain.export_options import Delimiter, ExportOptions
from forgeapp.ledger import Ledger


def with_own_delimiter(ledger: Ledger, artifact: int, options: ExportOptions) -> ExportOptions:
    """The options with the delimiter of the last CSV file the artifact was opened from, if it was.

    A table's figures then stay as they are, too: where they had points between semicolons, whoever reads the file
    expects those.
    """
    if not options.keeps_delimiter:
        return options
    for provenance in ledger.artifacts.opened_as(artifact):
        if provenance.get("delimiter") in tuple(Delimiter):
            own = Delimiter(provenance["delimiter"])
            is_table = ledger.artifacts.get(artifact).kind is Kind.TABLE
            return replace(options, delimiter=own, as_shown=options.as_shown or is_table)
    return options
