"""A template's body and slot values in, an artifact out.

Placeholders stand in braces: `{slot}` (a list reads 'A, B and C'), in a repeated part `{line}`, `{line.name}`,
`{line.amount}`, `{line.quantity}`, `{line.price}` and `{line.total}` (in words) and `{number}`,
in a sheet `{row}`, `{slot.first}`, `{slot.last}` and an `anchor`'s name for row numbers;
`{above}` is the row before; `{slot.total}` the sum of a list's amounts, blank where one is missing.
`{for_subject}` and `{of_subject}` vanish with an empty subject, `{example_mark}` where no figure is an example.
A part `{"each": slot, ...}` is repeated for each entry of a list, `{"times": slot, "otherwise": n, ...}` as often as
the slot's figure says, n times without one (or always, where it `is_fixed`). A part may have `formats` of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Cell, Position, Sheet, Workbook, column_letters
from forgeapp.learning.finding import BLANK, Line, Value
from forgeapp.learning.positions import Amount, PricedItem, times

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


def fill(kind: Kind, body: Mapping[str, Any], values: Mapping[str, Value], has_examples: bool) -> Content:
    """The artifact. Raises KeyError for a placeholder the template does not define: a bug in a template of ours."""
    words = _words(values, has_examples)
    title = _text(body["title"], words)
    match kind:
        case Kind.TABLE:
            columns = [cell for part in body["columns"] for cell in _cells(part, words, values)]
            rows = [
                row + [""] * (len(columns) - len(row)) for part in body["rows"] for row in _rows(part, words, values)
            ]
            return Table(title, tuple(columns), tuple(tuple(row) for row in rows))
        case Kind.DOCUMENT:
            cleaned = {name: _one_line(text) for name, text in words.items()}
            lines = [line for part in body["markdown"] for line in _lines(part, cleaned, values)]
            return Document(title, "\n".join(lines) + "\n")
        case Kind.CODE:
            harmless = {name: _one_line(text).replace("\\", "/").replace('"', "'") for name, text in words.items()}
            return Code(title, tuple(_file(file, harmless) for file in body["files"]))
        case Kind.SPREADSHEET:
            return Workbook(title, tuple(_sheet(sheet, words, values) for sheet in body["sheets"]))
        case Kind.IMAGE:
            raise KeyError("no template makes images")


def _words(values: Mapping[str, Value], has_examples: bool) -> dict[str, str]:
    words = {name: value if isinstance(value, str) else _spoken(value) for name, value in values.items()}
    words |= {f"{name}.total": _total(value) for name, value in values.items()}
    subject = words.get("subject", "")
    words["for_subject"] = f" for {subject}" if subject else ""
    words["of_subject"] = f" of {subject}" if subject else ""
    words["example_mark"] = " (example)" if has_examples else ""
    words["in_currency"] = f" ({words['currency']})" if words.get("currency") else ""
    words |= _taxed(values)
    purpose = "_".join(re.findall(r"[a-z0-9]+", words.get("purpose", "").casefold())[:4])
    words["file_name"] = safe_name(purpose, "script")
    return words


def _total(value: Value) -> str:
    total = _sum(value)
    return BLANK if total is None else f"{total:,.2f}"


def _sum(value: Value) -> float | int | None:
    """None where an amount is missing, or there is none."""
    amounts = (
        [_line_total(entry) for entry in value if not isinstance(entry, str)] if not isinstance(value, str) else []
    )
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known and len(known) == len(amounts) else None


def _line_total(line: Line) -> Amount:
    return line.total if isinstance(line, PricedItem) else line[1]


def _price(amount: float | int) -> str:
    """Fractions of a cent are shown where there are some: 0.125 each."""
    return f"{amount:,.2f}" if round(amount, 2) == amount else f"{amount:,}"


def _taxed(values: Mapping[str, Value]) -> dict[str, str]:
    """The items less a discount, the tax on that, and both together, where rate and items are known."""
    total, rate = _sum(values.get("items", [])), _sum(values.get("tax", []))
    share, off = _sum(values.get("discount_share", [])) or 0, _sum(values.get("discount_amount", [])) or 0
    if total is not None:
        off = times(total, share) + off
        total = round(total - off, 2)
    tax = None if total is None or rate is None else times(total, rate)
    held = _sum(values.get("tax_included", []))
    return {
        "tax.included": BLANK if total is None or held is None else f"{times(total, held / (1 + held)):,.2f}",
        "discount.amount": f"{off:,.2f}",
        "items.net": BLANK if total is None else f"{total:,.2f}",
        "tax.rate": BLANK if rate is None else f"{rate * 100:.4g} %",
        "tax.amount": BLANK if tax is None else f"{tax:,.2f}",
        "items.taxed": BLANK if tax is None or total is None else f"{total + tax:,.2f}",
    }


def _spoken(value: Sequence[str | Line]) -> str:
    names = [entry if isinstance(entry, str) else entry[0] for entry in value]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _text(text: str, words: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: words[match[1]], text)


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).replace("|", "/")


def _entries(
    part: Mapping[str, Any], words: Mapping[str, str], values: Mapping[str, Value]
) -> Iterator[dict[str, str]]:
    """The words for each repetition of a part."""
    value = [""] * _times(part, values) if "times" in part else values[part["each"]]
    parts: Sequence[str | Line] = [value] if isinstance(value, str) else value
    for number, entry in enumerate(parts, start=1):
        own = {"number": str(number)}
        name = entry if isinstance(entry, str) else entry[0]
        amount = None if isinstance(entry, str) else entry[1]
        own |= {"line": name, "line.name": name, "line.amount": "" if amount is None else str(amount)}
        total = None if isinstance(entry, str) else _line_total(entry)
        own |= {
            "line.quantity": "" if isinstance(entry, str) else str(getattr(entry, "quantity", 1)),
            "line.price": "" if amount is None else _price(amount),
            "line.total": "" if total is None else f"{total:,.2f}",
        }
        yield {**words, **own}


def _times(part: Mapping[str, Any], values: Mapping[str, Value]) -> int:
    figure = values[part["times"]]
    amount = figure[0][1] if figure and not isinstance(figure[0], str) else None
    return int(part["otherwise"]) if amount is None or part.get("is_fixed") else int(amount)


def _cells(part: Any, words: Mapping[str, str], values: Mapping[str, Value]) -> list[str]:
    if isinstance(part, str):
        return [_text(part, words)]
    return [_text(part["cell"], entry) for entry in _entries(part, words, values)]


def _rows(part: Any, words: Mapping[str, str], values: Mapping[str, Value]) -> list[list[str]]:
    if isinstance(part, list):
        return [[_text(cell, words) for cell in part]]
    return [[_text(cell, entry) for cell in part["row"]] for entry in _entries(part, words, values)]


def _lines(part: Any, words: Mapping[str, str], values: Mapping[str, Value]) -> list[str]:
    if isinstance(part, str):
        return [_text(part, words)]
    return [_text(part["line"], {k: _one_line(v) for k, v in entry.items()}) for entry in _entries(part, words, values)]


def _file(file: Mapping[str, Any], words: Mapping[str, str]) -> CodeFile:
    # Braces are code here: only the placeholders that are ours are replaced.
    def replaced(match: re.Match[str]) -> str:
        return words.get(match[1], match[0])

    text = _PLACEHOLDER.sub(replaced, "\n".join(file["text"]) + "\n")
    return CodeFile(_text(file["name"], words), file["language"], text)


def _sheet(sheet: Mapping[str, Any], words: Mapping[str, str], values: Mapping[str, Value]) -> Sheet:
    rows: list[tuple[list[str], dict[str, str], Mapping[str, str]]] = []
    anchors: dict[str, str] = {}
    formats: Mapping[str, str] = sheet.get("formats", {})
    for part in sheet["rows"]:
        if isinstance(part, list):
            rows.append((part, {}, formats))
            continue
        own_formats = {**formats, **part.get("formats", {})}
        if "each" in part or "times" in part:
            name = part.get("anchor") or part["each"]
            anchors[f"{name}.first"] = str(len(rows) + 1)
            rows.extend((part["row"], entry, own_formats) for entry in _entries(part, words, values))
            anchors[f"{name}.last"] = str(len(rows))
        else:
            anchors[part["anchor"]] = str(len(rows) + 1)
            rows.append((part["row"], {}, own_formats))
    cells: dict[Position, Cell] = {}
    for number, (row, entry, row_formats) in enumerate(rows):
        own = {**words, **anchors, **entry, "row": str(number + 1), "above": str(number)}
        for column, text in enumerate(row):
            filled = _text(text, own)
            if filled:
                is_amount = text in ("{line.amount}", "{line.quantity}", "{number}") or text.isdigit()
                is_figure = is_amount or filled.startswith("=")
                cells[number, column] = Cell(
                    text=filled,
                    number=_number(filled) if is_amount else None,
                    format=row_formats.get(column_letters(column)) if is_figure else None,
                )
    has_header = sheet.get("has_header", True)
    return Sheet(name=sheet["name"], cells=cells, has_header=has_header, frozen_rows=1 if has_header else 0)


def _number(text: str) -> float | int:
    return float(text) if "." in text or "e" in text else int(text)
