"""Two codes as rows of lines: file by file, what stands in both, what went and what came, far unchanged ones folded."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from forgeapp.domain.code import Code, CodeFile
from forgeapp.ui.artifact.changes.words import where_text
from forgeapp.ui.richtext.marked import Turn

if TYPE_CHECKING:
    from forgeapp.services.comparing import Comparison, Hunk, LinesChange

CONTEXT: Final = 3
"""Unchanged lines kept in view on each side of a change."""
MAX_LINE_CHARS: Final = 2_000
"""A longer line is shown up to here."""
_MAX_WORDED: Final = 400
"""Lines of one change beyond which words are not compared."""

_LOOKED_AHEAD: Final = 12
_LEAST_ALIKE: Final = 40
"""Of 100."""

Words = tuple[tuple[str, bool], ...]
"""Pieces of a line, each with whether it is what differs."""


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line. `before` and `after` are its numbers from 1; `words` where only some of it differs."""

    text: str
    turn: Turn = ""
    before: int | None = None
    after: int | None = None
    words: Words = ()
    hunk: int | None = None


@dataclass(frozen=True, slots=True)
class FileRow:
    """The head of a file; `notes`: hunks of the file as a whole."""

    name: str
    turn: Turn = ""


@dataclass(frozen=True, slots=True)
class FoldRow:
    """Unchanged lines that are not shown."""

    lines: tuple[CodeLine, ...]


@dataclass(frozen=True, slots=True)
class PairRow:
    """Lines beside each other; None where a side has none."""

    left: CodeLine | None
    right: CodeLine | None


@dataclass(frozen=True, slots=True)
class HunkRow:
    """Below the lines of a hunk: what can be decided. `words`: of a hunk without lines."""

    hunk: int
    words: str = ""


Row = CodeLine | FileRow | FoldRow | PairRow | HunkRow


@dataclass(frozen=True, slots=True)
class LinesPicture:
    rows: tuple[Row, ...]
    others: tuple[int, ...] = ()
    longest: int = 0
    """Characters of the longest line, as far as it is shown."""
    is_alone: bool = False
    """Whether it is one code: then lines have one number each."""


def lines_picture(
    comparison: Comparison, mode: Literal["inline", "sides", "review"], folds: bool = True
) -> LinesPicture:
    """Off the UI thread. With 'review' each hunk is followed by a row to decide it in."""
    from forgeapp.services.comparing import FileChange, LanguageChange, LinesChange

    before, after = comparison.before, comparison.after
    assert isinstance(before, Code)
    assert isinstance(after, Code)
    olds, news = ({file.name: file for file in code.files} for code in (before, after))
    by_file: dict[str | None, list[int]] = {}
    heads: dict[str | None, list[int]] = {}
    old_names: dict[str, str] = {}
    others: list[int] = []
    for number, hunk in enumerate(comparison.hunks):
        match hunk.change:
            case LinesChange(file=name):
                by_file.setdefault(name, []).append(number)
            case FileChange(before=old, after=new):
                heads.setdefault(new if new is not None else old, []).append(number)
                if old is not None and new is not None:
                    old_names[new] = old
            case LanguageChange(file=name):
                heads.setdefault(name, []).append(number)
            case _:
                others.append(number)
    rows: list[Row] = []
    for name in _in_order(before, after, {**_firsts(by_file), **_firsts(heads)}, set(old_names.values())):
        new_file = news.get(name)
        is_added = any(_is_whole(comparison.hunks[number], None, name) for number in heads.get(name, ()))
        old_file = None if is_added else olds.get(old_names.get(name, name))
        own = [comparison.hunks[number].change for number in by_file.get(name, ())]
        changes = [change for change in own if isinstance(change, LinesChange)]
        rows += _file(
            name,
            old_file,
            new_file,
            list(zip(changes, by_file.get(name, ()), strict=True)),
            heads.get(name, ()),
            comparison,
            mode,
            folds,
        )
    shown = tuple(rows)
    seen = {hunk_of(row) for row in shown}
    others += [number for number in range(len(comparison.hunks)) if number not in seen and number not in others]
    return LinesPicture(shown, tuple(others), max((_length(row) for row in shown), default=0))


