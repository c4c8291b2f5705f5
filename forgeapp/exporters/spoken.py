"""What a reader finds of a line in any format: footnote numbers for marks, nothing for pictures that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from forgeapp.domain.document import FootnoteMark, Inline, Picture, plain_text
from forgeapp.exporters.pictures import description, read_picture


def spoken(inlines: Iterable[Inline], numbers: Mapping[str, str]) -> str:
    """The text of a line; `numbers` are those of the footnotes by label."""
    parts: list[str] = []
    for inline in inlines:
        match inline:
            case FootnoteMark(label=label):
                parts.append(numbers.get(label, f"[{label}]"))
            case Picture(source=source):
                parts.append("" if read_picture(source) else description(inline))
            case _:
                parts.append(plain_text((inline,)))
    return "".join(parts)
