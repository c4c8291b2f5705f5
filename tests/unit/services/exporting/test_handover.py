"""Contents handed to children as files: read there, never held by the program itself, and gone afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.export_request import ConversationSubject, ExportRequest
from forgeapp.errors import StorageError, UsageError, WorkerDied
from forgeapp.ledger import Ledger
from forgeapp.services.exporting.handover import ContentFile, hand_over
from tests.unit.services.exporting.conversation_samples import BUDGET, TABLE, answer, ask, make
from tests.unit.services.exporting.desk import TABLE as PLANETS
from tests.unit.services.exporting.desk import WorkersHere, asked, exports_over, names


@pytest.fixture(autouse=True)
def aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where folders are put aside."""
    folder = tmp_path / "home-of-scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


class Watching(WorkersHere):
    """Notes what it is sent, and what lies aside meanwhile."""

    def __init__(self, aside: Path, dies: bool = False) -> None:
        super().__init__()
        self._aside = aside
        self._dies = dies
        self.sent: list[Any] = []
        self.files: list[str] = []

    def run(self, task: str, argument: Any, *rest: Any) -> Any:
        self.sent.append(argument)
        self.files = sorted(path.name for path in self._aside.rglob("*.json"))
        if self._dies:
            raise WorkerDied(task="The export", reason="it ended with code -9")
        return super().run(task, argument, *rest)


def test_a_content_comes_back_out_of_its_file(ledger: Ledger, tmp_path: Path) -> None:
    request = asked(ledger, tmp_path / "a.csv")
    assert hand_over(ledger, request.subject.artifact, 1, tmp_path).read() == PLANETS


def test_a_file_that_has_gone_and_a_folder_that_takes_none_are_told(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="No such file"):
        ContentFile(tmp_path / "gone").read()
    request = asked(ledger, tmp_path / "a.csv")
    with pytest.raises(StorageError, match="No such file") as told:
        hand_over(ledger, request.subject.artifact, 1, tmp_path / "nowhere")
    assert "free space" in told.value.hint


@pytest.mark.parametrize("dies", [False, True])
def test_an_export_sends_no_content_and_leaves_no_file(ledger: Ledger, tmp_path: Path, aside: Path, dies: bool) -> None:
    workers = Watching(aside, dies)
    service = exports_over(ledger, workers)
    try:
        service.export(asked(ledger, tmp_path / "a.csv"), CancelToken())
    except WorkerDied:
        assert dies
    (job,) = workers.sent
    assert isinstance(job.content, ContentFile)
    assert workers.files == ["1-1.json"]
    assert list(aside.iterdir()) == []


def test_a_conversation_sends_no_contents_and_leaves_no_files_aside(
    ledger: Ledger, tmp_path: Path, aside: Path
) -> None:
    conversation = ledger.conversations.start("x")
    for content in (TABLE, BUDGET):
        make(ledger, conversation, content, answer(ledger, ask(ledger, conversation, "a"), "done"))
    workers = Watching(aside)
    service = exports_over(ledger, workers)
    service.export(ExportRequest(ConversationSubject(conversation), tmp_path / "a.md"), CancelToken())
    assert workers.files == ["1-1.json", "2-1.json"]
    assert list(aside.iterdir()) == []
    assert "1700" in (tmp_path / "a.md").read_text()


def test_which_of_codes_files_a_name_means_is_found_where_it_is_read(ledger: Ledger, tmp_path: Path) -> None:
    code = Code("Tools", (CodeFile("a.py", "python", "a = 1\n"), CodeFile("b.py", "python", "b = 2\n")))
    service = exports_over(ledger)
    request = asked(ledger, tmp_path / "b.py", code, options=ExportOptions(provenance=True))
    assert service.export(request, CancelToken()).path.read_text() == "b = 2\n"
    with pytest.raises(UsageError, match=r"a\.py, b\.py"):
        service.export(ExportRequest(request.subject, tmp_path / "c.py"), CancelToken())
    assert names(tmp_path) == {"b.py"}
