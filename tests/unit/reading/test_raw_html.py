"""HTML within Markdown: what goes takes nothing else with it."""

from __future__ import annotations

import pytest

from forgeapp.domain.document import CodeBlock, Paragraph, Run
from forgeapp.reading.raw_html import html_blocks


@pytest.mark.parametrize("silent", ["<!-- c -->", "<script>x()</SCRIPT>", "<Style>p {}</style >"])
def test_what_stands_behind_what_is_silent_stays_whatever_stands_before(silent: str) -> None:
    # Of each capital with a dot lower() makes two characters.
    found = list(html_blocks(f"<p>{'İ' * 40}</p>{silent}behind<p>more</p>"))
    assert found == [Paragraph((Run(text),)) for text in ("İ" * 40, "behind", "more")]


def test_preformatted_text_ends_where_it_ends_whatever_stands_before() -> None:
    found = list(html_blocks(f"<p>{'İ' * 40}</p><pre>code</PRE>behind"))
    assert found == [Paragraph((Run("İ" * 40),)), CodeBlock("", "code"), Paragraph((Run("behind"),))]


@pytest.mark.parametrize("opened", ["<!--", "<script>", "<pre>"])
def test_what_nothing_ends_reaches_to_the_end(opened: str) -> None:
    first, *rest = html_blocks(f"<p>a</p>{opened}b")
    assert first == Paragraph((Run("a"),))
    assert rest == ([CodeBlock("", "b")] if opened == "<pre>" else [])
