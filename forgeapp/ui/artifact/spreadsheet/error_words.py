"""What is wrong where a cell shows an error, where that comes from, and what to do about it, in words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP

from forgeapp.domain.formulas import fault, refusal, tokens
from forgeapp.domain.reference_parts import sheet_reference
from forgeapp.domain.workbook import Workbook, address
from forgeapp.ui.artifact.spreadsheet.functions import find_function, is_not_computed, nearest_function
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.workbook import Values
    from forgeapp.sheets.error_sources import ErrorSource, Place

_MAX_CYCLE = 6
_MAX_OPERATORS = 70
"""Chains from there on may be deeper than the engine reads."""

_WORDS = {
    "#DIV/0!": QT_TRANSLATE_NOOP("forgeapp", "It divides by zero or by an empty cell."),
    "#REF!": QT_TRANSLATE_NOOP("forgeapp", "It refers to a cell or sheet that is not there, or in a circle to itself."),
    "#NAME?": QT_TRANSLATE_NOOP("forgeapp", "It names a function or a range that is not known."),
    "#VALUE!": QT_TRANSLATE_NOOP("forgeapp", "It computes with something that is no number, such as text."),
    "#N/A": QT_TRANSLATE_NOOP("forgeapp", "What it looks for is not there."),
    "#NUM!": QT_TRANSLATE_NOOP("forgeapp", "The number is too large, or there is none that fits."),
    "#NULL!": QT_TRANSLATE_NOOP("forgeapp", "The ranges have no cell in common."),
    "#SPILL!": QT_TRANSLATE_NOOP("forgeapp", "The cells its results need are not empty."),
    "#CALC!": QT_TRANSLATE_NOOP("forgeapp", "There is no result: the list is empty."),
    "#BLOCKED!": QT_TRANSLATE_NOOP("forgeapp", "It would reach out of the workbook, or depends on a cell that would."),
}
_REMEDIES = {
    "#DIV/0!": QT_TRANSLATE_NOOP("forgeapp", "Fill in the divisor, or wrap the formula in IFERROR(…, 0)."),
    "#REF!": QT_TRANSLATE_NOOP("forgeapp", "Undo what removed the cell, or point the formula at another."),
    "#NAME?": QT_TRANSLATE_NOOP("forgeapp", "Check the spelling; texts stand in quotes."),
    "#VALUE!": QT_TRANSLATE_NOOP("forgeapp", "Give it numbers there, or turn texts into numbers with VALUE(…)."),
    "#N/A": QT_TRANSLATE_NOOP("forgeapp", "Check what is looked for and where, or say what else with IFNA(…, …)."),
    "#NUM!": QT_TRANSLATE_NOOP("forgeapp", "Check the size and the sign of the numbers it computes with."),
    "#NULL!": QT_TRANSLATE_NOOP("forgeapp", "Put a comma or a colon between the ranges."),
    "#SPILL!": QT_TRANSLATE_NOOP("forgeapp", "Clear those cells, or move the formula."),
    "#CALC!": QT_TRANSLATE_NOOP("forgeapp", 'Say what is to stand there instead: FILTER(…, …, "none").'),
    "#BLOCKED!": QT_TRANSLATE_NOOP("forgeapp", "Write the value itself into the cell."),
}


class Explanation(NamedTuple):
    """`words`: what it means and why; `remedy`: what to do; `goes_to`: the cell to look at, None for this one."""

    words: str
    remedy: str
    goes_to: Place | None = None


def error_words(code: str, formula: str | None) -> str:
    """Why a cell shows `code`; `formula` is the cell's own, where it has one."""
    if formula is not None and code == "#BLOCKED!" and (reason := refusal(formula)):
        return tr("Not computed: {reason}.", reason=reason)
    if formula is not None and code == "#NAME?":
        return _name_words(formula)
    return tr(str(_WORDS[code])) if code in _WORDS else tr("It cannot be computed.")


