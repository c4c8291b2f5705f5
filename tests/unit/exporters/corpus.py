"""The artifacts of tests/data/exports, and two too large to be kept as files; each beside what may be said of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from forgeapp.domain.artifact import FORMATS, Format
from forgeapp.domain.content import Content, from_json, kind_of
from forgeapp.domain.document import Document
from forgeapp.domain.export_options import USUAL, ExportOptions
from forgeapp.domain.publication import Publication
from forgeapp.domain.table import Table
from forgeapp.domain.wording import Text
from forgeapp.domain.workbook import Values
from forgeapp.services.exporting.publishing import formulas_of, publication

FOLDER = Path(__file__).parents[2] / "data" / "exports"
LONG_TABLE_ROWS = 5_000
REPORT_PARTS = 60


@dataclass(frozen=True)
class Sample:
    """`warnings`: keys of what may be told, by format. `refused`: formats it does not go into, for safety or because
    there is nothing in it that could. `is_volatile`: its formulas have other values each time."""

    name: str
    content: Content
    warnings: Mapping[str, list[str]] = field(default_factory=dict)
    refused: tuple[Format, ...] = ()
    is_volatile: bool = False
    options: ExportOptions = USUAL

    @property
    def formats(self) -> tuple[Format, ...]:
        return tuple(each for each in FORMATS[kind_of(self.content)] if each not in self.refused)


@cache
def samples() -> Mapping[str, Sample]:
    """Every artifact of the folder by its name."""
    return {
        path.stem: _sample(path.stem, json.loads(path.read_text("utf-8"))) for path in sorted(FOLDER.glob("*.json"))
    }


def _sample(name: str, data: dict[str, Any]) -> Sample:
    return Sample(
        name=name,
        content=from_json(data),
        warnings=data.get("warnings", {}),
        refused=tuple(Format(each) for each in data.get("refused", ())),
        is_volatile=data.get("volatile", False),
    )


def large_samples() -> Iterator[Sample]:
    rows = tuple(_order(number) for number in range(LONG_TABLE_ROWS))
    columns = ("Order", "Customer", "Date", "Pieces", "Amount", "Discount", "State")
    yield Sample("long-table", Table("Orders", columns, rows))
    told = {"docx": ["docx_pages_estimated"]}
    options = ExportOptions(cover=True, contents=True)
    yield Sample("long-report", Document("Annual report", _report()), told, options=options)


def _order(number: int) -> tuple[str, ...]:
    date, amount = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}", f"{number * 37 % 90_000 / 100:,.2f} €"
    state = "open" if number % 3 else "paid"
    customer = f"Customer {number * 7919 % 5000}"
    return f"{number:05}", customer, date, f"{number % 50 + 1}", amount, f"{number % 20} %", state


def _report() -> str:
    """Sixty parts of about a page each, with what reports have."""
    words = "The figures of this part were put together from the records of the year and compared with those before. "
    parts = ["# Annual report\n"]
    for number in range(1, REPORT_PARTS + 1):
        parts.append(
            f"## Part {number}: state of area {number}\n\n{words * 9}[^{number}]\n\n### Figures of area {number}\n"
        )
        figures = "\n".join(
            f"| Item {line} | {line * number * 13 % 997} | {line * number * 7 % 101} % |" for line in range(1, 9)
        )
        parts.append(f"| Item | Amount | Share |\n|---|---:|---:|\n{figures}\n")
        parts.append(f"{words * 5}\n\n- **first** {words}\n- *second* {words}\n  1. in detail\n  2. and more\n")
        if not number % 5:
            parts.append(f"```python\ntotal = sum(row.amount for row in area({number}))\n```\n")
            parts.append(f"$$\\sum_{{i=1}}^{{{number}}} i$$\n")
        parts.append(f"> {words * 2}\n\n[^{number}]: Records of area {number}, page {number * 3}.\n")
    return "\n".join(parts)


def computed(content: Content) -> Values:
    from forgeapp.sheets.engine import evaluate

    workbook = formulas_of(content)
    return evaluate(workbook) if workbook else {}


def published(sample: Sample, values: Values, file_format: Format) -> Publication:
    return publication(sample.content, sample.content.title or "", values, (), sample.options, file_format)


def is_expected(sample: Sample, file_format: Format, warning: str) -> bool:
    """Whether the sample lists the warning's key, or how it begins; of nearly every text only tables go into XLSX."""
    key = warning.key if isinstance(warning, Text) else ""
    if key == "only_tables" and isinstance(sample.content, Document):
        return True
    return any(each == key or warning.startswith(each) for each in sample.warnings.get(file_format.value, ()))
