"""Which lines of a grid stand in another order than before, and how that is told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from operator import itemgetter

from forgeapp.domain.workbook import column_letters
from forgeapp.services.comparing.axis import Axis
from forgeapp.services.comparing.hunks import (
    ColumnsOrderChange,
    Hunk,
    RowsOrderChange,
    Span,
    columns_words,
    on_sheet,
    rows_words,
)
from forgeapp.services.comparing.likeness import LEAST_ALIKE, Row, likeness
from forgeapp.services.comparing.order import is_in_order, woven_order
from forgeapp.services.comparing.sequences import equal_ends

MAX_CHANGED_PAIRS = 40_000
"""Rows before times rows after, equal to none, that are looked at for one that changed and was moved."""

Pairs = dict[int, int]


def reordered(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[int] | None:
    """Places of the old things in the order of the new; None where what stands once in both is in the same order."""
    pairs = _single_pairs(old, new)
    return None if is_in_order(list(pairs.values())) else _order(pairs, len(old))


def reordered_rows(old: Sequence[Row], new: Sequence[Row]) -> list[int] | None:
    """As `reordered`, of rows; then those that stand several times follow, and those that changed a little."""
    head, tail = equal_ends(old, new)
    ends = len(old) - tail, len(new) - tail
    pairs = _single_pairs(old[head : ends[0]], new[head : ends[1]])
    if is_in_order(list(pairs.values())):
        return None
    pairs = {head + at: head + to for at, to in pairs.items()}
    taken = set(pairs.values())
    olds = [at for at in range(head, ends[0]) if at not in pairs]
    news = [to for to in range(head, ends[1]) if to not in taken]
    pairs |= _repeated_pairs(old, new, olds, news)
    taken = set(pairs.values())
    olds = [at for at in olds if at not in pairs]
    news = [to for to in news if to not in taken]
    if len(olds) * len(news) <= MAX_CHANGED_PAIRS:
        pairs |= _changed_pairs(old, new, olds, news)
    pairs |= {at: at for at in range(head)}
    pairs |= {ends[0] + step: ends[1] + step for step in range(tail)}
    return _order(pairs, len(old))


def _order(pairs: Pairs, count: int) -> list[int]:
    moved = [at for at, _ in sorted(pairs.items(), key=itemgetter(1))]
    return woven_order(moved, range(count))


def _single_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> Pairs:
    """What stands once in both and is not blank, ascending in the old."""
    places = _places_of_single(new)
    return {at: places[thing] for thing, at in _places_of_single(old).items() if thing in places}


def _places_of_single(things: Sequence[Hashable]) -> dict[Hashable, int]:
    places: dict[Hashable, int] = {}
    for at, thing in enumerate(things):
        places[thing] = -1 if thing in places else at
    return {thing: at for thing, at in places.items() if at >= 0 and not _is_blank(thing)}


def _is_blank(thing: Hashable) -> bool:
    return not thing or (isinstance(thing, tuple) and not any(thing))


def _repeated_pairs(old: Sequence[Row], new: Sequence[Row], olds: Iterable[int], news: Iterable[int]) -> Pairs:
    """Equal rows in their order."""
    places: dict[Hashable, list[int]] = {}
    for to in news:
        places.setdefault(new[to], []).append(to)
    queues = {row: iter(found) for row, found in places.items()}
    found = ((at, next(queues.get(old[at], iter(())), None)) for at in olds if not _is_blank(old[at]))
    return {at: to for at, to in found if to is not None}


def _changed_pairs(old: Sequence[Row], new: Sequence[Row], olds: Sequence[int], news: Sequence[int]) -> Pairs:
    """The most alike first."""
    alike = [(likeness(old[at], new[to]), at, to) for at in olds for to in news]
    pairs: Pairs = {}
    taken: set[int] = set()
    for how, at, to in sorted(alike, key=lambda found: -found[0]):
        if how < LEAST_ALIKE:
            break
        if at not in pairs and to not in taken:
            pairs[at] = to
            taken.add(to)
    return pairs


def rows_order_hunk(rows: Axis, sheet: str | None, words: Callable[[Sequence[int], bool], str]) -> Hunk:
    """`words`: what stands in these lines of the base, or of the other."""
    before, after, is_move = _told(rows)
    change = RowsOrderChange(sheet, _span(before), _span(after), is_move)
    if is_move:
        wheres = rows_words(None, _span(before)), rows_words(None, _span(after))
        return Hunk(f"{on_sheet(sheet, wheres[0])} moved", *wheres, change)
    return Hunk(_order_words(sheet, "rows"), words(sorted(before), True), words(after, False), change)


def columns_order_hunk(columns: Axis, sheet: str | None, names: tuple[Sequence[str], Sequence[str]]) -> Hunk:
    """`names`: of the columns of the base and of the other."""
    before, after, is_move = _told(columns)
    change = ColumnsOrderChange(sheet, _span(before), _span(after), is_move)
    if is_move:
        where = columns_words(sheet, _span(before), names[0][min(before)])
        wheres = columns_words(None, change.before), columns_words(None, change.after)
        return Hunk(f"{where} moved", *wheres, change)
    listed = ", ".join(names[0][at] or column_letters(at) for at in sorted(before))
    others = ", ".join(names[1][to] or column_letters(to) for to in after)
    return Hunk(_order_words(sheet, "columns"), listed, others, change)


def _order_words(sheet: str | None, what: str) -> str:
    return f"order of the {what}" if sheet is None else f'sheet "{sheet}" order of the {what}'


def _span(lines: Sequence[int]) -> Span:
    return Span(min(lines), max(lines) + 1)


def _told(axis: Axis) -> tuple[list[int], list[int], bool]:
    """The lines of both that are to be told, in the other's order, and whether they alone are moved."""
    pairs = axis.pairs()
    bases = sorted(at for at, _ in pairs)
    rank_of = {at: rank for rank, at in enumerate(bases)}
    ranks = [rank_of[at] for at, _ in pairs]
    first = next(place for place, rank in enumerate(ranks) if place != rank)
    end = next(place for place in range(len(ranks), 0, -1) if ranks[place - 1] != place - 1)
    core = ranks[first:end]
    turn = core.index(first)
    is_move = core[turn:] + core[:turn] == list(range(first, end))
    # Of two blocks that changed places the shorter one moved.
    if is_move and 2 * turn <= len(core):
        end = first + turn
    elif is_move:
        first += turn
    told = pairs[first:end]
    return [at for at, _ in told], [to for _, to in told], is_move
