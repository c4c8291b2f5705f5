"""Help while a formula is typed: names and arguments, references in colours, cells pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent

from forgeapp.domain.formula_typing import (
    Span,
    Word,
    call_at,
    can_take_reference,
    is_formula_text,
    spans,
    with_dollars_turned,
    word_at,
)
from forgeapp.domain.reference_parts import sheet_reference
from forgeapp.domain.workbook import address
from forgeapp.ui.artifact.grid import Block, CellEditor
from forgeapp.ui.artifact.spreadsheet.assist_card import AssistCard, Offer, Signature
from forgeapp.ui.artifact.spreadsheet.cells import SheetDelegate
from forgeapp.ui.artifact.spreadsheet.formula_fields import BarField, CellField, FormulaField, Mark
from forgeapp.ui.artifact.spreadsheet.functions import find_function, functions_like
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor

TONES: Final = ("accent", "good", "warn", "bad")
"""The colours of a formula's references, over again where there are more."""
_MAX_OFFERS = 60
_MAX_MARKS = 200
_MAX_HELPED_CHARS = 2_000
"""Longer ones would be taken apart for longer than a frame with every key."""
_ARROWS = {Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0), Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1)}
_TAKING = (Qt.Key.Key_Tab, Qt.Key.Key_Return, Qt.Key.Key_Enter)
_HELD_ONLY = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)

Place = tuple[int, int]


class _Pointed:
    """The reference that pointing put in: from where in the text, how long, and the cells it spans."""

    def __init__(self, start: int, anchor: Place) -> None:
        self.start = start
        self.length = 0
        self.anchor = self.reach = anchor

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def text(self) -> str:
        block = Block.between(self.anchor, self.reach)
        first, last = address((block.top, block.left)), address((block.bottom, block.right))
        return first if first == last else f"{first}:{last}"


