from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forgeapp.domain.artifact import Kind
from forgeapp.domain.document import Document, Heading, Paragraph, Run
from forgeapp.reading.files import read_file
from forgeapp.reading.front_matter import body_in_place, front_matter, split_front_matter
from forgeapp.reading.interpretation import interpret
from forgeapp.reading.markdown import parse, parse_document
from forgeapp.reading.placed_blocks import placed_blocks

HEAD = """\
---
title: "Sales: a week"
author:
  - name: Ann Lee
    email: a@example.com
  - Ben
date: 2026-03-01
---
"""
BODY = "\n# Sales\n\nThey rose.\n"


def test_properties_are_read_with_their_texts() -> None:
    head = "---\ntitle: A\ntags: [x, 'y z']\ndraft: null\nversion: 1.10\nnested:\n  deep: {a: 1}\n---\n"

    assert front_matter(head) == {
        "title": ("A",),
        "tags": ("x", "y z"),
        "draft": (),
        "version": ("1.10",),
        "nested": (),
    }
    assert front_matter(HEAD)["author"] == ("Ann Lee", "Ben")


def test_rules_within_properties_are_none_of_its_marks() -> None:
    head = "---\ntitle: Report ---\nabstract: |\n  above\n  ---\n  below\n---\n"

    assert front_matter(head) == {"title": ("Report ---",), "abstract": ("above --- below",)}


def test_a_document_has_no_blocks_of_its_front_matter() -> None:
    expected = (Heading(1, (Run("Sales"),)), Paragraph((Run("They rose."),)))

    assert parse_document(HEAD + BODY) == expected
    assert parse_document((HEAD + BODY).replace("\n", "\r\n")) == expected


def test_blocks_keep_their_lines_below_front_matter() -> None:
    lines = (HEAD + BODY).split("\n")

    assert [lines[place.start] for place in placed_blocks(HEAD + BODY)] == ["# Sales", "They rose."]


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Report: Q1\n---\n",
        '---\ntitle: "open\n---\n',
        "---\ntitle: *nobody\nx: {a: [}\n---\n",
        "---\ntitle: " + "[" * 40 + "]" * 40 + "\n---\n",
    ],
)
def test_broken_or_bottomless_yaml_stays_text(head: str) -> None:
    assert front_matter(head) == {}
    assert body_in_place(head) == head
    assert parse_document(head) == parse(head)


def test_aliases_of_aliases_build_nothing() -> None:
    names = "abcdefghijklmnopqrstuvwxy"
    lines = ["a: &a [x, x, x]"] + [f"{now}: &{now} [*{was}, *{was}, *{was}]" for was, now in pairwise(names)]

    assert front_matter("---\n" + "\n".join(lines) + "\n---\n")["y"] == ()


@given(st.lists(st.sampled_from(["---", "...", "a: 1", "b:", "  - x", "- y", "# c", "", "[", "a: 'b", "text"])))
def test_any_lines_are_split_without_losing_any(lines: list[str]) -> None:
    text = "\n".join(lines)
    head, body = split_front_matter(text)

    assert head + body == text
    assert len(body_in_place(text)) == len(text)
    assert body_in_place(text).count("\n") == text.count("\n")


def test_an_opened_file_is_called_as_its_front_matter_says_and_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_text(HEAD + BODY, encoding="utf-8")

    read = read_file(path)

    assert read.content == Document("Sales: a week", (HEAD + BODY).strip("\n"))
    assert read.lost == ()


def test_of_broken_front_matter_the_user_is_told(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_text("---\ntitle: Report: Q1\n---\n\n# Report\n", encoding="utf-8")

    assert read_file(path).lost == (
        "The lines between '---' at the top are no valid YAML (front matter): they stand in the text.",
    )


@pytest.mark.parametrize("before", ["", "Here it is:\n\n"])
@pytest.mark.parametrize("fence", ["", "```markdown\n"])
def test_a_reply_that_is_a_document_with_front_matter_keeps_it_whole(before: str, fence: str) -> None:
    reply = f"{before}{fence}{HEAD}{BODY}\n## More\n\nAnd so on.\n{'```' if fence else ''}"

    reading = interpret(reply, Kind.DOCUMENT, "write a blog post")

    (document,) = reading.artifacts
    assert isinstance(document, Document)
    assert document.title == "Sales: a week"
    assert document.markdown.startswith(HEAD)
    assert "title" not in reading.chat_text


def test_a_reply_between_rules_is_still_a_document_without_them() -> None:
    reading = interpret("---\n\n# A\n\nText of it.\n\n## B\n\nMore.\n\n---\n\nLet me know!", None, "write a report")

    (document,) = reading.artifacts
    assert isinstance(document, Document)
    assert document.markdown == "# A\n\nText of it.\n\n## B\n\nMore."
