"""Rows of cells as tab-separated text, as spreadsheets put it on the clipboard and take it from there."""

from __future__ import annotations

from collections.abc import Sequence

Rows = Sequence[Sequence[str]]


def to_tsv(rows: Rows) -> str:
    """One line a row; a cell with a tab, a line break or a quote at its start is quoted, as spreadsheets do.

    A last row that is one blank cell has its line's end, for without it there would be no such row.
    """
    text = "\n".join(_line(row) for row in rows)
    return f"{text}\n" if rows and len(rows[-1]) == 1 and not rows[-1][0] else text


def _line(row: Sequence[str]) -> str:
    line = "\t".join(row)
    if '"' in line or "\n" in line or "\r" in line or line.count("\t") >= len(row):
        return "\t".join(_quoted(cell) for cell in row)
    return line


def _quoted(cell: str) -> str:
    if cell.startswith('"') or "\t" in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def from_tsv(text: str) -> list[list[str]]:
    """Rows of equal width; what follows a closing quote other than a tab or a line's end makes it plain text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text:
        return []
    text = text.removesuffix("\n")
    if '"' not in text:
        rows = [line.split("\t") for line in text.split("\n")]
    else:
        rows = _read_quoted(text)
    width = max(len(row) for row in rows)
    return [row + [""] * (width - len(row)) for row in rows]


def _read_quoted(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    at, end = 0, len(text)
    while True:
        cell, stop = _quoted_cell(text, at) if text.startswith('"', at) else (None, at)
        if cell is None:
            breaks = [place for place in (text.find("\t", at), text.find("\n", at)) if place >= 0]
            stop = min(breaks, default=end)
            cell = text[at:stop]
        rows[-1].append(cell)
        if stop >= end:
            return rows
        if text[stop] == "\n":
            rows.append([])
        at = stop + 1


def _quoted_cell(text: str, at: int) -> tuple[str | None, int]:
    """The cell that begins with the quote at `at` and where it ends; None where no quote closes it."""
    place = at + 1
    while True:
        place = text.find('"', place)
        if place < 0:
            return None, at
        if text.startswith('""', place):
            place += 2
            continue
        stop = place + 1
        if stop == len(text) or text[stop] in "\t\n":
            return text[at + 1 : place].replace('""', '"'), stop
        return None, at
