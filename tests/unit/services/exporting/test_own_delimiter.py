"""CSV files that were opened, and go out again."""

from pathlib import Path

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.export_options import USUAL, Delimiter, ExportOptions
from forgeapp.domain.export_request import ArtifactSubject, ExportRequest
from forgeapp.domain.table import Table
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import NewVersion, Origin
from forgeapp.services.calculation import Calculation
from forgeapp.services.files import Files
from tests.unit.services.exporting.desk import LIMITS, WorkersHere, exports_over

OFFICE = "Artikel;Preis;Stück\nStuhl;1.240,50;1.5\nTisch;950,00;2.5\n"


def opened(ledger: Ledger, path: Path, text: str, artifact: int | None = None) -> int:
    path.write_bytes(text.encode("utf-8"))
    workers = WorkersHere()
    files = Files(ledger, workers, Calculation(workers, LIMITS), LIMITS)
    return files.open(path, artifact).version.artifact


def written(ledger: Ledger, artifact: int, target: Path, options: ExportOptions = USUAL) -> str:
    version = ledger.artifacts.get(artifact).version
    exports_over(ledger).export(
        ExportRequest(ArtifactSubject(artifact, version), target, options), CancelToken(), lambda _share: None
    )
    return target.read_text("utf-8-sig")


@pytest.mark.parametrize("text", [OFFICE, "a,b\n1,2.50\n", "a\tb\n1\t2,5\n", "a|b\n1|2\n"])
def test_a_csv_file_comes_back_as_it_was(ledger: Ledger, tmp_path: Path, text: str) -> None:
    artifact = opened(ledger, tmp_path / "in.csv", text)

    assert written(ledger, artifact, tmp_path / "out.csv") == text


def test_it_keeps_its_delimiter_after_edits_by_hand(ledger: Ledger, tmp_path: Path) -> None:
    artifact = opened(ledger, tmp_path / "in.csv", "Artikel;Preis\nStuhl;1,5\n")
    edited = Table("in", ("Artikel", "Preis"), (("Tisch", "2,5"),))
    ledger.artifacts.add(NewVersion(edited, Origin.EDITED, "in", artifact=artifact))

    assert written(ledger, artifact, tmp_path / "out.csv") == "Artikel;Preis\nTisch;2,5\n"


def test_another_delimiter_that_was_chosen_wins(ledger: Ledger, tmp_path: Path) -> None:
    artifact = opened(ledger, tmp_path / "in.csv", "Artikel;Preis\nStuhl;1,5\n")
    chosen = ExportOptions(delimiter=Delimiter.COMMA, keeps_delimiter=False)

    assert written(ledger, artifact, tmp_path / "out.csv", chosen) == 'Artikel,Preis\nStuhl,"1,5"\n'


def test_what_came_from_no_csv_file_has_the_delimiter_of_the_options(ledger: Ledger, tmp_path: Path) -> None:
    made = ledger.artifacts.add(NewVersion(Table("in", ("a", "b"), (("1", "2.5"),)), Origin.GENERATED, "in")).artifact
    semicolons = ExportOptions(delimiter=Delimiter.SEMICOLON)

    assert written(ledger, made, tmp_path / "made.csv", semicolons) == "a;b\n1;2,5\n"
    tabs = opened(ledger, tmp_path / "in.tsv", "a\tb\n1\t2.5\n")
    assert written(ledger, tabs, tmp_path / "tabs.csv") == "a,b\n1,2.5\n"


def test_a_version_from_another_csv_file_brings_its_delimiter(ledger: Ledger, tmp_path: Path) -> None:
    artifact = opened(ledger, tmp_path / "in.csv", "Artikel;Preis\nStuhl;1,5\n")
    opened(ledger, tmp_path / "next.csv", 'Artikel,Preis\nStuhl,"2,5"\n', artifact)

    assert written(ledger, artifact, tmp_path / "out.csv") == 'Artikel,Preis\nStuhl,"2,5"\n'


def test_columns_called_a_and_b_are_a_header_though_formulas_stand_below(ledger: Ledger, tmp_path: Path) -> None:
    artifact = opened(ledger, tmp_path / "in.csv", "A;B;C\n1,5;2;=A2*B2\n")

    assert written(ledger, artifact, tmp_path / "out.csv") == "A;B;C\n1,5;2;3\n"
