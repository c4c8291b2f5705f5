"""Files the user opens: CSV and TSV, Markdown and text, JSON."""

from __future__ import annotations

import codecs
import json
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, from_json
from forgeapp.domain.document import Document
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.localised_formulas import dialect_of
from forgeapp.domain.workbook import MAX_COLUMNS, MAX_ROWS, Workbook
from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.anatomy import Anatomy
from forgeapp.reading.cells import Grid, sheet_of, table_of
from forgeapp.reading.delimited import read_delimited
from forgeapp.reading.displayed import clean
from forgeapp.reading.interpretation import title_of
from forgeapp.reading.json_shapes import says_workbook, sheets_in, tables_in, title_in
from forgeapp.reading.lenient_json import Numeral
from forgeapp.reading.naming import sheet_names

MAX_BYTES = 200_000_000
MAX_TEXT_BYTES = 20_000_000
ENDINGS = (".csv", ".tsv", ".md", ".markdown", ".txt", ".json")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a file holds, and what of it could not be kept, in English sentences."""

    content: Content
    lost: tuple[str, ...] = ()


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> FileReading:
    """The content of a .csv, .tsv, .md, .markdown, .txt or .json file. Raises UnreadableFile, TooLarge."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UnreadableFile(
            source=path.name,
            reason=f"files ending in {ending or 'nothing'} are not known",
            remedy=f"Give a file ending in one of: {', '.join(ENDINGS)}.",
        )
    text, doubt = _text(path, max_bytes)
    match ending:
        case ".csv" | ".tsv":
            reading = _delimited(text, path, None if ending == ".csv" else "\t")
        case ".json":
            reading = _json(text, path)
        case _:
            markdown = clean(text).strip("\n")
            reading = FileReading(Document(title_of(Anatomy(markdown.split("\n"))), markdown))
    return FileReading(reading.content, (*doubt, *reading.lost))


def read_text_file(path: Path, *, max_bytes: int = MAX_TEXT_BYTES) -> str:
    """Any text file as it stands, its encoding found. Raises UnreadableFile, TooLarge."""
    return clean(_text(path, max_bytes)[0])


def _text(path: Path, max_bytes: int) -> tuple[str, tuple[str, ...]]:
    """The file's text with '\\n' line ends, and what is in doubt about its encoding."""
    try:
        # What is no file may have no end, or make the reader wait for one.
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableFile(source=str(path), reason="it is not a file", remedy="Choose a file.")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except OSError as error:
        raise UnreadableFile(
            source=str(path),
            reason=error.strerror or "it cannot be opened",
            remedy="Check that the file is there and that you may read it.",
        ) from error
    if len(data) > max_bytes:
        raise TooLarge(source=path.name, reason=f"at most {max_bytes:,} bytes are read")
    text, doubt = _decoded(data, path)
    return text.replace("\r\n", "\n").replace("\r", "\n"), doubt


_USUAL_ENCODINGS = (
    *("cp1252", "cp1250", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1255", "cp1256"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949"),
)
"""What spreadsheets and editors of the last decades have written."""
_NO_WESTERN_WORD = re.compile(r"(?<=[A-Za-zÀ-ÿ])[³¹¿¶¼¾£¥ŸŒ¡¢](?=[A-Za-zÀ-ÿ])|[³¹](?=[a-z])|(?<=[a-z])[³¹]")
"""Signs within words: what Polish, Czech and Hungarian letters of cp1250 look like in cp1252."""
_WESTERN_LETTER = re.compile(r"[äöüÄÖÜßéèàâêîôûçëïñãõáíóúåæøÅÆØ]")


def _decoded(data: bytes, path: Path) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), ()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if "\0" not in text:
            return text, ()
    if b"\0" in data[:4_096] and not _is_wide(data):
        raise UnreadableFile(
            source=path.name,
            reason="it is not a text file",
            remedy="Open it in the program it belongs to and save it as CSV.",
        )
    encoding = _likeliest_encoding(data[:200_000])
    text = data.decode(encoding, errors="replace")
    return text, (f"The file does not say how its letters are encoded; they were read as {encoding}.",)


