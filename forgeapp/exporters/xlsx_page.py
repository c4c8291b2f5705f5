"""XlsxWriter's worksheet with cell markup of our own.

XlsxWriter's cuts the closing brace off ={1,2}, spells functions inside strings, takes the text '<r>..</r>' for markup,
stores the texts 'nan' and '1' that an array formula computes as numbers, and rounds numbers to 16 digits where 17 are
needed to read the same number again. This one is also faster.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from xlsxwriter.worksheet import Worksheet

from forgeapp.domain.workbook import column_letters
from forgeapp.exporters.xlsx_cells import is_error

_SPECIAL = re.compile(r"[&<>\n]|_x|^\s|\s$")
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9a-fA-F]{4}_)")
_letters = lru_cache(maxsize=None)(column_letters)


class Page(Worksheet):
    """Cells of number, text, boolean, formula and dynamic array formula; formulas stand in the file as given."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        del expand_future_functions
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        head = f'<c r="{_letters(col)}{row + 1}"'
        if cell.format:
            head += f' s="{cell.format._get_xf_index()}"'
        kind = cell.__class__.__name__
        if kind == "Number":
            self.fh.write(f"{head}><v>{cell.number!r}</v></c>")
        elif kind == "String":
            text = cell.string
            if _SPECIAL.search(text):
                self.fh.write(f'{head} t="inlineStr"><is><t xml:space="preserve">{_escaped(text)}</t></is></c>')
            else:
                self.fh.write(f'{head} t="inlineStr"><is><t>{text}</t></is></c>')
        elif kind == "Boolean":
            self.fh.write(f'{head} t="b"><v>{int(cell.boolean)}</v></c>')
        elif kind == "Formula":
            self.fh.write(f"{head}{_value_type(cell.value)}><f>{_marked_up(cell.formula)}</f>{_value(cell.value)}</c>")
        elif kind == "ArrayFormula":
            formula = f'<f t="array" ref="{cell.range}">{_marked_up(cell.formula)}</f>'
            self.fh.write(f'{head}{_value_type(cell.value)} cm="1">{formula}{_value(cell.value)}</c>')
        else:
            super()._write_cell(row, col, cell)


def _value_type(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return ' t="b"'
    if isinstance(value, str) and value:
        return ' t="e"' if is_error(value) else ' t="str"'
    return ""


def _value(value: float | int | str | bool) -> str:
    if isinstance(value, bool):
        return f"<v>{int(value)}</v>"
    return f"<v>{_escaped(value) if isinstance(value, str) else repr(value)}</v>"


def _escaped(text: str) -> str:
    """Text as XML, with what would be read as an escape of Excel's ('_x0041_') escaped itself."""
    return _ESCAPE_LIKE.sub("_x005F_", _marked_up(text))


def _marked_up(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