def _firsts(found: Mapping[str | None, Sequence[int]]) -> dict[str | None, int]:
    return {name: min(numbers) for name, numbers in found.items()}


def _in_order(before: Code, after: Code, firsts: Mapping[str | None, int], renamed: Container[str]) -> list[str]:
    """The files of both, in the order in which their hunks are numbered."""
    keyed: list[tuple[int, str]] = []
    last = -1
    news = [file.name for file in after.files]
    for name in news:
        last = max(last, firsts.get(name, last))
        keyed.append((firsts.get(name, last), name))
    keyed += [
        (firsts.get(file.name, last), file.name)
        for file in before.files
        if file.name not in news and file.name not in renamed
    ]
    return list(dict.fromkeys(name for _, name in sorted(keyed, key=lambda pair: pair[0])))


def _is_whole(hunk: Hunk, before: str | None, after: str | None) -> bool:
    from forgeapp.services.comparing import FileChange

    return isinstance(hunk.change, FileChange) and (hunk.change.before, hunk.change.after) == (before, after)


def _file(
    name: str,
    old: CodeFile | None,
    new: CodeFile | None,
    changes: Sequence[tuple[LinesChange, int]],
    heads: Sequence[int],
    comparison: Comparison,
    mode: str,
    folds: bool,
) -> Iterator[Row]:
    turn: Turn = "added" if old is None else "removed" if new is None else ""
    yield FileRow(name, turn)
    for number in heads:
        if mode == "review" and not turn:
            hunk = comparison.hunks[number]
            words = f"{where_text(hunk.where)}: {hunk.before} → {hunk.after}"
            yield HunkRow(number, words)
    lines = list(_lines(old, new, changes, heads[0] if turn and heads else None))
    if folds and not turn:
        yield from _sided(_folded(lines), mode)
    else:
        yield from _sided(lines, mode)
    if turn and heads and not lines and mode == "review":
        yield HunkRow(heads[0])


def _lines(
    old: CodeFile | None, new: CodeFile | None, changes: Sequence[tuple[LinesChange, int]], whole: int | None
) -> Iterator[CodeLine]:
    before, after = (_split(file.text) if file is not None else [] for file in (old, new))
    if old is None:
        yield from (_line(text, "added", None, at, whole) for at, text in enumerate(after, 1))
        return
    if new is None:
        yield from (_line(text, "removed", at, None, whole) for at, text in enumerate(before, 1))
        return
    at = to = 0
    for change, hunk in changes:
        while at < change.before.start and to < change.after.start:
            yield _line(after[to], "", at + 1, to + 1)
            at, to = at + 1, to + 1
        olds, news = before[at : change.before.end], after[to : change.after.end]
        worded = _worded(olds, news)
        for place, text in enumerate(olds):
            yield _line(text, "removed", at + place + 1, None, hunk, worded[0].get(place, ()))
        for place, text in enumerate(news):
            yield _line(text, "added", None, to + place + 1, hunk, worded[1].get(place, ()))
        at, to = change.before.end, change.after.end
    while at < len(before) and to < len(after):
        yield _line(after[to], "", at + 1, to + 1)
        at, to = at + 1, to + 1


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    return lines if lines[-1] else lines[:-1]


def _line(
    text: str, turn: Turn, before: int | None, after: int | None, hunk: int | None = None, words: Words = ()
) -> CodeLine:
    shown = text[:MAX_LINE_CHARS] + "…" if len(text) > MAX_LINE_CHARS else text
    return CodeLine(shown.expandtabs(4), turn, before, after, words, hunk)


