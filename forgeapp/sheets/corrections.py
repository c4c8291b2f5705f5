"""Functions the engine lacks or computes otherwise than Excel's documentation says, put right.

Each is shown wrong by a case of tests/data/functions.jsonl; what cannot be put right here is marked `known_gap` there.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from forgeapp.domain.dates import serial_of
from forgeapp.domain.numbers import parse_number

if TYPE_CHECKING:
    import formualizer

_MAX_PRODUCTS = 2_000_000
"""Multiplications of one MMULT: past them it would hold the engine for seconds."""
_WORD = re.compile(r"[^\W\d_]+")


def register_corrections(engine: formualizer.Workbook) -> None:
    """Teaches an engine these functions, or them anew."""
    engine.register_function("VALUE", _value_of, min_args=1, max_args=1, allow_override_builtin=True)
    engine.register_function("PROPER", _proper, min_args=1, max_args=1, allow_override_builtin=True)
    engine.register_function("CEILING", _ceiling, min_args=2, max_args=2, allow_override_builtin=True)
    engine.register_function("FLOOR", _floor, min_args=2, max_args=2, allow_override_builtin=True)
    engine.register_function("MMULT", _product, min_args=2, max_args=2)


def error(kind: str) -> Any:
    """An error as a function gives it back: 'Value', 'Num', 'Div', 'Na'."""
    import formualizer

    return formualizer.LiteralValue.error(kind, "")


def _value_of(argument: Any) -> Any:
    """VALUE: the engine's own does not know thousands separators, currencies and ISO dates."""
    if isinstance(argument, list):
        return [[_value_of(item) for item in row] for row in argument]
    if argument is None or (isinstance(argument, int | float | dict) and not isinstance(argument, bool)):
        return 0.0 if argument is None else given_back(argument)
    if isinstance(argument, str):
        number = parse_number(argument)
        if number is not None:
            return float(number.value)
        serial = serial_of(argument)
        if serial is not None:
            return float(serial)
    return error("Value")


def _proper(argument: Any) -> Any:
    """PROPER: a letter after a digit begins a word, too ('2nd' is '2Nd', '76BudGet' is '76Budget')."""
    if isinstance(argument, list):
        return [[_proper(item) for item in row] for row in argument]
    if isinstance(argument, dict):
        return given_back(argument)
    if isinstance(argument, bool) or not isinstance(argument, str):
        return "" if argument is None else str(argument).capitalize() if isinstance(argument, bool) else _text(argument)
    return _WORD.sub(lambda match: match[0][0].upper() + match[0][1:].lower(), argument)


def _text(number: float | int) -> str:
    return f"{number:.15g}"


def _ceiling(number: Any, significance: Any) -> Any:
    """CEILING: both negative rounds away from zero; a positive number to a negative multiple is #NUM!."""
    return _rounded(number, significance, math.ceil)


def _floor(number: Any, significance: Any) -> Any:
    """FLOOR: both negative rounds toward zero; a positive number to a negative multiple is #NUM!."""
    return _rounded(number, significance, math.floor)


def _rounded(number: Any, significance: Any, to_whole: Any) -> Any:
    if isinstance(number, list):
        return [[_rounded(item, significance, to_whole) for item in row] for row in number]
    value, step = _number(number), _number(significance)
    if not isinstance(value, float):
        return value
    if not isinstance(step, float):
        return step
    if value > 0 > step:
        return error("Num")
    if step == 0:
        return 0.0 if to_whole is math.ceil or value == 0 else error("Div")
    count = value / step
    if not math.isfinite(count):
        return error("Num")
    # 0.3 / 0.1 is 2.9999999999999996, and means 3.
    nearest = round(count)
    whole = nearest if math.isclose(count, nearest, rel_tol=1e-14, abs_tol=1e-14) else to_whole(count)
    return float(f"{whole * step:.15g}")


def _number(value: Any) -> Any:
    """As a float; an error where it is none."""
    if value is None:
        return 0.0
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dict):
        return given_back(value)
    found = parse_number(value) if isinstance(value, str) else None
    return error("Value") if found is None else float(found.value)


def _product(first: Any, second: Any) -> Any:
    """MMULT: the product of two matrices; #VALUE! where their sides do not fit or hold anything but numbers."""
    left = first if isinstance(first, list) else [[first]]
    right = second if isinstance(second, list) else [[second]]
    inner = len(right)
    if not left or not right or any(len(row) != inner for row in left):
        return error("Value")
    if len(left) * inner * len(right[0]) > _MAX_PRODUCTS:
        return error("Num")
    for row in (*left, *right):
        for item in row:
            if isinstance(item, dict):
                return given_back(item)
            if isinstance(item, bool) or not isinstance(item, int | float):
                return error("Value")
    columns = list(zip(*right, strict=True))
    return [[math.fsum(a * b for a, b in zip(row, column, strict=True)) for column in columns] for row in left]


def given_back(value: Any) -> Any:
    """A value as the engine takes it: errors come out of it in another form than they go in."""
    return error(str(value.get("kind", "Value"))) if isinstance(value, dict) else value