class FormulaAssist(QObject):
    """Follows the field that has the focus, the cell's or the bar's, for as long as a formula is in it.

    `takes(event)` is asked by the field before it takes a key itself; `points(row, column)` by the grid.
    """

    def __init__(self, editor: SpreadsheetEditor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._grid = editor.grid
        self._field: FormulaField | None = None
        self._pointed: _Pointed | None = None
        self._is_writing = False
        self._dismissed = ""
        self._policy = editor.grid.focusPolicy()
        self.card = AssistCard(editor)
        self.card.picked.connect(self._take)
        bar = editor.formula_bar
        bar.began.connect(lambda: self._follow_text(BarField(bar.field)))
        bar.field.cursorPositionChanged.connect(lambda *_: self._follow_cursor(bar.field))
        bar.left.connect(self.end)
        bar.field.guard = self.takes
        cells = self._grid.cells
        assert isinstance(cells, SheetDelegate)
        cells.guard = self.takes
        cells.opened.connect(self._on_opened)
        cells.closed.connect(self.end)
        self._grid.pointer = self

    @property
    def is_pointing(self) -> bool:
        """Whether a cell that is pointed at goes into the formula."""
        field = self._field
        return field is not None and (self._is_pointed() or can_take_reference(field.text(), field.cursor()))

    def end(self) -> None:
        """The field is left."""
        self._field = self._pointed = None
        self._dismissed = ""
        self.card.hide()
        self._grid.set_highlights([])
        self._grid.setFocusPolicy(self._policy)

    def takes(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list, for pointing or for the dollars."""
        if self._field is None or not is_formula_text(self._field.text()):
            return False
        key, held = Qt.Key(event.key()), event.modifiers()
        plain = not held & ~(Qt.KeyboardModifier.KeypadModifier)
        if self.card.offers and plain and self._takes_for_list(key):
            return True
        if key == Qt.Key.Key_F4 and plain:
            return self._turn_dollars()
        if key in _ARROWS and self._field.points_by_keys and self.is_pointing:
            return self._point_by_key(key, held)
        if key not in _HELD_ONLY:
            self._pointed = None
        return False

    def points(self, row: int, column: int, extends: bool) -> bool:
        """The mouse is pressed on a cell, or goes on to it (`extends`); False where it is not for the formula."""
        if not self.is_pointing or (extends and self._pointed is None):
            return False
        if extends and self._pointed is not None:
            self._pointed.reach = (row, column)
        elif self._pointed is not None and self._is_pointed():
            self._pointed.anchor = self._pointed.reach = (row, column)
        else:
            self._begin_pointing((row, column))
        self._write_pointed()
        return True

    # Following the text

    def _on_opened(self, editor: CellEditor) -> None:
        field = CellField(editor)
        editor.textChanged.connect(lambda: self._follow_text(field))
        editor.cursorPositionChanged.connect(lambda: self._follow_cursor(editor))

    def _follow_text(self, field: FormulaField) -> None:
        if self._is_writing or not field.widget.isVisible():
            return
        self._field = field
        text = field.text()
        if not is_formula_text(text) or len(text) > _MAX_HELPED_CHARS:
            self.end()
            return
        if not self._is_pointed():
            self._pointed = None
        self._show_references()
        self._propose()

    def _follow_cursor(self, widget: object) -> None:
        if self._is_writing or self._field is None or self._field.widget is not widget:
            return
        if not self.card.offers:
            self._show_signature()
        self._show_policy()

    def _show_references(self) -> None:
        assert self._field is not None
        found = spans(self._field.text())[:_MAX_MARKS]
        tones: dict[tuple[object, ...], str] = {}
        marks: list[Mark] = []
        highlights: list[tuple[Block, str]] = []
        for span in found:
            what = (self._sheet_of(span), span.top, span.left, span.bottom, span.right)
            is_new = what not in tones
            tone = tones.setdefault(what, TONES[len(tones) % len(TONES)])
            marks.append(Mark(span.start, span.end, tone))
            if is_new and what[0] == self._editor.sheet.name.casefold():
                highlights.append((Block(span.top, span.left, span.bottom, span.right), tone))
        self._field.mark(marks)
        self._grid.set_highlights(highlights)
        self._show_policy()

    def _sheet_of(self, span: Span) -> str:
        return (span.sheet if span.sheet is not None else self._editor.sheet.name).casefold()

    def _show_policy(self) -> None:
        """A click on a cell that is pointed at must not take the focus, and with it the formula."""
        self._grid.setFocusPolicy(Qt.FocusPolicy.NoFocus if self.is_pointing else self._policy)

    # Names and arguments

    def _propose(self) -> None:
        assert self._field is not None
        text, cursor = self._field.text(), self._field.cursor()
        word = word_at(text, cursor)
        offers = self._offers(word) if word is not None and text != self._dismissed else []
        if offers and not self._is_pointed():
            self.card.show_offers(offers, self._caret())
        else:
            self.card.hide()
            self._show_signature()

    def _offers(self, word: Word) -> list[Offer]:
        assert self._field is not None
        if word.start > 1 and self._field.text()[word.start - 1] == ":":
            return []
        offers: list[Offer] = []
        if not word.is_quoted:
            offers = [
                Offer(each.name, tr(each.purpose), f"{each.name}(" if each.arguments else f"{each.name}()")
                for each in functions_like(word.text)
                if each.name not in ("TRUE", "FALSE")
            ]
        wanted = word.text.casefold()
        for sheet in self._editor.workbook.sheets:
            if sheet.name.casefold().startswith(wanted):
                offers.append(Offer(sheet.name, tr("Sheet"), f"{sheet_reference(sheet.name)}!"))
        return offers[:_MAX_OFFERS]

    def _show_signature(self) -> None:
        field = self._field
        if field is None:
            return
        call = call_at(field.text(), field.cursor())
        function = find_function(call.name) if call is not None else None
        if call is None or function is None:
            self.card.hide()
            return
        current = function.argument_at(call.argument)
        self.card.show_signature(
            Signature(function.name, function.arguments, current, tr(function.purpose)), self._caret()
        )

    def _caret(self) -> QRect:
        assert self._field is not None
        caret, widget = self._field.caret(), self._field.widget
        top = widget.mapTo(self._editor, QPoint(caret.left(), 0)).y()
        bottom = widget.mapTo(self._editor, QPoint(0, widget.height())).y()
        x = widget.mapTo(self._editor, caret.topLeft()).x()
        return QRect(QPoint(x, top), QPoint(x + 1, bottom))

    def _takes_for_list(self, key: Qt.Key) -> bool:
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.card.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key in _TAKING:
            self._take(self.card.chosen)
        elif key == Qt.Key.Key_Escape:
            assert self._field is not None
            self._dismissed = self._field.text()
            self.card.hide()
            self._show_signature()
        else:
            return False
        return True

    def _take(self, offer: Offer) -> None:
        field = self._field
        word = word_at(field.text(), field.cursor()) if field is not None else None
        if field is None or word is None:
            return
        text, inserted, end = field.text(), offer.inserted, word.end
        if inserted.endswith("(") and text[end : end + 1] == "(":
            end += 1
        elif word.is_quoted and inserted.endswith("!") and text[end : end + 2] == "'!":
            end += 2
        self._put(text[: word.start] + inserted + text[end:], word.start + len(inserted))
        self._propose()

    def _put(self, text: str, cursor: int) -> None:
        """Writes into the field, and looks at it as a whole afterwards."""
        assert self._field is not None
        self._is_writing = True
        try:
            self._field.put(text, cursor)
        finally:
            self._is_writing = False
        self._show_references()

    # Dollars and pointing

    def _turn_dollars(self) -> bool:
        assert self._field is not None
        turned = with_dollars_turned(self._field.text(), self._field.cursor())
        if turned is not None:
            self._pointed = None
            self._put(*turned)
            self._propose()
        return True

    def _is_pointed(self) -> bool:
        """Whether what pointing put in still stands before the cursor."""
        field, pointed = self._field, self._pointed
        if field is None or pointed is None:
            return False
        return field.cursor() == pointed.end and field.text()[pointed.start : pointed.end] == pointed.text

    def _begin_pointing(self, at: Place) -> None:
        assert self._field is not None
        self._pointed = _Pointed(self._field.cursor(), at)

    def _point_by_key(self, key: Qt.Key, held: Qt.KeyboardModifier) -> bool:
        home = self._grid.current
        if home is None:
            return False
        start = self._pointed.reach if self._pointed is not None and self._is_pointed() else home
        to_edge = bool(held & Qt.KeyboardModifier.ControlModifier)
        at = self._grid.place_from(start, *_ARROWS[key], to_edge)
        if self._pointed is None or not self._is_pointed():
            self._begin_pointing(at)
        else:
            self._pointed.reach = at
            if not held & Qt.KeyboardModifier.ShiftModifier:
                self._pointed.anchor = at
        self._write_pointed()
        return True

    def _write_pointed(self) -> None:
        field, pointed = self._field, self._pointed
        assert field is not None
        assert pointed is not None
        text, reference, before = field.text(), pointed.text, pointed.end
        pointed.length = len(reference)
        self._put(text[: pointed.start] + reference + text[before:], pointed.end)
        self.card.hide()
        self._grid.scrollTo(self._grid.model().index(*pointed.reach))