def _worded(olds: Sequence[str], news: Sequence[str]) -> tuple[dict[int, Words], dict[int, Words]]:
    """Lines that became each other, word by word: the first of the one side with the first of the other."""
    from forgeapp.services.comparing import Turn as Change
    from forgeapp.services.comparing import words

    left: dict[int, Words] = {}
    right: dict[int, Words] = {}
    if max(len(olds), len(news)) > _MAX_WORDED:
        return left, right
    for place, other in _likest(olds, news):
        old, new = olds[place], news[other]
        if max(len(old), len(new)) > MAX_LINE_CHARS:
            continue
        segments = words(old.expandtabs(4), new.expandtabs(4))
        if not any(segment.turn is Change.EQUAL and segment.text.strip() for segment in segments):
            continue
        left[place] = tuple((s.text, s.turn is Change.REMOVED) for s in segments if s.turn is not Change.ADDED)
        right[other] = tuple((s.text, s.turn is Change.ADDED) for s in segments if s.turn is not Change.REMOVED)
    return left, right


def _likest(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Lines that are alike, each at most once, in order: of a few the likest, of many those at the same place."""
    from rapidfuzz.fuzz import ratio

    if len(olds) == len(news):
        yield from enumerate(range(len(news)))
        return
    begin = 0
    for place, old in enumerate(olds):
        room = range(begin, min(len(news), begin + _LOOKED_AHEAD))
        best = max(room, key=lambda other: ratio(old, news[other]), default=None)
        if best is not None and ratio(old, news[best]) >= _LEAST_ALIKE:
            yield place, best
            begin = best + 1


def _folded(lines: Sequence[CodeLine]) -> Iterator[CodeLine | FoldRow]:
    """Long unchanged stretches as one row each."""
    start = 0
    while start < len(lines):
        if lines[start].turn:
            yield lines[start]
            start += 1
            continue
        end = start
        while end < len(lines) and not lines[end].turn:
            end += 1
        head = 0 if start == 0 else CONTEXT
        tail = 0 if end == len(lines) else CONTEXT
        if end - start > head + tail + 1:
            yield from lines[start : start + head]
            yield FoldRow(tuple(lines[start + head : end - tail]))
            yield from lines[end - tail : end]
        else:
            yield from lines[start:end]
        start = end


def _sided(lines: Iterator[CodeLine | FoldRow] | Sequence[CodeLine], mode: str) -> Iterator[Row]:
    """One below the other, or beside each other; in a review with rows to decide in."""
    run: list[CodeLine] = []
    for line in (*lines, None):
        is_same_run = isinstance(line, CodeLine) and run and line.hunk == run[0].hunk and bool(line.turn)
        if run and not is_same_run:
            yield from _run(run, mode)
            run = []
        if line is None:
            return
        if isinstance(line, CodeLine) and line.turn:
            run.append(line)
        elif isinstance(line, CodeLine) and mode == "sides":
            yield PairRow(line, line)
        else:
            yield line


def _run(run: Sequence[CodeLine], mode: str) -> Iterator[Row]:
    if mode == "sides":
        olds = [line for line in run if line.turn == "removed"]
        news = [line for line in run if line.turn == "added"]
        for place in range(max(len(olds), len(news))):
            yield PairRow(
                olds[place] if place < len(olds) else None,
                news[place] if place < len(news) else None,
            )
        return
    yield from run
    if mode == "review" and run[0].hunk is not None:
        yield HunkRow(run[0].hunk)


def hunk_of(row: Row) -> int | None:
    """The hunk a row belongs to."""
    match row:
        case CodeLine(hunk=hunk) | HunkRow(hunk=hunk):
            return hunk
        case PairRow(left=left, right=right):
            line = left if left is not None and left.hunk is not None else right
            return line.hunk if line is not None else None
    return None


def _length(row: Row) -> int:
    match row:
        case CodeLine(text=text):
            return len(text)
        case PairRow(left=left, right=right):
            return max(len(line.text) for line in (left, right) if line is not None)
        case FoldRow(lines=lines):
            return max((len(line.text) for line in lines), default=0)
    return 0
