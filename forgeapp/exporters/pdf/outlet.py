"""A PDF on its way out: written piece by piece, where fpdf2 would hold the whole file before it writes a byte."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import IO

from fpdf import FPDF
from fpdf.output import OutputProducer


def write_paper(paper: FPDF, target: Path) -> None:
    """Ends the document and writes it. Raises OSError."""
    with target.open("wb") as file:

        class Producer(OutputProducer):
            """Fills the file in place of the library's buffer, of which it asks no more than is there."""

            def __init__(self, fpdf: FPDF) -> None:
                super().__init__(fpdf)
                self.buffer = outlet  # type: ignore[assignment]

        outlet = _Outlet(file)
        paper.file_id = lambda: outlet.file_id(paper)  # type: ignore[method-assign]
        paper.output(output_producer_class=Producer)


class _Outlet:
    """Stands where a bytearray would: knows how many bytes there were, and their digest."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._length = 0
        self._digest = hashlib.md5(usedforsecurity=False)

    def __len__(self) -> int:
        return self._length

    def __iadd__(self, data: bytes) -> _Outlet:
        self._file.write(data)
        self._length += len(data)
        self._digest.update(data)
        return self

    def file_id(self, paper: FPDF) -> str:
        """Of all that was written so far, and the day (ISO 32000-1, 14.4); twice, for the file is new."""
        digest = self._digest.copy()
        if paper.creation_date:
            digest.update(f"{paper.creation_date:%Y%m%d%H%M%S}".encode())
        name = digest.hexdigest().upper()
        return f"<{name}><{name}>"
