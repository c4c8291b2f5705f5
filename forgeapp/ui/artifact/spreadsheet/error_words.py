"""What is wrong where a cell shows an error, in words."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

from forgeapp.domain.formulas import fault, refusal
from forgeapp.ui.wording import tr

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


def error_words(code: str, formula: str | None) -> str:
    """Why a cell shows `code`; `formula` is the cell's own, where it has one."""
    if formula is not None and code == "#BLOCKED!" and (reason := refusal(formula)):
        return tr("Not computed: {reason}.", reason=reason)
    if formula is not None and code == "#NAME?" and (reason := fault(formula)):
        return tr("It cannot be read: {reason}.", reason=reason)
    return tr(str(_WORDS[code])) if code in _WORDS else tr("It cannot be computed.")
