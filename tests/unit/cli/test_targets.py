"""Files named with --to."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from forgeapp.cli.output import Output
from forgeapp.cli.targets import each_once, file_targets
from forgeapp.errors import TargetNotWritable


def test_what_is_named_twice_is_written_once_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert each_once(["a.csv", "./a.csv", "b/../a.csv", "b.csv", ""], Output(as_json=True)) == ["a.csv", "b.csv", ""]
    assert capsys.readouterr().err.splitlines() == [
        "Named twice, written once: ./a.csv.",
        "Named twice, written once: b/../a.csv.",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_and_the_file_it_leads_to_are_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    real, link = tmp_path / "real.csv", tmp_path / "link.csv"
    link.symlink_to(real)
    assert each_once([str(link), str(real)], Output(as_json=True)) == [str(link)]
    assert capsys.readouterr().err == f"Named twice, written once: {real}.\n"


def test_a_file_goes_with_what_stands_there_when_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old.csv").write_text("old")
    targets = file_targets([str(tmp_path / name) for name in ("old.csv", "new.csv")], Output(as_json=True))
    assert [len(standing) for standing in targets.values()] == [1, 0]
    assert targets[tmp_path / "old.csv"][0].size == 3
    assert capsys.readouterr().err == f"A file stands at {tmp_path / 'old.csv'}: it will be replaced.\n"
    with pytest.raises(TargetNotWritable):
        file_targets([str(tmp_path / "no" / "a.csv")], Output(as_json=True))
