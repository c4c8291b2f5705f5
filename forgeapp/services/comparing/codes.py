"""Code compared file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import product

from forgeapp.domain.code import Code, CodeFile
from forgeapp.services.comparing.hunks import FileChange, Hunk, LanguageChange, OrderChange
from forgeapp.services.comparing.order import is_in_order, woven_order
from forgeapp.services.comparing.texts import TextWeave, split_lines, weave_texts

MAX_RENAMES = 400
"""Files gone times files come that are looked at for one that was renamed."""

_LEAST_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class _FileWeave:
    """A file of the one, of the other, or of both, by their places; with the hunks that change it."""

    base: int | None
    after: int | None
    hunk: int | None = None
    language_hunk: int | None = None
    text: TextWeave | None = None


@dataclass(frozen=True, slots=True)
class CodeWeave:
    before: Code
    after: Code
    files: tuple[_FileWeave, ...]
    order_hunk: int | None

    def accepted(self, chosen: Container[int]) -> Code:
        made: dict[int, CodeFile] = {}
        for key, file in enumerate(self.files):
            old = None if file.base is None else self.before.files[file.base]
            new = None if file.after is None else self.after.files[file.after]
            if old is None or new is None:
                one = old or new
                if one is not None and (file.hunk in chosen) is (old is None):
                    made[key] = one
                continue
            assert file.text is not None
            made[key] = CodeFile(
                new.name if file.hunk in chosen else old.name,
                new.language if file.language_hunk in chosen else old.language,
                file.text.accepted(chosen),
            )
        order = self._order([file.base for file in self.files], made, chosen)
        return replace(self.before, files=tuple(made[key] for key in order))

    def onto(self, newest: Code) -> tuple[Code, frozenset[int]]:
        """The newest code with the hunks whose places did not change there, and the hunks left out."""
        moved = weave_codes(self.before, newest, [])
        place_of = {file.base: file.after for file in moved.files if file.base is not None}
        # A file that only the newest has goes by the complement of its place.
        made = {~place: file for place, file in enumerate(newest.files)}
        come = [newest.files[file.after] for file in moved.files if file.after is not None and file.hunk is not None]
        places: list[int | None] = []
        left_out: set[int] = set()
        for key, file in enumerate(self.files):
            place = None if file.base is None else place_of[file.base]
            places.append(place)
            mine = None if place is None else made.pop(~place)
            if mine is not None:
                made[key] = mine
            new = None if file.after is None else self.after.files[file.after]
            if file.base is None:
                assert new is not None
                if all(other.name != new.name for other in come):
                    made[key] = new
                else:
                    left_out |= _hunks(file) if new not in come else set()
            elif mine is None:
                left_out |= _hunks(file) if new is not None else set()
            elif new is None:
                if mine == self.before.files[file.base]:
                    del made[key]
                else:
                    left_out |= _hunks(file)
            else:
                made[key], missed = self._file_onto(file, self.before.files[file.base], mine, new)
                left_out |= missed
        chosen = {self.order_hunk} - {None}
        if moved.order_hunk is not None and self.order_hunk is not None:
            left_out.add(self.order_hunk)
            chosen = set()
        shown = [*enumerate(places), *((~place, place) for place in range(len(newest.files)))]
        leading = [key for key, place in sorted(shown, key=_by_place) if place is not None and key in made]
        ours = [key for key in self._by_after() if key in made]
        order = woven_order(ours, leading) if chosen else woven_order(leading, ours)
        return replace(newest, files=tuple(made[key] for key in order)), frozenset(left_out)

    def _file_onto(
        self, file: _FileWeave, old: CodeFile, mine: CodeFile, new: CodeFile
    ) -> tuple[CodeFile, frozenset[int]]:
        assert file.text is not None
        text, missed = file.text.onto(mine.text)
        name, language = mine.name, mine.language
        left_out = set(missed)
        if file.hunk is not None and mine.name not in (old.name, new.name):
            left_out.add(file.hunk)
        elif file.hunk is not None:
            name = new.name
        if file.language_hunk is not None and mine.language not in (old.language, new.language):
            left_out.add(file.language_hunk)
        elif file.language_hunk is not None:
            language = new.language
        return CodeFile(name, language, text), frozenset(left_out)

    def _order(self, places: Sequence[int | None], made: Container[int], chosen: Container[int]) -> list[int]:
        keys = [(key, place) for key, place in enumerate(places) if place is not None and key in made]
        base = [key for key, _ in sorted(keys, key=_by_place)]
        after = [key for key in self._by_after() if key in made]
        return woven_order(after, base) if self.order_hunk in chosen else woven_order(base, after)

    def _by_after(self) -> list[int]:
        keys = [(key, file.after) for key, file in enumerate(self.files) if file.after is not None]
        return [key for key, _ in sorted(keys, key=_by_place)]


def _by_place(item: tuple[int, int | None]) -> int:
    return -1 if item[1] is None else item[1]


def _hunks(file: _FileWeave) -> set[int]:
    lines = {part.hunk for part in file.text.parts} if file.text else set()
    return lines | {hunk for hunk in (file.hunk, file.language_hunk) if hunk is not None}


def weave_codes(before: Code, after: Code, hunks: list[Hunk]) -> CodeWeave:
    """Compares file by file; what differs is put behind `hunks`."""
    pairs = _pairs(before, after)
    bases = {new: old for old, new in pairs.items()}
    names = _unique_names(after)
    order_hunk = None
    if not is_in_order(list(pairs.values())):
        order_hunk = len(hunks)
        listed = [tuple(file.name for file in code.files) for code in (before, after)]
        change = OrderChange(listed[0], listed[1])
        hunks.append(Hunk("order of the files", ", ".join(listed[0]), ", ".join(listed[1]), change))
    keys = woven_order([("after", new) for new in range(len(after.files))], _base_keys(pairs, len(before.files)))
    files: list[_FileWeave] = []
    for side, place in keys:
        if side == "base":
            old = before.files[place]
            files.append(_FileWeave(place, None, len(hunks)))
            hunks.append(Hunk(f'file "{old.name}"', old.text, "", FileChange(old.name, None)))
        elif place not in bases:
            new = after.files[place]
            files.append(_FileWeave(None, place, len(hunks)))
            hunks.append(Hunk(f'file "{new.name}"', "", new.text, FileChange(None, new.name)))
        else:
            files.append(_weave_files(before, bases[place], after, place, names[place], hunks))
    return CodeWeave(before, after, tuple(files), order_hunk)


def _weave_files(before: Code, base: int, after: Code, place: int, name: str, hunks: list[Hunk]) -> _FileWeave:
    old, new = before.files[base], after.files[place]
    renamed = language = None
    if old.name != new.name:
        renamed = len(hunks)
        hunks.append(Hunk(f'file "{old.name}"', old.name, new.name, FileChange(old.name, new.name)))
    if old.language != new.language:
        language = len(hunks)
        hunks.append(
            Hunk(f"{name} language", old.language, new.language, LanguageChange(name, old.language, new.language))
        )
    return _FileWeave(base, place, renamed, language, weave_texts(old.text, new.text, name, hunks))


def _base_keys(pairs: dict[int, int], count: int) -> list[tuple[str, int]]:
    return [("after", pairs[old]) if old in pairs else ("base", old) for old in range(count)]


def _pairs(before: Code, after: Code) -> dict[int, int]:
    """Files by their names, one name's in their order; then those renamed, by how many lines they share."""
    places = {name: place for place, name in enumerate(_unique_names(after))}
    pairs = {old: places[name] for old, name in enumerate(_unique_names(before)) if name in places}
    gone = [old for old in range(len(before.files)) if old not in pairs]
    taken = set(pairs.values())
    come = [new for new in range(len(after.files)) if new not in taken]
    if not 0 < len(gone) * len(come) <= MAX_RENAMES:
        return pairs
    olds = {old: Counter(split_lines(before.files[old].text)) for old in gone}
    news = {new: Counter(split_lines(after.files[new].text)) for new in come}
    alike = [(_likeness(olds[old], news[new]), old, new) for old, new in product(gone, come)]
    for likeness, old, new in sorted(alike, key=lambda found: -found[0]):
        if likeness >= _LEAST_ALIKE and old not in pairs and new not in taken:
            pairs[old] = new
            taken.add(new)
    return dict(sorted(pairs.items()))


def _likeness(old: Counter[str], new: Counter[str]) -> float:
    return (old & new).total() / max(old.total(), new.total(), 1)


def _unique_names(code: Code) -> list[str]:
    """Names in order; a second file of one name is 'a.py (2)'."""
    names: dict[str, None] = {}
    counts: Counter[str] = Counter()
    for file in code.files:
        name = file.name
        while name in names:
            counts[file.name] += 1
            name = f"{file.name} ({counts[file.name] + 1})"
        names[name] = None
    return list(names)
