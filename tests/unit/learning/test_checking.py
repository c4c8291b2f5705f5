"""What is found in code: the rule, at its place; and that nothing hostile holds it up."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forgeapp.domain.code import CodeFile
from forgeapp.domain.finding import Finding, Severity
from forgeapp.learning.checking import MAX_CHARS, MAX_FINDINGS, check_file
from tests.pace import assert_linear, repeated


def found(name: str, language: str, text: str) -> list[tuple[str, int, int]]:
    return [(each.rule, each.line, each.column) for each in check_file(CodeFile(name, language, text))]


def rules(name: str, language: str, text: str) -> list[str]:
    return [rule for rule, _, _ in found(name, language, text)]


@pytest.mark.parametrize(
    ("name", "language", "text", "expected"),
    [
        ("a.py", "python", "x = (1,\n", ("python_syntax", 1, 5)),
        ("a.py", "python", "x = 1\0\n", ("python_syntax", 1, 6)),
        ("a.py", "python", "é = eval('1')\n", ("python_runs_text", 1, 5)),
        ("a.py", "python", "import os as o\no.system('ls')\n", ("python_runs_shell", 2, 1)),
        ("a.py", "python", "from subprocess import run\nrun('ls', shell=True)\n", ("python_runs_shell", 2, 1)),
        ("a.py", "python", "import pickle\npickle.loads(b'')\n", ("python_unpickles", 2, 1)),
        ("a.py", "python", "import yaml\nyaml.load('a')\n", ("python_unsafe_yaml", 2, 1)),
        ("a.py", "python", "def _f(x=[]):\n    return x\n", ("python_shared_default", 1, 10)),
        ("a.py", "python", "try:\n    pass\nexcept:\n    pass\n", ("python_bare_except", 3, 1)),
        ("a.json", "json", '{"a": 1,\n "b": [2,],}', ("json_trailing_comma", 2, 9)),
        ("a.json", "json", "{'a': 1}", ("json_quotes", 1, 2)),
        ("a.json", "json", '{"a": True}', ("json_word", 1, 7)),
        ("a.json", "json", '{"a": 1 "b": 2}', ("json_comma_missing", 1, 7)),
        ("a.json", "json", '{"a" 1}', ("json_colon_missing", 1, 6)),
        ("a.json", "json", "{a: 1}", ("json_name", 1, 2)),
        ("a.json", "json", "[1, 2", ("json_ends_early", 1, 5)),
        ("a.json", "json", '["NaN", NaN]', ("json_not_finite", 1, 9)),
        ("a.json", "json", "{} {}", ("json_more", 1, 4)),
        ("a.json", "json", '["a\nb"]', ("json_string_open", 1, 2)),
        ("a.json", "json", "[1, // one\n2]", ("json_comment", 1, 5)),
        ("a.json", "json", "[" + "9" * 5_000 + "]", ("json_long_number", 1, 1)),
        ("a.jsonl", "json", '{"a": 1}\n\n{"a":}\n', ("json_value", 3, 6)),
        ("a.toml", "toml", "a = 1\nb = \n", ("toml_syntax", 2, 4)),
        ("a.yaml", "yaml", "a:\n\tb: 2\n", ("yaml_tab", 2, 1)),
        ("a.yaml", "yaml", "a: 1\nb: c: d\n", ("yaml_colon", 2, 5)),
        ("a.yaml", "yaml", "a: 1\nb:\n  a: 2\na: 3\n", ("yaml_twice", 4, 1)),
        ("a.yaml", "yaml", "a: !!python/object/apply:os.system [ls]\n", ("yaml_python_tag", 1, 4)),
        ("a.xml", "xml", "<a>\n<b></a>", ("tag_open", 2, 6)),
        ("a.svg", "", '<svg xmlns="http://www.w3.org/2000/svg"><g>', ("tag_open", 1, 1)),
        ("a.xml", "xml", '<!DOCTYPE a [<!ENTITY x "y">]>\n<a>&x;</a>', ("xml_entity", 1, 25)),
        ("a.xml", "xml", "<a b=1/>", ("xml_syntax", 1, 6)),
        ("a.html", "html", "<p>x\n<div>\n<br>y", ("html_open", 2, 1)),
        ("a.html", "html", "<div><b>x</div>", ("html_open_before", 1, 6)),
        ("a.html", "html", "<p>x</p></div>", ("html_not_open", 1, 9)),
        ("a.html", "html", '<p id="a"></p>\n<p id="a"></p>', ("html_id_twice", 2, 1)),
        ("a.html", "html", "<p>x</p><!-- y", ("comment_open", 1, 9)),
        ("a.csv", "csv", "a,b\n1,2\n3\n", ("csv_ragged", 3, 1)),
        ("a.csv", "", 'a;b\n"1\n2";3\n4;5;6\n', ("csv_ragged", 4, 1)),
        ("a.csv", "csv", 'a,b\n1,"2\n', ("csv_quote_open", 2, 1)),
        ("a.sql", "sql", "selct * from t;\n", ("sql_syntax", 1, 9)),
        ("a.sql", "sql", "select (1 from t;\n", ("bracket_open", 1, 8)),
        ("a.js", "javascript", "f([1, 2);\n", ("bracket_crossed", 1, 8)),
        ("a.js", "js", "function f() {\n", ("bracket_open", 1, 14)),
        ("a.js", "javascript", 'const a = "b;\nconst c = 1;\n', ("string_open", 1, 11)),
        ("a.js", "javascript", "const a = `b ${c};\n", ("string_open", 1, 11)),
        ("a.ts", "typescript", "/* a\nlet b = 1;\n", ("comment_open", 1, 1)),
        ("a.css", "css", "p { color: red;\n", ("bracket_open", 1, 3)),
        ("A.java", "java", 'class A { String s = "b\\"; }\n', ("string_open", 1, 22)),
        ("a.c", "c", 'int main() { puts("a); }\n', ("string_open", 1, 19)),
        ("a.go", "go", "package a\nfunc f() { x := []int{1, 2 }\n", ("bracket_open", 2, 10)),
        ("a.rs", "rust", "fn f<'a>(x: &'a str) { g(x }\n", ("bracket_crossed", 1, 28)),
        ("a.php", "php", "<?php\nfunction f() { return [1; }\n", ("bracket_crossed", 2, 27)),
        ("a.py", "python", "<<<<<<< HEAD\nx = 1\n", ("merge_mark", 1, 1)),
        ("a.js", "javascript", "if (a) {\n\tb();\n  c();\n  d();\n}\n", ("mixed_indents", 2, 1)),
        ("a.py", "python", 'KEY = "sk-proj-9a8B7c6D5e4F3g2H"\n', ("written_key", 1, 8)),
        ("a.py", "python", 'password = "hunter2x9k3m1q"\n', ("written_key", 1, 13)),
        ("a.txt", "", "AKIA" + "Q7W3E9R2T5Y8U4I6\n", ("written_key", 1, 1)),
    ],
)
def test_a_fault_is_found_where_it_is(name: str, language: str, text: str, expected: tuple[str, int, int]) -> None:
    assert expected in found(name, language, text)


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("a.py", "python", '"""A."""\n\n\ndef f(x: int) -> int:\n    """Gives x."""\n    return x\n'),
        ("a.py", "python", "import subprocess\nsubprocess.run(['ls'], shell=False)\n"),
        ("a.py", "python", "import yaml\nyaml.load('a', Loader=yaml.SafeLoader)\n"),
        ("a.py", "python", "class _A:\n    def _f(self): ...\n"),
        ("a.json", "json", '{"a": [1, 2.5, null, "\\u00e9"]}'),
        ("a.toml", "toml", 'a = 1\n[b]\nc = "d"\n'),
        ("a.yaml", "yaml", "a: &x {b: 1}\nc:\n  <<: *x\n---\na: 2\n"),
        ("a.xml", "xml", '<?xml version="1.0"?>\n<a><b/></a>'),
        ("a.html", "html", "<!doctype html>\n<ul><li>x<li>y</ul><table><tr><td>1</table><img src=a>"),
        ("a.csv", "csv", 'a,b\n"1,5",2\n\n"x""y",3\n'),
        ("a.sql", "sql", "select a, count(*) from b where c = 'it''s' group by a;\ninsert into t values (1);\n"),
        ("a.sql", "sql", "CREATE PROCEDURE p() BEGIN SELECT 1; END\n"),
        ("a.js", "javascript", 'const r = /[({"]/g; const s = `a ${f({})} b`; // (\n'),
        ("a.ts", "typescript", 'function f<T>(x: T): T { return x }\nconst a: string = "it\'s";\n'),
        ("a.tsx", "tsx", "const A = () => <p>It's</p>;\n"),
        ("a.rs", "rust", "fn f<'a>(x: &'a str) -> char { '{' }\n"),
        ("a.go", "go", "package a\nvar x = `a\n(b`\n"),
        ("a.c", "c", "#ifdef A\nvoid f(int a) {\n#else\nvoid f() {\n#endif\n}\n"),
        ("a.sh", "bash", 'case $x in\n  a) echo "it\'s" ;;\nesac\n'),
        ("a.py", "python", 'KEY = "YOUR_API_KEY_GOES_1234"\nheader = f"Bearer {token}"\n'),
        ("a.md", "markdown", "Title\n=======\n\n...and the rest of the code\n"),
        ("a.js", "javascript", "/**\n * Adds.\n */\nfunction f(...rest) {\n  return [\n    ...rest,\n  ];\n}\n"),
        ("Makefile", "make", "all:\n\techo a\nifdef B\n  C = 1\nendif\n"),
        ("a.py", "python", "  \n"),
    ],
)
def test_what_is_in_order_gives_no_finding(name: str, language: str, text: str) -> None:
    assert found(name, language, text) == []


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest of the code remains the same",
        "// ... existing code ...",
        "// existing code here",
        "/* Add your logic here */",
        "<!-- rest of the page content -->",
        "# other methods remain unchanged",
        "// implementation omitted for brevity",
        "-- same as above",
        "# TODO: implement",
        "{/* ... */}",
    ],
)
def test_a_place_where_a_model_left_something_out_is_pointed_out(line: str) -> None:
    language = "html" if line.startswith("<") else "ruby"
    assert rules("a", language, f"x = 1\n  {line}\n") == ["left_out"]


@pytest.mark.parametrize(
    "line",
    [
        "# the rest is history",
        "# existing customers only",
        "// TODO later: colours",
        "# code 12 means 'left'",
        "a = [...b]",
    ],
)
def test_an_ordinary_comment_is_not_taken_for_something_left_out(line: str) -> None:
    assert rules("a", "ruby", f"{line}\n") == []


def test_a_function_others_call_without_docstring_or_types_is_a_hint() -> None:
    text = "class A:\n    def f(self, x, *rest: int): pass\n    def _g(self): pass\ndef h() -> None:\n    'Says.'\n"
    hints = check_file(CodeFile("a.py", "python", text))
    assert {each.severity for each in hints} == {Severity.HINT}
    assert [str(each.message) for each in hints] == [
        "A has no docstring: say what it is for.",
        "A.f has no docstring: say what it is for.",
        "A.f lacks type hints: x, return.",
    ]


def test_a_finding_survives_being_handed_over_as_json_and_keeps_how_it_is_worded() -> None:
    (finding,) = check_file(CodeFile("a.json", "json", '{"a": None}'))
    again = Finding.from_json(finding.to_json())
    assert again == finding
    assert again.message.template == "JSON knows no {word}: write {better}."
    assert again.message.params == {"word": "None", "better": "null"}


def test_windows_line_ends_and_halves_of_characters_change_no_places() -> None:
    assert found("a.json", "json", '{"😀": "\ud800",\r\n "b": 1,}') == [("json_trailing_comma", 2, 8)]


def test_of_many_findings_the_errors_are_kept() -> None:
    text = "def f(x):\n    return x\n" * MAX_FINDINGS + "<<<<<<< HEAD\n"
    kept = check_file(CodeFile("a.rb", "python", text))
    assert len(kept) <= MAX_FINDINGS
    assert kept[-1].severity is Severity.ERROR


def test_a_file_of_more_than_a_million_characters_is_not_read() -> None:
    assert rules("a.py", "python", "x = (\n" * (MAX_CHARS // 6 + 1)) == ["too_long"]


@pytest.mark.security
@pytest.mark.parametrize(
    ("language", "make"),
    [
        ("json", repeated("[")),
        ("python", repeated("(")),
        ("python", repeated("-", "", "1")),
        ("python", repeated(".a", "x")),
        ("yaml", repeated("[")),
        ("yaml", lambda size: "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))),
        ("xml", repeated("<a>")),
        ("html", repeated("<b>")),
        ("html", repeated("<!--")),
        ("toml", repeated("[", "a=")),
        ("sql", lambda size: "(" * (size // 20) + "1" + ")" * (size // 20)),
        ("javascript", repeated("(")),
        ("javascript", repeated("/*")),
        ("javascript", repeated("`${")),
        ("css", repeated("a{")),
        ("csv", repeated('"', '"')),
        ("python", repeated("the rest of ", "# ")),
        ("python", repeated("api_key")),
        ("python", repeated("a", "sk-")),
    ],
    ids=range(19),
)
def test_hostile_text_is_read_in_linear_time(language: str, make: Callable[[int], str]) -> None:
    assert_linear(lambda text: check_file(CodeFile("a", language, text)), make, 50_000)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["python", "json", "toml", "yaml", "xml", "html", "csv", "javascript", "css", "bash", "php", "x"]),
    st.text(st.sampled_from("ab01 \n\t\r:{}[]()<>/'\"`,.=-#*&!$\\;\0é😀\ud800")),
)
def test_any_text_can_be_checked_and_every_finding_stands_within_it(language: str, text: str) -> None:
    lines = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = lines.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for finding in check_file(CodeFile("a", language, text)):
        assert 1 <= finding.line <= len(lines)
        assert 1 <= finding.column <= max(len(lines[finding.line - 1]), 1)
        assert finding.width >= 1
        assert finding.message
