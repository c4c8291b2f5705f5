"""The bytes of pictures within a document's text: a model is shown a short name in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BYTES = re.compile(r"data:image/[\w.+-]{1,20};base64,[A-Za-z0-9+/=]{200,}")
_NAME = re.compile(r"picture:(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Pictures:
    """`lifted`: the text with 'picture:1' for the bytes of the first of `sources`, and so on."""

    lifted: str
    sources: tuple[str, ...]

    @classmethod
    def of(cls, markdown: str) -> Pictures:
        """Nothing is lifted from a text that speaks of such names itself."""
        if "data:image/" not in markdown or _NAME.search(markdown):
            return cls(markdown, ())
        sources: dict[str, str] = {}

        def name(match: re.Match[str]) -> str:
            return sources.setdefault(match[0], f"picture:{len(sources) + 1}")

        return cls(_BYTES.sub(name, markdown), tuple(sources))

    def of_part(self, text: str) -> str:
        """A part of the text with the same names in it."""
        names = {source: f"picture:{number}" for number, source in enumerate(self.sources, 1)}
        return _BYTES.sub(lambda match: names.get(match[0], match[0]), text) if names else text

    def put_back(self, text: str) -> str:
        """The text with the pictures' bytes again; a name of none stays."""
        if not self.sources:
            return text

        def source(match: re.Match[str]) -> str:
            number = int(match[1])
            return self.sources[number - 1] if 0 < number <= len(self.sources) else match[0]

        return _NAME.sub(source, text)
