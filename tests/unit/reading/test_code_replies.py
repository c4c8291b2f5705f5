"""Code in replies: files, their names and languages."""

from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.reading import Reader, Reading
from forgeapp.reading.languages import detect, language_of


def read(text: str, kind: Kind | None = None, request: str = "") -> Reading:
    reader = Reader(kind, request)
    reader.feed(text)
    return reader.finish()


def files(text: str, kind: Kind | None = None, request: str = "") -> tuple[CodeFile, ...]:
    (code,) = read(text, kind, request).artifacts
    assert isinstance(code, Code)
    return code.files


def test_every_fence_is_a_file_and_the_rest_is_chat() -> None:
    reading = read(
        "## Tool\n\nSave this:\n\n```py\nprint(1)\n```\n\nRun it:\n\n```sh\npython main.py\n```\n\nThat is all."
    )
    (code,) = reading.artifacts
    assert isinstance(code, Code)
    assert [(file.name, file.language, file.text) for file in code.files] == [
        ("main.py", "python", "print(1)"),
        ("script.sh", "bash", "python main.py"),
    ]
    assert code.title == "Tool"
    assert reading.chat_text == "## Tool\n\nSave this:\n\nRun it:\n\nThat is all."


@pytest.mark.parametrize(
    "text",
    [
        "```python file=src/app.py\nx = 1\n```",
        '```python title="src/app.py"\nx = 1\n```',
        "```python:src/app.py\nx = 1\n```",
        "```python src/app.py\nx = 1\n```",
        "**src/app.py**\n\n```python\nx = 1\n```",
        "**`src/app.py`**:\n```python\nx = 1\n```",
        "### 1. `src/app.py`\n\n```python\nx = 1\n```",
        "Create the file `src/app.py`:\n\n```python\nx = 1\n```",
        "```python\n# src/app.py\nx = 1\n```",
        "```python\n#!/usr/bin/env python3\n# file: src/app.py\nx = 1\n```",
    ],
)
def test_a_files_name_is_found_where_models_write_it(text: str) -> None:
    assert files(text, Kind.CODE)[0].name == "src/app.py"


@pytest.mark.parametrize("name", ["../../etc/passwd.py", "/etc/passwd.py", "C:\\etc\\passwd.py", "etc/./passwd.py"])
def test_a_files_name_never_leaves_its_folder(name: str) -> None:
    found = files(f'```python title="{name}"\nx = 1\n```', Kind.CODE)[0].name
    assert found.endswith("etc/passwd.py")
    assert ".." not in found and not found.startswith("/") and ":" not in found


def test_names_are_unique() -> None:
    found = files(
        "```python\nx = 1\n```\n\n```python\ny = 2\n```\n\n**a.py**\n```python\n1\n```\n**a.py**\n```python\n2\n```",
        Kind.CODE,
    )
    assert len({file.name for file in found}) == 4


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("py", "python"),
        ("yml", "yaml"),
        ("sh", "bash"),
        ("ts", "typescript"),
        ("C++", "cpp"),
        ("brainwave", "brainwave"),
    ],
)
def test_languages_go_by_the_first_alias_else_by_the_fences_word(word: str, language: str) -> None:
    assert language_of(word) == language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("WITH late AS (SELECT id FROM loans WHERE due < now())\nSELECT * FROM late ORDER BY id;", "sql"),
        ("def area(r):\n    return 3.14 * r ** 2", "python"),
        ("#!/bin/sh\nset -eu\ncp a b", "bash"),
        ('for f in *.png; do\n  convert "$f" "${f%.png}.jpg"\ndone', "bash"),
        ("const add = (a, b) => a + b;\nconsole.log(add(1, 2));", "javascript"),
        ("type Point = { x: number; y: number };\nfunction len(p: Point): number {\n  return p.x;\n}", "typescript"),
        ("<!doctype html>\n<title>x</title><p>Hi</p>", "html"),
        ("main {\n  margin: 2rem;\n  color: #333;\n}", "css"),
        ('{"name": "x", "private": true}', "json"),
        ("on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make", "yaml"),
        ('FROM alpine:3\nRUN apk add git\nCMD ["sh"]', "docker"),
        ("package main\n\nfunc main() {\n\tprintln(1)\n}", "go"),
        ('fn main() {\n    let mut n = 1;\n    println!("{n}");\n}', "rust"),
        ("public class A {\n  public static void main(String[] a) { System.out.println(1); }\n}", "java"),
        ("<?php\necho strlen($argv[1]);", "php"),
        ('[tool.x]\nname = "y"\nlist = [1, 2]\n[other]\na = "b"', "toml"),
        ("The quick brown fox jumps over the lazy dog.", ""),
        ("", ""),
    ],
)
def test_the_language_of_an_untagged_fence_is_told_by_its_looks(text: str, language: str) -> None:
    assert detect(text) == language


