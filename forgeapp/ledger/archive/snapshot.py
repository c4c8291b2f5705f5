"""One consistent view of everything an archive holds, row by row, however large it is."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Connection, func, select

from forgeapp.ledger import migrations
from forgeapp.ledger.archive.sections import SECTIONS, Row, archived_columns, is_archived, table_of
from forgeapp.ledger.contents import unpack_ids
from forgeapp.ledger.tables import chunks, contents

_ROWS_AT_ONCE: Final = 200


class Snapshot:
    """Holds as long as its connection's transaction, whatever is written meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection.execution_options(yield_per=_ROWS_AT_ONCE)

    @property
    def schema(self) -> int:
        return migrations.version_of(self._connection)

    def counts(self) -> dict[str, int]:
        """How many rows each section has."""
        counted: dict[str, int] = {}
        for table in SECTIONS:
            query = select(func.count()).select_from(table)
            goes_along = is_archived(table)
            if goes_along is not None:
                query = query.where(goes_along)
            counted[table.name] = self._connection.execute(query).scalar_one()
        return counted

    def rows(self, section: str) -> Iterator[Row]:
        """By id, the lowest first."""
        table = table_of(section)
        names = archived_columns(table)
        stored = [table.c.data] if table is chunks else []
        query = select(*(table.c[name] for name in names), *stored).order_by(table.c.id)
        goes_along = is_archived(table)
        if goes_along is not None:
            query = query.where(goes_along)
        for values in self._connection.execute(query):
            if table is chunks:
                yield {"id": values.id, **_chunk(values.data)}
            elif table is contents:
                yield dict(zip(names, values, strict=True)) | {"chunks": list(unpack_ids(values.chunks))}
            else:
                yield dict(zip(names, values, strict=True))


def _chunk(data: bytes) -> dict[str, Any]:
    """As text; in base64 where a cut went through a character."""
    plain = zlib.decompress(data)
    try:
        return {"text": plain.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(plain).decode("ascii")}
