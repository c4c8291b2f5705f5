"""SQL: brackets and quotes first, then whether any of the usual dialects can read it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source
from forgeapp.learning.checking.tokens import check_tokens

MAX_CHARS: Final = 100_000
"""Of a longer file only brackets and quotes are looked at: 750,000 characters take seconds."""
_DIALECTS: Final = ("postgres", "mysql", "sqlite", "tsql", "oracle")
_NOT_READ: Final = re.compile(
    r"(?im)^\s*(?:delimiter\b|go\s*$|begin\b|declare\b|\\|create\s+(?:or\s+replace\s+)?(?:function|procedure|trigger|package)\b|do\s+\$\$)"
)
"""What no parser reads for every dialect: programs within the database, commands of its tools."""


def check_sql(source: Source) -> Iterator[Finding]:
    found = list(check_tokens(source))
    yield from found
    if found or len(source.text) > MAX_CHARS or _NOT_READ.search(source.text):
        return
    import sqlglot
    from sqlglot.errors import ParseError, SqlglotError

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    furthest: tuple[int, int, str] | None = None
    for dialect in _DIALECTS:
        try:
            sqlglot.parse(source.text, read=dialect)
        except ParseError as error:
            first = error.errors[0] if error.errors else {}
            place = (first.get("line") or 1, first.get("col") or 1, str(first.get("highlight") or ""))
            furthest = max(furthest, place) if furthest else place
        except SqlglotError:
            continue
        else:
            return
    if furthest is not None:
        line, end, words = furthest
        message = Text(
            "sql_syntax",
            "None of the usual databases reads this: look at “{words}” and what stands before it.",
            words=words[:40],
        )
        # The parser counts columns to the end of the word.
        yield source.finding_at(line, max(end - len(words) + 1, 1), max(len(words), 1), Severity.WARNING, message)
