"""What versions hold, kept by what it is: equal contents once, and of much alike ones only the pieces that differ.

A content is JSON text in UTF-8. It is cut into chunks where its own bytes say so (content-defined chunking), so that a
change moves no cut but those beside it. A chunk is stored once, deflated, under the BLAKE2b digest of its bytes; a
content is the list of its chunks' ids.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import Connection, select

from forgeapp.ledger.database import Database, insert_row
from forgeapp.ledger.tables import chunks, contents

_LEAST, _MOST = 512, 16_384
"""Bytes of a chunk."""
_CUTS = 64
"""Of so many pieces one ends a chunk, on average."""
_PIECE = re.compile(rb"(?:[^\\\]]++|\\[^n]|\](?!,))*+(?:\\n|\],)?+", re.DOTALL)
"""Up to the end of a line within a JSON text, or of a row."""
_SMALLER = re.compile(rb'[^ "]*+[ "]?+')
"""Up to the end of a word, for what has no lines."""
_ROWS_AT_ONCE = 500
_CHUNKS_AT_ONCE = 100
"""So many are held while a content is read, of some ten kilobytes each: more of them take memory and save no time."""


@dataclass(frozen=True, slots=True)
class PackedContent:
    """What is left to be done of a content once the database is locked for everybody else.

    `names`: the digests of its chunks, in order; none of a content that is stored already. `deflated`: those of them
    that were not stored when it was packed. Nothing stored is ever taken away.
    """

    digest: bytes
    size: int
    names: tuple[bytes, ...]
    deflated: Mapping[bytes, bytes]


def pack_content(database: Database, text: str) -> PackedContent:
    """Seconds of work for a large picture: to be done before the transaction that stores it."""
    data = text.encode()
    digest = _digest(data)
    with database.reading() as connection:
        if _content_of(connection, digest) is not None:
            return PackedContent(digest, len(data), (), {})
    parts = list(_chunks(data))
    names = tuple(map(_digest, parts))
    with database.reading() as connection:
        known = _ids_of(connection, list(dict.fromkeys(names)))
    new = {name: part for name, part in zip(names, parts, strict=True) if name not in known}
    return PackedContent(digest, len(data), names, {name: zlib.compress(part, 6) for name, part in new.items()})


def put_content(connection: Connection, packed: PackedContent) -> int:
    """The id of a content, stored unless it is there already."""
    known = _content_of(connection, packed.digest)
    if known is not None:
        return known
    ids = _ids_of(connection, list(dict.fromkeys(packed.names)))
    for name, data in packed.deflated.items():
        if name not in ids:
            ids[name] = insert_row(connection, chunks, digest=name, data=data)
    listed = pack_ids([ids[name] for name in packed.names])
    return insert_row(connection, contents, digest=packed.digest, chunks=listed, size=packed.size)


def get_content(connection: Connection, content: int) -> str:
    """The text of a content."""
    return b"".join(pieces_of(connection, content)).decode()


def pieces_of(connection: Connection, content: int) -> Iterator[bytes]:
    """The text of a content in UTF-8, in pieces of a few kilobytes, of which few are held at a time."""
    packed = connection.execute(select(contents.c.chunks).where(contents.c.id == content)).scalar_one()
    ids = unpack_ids(packed)
    for start in range(0, len(ids), _CHUNKS_AT_ONCE):
        some = ids[start : start + _CHUNKS_AT_ONCE]
        query = select(chunks.c.id, chunks.c.data).where(chunks.c.id.in_(set(some)))
        stored = {row.id: row.data for row in connection.execute(query)}
        yield from (zlib.decompress(stored[number]) for number in some)


def pack_ids(ids: list[int]) -> bytes:
    """Four bytes each, the lowest first."""
    return struct.pack(f"<{len(ids)}I", *ids)


def unpack_ids(packed: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 4}I", packed)


def _content_of(connection: Connection, digest: bytes) -> int | None:
    return connection.execute(select(contents.c.id).where(contents.c.digest == digest)).scalar()


def _ids_of(connection: Connection, digests: list[bytes]) -> dict[bytes, int]:
    ids: dict[bytes, int] = {}
    for start in range(0, len(digests), _ROWS_AT_ONCE):
        query = select(chunks.c.digest, chunks.c.id).where(chunks.c.digest.in_(digests[start : start + _ROWS_AT_ONCE]))
        ids.update((row.digest, row.id) for row in connection.execute(query))
    return ids


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _chunks(data: bytes) -> Iterator[bytes]:
    """The text in order, in parts of _LEAST to _MOST bytes; only the last one may be shorter."""
    start = at = 0
    for end, is_cut in _ends(data):
        if end - start > _MOST:
            # The piece that would make it too long begins a chunk of its own; one that is too long itself is cut.
            if at > start:
                yield data[start:at]
                start = at
            while end - start > _MOST:
                yield data[start : start + _MOST]
                start += _MOST
        if is_cut and end - start >= _LEAST:
            yield data[start:end]
            start = end
        at = end
    if start < len(data):
        yield data[start:]


def _ends(data: bytes) -> Iterator[tuple[int, bool]]:
    """Where each piece ends, and whether its own bytes call for a cut there."""
    for match in _PIECE.finditer(data):
        if match.end() - match.start() <= _MOST:
            yield match.end(), _calls_for_cut(match[0])
            continue
        for smaller in _SMALLER.finditer(data, match.start(), match.end()):
            yield smaller.end(), _calls_for_cut(smaller[0])


def _calls_for_cut(piece: bytes) -> bool:
    return zlib.crc32(piece) % _CUTS == 0
