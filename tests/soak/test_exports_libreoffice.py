"""The corpus opened by LibreOffice, one run a format: the same text, tables, headings, lists, links and values.

Documents are saved as flat XML by it, workbooks as XLSX after everything in them was computed anew. What LibreOffice
7.4 does otherwise than the files say stands in the tables below with its reason; nothing is passed over silently.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import rows_from_range
from openpyxl.utils.datetime import to_excel
from openpyxl.utils.escape import unescape
from pypdfium2 import PdfDocument

from forgeapp.domain.artifact import Format, Kind
from forgeapp.domain.publication import Publication
from forgeapp.domain.workbook import Cell, Sheet, Workbook, address
from forgeapp.exporters.registry import exporter_for
from tests.soak.seen import Seen, expected, seen
from tests.unit.exporters.corpus import Sample, computed, large_samples, published, samples

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed"),
]

Opened = Callable[[Format], Mapping[str, tuple[Path, Path]]]
SAMPLES: Final[Mapping[str, Sample]] = {**samples(), **{sample.name: sample for sample in large_samples()}}
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item>
</oor:items>
"""
_EVERY_FIELD_IS_TEXT = "/".join(f"{column}/2" for column in range(1, 64))
_HOW: Final[Mapping[Format, tuple[str, tuple[str, ...]]]] = {
    Format.DOCX: ("fodt", ()),
    Format.HTML: ("fodt", ("--infilter=HTML (StarWriter)",)),
    Format.XLSX: ("xlsx", ()),
    Format.CSV: ("xlsx", (f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,{_EVERY_FIELD_IS_TEXT}",)),
}
"""What each is saved as, and how it is told to be read."""

NOT_OPENED: Final[Mapping[tuple[Format, str], str]] = {
    (Format.DOCX, "long-table"): "Writer lays out a table of 5,000 rows for minutes; long-report has 480 rows",
}
UNLIKE: Final[Mapping[tuple[Format, str], tuple[str, str]]] = {
    (Format.HTML, "pictures"): ("pictures", "WebP pictures within a page are not read"),
}
"""What of a document is not shown as it is, with the reason."""
_NO_FUNCTION = "LibreOffice 7.4 does not have the function"
_OTHER_ERROR = "an error that is #VALUE! when LibreOffice saves it (Err:502, Err:522)"
NOT_COMPUTED: Final[Mapping[str, Mapping[str, str]]] = {
    "book-circular": {"Circle!A1:B1": _OTHER_ERROR, "Circle!A2": _OTHER_ERROR, "Circle!B3": _OTHER_ERROR},
    "book-errors": {"Errors!B7:B8": _OTHER_ERROR},
    "book-lookups": {"Report!B4": _NO_FUNCTION, "Report!B6": _NO_FUNCTION},
    "book-spills": {
        "Spills!D1:D5": _NO_FUNCTION,
        "Spills!E1:E4": _NO_FUNCTION,
        "Spills!F1:F3": _NO_FUNCTION,
        "Spills!A8:B10": _NO_FUNCTION,
        "Spills!A12": _NO_FUNCTION,
    },
}
"""Cells, by artifact and range, that have another value there, with the reason."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """By name, our file and LibreOffice's of every artifact that goes into a format; each format is done once."""
    folder = tmp_path_factory.mktemp("libreoffice")
    done: dict[Format, Mapping[str, tuple[Path, Path]]] = {}

    def of(file_format: Format) -> Mapping[str, tuple[Path, Path]]:
        if file_format not in done:
            done[file_format] = _opened(file_format, folder / file_format.value)
        return done[file_format]

    return of


def _opened(file_format: Format, folder: Path) -> Mapping[str, tuple[Path, Path]]:
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE)
    ours = {
        name: folder / f"{name}.{file_format}"
        for name, sample in SAMPLES.items()
        if file_format in sample.formats and (file_format, name) not in NOT_OPENED
    }
    for name, path in ours.items():
        sample = SAMPLES[name]
        laid_out = published(sample, computed(sample.content), file_format)
        exporter_for(file_format).write(laid_out, path, lambda share: None)
    ending, options = _HOW[file_format]
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={profile.as_uri()}", *options]
    command += ["--convert-to", ending, "--outdir", str(folder / "theirs"), *map(str, ours.values())]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return {name: (path, folder / "theirs" / f"{name}.{ending}") for name, path in ours.items()}


_MONEY = (
    '#,##0.00 "€"',
    '"CHF "#,##0.00',
    "[$€-407] #,##0.00",
    '_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-',
    "d. mmmm yyyy",
    "0%",
)


def _amounts() -> Publication:
    """Under formats that add to what was typed, with a total that is set bold, in columns that were narrower."""
    cells = {(0, column): Cell(name) for column, name in enumerate(("Item", *"ABCDEF"))}
    for row, number in enumerate((10, 1250, 99_999.99), 1):
        cells |= {(row, column): Cell(str(number), number, code) for column, code in enumerate(_MONEY, 1)}
        cells[row, 0] = Cell("x")
    cells |= {(4, column): Cell("401259.99", 401_259.99, code) for column, code in enumerate(_MONEY, 1)}
    cells[4, 0] = Cell("Total")
    sheets = tuple(
        Sheet(name, cells, widths=dict.fromkeys(range(7), width) if width else {})
        for name, width in (("A", 0), ("B", 6))
    )
    book = Workbook("Amounts", sheets)
    return Publication("Amounts", Kind.SPREADSHEET, book, workbook=book)


def test_no_number_is_hidden_for_want_of_width(opened: Opened, tmp_path: Path) -> None:
    amounts = tmp_path / "amounts.xlsx"
    exporter_for(Format.XLSX).write(_amounts(), amounts, lambda share: None)
    ours = [amounts, *(path for path, _ in opened(Format.XLSX).values())]
    command = [str(SOFFICE), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"]
    command += ["--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, ours)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    hidden = {}
    for path in ours:
        with PdfDocument(tmp_path / f"{path.stem}.pdf") as pages:
            text = "".join(page.get_textpage().get_text_bounded() for page in pages)
        assert "401,259.99" in text or path is not amounts
        if "###" in text:
            hidden[path.stem] = text[max(text.index("###") - 60, 0) :][:120]
    assert hidden == {}


@pytest.mark.parametrize("file_format", [Format.DOCX, Format.HTML])
def test_text_tables_headings_lists_notes_pictures_and_links_are_the_same(opened: Opened, file_format: Format) -> None:
    different: dict[str, dict[str, str]] = {}
    for name, (_, theirs) in opened(file_format).items():
        sample = SAMPLES[name]
        if sample.is_volatile:
            continue
        blocks = published(sample, computed(sample.content), file_format).blocks
        told = differences(expected(blocks, file_format), seen(theirs, file_format), has_front=sample.options.contents)
        what, _ = UNLIKE.get((file_format, name), ("", ""))
        assert not what or what in told, f"{name}: LibreOffice shows its {what} well now"
        told.pop(what, None)
        if told:
            different[name] = told
    assert different == {}


def differences(wanted: Seen, found: Seen, has_front: bool) -> dict[str, str]:
    """`has_front`: a cover and contents may stand before the text."""
    told: dict[str, str] = {}
    mine, other = wanted.text, found.text
    if has_front:
        title = wanted.headings[0][1]
        mine = mine.removeprefix(title)
        other = other[-len(mine) :] if title in other[: -len(mine)] else other
    if mine != other:
        told["text"] = _first_unlike(list(mine), list(other))
    for what in ("headings", "tables", "items", "notes", "pictures", "links"):
        mine, other = getattr(wanted, what), getattr(found, what)
        if has_front and what in ("headings", "links", "items"):
            other = other[-len(mine) :] if mine else []
        if mine != other:
            told[what] = _first_unlike(mine, other)
    return told


def _first_unlike(mine: Any, other: Any) -> str:
    if not isinstance(mine, list):
        return f"{mine!r}, found {other!r}"
    pairs = enumerate(zip(mine, other, strict=False))
    at = next((at for at, (one, two) in pairs if one != two), min(len(mine), len(other)))
    return f"at {at}: {mine[at : at + 30]!r:.300}, found {other[at : at + 30]!r:.300}"


def test_recalculated_values_are_the_same(opened: Opened) -> None:
    different: dict[str, dict[str, Any]] = {}
    compared = 0
    for name, (ours, theirs) in opened(Format.XLSX).items():
        if SAMPLES[name].is_volatile:
            continue
        mine, other = values_in(ours), values_in(theirs)
        compared += len(mine)
        unlike = {at: (mine.get(at), other.get(at)) for at in mine | other if not is_same(mine.get(at), other.get(at))}
        known = {at for area in NOT_COMPUTED.get(name, {}) for at in _cells_of(area)}
        told = {at: pair for at, pair in unlike.items() if at not in known}
        told |= {at: ("computed now", mine.get(at)) for at in known if at not in unlike}
        if told:
            different[name] = told
    assert different == {}
    assert compared > 40_000


def values_in(path: Path) -> dict[str, Any]:
    """By 'Sheet!A1'; '' counts as empty."""
    found: dict[str, Any] = {}
    for page in load_workbook(path, data_only=True):
        for row in page.iter_rows():
            for cell in row:
                if cell.value not in (None, ""):
                    found[f"{page.title}!{address((cell.row - 1, cell.column - 1))}"] = cell.value
    return found


def is_same(mine: Any, other: Any) -> bool:
    mine, other = (to_excel(each) if isinstance(each, datetime | date | time) else each for each in (mine, other))
    if isinstance(mine, bool) or isinstance(other, bool):
        return mine is other
    if isinstance(mine, int | float):
        return isinstance(other, int | float) and other == pytest.approx(mine, rel=1e-9, abs=1e-6)
    if isinstance(mine, str) and isinstance(other, str):
        return is_same_text(mine, other)
    return bool(mine == other)


def is_same_text(mine: str, other: str) -> bool:
    """openpyxl leaves characters spelled _x001B_ as they are; LibreOffice reads them, writes such, and escapes none."""
    return other in (mine, unescape(mine)) or unescape(other) == mine


def _cells_of(area: str) -> list[str]:
    """'Sheet!A1:A2' -> ['Sheet!A1', 'Sheet!A2']."""
    sheet, _, cells = area.rpartition("!")
    return [f"{sheet}!{cell}" for row in rows_from_range(cells) for cell in row]


def test_a_word_or_a_cell_that_is_lost_is_seen(opened: Opened, tmp_path: Path) -> None:
    _, theirs = opened(Format.HTML)["minutes"]
    changed = tmp_path / "changed.fodt"
    changed.write_text(theirs.read_text("utf-8").replace("photographs?", "pictures?"), encoding="utf-8")
    blocks = published(SAMPLES["minutes"], {}, Format.HTML).blocks
    assert list(differences(expected(blocks, Format.HTML), seen(changed, Format.HTML), False)) == ["text", "tables"]


def test_fields_of_csv_files_are_the_same(opened: Opened) -> None:
    different: dict[str, dict[str, Any]] = {}
    for name, (ours, theirs) in opened(Format.CSV).items():
        with ours.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        texts = {
            # Line ends within a field are all the same there.
            address((row, at)): re.sub(r"\r\n?", "\n", field)
            for row, fields in enumerate(rows)
            for at, field in enumerate(fields)
            if field
        }
        shown = {at.rpartition("!")[2]: str(value) for at, value in values_in(theirs).items()}
        pairs = {at: (texts.get(at, ""), shown.get(at, "")) for at in texts | shown}
        unlike = {at: pair for at, pair in pairs.items() if not is_same_text(*pair)}
        if unlike:
            different[name] = unlike
    assert different == {}