def test_json_is_code_where_code_was_asked_for_or_no_table_is_in_it() -> None:
    rows = '```json\n[{"id": 1}, {"id": 2}]\n```'
    assert read(rows, None, "a json file with test users for my api code").kind is Kind.CODE
    assert read(rows, Kind.TABLE).kind is Kind.TABLE
    assert read('```json\n{"strict": true, "lib": ["ES2022"]}\n```').kind is Kind.CODE


def test_code_that_breaks_off_is_kept_and_said() -> None:
    reading = read("Here:\n\n```python\ndef f():\n    return [")
    assert reading.artifacts[0].files[0].text == "def f():\n    return ["  # type: ignore[union-attr]
    assert reading.warnings


def test_fences_in_list_items_lose_the_items_indentation() -> None:
    (first, second) = files(
        "1. Create it:\n\n   ```yaml\n   a:\n     b: 1\n   ```\n\n2. Start:\n\n   ```bash\n   run\n   ```"
    )
    assert (first.text, second.text) == ("a:\n  b: 1", "run")


def test_a_markdown_file_beside_code_is_a_file() -> None:
    found = files(
        "**a.py**\n```python\nimport os\nprint(os.getcwd())\n```\n\n**README.md**\n```markdown\n# A\n\nRun it.\n```"
    )
    assert [file.name for file in found] == ["a.py", "README.md"]


def test_code_without_any_fence_is_found_when_code_was_asked_for() -> None:
    reading = read("Sure, here it is:\n\ndef f(x):\n    return x + 1\n\nprint(f(2))\n\nhope it helps", Kind.CODE)
    assert reading.artifacts[0].files[0].language == "python"  # type: ignore[union-attr]
    assert "hope it helps" in reading.chat_text


SCRIPT = '''\
import os
import sys

def sizes(folder):
    """The files of a folder.

    Folders within are left out here.

    """
    for name in os.listdir(folder):
        yield os.path.getsize(name), name

# Largest first
for size, name in sorted(sizes(sys.argv[1])):
    print(size, name)'''
QUERY = "SELECT name, COUNT(*) AS n\nFROM visits\nGROUP BY name\nHAVING COUNT(*) > 3;"
COMPOSE = 'services:\n  web:\n    image: nginx:1.27\n    ports:\n      - "8080:80"\n  db:\n    image: postgres:16'


@pytest.mark.parametrize(("code", "language"), [(SCRIPT, "python"), (QUERY, "sql"), (COMPOSE, "yaml")])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
@pytest.mark.parametrize("request_text", ["", "python script, sql query or yaml config"])
def test_code_without_a_fence_is_found_by_its_lines(code: str, language: str, gap: str, request_text: str) -> None:
    reader = Reader(request=request_text)
    reader.feed(f"Sure, here's what you asked for.{gap}{code}{gap}Save it and run it with the folder as the argument.")
    reading = reader.finish()
    (artifact,) = reading.artifacts
    assert isinstance(artifact, Code)
    assert [(file.language, file.text) for file in artifact.files] == [(language, code)]
    assert reading.chat_text.split("\n\n") == [
        "Sure, here's what you asked for.",
        "Save it and run it with the folder as the argument.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Sure! To list files, use `ls -la` in the folder. Then pick one and open it with less.",
        "Monday:\n  Breakfast: oats\n  Lunch: soup\n\nTuesday:\n  Breakfast: eggs",
        "Ingredients:\n- 2 eggs\n- 200 g flour\n\nMix it all and bake for 20 minutes.",
        "If you import goods from abroad, you pay duty.\n\nFor each parcel, return the form.",
        "Select the rows from the list and press delete.\nWith a mouse it is faster.",
        "Name: Ada\nDate: 3 May\nOn: Tuesday\n\nPlease bring a pen.",
    ],
)
def test_plain_words_are_no_code(text: str) -> None:
    reader = Reader()
    reader.feed(text)
    assert reader.finish().kind is not Kind.CODE


def test_a_word_that_introduces_is_no_key_of_yaml() -> None:
    reader = Reader(request="javascript function that adds")
    reader.feed("Sure:\n\nfunction add(a, b) {\n  return a + b;\n}\n\nconsole.log(add(1, 2));\n\nThis logs 3.")
    reading = reader.finish()
    (code,) = reading.artifacts
    assert isinstance(code, Code)
    assert code.files[0].text.startswith("function add")
    assert reading.chat_text == "Sure:\n\nThis logs 3."
