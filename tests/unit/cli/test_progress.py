"""Long work told on standard error."""

from __future__ import annotations

import pytest

from forgeapp.cli import progress
from forgeapp.cli.output import Output
from forgeapp.domain.publication import Share


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.4, "40%"),
        (Share(0.4, "row", 40_000, 100_000), "40%, row 40,000 of 100,000"),
        (Share(0.5, "page", 12), "50%, page 12"),
        (Share(0.1, "page", 0), "10%"),
        (Share(0.7, "check"), "70%, read again and compared"),
    ],
)
def test_how_far_it_is_and_where(
    share: float, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "_TOLD_EVERY_S", 0.0)
    progress.progress_teller(Output(as_json=True), "report.pdf")(share)
    progress.progress_teller(Output(as_json=True))(share)
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()) == ("", [f"report.pdf: {words}", words])


def test_what_ends_soon_is_not_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    tell = progress.progress_teller(Output(as_json=False))
    for number in range(100):
        tell(number / 100)
    assert capsys.readouterr().err == ""
