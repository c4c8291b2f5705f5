"""TOML 1.0."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Final

from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.wording import Text
from forgeapp.learning.checking.source import Source

_PLACE: Final = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", re.DOTALL)


def check_toml(source: Source) -> Iterator[Finding]:
    try:
        tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.fullmatch(str(error))
        detail = place[1] if place else str(error)
        line, column = (int(place[2]), int(place[3])) if place and place[2] else (len(source.lines), 1)
        message = Text("toml_syntax", "This is not TOML: {detail}.", detail=detail)
        yield source.finding_at(line, column, 1, Severity.ERROR, message)
    except ValueError as error:  # a date or number beyond what there is
        message = Text("toml_syntax", "This is not TOML: {detail}.", detail=error)
        yield source.finding_at(1, 1, 1, Severity.ERROR, message)
