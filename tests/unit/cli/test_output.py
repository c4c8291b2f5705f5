"""What a verb says, and where."""

from __future__ import annotations

import errno
import io
import sys

import pytest

from forgeapp.cli import main
from forgeapp.cli.output import Output
from forgeapp.errors import TargetNotWritable


class FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_result_that_finds_no_room_is_told_and_is_no_crash(monkeypatch: pytest.MonkeyPatch, as_json: bool) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk())
    with pytest.raises(TargetNotWritable, match="No space left"):
        Output(as_json).result({"done": True}, "done")


def test_a_failure_is_told_also_where_standard_output_has_no_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdout", FullDisk())
    assert main(["gate", "hello", "--open", "nothing", "--json"]) == 2
    assert "'nothing'" in capsys.readouterr().err


def test_what_steers_a_terminal_is_not_passed_on(capsys: pytest.CaptureFixture[str]) -> None:
    Output(as_json=False).result({}, "red \x1b[31m, turned \u202e, two\nlines")
    assert capsys.readouterr().out == "red \ufffd[31m, turned \ufffd, two\nlines\n"