def _likeliest_encoding(data: bytes) -> str:
    """Windows' Western encoding, unless the letters speak for another script or for Central Europe.

    A general detector knows scripts apart, but takes the many encodings of Latin letters for one another.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=list(_USUAL_ENCODINGS)).best()
    if best is not None:
        letters = [letter for letter in str(best) if letter.isalpha()]
        others = sum(1 for letter in letters if ord(letter) > 0x24F)
        if others > 0.3 * len(letters):
            return best.encoding
    western = data.decode("cp1252", errors="replace")
    signs, letters_of_the_west = len(_NO_WESTERN_WORD.findall(western)), len(_WESTERN_LETTER.findall(western))
    return "cp1250" if 4 * signs > letters_of_the_west else "cp1252"


def _is_wide(data: bytes) -> bool:
    """Whether every other byte of the beginning is zero, as in UTF-16 of Western text."""
    head = data[:4_096]
    return max(head[::2].count(0), head[1::2].count(0)) > 0.3 * (len(head) / 2)


def _delimited(text: str, path: Path, delimiter: str | None) -> FileReading:
    """A workbook where formulas stand in it, otherwise a table."""
    read = read_delimited(text, delimiter, strip=False)
    if not any(read.rows):
        raise UnreadableFile(source=path.name, reason="it is empty", remedy="Choose a file that holds rows.")
    lost = [] if read.closed else ["A quote is never closed; what follows it was read as it stands."]
    if len(read.rows) > MAX_ROWS or max(map(len, read.rows)) > MAX_COLUMNS:
        raise TooLarge(source=path.name, reason=f"at most {MAX_ROWS:,} rows of {MAX_COLUMNS:,} columns fit a sheet")
    title = path.stem
    comma = read.delimiter == ";"
    grid = Grid(read.rows)
    if grid.has_formulas:
        (name,) = sheet_names([title], ())
        dialect = dialect_of(grid.formulas)
        lost += [dialect.note] if dialect else []
        return FileReading(Workbook(title, (sheet_of(grid, name, comma, dialect),)), tuple(lost))
    width = max(len(row) for row in read.rows)
    header, *body = (row for row in read.rows if row)
    table, _ = table_of(Grid((header + ("",) * (width - len(header)), *body)), title)
    return FileReading(table, tuple(lost))


def _json(text: str, path: Path) -> FileReading:
    """An artifact of ours, rows, sheets; any other JSON is code."""
    try:
        value = json.loads(text, parse_float=Numeral, parse_int=Numeral, parse_constant=Numeral)
    except (ValueError, RecursionError) as error:
        where = (
            f"line {error.lineno}, {error.msg}"
            if isinstance(error, json.JSONDecodeError)
            else "it is nested too deeply"
        )
        raise UnreadableFile(
            source=path.name, reason=f"it is not valid JSON ({where})", remedy="Correct it there and open it again."
        ) from error
    if isinstance(value, dict) and "kind" in value:
        try:
            return FileReading(from_json(json.loads(text)))
        except (ValueError, RecursionError):
            pass
    title = title_in(value) or path.stem
    sheets = sheets_in(value)
    if sheets and (says_workbook(value) or any(grid.has_formulas or grid.positions for grid in sheets)):
        return FileReading(_workbook(title, sheets))
    tables = [grid for grid in tables_in(value) if grid.rows] or sheets
    if len(tables) == 1 and not tables[0].has_formulas:
        table, surplus = table_of(tables[0], title)
        lost = [f"{surplus} cells beyond the header's columns were left out."] if surplus else []
        if beside := _beside_lists(value, title):
            lost.append(f"Only the list became a table; left out: {', '.join(beside)}.")
        return FileReading(table, tuple(lost))
    if tables and (any(grid.has_formulas for grid in tables) or _is_only_lists(value)):
        return FileReading(_workbook(title, tables))
    return FileReading(Code(path.stem, (CodeFile(safe_name(path.name), "json", clean(text).rstrip("\n")),)))


def _beside_lists(value: Any, title: str) -> list[str]:
    """Names of single values that stand beside a list, the title apart."""
    if not isinstance(value, dict):
        return []
    return [str(key) for key, item in value.items() if item not in (None, title) and not isinstance(item, list | dict)]


def _is_only_lists(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(item, list) for item in value.values())


def _workbook(title: str, grids: list[Grid]) -> Workbook:
    names = sheet_names([grid.name for grid in grids], ())
    return Workbook(title, tuple(sheet_of(grid, name) for grid, name in zip(grids, names, strict=True)))
