import pytest

from forgeapp.domain.document import Document
from forgeapp.domain.front_matter import MAX_CHARS, front_matter_end
from forgeapp.domain.glance import glance

POST = "---\ntitle: A week\ntags:\n  - sales\n# a remark\n\nsummary: |\n  Two\n\n  lines\n---\n"


@pytest.mark.parametrize("ending", ["", "\n# Head\n", "Text at once"])
def test_front_matter_ends_behind_its_second_mark(ending: str) -> None:
    assert front_matter_end(POST + ending) == len(POST)


@pytest.mark.parametrize(
    "text", ["---\nlang: de\n...\nText", "---  \nlang: de\n---\t\nText", "---\r\nlang: de\r\n---\r\nT"]
)
def test_dots_blanks_and_windows_line_ends_are_marks_too(text: str) -> None:
    assert text[front_matter_end(text) :].startswith("T")


@pytest.mark.parametrize(
    "text",
    [
        "---\n\ntitle: below a rule\n---\n",
        "---\nA sentence under a rule.\n\n---\nAnother.",
        "---\ntitle: never closed\n\nText",
        "---\n---\n",
        "Text\n---\ntitle: x\n---\n",
        " ---\ntitle: x\n---\n",
        "---\nTo: Anna\nFrom: Ben\nDate: 3 May\nSubject: Keys\n---\n\nDear Anna",
        "---\nnote: a paragraph that\ngoes on without a key\n---\n",
        "* * *\ntitle: x\n* * *\n",
        "",
    ],
)
def test_a_text_that_begins_with_a_rule_or_a_memo_has_no_front_matter(text: str) -> None:
    assert front_matter_end(text) == 0


def test_what_is_longer_than_any_front_matter_is_text() -> None:
    assert front_matter_end("---\n" + "name: value\n" * (MAX_CHARS // 12 + 1) + "---\n") == 0


def test_cards_show_the_words_of_the_text_and_count_those() -> None:
    shown = glance(Document("A week", f"{POST}\n# A week\n\nSales rose.\n"))

    assert shown.excerpt == (("Sales rose.",),)
    assert shown.measures == {"words": 4, "headings": 1}
