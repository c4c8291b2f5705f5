"""A reply laid open once: its parts, where rows, code and documents stand, and the kind all that speaks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from forgeapp.domain.artifact import Kind
from forgeapp.reading import prose
from forgeapp.reading.bare_code import BareCode, bare_code_in
from forgeapp.reading.displayed import Displayer
from forgeapp.reading.languages import detect
from forgeapp.reading.manuscript import Span, find_manuscript, holds_document, sections_with_content
from forgeapp.reading.pipe_tables import PipeTable
from forgeapp.reading.scan import (
    MARKDOWN_WORDS,
    PLAIN_WORDS,
    Fence,
    HeadingPart,
    HtmlPart,
    JsonPart,
    Paragraph,
    Part,
    RulePart,
    scan,
)
from forgeapp.reading.sources import JSON_WORDS, Source, sources_of, unfenced_rows
from forgeapp.reading.wishes import STRONG, wishes

ENOUGH_FOR_A_DOCUMENT = 4
MAX_EXAMPLE_LINES = 4
MAX_EXAMPLE_TABLE = 8
SURELY_CODE = 6
MAX_COMMAND_LINES = 2
SHELL_WORDS = frozenset(
    {"bash", "sh", "shell", "zsh", "console", "terminal", "cmd", "bat", "powershell", "ps1", "fish"}
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:")


class Anatomy:
    """`lines` of a reply or of an envelope, and what is found in them, computed when first asked for."""

    def __init__(self, lines: Sequence[str], request: str = "") -> None:
        self.lines = lines
        self.request = request
        self.displayer = Displayer()
        self.parts: list[Part] = scan(lines)

    @cached_property
    def sources(self) -> list[Source]:
        return sources_of(self.parts, self.displayer) or unfenced_rows(self.parts)

    @cached_property
    def fences(self) -> list[Fence]:
        return [part for part in self.parts if isinstance(part, Fence)]

    @cached_property
    def document_fences(self) -> list[Fence]:
        """Fences that wrap a document; not where they are a small part of a larger one."""
        found = [fence for fence in self.fences if holds_document(fence)]
        inside = sum(len(fence.lines) for fence in found)
        return [] if self._headings >= 3 and inside < 0.3 * self.filled_lines else found

    @cached_property
    def code_fences(self) -> list[Fence]:
        """Fences that are neither rows nor documents."""
        rows = {source.start for source in self.sources}
        documents = {fence.start for fence in self.document_fences}
        return [fence for fence in self.fences if fence.start not in rows and fence.start not in documents]

    @cached_property
    def bare_code(self) -> BareCode | None:
        """Code without a fence, only looked for where there is no fence at all."""
        return None if self.fences else bare_code_in(self.lines)

    @cached_property
    def manuscript(self) -> Span | None:
        return find_manuscript(self.parts)

    @cached_property
    def filled_lines(self) -> int:
        return sum(bool(line.strip()) for line in self.lines) or 1

    @cached_property
    def paragraphs(self) -> list[str]:
        return [part.text for part in self.parts if isinstance(part, Paragraph)]

    @cached_property
    def _headings(self) -> int:
        return sum(isinstance(part, HeadingPart) for part in self.parts)

    @cached_property
    def has_formulas(self) -> bool:
        return any(
            grid.has_formulas or _has_formula_positions(grid.positions) for s in self.sources for grid in s.grids
        )

    @cached_property
    def has_workbook(self) -> bool:
        return any(source.is_workbook for source in self.sources)

    @cached_property
    def decimal_comma(self) -> bool:
        return prose.writes_decimal_comma("\n".join((*self.paragraphs, self.request)))

    @cached_property
    def is_only_talk(self) -> bool:
        """Whether the reply declines or asks back instead of giving anything."""
        if self._asks_with_an_example:
            return True
        large = [
            part
            for part in self.parts
            if not isinstance(part, Paragraph | HeadingPart) and _size(part) > MAX_EXAMPLE_LINES
        ]
        if any(isinstance(part, Fence | PipeTable | HtmlPart | JsonPart) for part in large):
            return False
        if not self.paragraphs:
            return False
        begins = self._beginning
        if prose.is_salutation(begins) and not prose.declines(begins):
            return False
        if self.manuscript and self.manuscript.framed:
            return False
        if prose.delivers(begins) or (self._headings >= 3 and not prose.declines(begins)):
            return False
        small = [part for part in self.parts if isinstance(part, Fence | PipeTable)]
        if prose.declines(begins) and not prose.delivers(begins):
            return not small or self._speaks_to_the_user
        if small and not self._speaks_to_the_user:
            return False
        return prose.asks(self.paragraphs)

    @cached_property
    def _asks_with_an_example(self) -> bool:
        """Whether all there is beside a question back is one small table that is called an example."""
        tables = [part for part in self.parts if isinstance(part, PipeTable)]
        others = sum(not isinstance(part, PipeTable | Paragraph) for part in self.parts)
        if others or len(tables) != 1 or _size(tables[0]) > MAX_EXAMPLE_TABLE or len(self.paragraphs) > 4:
            return False
        words = " ".join((*tables[0].rows[0], *self.paragraphs))
        return prose.asks_first(self.paragraphs) and prose.shows_example(words)

    @cached_property
    def _beginning(self) -> str:
        """The first paragraph, after the heading above it if that says no."""
        first = self.parts[0]
        if isinstance(first, HeadingPart) and prose.declines(first.text):
            return first.text
        return self.paragraphs[0]

    @cached_property
    def _speaks_to_the_user(self) -> bool:
        """Whether the first paragraph asks or declines, so that a small fence below it is but an example."""
        begins = self._beginning
        return prose.declines(begins) or prose.has_question(begins)

    @cached_property
    def kind(self) -> Kind | None:
        """The kind that request and content speak for, None for mere talk."""
        if self.is_only_talk:
            return None
        wished = wishes(self.request)
        scores = {
            Kind.SPREADSHEET: self._sheet_score(wished[Kind.SPREADSHEET]),
            Kind.TABLE: self._table_score(wished[Kind.TABLE]),
            Kind.CODE: self._code_score(wished[Kind.CODE]),
            Kind.DOCUMENT: self._document_score(wished[Kind.DOCUMENT], max(wished.values())),
        }
        best = max(scores, key=lambda kind: scores[kind])
        return best if scores[best] > 0 else None

    def _share(self, lines: int) -> float:
        return min(1.0, lines / self.filled_lines)

    def _sheet_score(self, wish: int) -> float:
        if not self.sources:
            return 0
        if self.has_formulas or any(
            s.names_sheets or (s.is_workbook and (len(s.grids) > 1 or not self._is_plain_table(s)))
            for s in self.sources
        ):
            return 12 + wish
        if self.has_workbook:
            return 5 + wish
        return 4.5 + wish if wish >= STRONG else wish

    @staticmethod
    def _bold_sections(parts: Sequence[Part]) -> int:
        """Up to 3: bold lines that stand as headings, each after a rule or at the beginning."""
        return min(
            3,
            sum(
                isinstance(part, Paragraph) and bool(part.bold_line) and (not at or isinstance(parts[at - 1], RulePart))
                for at, part in enumerate(parts)
            ),
        )

    @staticmethod
    def _is_plain_table(source: Source) -> bool:
        """One named list of rows without any formula: rather a table that has a title."""
        return len(source.grids) == 1 and not source.grids[0].has_formulas and source.grids[0].positions is None

    def _table_score(self, wish: int) -> float:
        if not self.sources:
            return 0
        share = self._share(sum(source.end - source.start for source in self.sources))
        json_only = all(source.is_json for source in self.sources)
        return 4 + 4 * share + wish - (1 if json_only else 0)

    def _code_score(self, wish: int) -> float:
        fences = self.code_fences
        json_fences = [fence for fence in self.fences if fence.word in JSON_WORDS]
        if not fences and wish >= STRONG and json_fences:
            fences = json_fences
        html_code = wish >= STRONG and any(
            isinstance(part, HtmlPart) or (isinstance(part, Fence) and part.word == "html") for part in self.parts
        )
        if not fences and not html_code:
            return self._bare_code_score(wish)
        if wish < STRONG and self._only_names_commands:
            return 0
        share = self._share(sum(len(fence.lines) for fence in fences))
        score = 5 + 5 * share + wish
        if all(fence.word in PLAIN_WORDS and not detect(fence.text) for fence in fences):
            score -= 5
        return score

    @cached_property
    def _only_names_commands(self) -> bool:
        """Whether an answer in words shows but a command or two to type, each in a fence of its own."""
        if any(not fence.closed or len(fence.lines) > MAX_COMMAND_LINES for fence in self.fences):
            return False
        said = sum(len(text.split()) for text in self.paragraphs)
        shown = sum(len(fence.text.split()) for fence in self.fences)
        if said < 2 * shown or len(self.paragraphs) < len(self.fences):
            return False
        return all(fence.word in SHELL_WORDS or detect(fence.text) in ("bash", "powershell") for fence in self.fences)

    def _bare_code_score(self, wish: int) -> float:
        if self.sources or any(isinstance(part, HtmlPart | JsonPart) for part in self.parts):
            return 0
        bare = self.bare_code
        if bare is None:
            return 0
        share = self._share(bare.end - bare.start)
        is_sure = bare.certainty >= SURELY_CODE and share >= 0.5 and bare.end - bare.start >= 3
        return 5 + 5 * share + wish if is_sure or wish >= STRONG else 0

    def _document_score(self, wish: int, strongest: int) -> float:
        if any(fence.word in MARKDOWN_WORDS for fence in self.document_fences):
            inside = sum(len(fence.lines) for fence in self.document_fences)
            beside = sum(len(fence.lines) for fence in self.code_fences)
            return (11 if inside > 1.5 * beside else 4) + wish
        if self.document_fences:
            return 9 + wish
        span = self.manuscript
        if span is None:
            return 0
        parts = self.parts[span.first : span.last]
        headings = [part for part in parts if isinstance(part, HeadingPart)]
        first = parts[0]
        score = float(min(6, sections_with_content(parts)) + (2 if headings else 0))
        has_talk = any(prose.begins_as_opening(part.text) for part in parts if isinstance(part, Paragraph))
        if has_talk and sum(prose.has_emoji(part.text) for part in headings) * 2 >= max(1, len(headings)):
            score -= 2
        if not has_talk and isinstance(first, HeadingPart) and first.level == 1 and len(headings) >= 3:
            score += 2
        if span.framed:
            score += 4
        greets = any(
            isinstance(part, Paragraph) and prose.is_salutation(part.text) and len(part.text) < 80 for part in parts[:8]
        )
        if isinstance(first, Paragraph) and (first.bold_line or prose.is_salutation(first.text)):
            score += 2 + (2 if prose.is_salutation(first.text) else 0)
            score += self._bold_sections(parts) if span.is_closed and greets else 0
        elif greets:
            score += 4
        if any(_FOOTNOTE.match(part.text) for part in parts if isinstance(part, Paragraph)):
            score += 4
        texts = [part for part in parts if isinstance(part, Paragraph)]
        is_long = len(texts) >= 2 or sum(len(part.text) for part in texts) >= 200
        if wish and is_long and wish >= strongest:
            score += 3 if wish >= STRONG else 1
        if score < ENOUGH_FOR_A_DOCUMENT and not (wish >= STRONG and score >= 3):
            return 0
        return score + wish


def _has_formula_positions(positions: object) -> bool:
    return isinstance(positions, dict) and any(str(text).startswith("=") for text in positions.values())


def _size(part: Part) -> int:
    return part.end - part.start
