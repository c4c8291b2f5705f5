"""Archives that are broken or hostile change nothing, and say what is wrong with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from forgeapp.domain.chat import Role
from forgeapp.errors import ExportFailed, TargetChanged, TargetNotWritable, UnreadableFile
from forgeapp.ledger import Ledger
from forgeapp.services.archive import document as document_module
from forgeapp.services.archive import job as job_module
from forgeapp.services.archive.job import ExportAllJob
from tests.pace import assert_linear
from tests.unit.ledger.archive.homes import fill, rows_of
from tests.unit.services.archive.files import Document, archive_of, changed, take

pytestmark = pytest.mark.security


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    """A home that has things, for archives that change nothing."""
    folder = tmp_path_factory.mktemp("refusing")
    ledger = Ledger(folder / "forgeapp.db", folder / "backups")
    ledger.conversations.start("Here already")
    yield ledger
    ledger.close()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("rich")
    ledger = Ledger(folder / "forgeapp.db", folder / "backups")
    fill(ledger)
    yield archive_of(ledger, folder / "all.json")
    ledger.close()


def refusal(ledger: Ledger, path: Path) -> str:
    """Why it is not taken; that nothing has changed is looked at."""
    before = rows_of(ledger)
    with pytest.raises(UnreadableFile) as refused:
        take(ledger, path)
    assert rows_of(ledger) == before
    assert refused.value.hint
    return refused.value.message


def _set(section: str, place: int, **values: Any) -> Callable[[Document], None]:
    return lambda document: document[section][place].update(values)


def _chunk_of(document: Document) -> None:
    document["contents"][0]["chunks"] = [10**6]


def _cycle(document: Document) -> None:
    first, second = document["messages"][:2]
    first["reply_to_id"], second["reply_to_id"] = None, first["id"]
    first["reply_to_id"] = first["id"]


def _gap(document: Document) -> None:
    document["versions"] = [row for row in document["versions"] if row["number"] != 2]
    document["proposals"] = []


def _not_an_artifact(document: Document) -> None:
    text = json.dumps({"kind": "table", "title": "T", "columns": "abc", "rows": 5})
    document["chunks"].append({"id": 9_999, "text": text})
    document["contents"].append({"id": 9_999, "chunks": [9_999], "size": len(text)})


def _huge(document: Document) -> None:
    document["chunks"].append({"id": 9_999, "text": "x" * 1_000_000})
    document["contents"].append({"id": 9_999, "chunks": [9_999] * 1_000, "size": 10**9})


def _crowd(document: Document) -> None:
    first = document["events"][0]
    document["events"] += [{**first, "id": number} for number in range(100, 1_200)]


FAULTS: dict[str, tuple[Callable[[Document], None], str]] = {
    "a dangling conversation": (_set("messages", 0, conversation_id=4711), "'messages', row 1: it refers to a row"),
    "a dangling message": (_set("versions", 0, message_id=4711), "'versions', row 1: it refers to a row"),
    "a dangling chunk": (_chunk_of, "'contents', row 1: there is no chunk 1000000"),
    "a circle of replies": (_cycle, "'reply_to_id' is an earlier message"),
    "a reply to itself": (_set("messages", 1, reply_to_id=2), "'reply_to_id' is an earlier message"),
    "an id twice": (_set("messages", 1, id=1), "'messages', row 2: it stands there twice"),
    "an id of no number": (_set("messages", 0, id="1"), "'id' is a whole number"),
    "an id below one": (_set("messages", 0, id=-1), "'id' is a whole number"),
    "an id beyond all bounds": (_set("messages", 0, id=2**63), "'id' is a whole number"),
    "a figure beyond all bounds": (_set("calls", 0, duration_ms=2**80), "cannot be stored"),
    "half a character": (_set("messages", 0, text="\ud800"), "cannot be stored"),
    "a text that is a list": (_set("messages", 0, text=["x"]), "'text' is a text, a number"),
    "a text that is nothing": (_set("messages", 0, text=None), "it lacks 'text'"),
    "a number that is a text": (_set("calls", 0, cost_nano_usd="dear"), "'cost_nano_usd' is empty or a whole number"),
    "a cost below nothing": (_set("calls", 0, cost_nano_usd=-1), "'cost_nano_usd' is empty or a whole number"),
    "a cost beyond all sums": (_set("calls", 0, cost_nano_usd=2**62), "its figures are those of a call"),
    "an export of no version": (_set("exports", 0, version=99), "it is of a version of an artifact"),
    "a truth that is a number": (_set("messages", 0, is_partial=7), "'is_partial' is true or false"),
    "a role nobody has": (_set("messages", 0, role="root"), "'role' is one of"),
    "a kind nobody knows": (_set("artifacts", 0, kind="virus"), "'kind' is one of"),
    "a kind that is another's": (_set("versions", 0, kind="code"), "of the kind of what it holds"),
    "a time that is none": (_set("conversations", 0, updated_at="yesterday"), "'updated_at' is a time"),
    "a day that is none": (_set("messages", 0, created_at="2026-13-41T00:00:00.000Z"), "'created_at' is a time"),
    "JSON that is none": (_set("versions", 0, provenance_json="{"), "'provenance_json' is JSON"),
    "JSON of another form": (_set("versions", 0, provenance_json="[]"), "'provenance_json' is an object"),
    "JSON nested deeply": (
        _set("sources", 0, origin_json='{"a":' * 500 + "1" + "}" * 500),
        "'origin_json' is an object",
    ),
    "a column nobody knows": (_set("messages", 0, owner_json="x"), "it has no 'owner_json'"),
    "a column that is a statement": (_set("messages", 0, **{"text) SELECT 1;--": "x"}), "it has no 'text) SELECT"),
    "a column of a process": (_set("calls", 0, owner="1:1"), "it has no 'owner'"),
    "a call that runs": (_set("calls", 0, status="running"), "it has ended"),
    "an export that waits": (_set("exports", 0, status="queued"), "it has ended"),
    "versions with a gap": (_gap, "numbered from 1 on"),
    "a size that is not": (_set("contents", 0, size=3), "its chunks have"),
    "an artifact that is none": (_not_an_artifact, "it is no artifact: 'columns' is a list"),
    "a content that swells": (_huge, "a content has at most"),
    "a list nobody knows": (lambda document: document.update(keys=[{"id": 1}]), "'keys' is no list"),
    "providers": (lambda document: document.update(providers=[{"id": 1}]), "'providers' is no list"),
    "a newer format": (lambda document: document.update(format=2), "only a newer ForgeApp reads"),
    "a newer schema": (lambda document: document.update(schema=999), "this program knows 1 to"),
    "no format": (lambda document: document.pop("format"), "'format' and 'schema'"),
    "a crowd of one moment": (_crowd, "at most 1,000 are of the same moment"),
    "two budgets for the same": (
        lambda document: document["budgets"].append({**document["budgets"][0], "id": 99}),
        "one for each project and kind",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_hold_is_named_and_nothing_changes(
    refusing: Ledger, archive: Path, tmp_path: Path, fault: str
) -> None:
    change, told = FAULTS[fault]
    assert told in refusal(refusing, changed(archive, tmp_path / "x.json", change))


def test_the_archive_that_is_changed_in_these_tests_is_taken_as_it_is(
    ledger: Ledger, archive: Path, tmp_path: Path
) -> None:
    take(ledger, changed(archive, tmp_path / "x.json", lambda _document: None))
    assert rows_of(ledger)["messages"]


@pytest.mark.parametrize("share", [0.0001, 0.1, 0.5, 0.9, 0.9999])
def test_a_file_that_breaks_off_is_refused(refusing: Ledger, archive: Path, tmp_path: Path, share: float) -> None:
    data = archive.read_bytes()
    path = tmp_path / "x.json"
    path.write_bytes(data[: max(int(len(data) * share), 1)])
    assert "x.json cannot be read" in refusal(refusing, path)


@pytest.mark.parametrize(("before", "after"), [("prices", "pricez"), ("Offer", "0ffer"), ("10000000", "10000001")])
def test_one_changed_letter_is_found(refusing: Ledger, archive: Path, tmp_path: Path, before: str, after: str) -> None:
    path = tmp_path / "x.json"
    text = archive.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    refusal(refusing, path)


def test_a_lost_row_is_found(refusing: Ledger, archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    lines = archive.read_text("utf-8").split("\n")
    place = next(at for at, line in enumerate(lines) if '"name":"artifact_created"' in line)
    path.write_text("\n".join(lines[:place] + lines[place + 1 :]), "utf-8")
    assert "'events' is not as it was written" in refusal(refusing, path)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"PK\x03\x04", "a ZIP archive"),
        (b"hello", "no archive of ForgeApp's"),
        (b'{"kind": "table"}', "no archive of ForgeApp's"),
        (b'[{"title": "x", "mapping": {}}]', "conversations of ChatGPT"),
        (b'[{"uuid": "x", "chat_messages": []}]', "conversations of Claude"),
        (b'{"forgeapp": "1"}', "'format' and 'schema'"),
        (b'{"forgeapp": "1", "format": 1, "schema": 6}', "how many rows it has"),
        (b'{"forgeapp": "1", "format": 1, "schema": 6, "messages": [1]}', "a row is an object"),
        (b'{"forgeapp": "1", "format": 1, "schema": 6, "messages": {}}', "how many rows it has"),
        (b'{"forgeapp": "1", "format": 1, "format": 1}', "stands there twice"),
        (b'{"forgeapp": NaN}', "NaN is no number"),
        (b'{"forgeapp": "\xff"}', "it is not UTF-8"),
        (b'{"forgeapp": ' + b"[" * 100_000, "'format' and 'schema'"),
        (b'{"forgeapp": {"a":' + b'{"a":' * 100_000, "nested too deeply"),
        (b'{"forgeapp": ' + b"9" * 10_000 + b"}", "digits"),
    ],
)
def test_other_files_are_refused_by_what_they_are(refusing: Ledger, tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    assert told in refusal(refusing, path)


def test_what_is_noted_of_nothing_in_the_archive_means_nothing_here(
    ledger: Ledger, archive: Path, tmp_path: Path
) -> None:
    def change(document: Document) -> None:
        noted = {"call": 4_711, "message": "x", "from_artifact": True, "earlier_replies": 1, "model": "m"}
        document["versions"][0]["provenance_json"] = json.dumps(noted)
        document["versions"][1]["provenance_json"] = json.dumps({"earlier_replies": [1, 4_711, "x", None]})

    for number in range(3):
        ledger.conversations.add_message(ledger.conversations.start("x"), Role.USER, f"{number}")
    take(ledger, changed(archive, tmp_path / "x.json", change))
    first, second = (json.loads(row["provenance_json"]) for row in rows_of(ledger)["versions"][:2])
    nothing = {"call": None, "message": None, "from_artifact": None, "earlier_replies": [], "model": "m"}
    assert first == nothing
    assert second == {"earlier_replies": [4]}


def test_a_row_without_end_is_given_up_in_linear_time(
    refusing: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(size: int) -> Path:
        path = tmp_path / f"{size}.json"
        path.write_text('{"forgeapp": "1", "format": 1, "schema": 6, "messages": [{"id": "' + "x" * 3 * size)
        return path

    def check(path: Path) -> None:
        longest = int(path.stem)
        monkeypatch.setattr(document_module, "MAX_ROW_CHARS", longest)
        assert f"longer than {longest:,} characters" in refusal(refusing, path)

    assert_linear(check, make, 4_000_000)


def test_an_archive_with_spaces_and_a_mark_at_its_beginning_is_read(
    ledger: Ledger, archive: Path, tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(json.loads(archive.read_text("utf-8")), indent=4), "utf-8-sig")
    assert take(ledger, path)["added"]["messages"] > 0


def test_an_archive_that_differs_when_it_is_read_again_does_not_take_its_place(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(ledger)
    target = tmp_path / "all.json"
    target.write_text("as it was")
    written = job_module._written

    def damaged(archive: Any, job: ExportAllJob, on_progress: Any) -> dict[str, Any]:
        sections = written(archive, job, on_progress)
        text = job.part.read_text("utf-8")
        job.part.write_text(text.replace("not sent yet", "not sent", 1), "utf-8")
        return sections

    monkeypatch.setattr(job_module, "_written", damaged)
    with pytest.raises(ExportFailed) as failed:
        archive_of(ledger, target)
    assert "differs in drafts" in failed.value.message
    assert [path.name for path in tmp_path.glob("all*")] == ["all.json"]
    assert target.read_text() == "as it was"


def test_what_somebody_wrote_to_the_place_meanwhile_stays(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "all.json"
    found = job_module._found

    def write_there(part: Path, on_progress: Any) -> dict[str, Any]:
        target.write_text("theirs")
        return found(part, on_progress)

    monkeypatch.setattr(job_module, "_found", write_there)
    with pytest.raises(TargetChanged):
        archive_of(ledger, target)
    assert target.read_text() == "theirs"
    assert [path.name for path in tmp_path.glob("all*")] == ["all.json"]


def test_a_folder_that_is_not_there_is_told(ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(TargetNotWritable):
        archive_of(ledger, tmp_path / "nowhere" / "all.json")
