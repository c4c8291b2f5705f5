"""What a file was opened without is told with the first file that is made of it."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.ledger import Ledger
from forgeapp.ledger.tables import versions
from forgeapp.services.calculation import Calculation
from forgeapp.services.files import Files
from tests.unit.services.exporting.desk import LIMITS, WorkersHere, asked, exports_over


def opened(ledger: Ledger, path: Path, note: str | None) -> int:
    book = Workbook()
    book.active.append(["Item", "Price"])
    book.active.append(["Chair", 45.5])
    if note:
        book.active["A2"].comment = Comment(note, "Ann")
        book.create_sheet("Old").sheet_state = "hidden"
    book.save(path)
    workers = WorkersHere()
    return Files(ledger, workers, Calculation(workers, LIMITS), LIMITS).open(path).version.artifact


def warnings(ledger: Ledger, artifact: int, target: Path) -> tuple[str, ...]:
    request = ExportRequest(ArtifactSubject(artifact, 1), target)
    return exports_over(ledger).export(request, CancelToken(), lambda _share: None).warnings


def test_it_is_told_once(ledger: Ledger, tmp_path: Path) -> None:
    artifact = opened(ledger, tmp_path / "in.xlsx", "Is this right?")
    told = "When in.xlsx was opened: A comment is not carried over."

    assert told in warnings(ledger, artifact, tmp_path / "a.csv")
    assert told not in warnings(ledger, artifact, tmp_path / "b.csv")


def test_of_a_file_that_is_here_whole_nothing_is_told(ledger: Ledger, tmp_path: Path) -> None:
    assert warnings(ledger, opened(ledger, tmp_path / "in.xlsx", None), tmp_path / "a.csv") == ()
    made = asked(ledger, tmp_path / "c.csv")
    assert exports_over(ledger).export(made, CancelToken(), lambda _share: None).warnings == ()


@pytest.mark.parametrize(
    ("lost", "told"), [(5, []), ("a loss", []), ([], []), (["x" * 9_000] * 90, ["When in.xlsx was opened: xx"])]
)
def test_what_an_archive_says_of_it_makes_no_export_fail_and_no_endless_text(
    ledger: Ledger, tmp_path: Path, lost: object, told: list[str]
) -> None:
    artifact = opened(ledger, tmp_path / "in.xlsx", None)
    with ledger.database.writing() as connection:
        connection.execute(versions.update().values(provenance_json=json.dumps({"file": "in.xlsx", "lost": lost})))
    found = warnings(ledger, artifact, tmp_path / "a.csv")
    assert [text[:27] for text in found] == told
    assert sum(map(len, found)) < 12_000
