from __future__ import annotations

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import CodeFile
from forgeapp.domain.finding import Severity
from forgeapp.services import workers as workers_module
from forgeapp.services.checking import Checking
from forgeapp.services.workers import Limits, Workers


def test_a_file_is_checked_in_a_child() -> None:
    (finding,) = Checking(Workers()).check(CodeFile("a.json", "json", '{"a": [1,]}'), CancelToken())
    assert (finding.file, finding.line, finding.column, finding.severity) == ("a.json", 1, 9, Severity.ERROR)
    assert finding.message == "Nothing follows this comma: remove it."


def test_an_empty_file_needs_no_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module.subprocess, "Popen", None)
    assert Checking(Workers()).check(CodeFile("a.py", "python", " \n"), CancelToken()) == ()


@pytest.mark.security
def test_a_text_made_to_be_slow_is_given_up() -> None:
    slow = CodeFile("a.js", "javascript", "(" * 300_000)
    (finding,) = Checking(Workers(), Limits(600, 0.05)).check(slow, CancelToken())
    assert (finding.rule, finding.severity) == ("not_checked", Severity.HINT)
    assert "longer than" in finding.message