def explain(workbook: Workbook, values: Values, place: Place) -> Explanation | None:
    """None where the cell shows no error."""
    from forgeapp.sheets.error_sources import error_source

    found = error_source(workbook, values, place)
    if found is None:
        return None
    if found.cycle:
        return _circle(found, place)
    at = found.source or place
    formula = _formula(workbook, at)
    words, remedy = _cause(workbook, found, at, formula)
    if found.source is None:
        return Explanation(words, remedy, found.operand if found.operand != place else None)
    name = cell_name(found.source, place)
    return Explanation(tr("The error comes from {cell}. There: {words}", cell=name, words=words), remedy, found.source)


def _cause(workbook: Workbook, found: ErrorSource, at: Place, formula: str | None) -> tuple[str, str]:
    remedy = tr(str(_REMEDIES[found.code])) if found.code in _REMEDIES else ""
    words = error_words(found.code, formula)
    if found.operand is not None:
        name, operand = cell_name(found.operand, at), _cell_text(workbook, found.operand)
        if found.code == "#DIV/0!":
            words = (
                tr("It divides by {cell}, which is 0.", cell=name)
                if operand
                else tr("It divides by {cell}, which is empty.", cell=name)
            )
        elif found.code == "#VALUE!":
            words = tr("It computes with {cell}, which holds text.", cell=name)
        elif found.code == "#SPILL!":
            words = tr("Its results need more room: {cell} is not empty.", cell=name)
    elif found.code == "#NAME?" and formula is not None:
        near = _nearest(formula)
        if near:
            remedy = tr("Did you mean {name}?", name=near)
        elif fault(formula):
            remedy = tr("Write it anew; a bracket, comma or operator may be missing.")
        elif _not_computed(formula):
            remedy = tr("Use another function; Excel computes it once the file is exported.")
    return words, remedy


def _name_words(formula: str) -> str:
    if reason := fault(formula):
        return tr("It cannot be read: {reason}.", reason=reason)
    if name := _not_computed(formula):
        return tr("{name} is a function ForgeApp does not compute.", name=name)
    if name := _unknown(formula):
        return tr("There is no function {name}.", name=name)
    if sum(part.kind == "operator" for part in tokens(formula)) > _MAX_OPERATORS:
        return tr("It has too many operators in a row; add up with SUM, put texts together with CONCAT.")
    return tr(str(_WORDS["#NAME?"]))


def _called(formula: str) -> list[str]:
    parts = [part for part in tokens(formula) if part.kind != "space"]
    return [
        part.text.upper().removeprefix("_XLFN.").removeprefix("_XLWS.")
        for part, following in pairwise(parts)
        if part.kind == "name" and following.text == "("
    ]


def _not_computed(formula: str) -> str | None:
    return next((name for name in _called(formula) if is_not_computed(name)), None)


def _unknown(formula: str) -> str | None:
    return next((name for name in _called(formula) if find_function(name) is None and not is_not_computed(name)), None)


def _nearest(formula: str) -> str | None:
    name = _unknown(formula)
    return nearest_function(name[:64]) if name is not None else None


def _circle(found: ErrorSource, place: Place) -> Explanation:
    names = [cell_name(each, place) for each in found.cycle]
    shown = names if len(names) <= _MAX_CYCLE else [*names[: _MAX_CYCLE - 1], "…", names[-1]]
    way = " → ".join([*shown, names[0]])
    remedy = tr("Change one of them so that none needs its own result.")
    if found.source is not None:
        words = tr("It depends on formulas that go in a circle: {way}.", way=way)
        return Explanation(words, remedy, found.source)
    if len(names) == 1:
        return Explanation(tr("The formula refers to its own cell."), tr("Leave this cell out of what it adds up."))
    return Explanation(tr("Formulas go in a circle: {way}.", way=way), remedy, found.cycle[1])


def cell_name(place: Place, seen_from: Place) -> str:
    """'B2', and with its sheet where that is another."""
    name = address(place.at)
    return name if place.sheet == seen_from.sheet else f"{sheet_reference(place.sheet)}!{name}"


def _formula(workbook: Workbook, place: Place) -> str | None:
    return _cell_text(workbook, place) or None


def _cell_text(workbook: Workbook, place: Place) -> str:
    sheet = next((each for each in workbook.sheets if each.name.casefold() == place.sheet.casefold()), None)
    cell = sheet.cells.get(place.at) if sheet is not None else None
    return cell.text if cell is not None else ""
