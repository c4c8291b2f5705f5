from __future__ import annotations

from sqlalchemy import Boolean, Float, Integer, LargeBinary, Text

from forgeapp.ledger.archive.sections import (
    DERIVED,
    LEFT_OUT,
    OF_A_PROCESS,
    REFERENCES,
    SECTIONS,
    archived_columns,
)
from forgeapp.ledger.tables import metadata


def test_every_table_is_archived_or_left_out_for_a_reason() -> None:
    archived = {table.name for table in SECTIONS}
    assert archived | LEFT_OUT.keys() == metadata.tables.keys()
    assert not archived & LEFT_OUT.keys()
    assert all(len(reason.split()) > 3 for reason in LEFT_OUT.values())


def test_every_column_is_archived_but_those_of_a_process_and_those_worked_out_anew() -> None:
    for table in SECTIONS:
        left_out = OF_A_PROCESS.get(table.name, frozenset()) | DERIVED.get(table.name, frozenset())
        assert left_out < {column.name for column in table.columns}
        assert set(archived_columns(table)) | left_out == {column.name for column in table.columns}


def test_a_row_stands_behind_those_it_refers_to() -> None:
    behind: set[str] = set()
    for table in SECTIONS:
        behind.add(table.name)
        assert {key.column.table.name for key in table.foreign_keys} <= behind
        for (section, _), names in REFERENCES.items():
            if section == table.name:
                assert set(names.values()) <= behind
    order = [table.name for table in SECTIONS]
    assert order.index("chunks") < order.index("contents")


def test_every_table_is_numbered_and_of_types_that_json_can_hold() -> None:
    """What a new column of another type would need is to be thought of when it comes."""
    for table in SECTIONS:
        assert [column.name for column in table.primary_key] == ["id"]
        for column in table.columns:
            assert isinstance(column.type, Boolean | Float | Integer | LargeBinary | Text), column
            if isinstance(column.type, LargeBinary):
                assert column.name in DERIVED.get(table.name, ()) or str(column) == "contents.chunks"


def test_ids_within_json_are_known_by_their_names() -> None:
    for (section, column), names in REFERENCES.items():
        assert column in metadata.tables[section].columns
        assert set(names.values()) <= metadata.tables.keys()
