"""Blocks that grow while a reply comes: as if they had come whole, drawn once."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from forgeapp.reading.markdown import parse
from forgeapp.ui.richtext import ReplyView
from forgeapp.ui.richtext.highlighting import Highlighter
from forgeapp.ui.richtext.pieces import pieces_of
from tests.ui.richtext_bench import REPLIES, Show, _light, reply_view, show

__all__ = ["_light", "reply_view", "show"]


def feed(qtbot: QtBot, view: ReplyView, text: str, size: int) -> None:
    for at in range(0, len(text), size):
        view.feed(text[at : at + size])
        QApplication.processEvents()
    view.finish()
    qtbot.waitUntil(lambda: view.is_finished and not view.is_working)


@pytest.mark.parametrize("number", range(0, len(REPLIES), 5))
def test_a_reply_that_came_in_pieces_stands_as_if_it_had_come_whole(
    qtbot: QtBot, show: Show, reply_view: ReplyView, number: int
) -> None:
    feed(qtbot, reply_view, REPLIES[number], 23)
    whole = show(REPLIES[number])
    assert [box.piece for box in reply_view.boxes] == pieces_of(parse(REPLIES[number]))
    assert reply_view.sizeHint().height() == whole.sizeHint().height()
    assert reply_view.text == REPLIES[number]
    assert reply_view.blocks == parse(REPLIES[number])


def test_a_reply_grows_and_never_shrinks_while_plain_paragraphs_come(qtbot: QtBot, reply_view: ReplyView) -> None:
    heights: list[int] = []
    reply_view.grown.connect(lambda: heights.append(reply_view.sizeHint().height()))
    for _ in range(4):
        reply_view.feed("A paragraph of **some** words that go on for more than one line of this view, as they do.\n\n")
        count = len(heights)
        qtbot.waitUntil(lambda count=count: len(heights) > count)
    assert heights == sorted(heights)
    first = reply_view.boxes[0]
    reply_view.feed("- and\n- a list\n")
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)
    assert reply_view.boxes[0] is first


def test_a_reply_may_be_looked_at_after_each_letter(qtbot: QtBot, reply_view: ReplyView) -> None:
    text = "1. **One** of `these`\n   - under\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nf()\n```\n\nEnd"
    lowest = 0
    for letter in text:
        reply_view.feed(letter)
        reply_view._on_frame()
        reply_view.grab()
        assert reply_view.sizeHint().height() >= lowest
        lowest = reply_view.sizeHint().height()
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)


def test_many_pieces_make_one_repaint(qtbot: QtBot, reply_view: ReplyView, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[int] = []
    real = reply_view._show
    monkeypatch.setattr(reply_view, "_show", lambda *blocks: (shown.append(1), real(*blocks)))
    for number in range(500):
        reply_view.feed(f"word{number} ")
    qtbot.waitUntil(lambda: bool(reply_view.boxes))
    assert len(shown) == 1


def test_a_growing_table_and_growing_code_keep_their_boxes(qtbot: QtBot, reply_view: ReplyView) -> None:
    reply_view.feed("| a | b |\n|---|--:|\n| 1 | 2 |\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 1)
    table = reply_view.boxes[0]
    reply_view.feed("| 3 | 4 |\n| 5 | 6 |\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes[0].texts) == 8)
    assert reply_view.boxes[0] is table
    reply_view.feed("\n```python\nx = 1\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 2)
    code = reply_view.boxes[1]
    reply_view.feed("y = 2\n")
    qtbot.waitUntil(lambda: reply_view.boxes[1].texts[-1] == "y = 2")
    assert reply_view.boxes[1] is code
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished)


def test_a_link_defined_at_the_end_becomes_one_in_what_stood_already(qtbot: QtBot, reply_view: ReplyView) -> None:
    reply_view.feed("See [this][a].\n\nMore.\n\n")
    qtbot.waitUntil(lambda: len(reply_view.boxes) == 2)
    assert not reply_view.boxes[0].links()
    reply_view.feed("[a]: https://example.com/\n")
    reply_view.finish()
    qtbot.waitUntil(lambda: reply_view.is_finished and not reply_view.is_working)
    assert [link[2] for link in reply_view.boxes[0].links()] == ["https://example.com/"]


CODE = {
    "python": 'import os\n\n\n@decorator\ndef f(x: int):\n    """Doc\n    more"""\n    return f"{x!r} {1.5}"  # why\n',
    "json": '{\n  "a": [1, 2.5, true, null],\n  "b": "text"\n}\n',
    "sql": "SELECT a, COUNT(*) /* two\nlines */ FROM t -- all\nWHERE b = 'x''y'\nGROUP BY a;\n",
    "bash": 'for f in *.md; do\n  echo "$f/*" | sed "s/a/b/" # each\ndone\n',
    "css": "body { color: #fff; /* white\n  as snow */ }\n@media print { a { display: none } }\n",
    "go": 'package main\n\nimport "fmt"\n\nfunc main() {\n\tfmt.Println(`raw\n/* text`, 1) /* a\n\n b */\n}\n',
    "javascript": "/**\n * What it does\n * @param a\n */\nexport const f = (a) => `src/*${a}\n` + '/*' // so\n",
    "java": '/**\n * What it is.\n */\npublic class A {\n  int a = 1; /* one */ String s = "/*";\n}\n',
    "c": '#include <a.h>\n/* a\n b */\nint main(void) {\n  return printf("%d/*", 1); // ok\n}\n',
    "yaml": "# all\nname: 'x'\nlist:\n  - 1\n  - key: value\n",
    "html": '<!-- a\n b -->\n<p class="x">text &amp; more</p>\n<style>a { color: red; }</style>\n',
    "php": '<?php\n/* a\n b */\nfunction f($x) { return "$x /*"; }\n?>\n',
}


@pytest.mark.parametrize("language", CODE)
def test_code_coloured_as_it_grows_has_the_colours_of_the_whole(language: str) -> None:
    text = CODE[language] * 3
    grown = Highlighter(language)
    for end in (*range(0, len(text), 7), len(text)):
        while not grown.is_done(text[:end]):
            grown.advance(text[:end], 10)
    whole = Highlighter(language)
    while not whole.is_done(text):
        whole.advance(text, 100_000)
    assert grown.lines == whole.lines
    assert len(whole.lines) == text.count("\n")
    assert sum(map(len, whole.lines)) > 5


def test_a_comment_is_one_from_its_first_line_on() -> None:
    code = Highlighter("javascript")
    code.advance("/**\n * What it does\n", 1000)
    assert [[(start, length) for start, length, _ in line] for line in code.lines] == [[(0, 3)], [(0, 15)]]
    assert {colour[0] for line in code.lines for _, _, colour in line} == {"ink_3"}
    assert code.last_line(" * still")[0][2][0] == "ink_3"


def test_code_of_unknown_languages_is_plain() -> None:
    for language in ("", "nonsense", "../../etc/passwd"):
        plain = Highlighter(language)
        plain.advance("x = 1\n", 100)
        assert plain.is_done("x = 1\n")
        assert not plain.lines
