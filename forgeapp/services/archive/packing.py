"""An archive's file as text: plain, or packed with gzip (RFC 1952) where its name or its beginning says so."""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

PLAIN: Final = ".json"
PACKED: Final = ".json.gz"
MAGIC: Final = b"\x1f\x8b"
_LEVEL: Final = 6
_MOST_TIMES: Final = 100
"""So many times its size a packed file may unpack to; an archive of the same words all over has about 20."""
_UNBOUNDED_BYTES: Final = 67_108_864


def is_archive_name(name: str) -> bool:
    return name.casefold().endswith((PLAIN, PACKED))


def is_packed_name(name: str) -> bool:
    return name.casefold().endswith(PACKED)


@contextmanager
def writing(part: Path, is_packed: bool) -> Iterator[IO[str]]:
    """A new file, on the disk when it is left, readable by its owner only, as the database is.

    Raises OSError.
    """
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        if is_packed:
            with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed, _text(packed) as text:
                yield text
        else:
            text = _text(file)
            yield text
            text.flush()
            text.detach()
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def reading(path: Path) -> Iterator[tuple[IO[str], Callable[[], float]]]:
    """The text, and how far in the file it is, 0..1. Raises OSError; reading raises ValueError for what is damaged."""
    with path.open("rb") as file:
        size = max(os.fstat(file.fileno()).st_size, 1)
        binary: Any = _Unpacking(file) if file.peek(len(MAGIC)).startswith(MAGIC) else file
        with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
            yield text, lambda: min(file.tell() / size, 1.0)


def unpacked_beginning(head: bytes, most: int) -> bytes:
    """What the first bytes of a packed file unpack to, `most` bytes of it; b"" for what is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, most)
    except zlib.error:
        return b""


def _text(binary: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(binary, encoding="utf-8", newline="\n")


class _Unpacking(gzip.GzipFile):
    """Refuses what was packed to fill a disk."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(fileobj=file, mode="rb")
        self._file = file

    def read1(self, size: int = -1) -> bytes:
        try:
            piece = super().read1(size)
        except (EOFError, zlib.error) as error:
            raise ValueError("its end is missing, or it is damaged") from error
        at = self.tell()
        if at > _UNBOUNDED_BYTES and at > _MOST_TIMES * self._file.tell():
            raise ValueError(f"it unpacks to more than {_MOST_TIMES} times its size")
        return piece
