"""A conversation laid out, and written in each format it goes into."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from forgeapp.domain.artifact import CONVERSATION_FORMATS, Format
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import from_json
from forgeapp.domain.document import Blocks, Document, Footnote, FootnoteMark, Heading, Paragraph, Run, plain_text, walk
from forgeapp.domain.export_options import ExportOptions
from forgeapp.domain.workbook import Cell, Sheet, Workbook
from forgeapp.errors import ExportDiffers
from forgeapp.exporters.plain import plain
from forgeapp.reading.markdown import parse
from forgeapp.services.exporting.conversation_files import (
    ConversationArchive,
    ConversationJson,
    artifact_files,
    save_conversation,
)
from forgeapp.services.exporting.conversation_markdown import conversation_markdown
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made, Said
from forgeapp.services.exporting.conversation_story import conversation_publication
from forgeapp.services.summary import title_for
from tests.unit.services.exporting.conversation_samples import BUDGET, EXPORT, LETTER, TABLE


def outline(export: ConversationExport) -> list[tuple[int, str]]:
    blocks = walk(conversation_publication(export).blocks)
    return [(block.level, plain_text(block.inlines)) for block in blocks if isinstance(block, Heading)]


def lines(export: ConversationExport) -> list[str]:
    blocks = walk(conversation_publication(export).blocks)
    return [plain_text(block.inlines) for block in blocks if isinstance(block, Paragraph)]


def test_requests_are_sections_and_what_they_led_to_stands_in_them() -> None:
    assert outline(EXPORT) == [
        (1, "Planets & more"),
        (2, "List the moons"),
        (4, "Here"),
        (3, "Moons"),
        (2, "A letter please, of the usual length."),
        (3, "Letter"),
        (4, "Terms"),
        (3, "Letter"),
        (3, "a/b: tool"),
        (4, "src/main.py"),
        (4, "../notes.txt"),
        (2, "What was made"),
    ]


def test_captions_tell_who_when_and_whether_a_reply_broke_off() -> None:
    said = lines(EXPORT)
    assert said[0] == "2026-11-20 – 2026-11-21"
    assert said[1:3] == ["You · 2026-11-20 09:00 UTC", "acme/m · 2026-11-20 09:00 UTC"]
    assert "acme/m · 2026-11-21 09:00 UTC · broken off" in said
    assert "Table, version 2" in said


def test_a_request_that_is_its_heading_is_not_said_twice_and_a_longer_one_stands_whole() -> None:
    said = lines(EXPORT)
    assert "List the moons" not in said
    assert "A letter please, of the usual length." in said
    assert "# not a heading \u00a0\u00a0indented" in said
    words = "many words " * 40
    (heading,) = outline(ConversationExport("x", (Said("You", "", words, is_request=True),)))[1:]
    assert heading[1].endswith("…")
    assert len(heading[1]) <= 72
    assert words.startswith(heading[1][:-1])


def test_a_request_that_gave_the_conversation_its_name_is_no_heading_once_more() -> None:
    short = ConversationExport(
        "List the moons", (Said("You", "2026-11-20T09:00:00.000Z", "List the moons", is_request=True),)
    )
    assert outline(short) == [(1, "List the moons")]
    assert lines(short) == ["2026-11-20", "You · 2026-11-20 09:00 UTC"]
    words = "List all of the moons of every planet, with their names, their sizes and who found them " * 2
    long = ConversationExport(title_for(words), (Said("You", "", words, is_request=True),))
    assert outline(long) == [(1, title_for(words))]
    assert lines(long) == ["You", words.strip()]


def test_what_a_single_request_led_to_stands_right_below_the_title() -> None:
    letter = Made(Document("Report", "# Report\n\n## Aim\n\na\n\n## Means\n\nb"), "Report", {}, 1, 1)
    export = ConversationExport("A report", (Said("You", "", "A report", is_request=True), letter))
    assert outline(export) == [(1, "A report"), (2, "Report"), (3, "Aim"), (3, "Means")]


def test_only_what_stands_above_its_words_is_set_as_a_speaker() -> None:
    blocks = conversation_publication(EXPORT).blocks
    looks = {plain_text(block.inlines): block.inlines[0] for block in blocks if isinstance(block, Paragraph)}
    assert looks["You · 2026-11-20 09:00 UTC"] == Run("You · 2026-11-20 09:00 UTC", italic=True)
    assert looks["You · 2026-11-21 09:00 UTC"] == Run("You", bold=True)


def test_footnotes_of_different_parts_stay_apart() -> None:
    blocks = conversation_publication(EXPORT).blocks
    notes = [block for block in blocks if isinstance(block, Footnote)]
    assert [plain_text(note.blocks[0].inlines) for note in notes if isinstance(note.blocks[0], Paragraph)] == [
        "Of two.",
        "Really.",
    ]
    marks = [
        inline.label
        for block in walk(blocks)
        if isinstance(block, Paragraph)
        for inline in block.inlines
        if isinstance(inline, FootnoteMark)
    ]
    assert marks == [note.label for note in notes]
    assert len(set(marks)) == 2


def test_costs_are_shown_only_when_they_are_asked_for() -> None:
    assert not any("$" in line for line in lines(EXPORT))
    priced = replace(EXPORT, options=ExportOptions(costs=True))
    assert "acme/m · 2026-11-20 09:00 UTC · $ 0.0031" in lines(priced)


def test_an_empty_conversation_is_its_title() -> None:
    assert outline(ConversationExport("Nothing", ())) == [(1, "Nothing")]


@pytest.mark.parametrize("file_format", CONVERSATION_FORMATS)
def test_every_format_is_written_and_verified(tmp_path: Path, file_format: Format) -> None:
    target = tmp_path / f"chat.{file_format.value}"
    shares: list[float] = []
    saved = save_conversation(EXPORT, file_format, target, shares.append)
    assert (saved.bytes, saved.differences) == (target.stat().st_size, ())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_the_markdown_reads_back_to_the_same_outline(tmp_path: Path) -> None:
    target = tmp_path / "chat.md"
    save_conversation(EXPORT, Format.MD, target, lambda share: None)
    found = [
        (block.level, plain_text(block.inlines))
        for block in walk(parse(target.read_text()))
        if isinstance(block, Heading)
    ]
    # The letter has the levels its author gave it.
    own = {(3, "Letter"): (1, "Letter"), (4, "Terms"): (2, "Terms")}
    wanted = outline(EXPORT)
    at = wanted.index((4, "Terms")) - 1
    assert found == [*wanted[:at], *(own[entry] for entry in wanted[at : at + 2]), *wanted[at + 2 :]]


OWN = (
    '# Paper\n\n*  odd   *style*, [site](https://example.org "Title"), [^long] and [c].\n\n$$\n'
    "\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}\n$$\n\n[^long]: Long.\n\n[c]: https://example.org/c 'C'"
)


@pytest.mark.parametrize("file_format", [Format.MD, Format.ZIP])
def test_a_document_in_the_markdown_is_its_authors_to_the_letter(tmp_path: Path, file_format: Format) -> None:
    parts = (
        Said("m", "", "Words.[^1]\n\n[^1]: Note."),
        Made(Document("Paper", OWN), "Paper", {}, 1, 1),
        Said("m", "", "End."),
    )
    target = tmp_path / f"a.{file_format.value}"
    saved = save_conversation(ConversationExport("x", parts), file_format, target, lambda share: None)
    assert saved.differences == ()
    text = target.read_text() if file_format is Format.MD else zipfile.ZipFile(target).read("chat.md").decode()
    assert f"_Document, version 1_\n\n{OWN}\n\n**m**\n\nEnd." in text
    assert "### Paper" not in text and text.endswith("[^1-1]: Note.\n")


@pytest.mark.parametrize(
    "texts",
    [
        ("a[^1]\n\n[^1]: One.", "b[^1]\n\n[^1]: Two."),
        ("see [C]\n\n[c]: https://example.org", "also [c]"),
        ("```\ncode", "b"),
        ("<!-- open", "b"),
    ],
)
def test_a_text_that_would_mean_something_else_among_others_is_written_from_its_blocks(texts: tuple[str, str]) -> None:
    parts = tuple(Made(Document(None, text), f"T{n}", {}, 1, n) for n, text in enumerate(texts))
    conversation = ConversationExport("x", parts)
    assert keys(parse(conversation_markdown(conversation))) == keys(conversation_publication(conversation).blocks)


def test_links_of_a_document_lead_to_its_own_headings_among_others() -> None:
    text = "# {0}\n\n[down](#end)\n\n## End"
    parts = tuple(Made(Document(name, text.format(name)), name, {}, 1, n) for n, name in enumerate(("One", "Two")))
    blocks = conversation_publication(ConversationExport("x", parts)).blocks
    links = [
        run.link for block in blocks if isinstance(block, Paragraph) for run in block.inlines if isinstance(run, Run)
    ]
    assert [link for link in links if link] == ["#end", "#end-1"]


def test_the_json_holds_every_part_and_each_artifact_reads_back(tmp_path: Path) -> None:
    target = tmp_path / "chat.json"
    save_conversation(EXPORT, Format.JSON, target, lambda share: None)
    data = json.loads(target.read_bytes())
    assert [part.get("who") for part in data["parts"]] == ["You", "acme/m", None, "You", "acme/m", None, None, None]
    assert "cost_nano_usd" not in data["parts"][1]
    contents = [from_json(part["content"]) for part in data["parts"] if "content" in part]
    made = [replace(part.content, title=part.title) for part in EXPORT.parts if isinstance(part, Made)]
    assert contents == made


def test_the_archive_holds_chat_artifacts_and_a_manifest_under_safe_names(tmp_path: Path) -> None:
    target = tmp_path / "chat.zip"
    saved = save_conversation(EXPORT, Format.ZIP, target, lambda share: None)
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == [
            "chat.md",
            "chat.html",
            "conversation.json",
            "artifacts/Moons.xlsx",
            "artifacts/Letter.pdf",
            "artifacts/Letter (2).xlsx",
            "artifacts/a b tool/src/main.py",
            "artifacts/a b tool/notes.txt",
            "manifest.json",
        ]
        assert archive.read("artifacts/a b tool/src/main.py") == "print('ü')\n".encode()
        manifest = json.loads(archive.read("manifest.json"))
        assert {(info.date_time, info.external_attr) for info in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644 << 16)
        }
    assert manifest["artifacts"][0] == {
        "artifact": 1,
        "title": "Moons",
        "kind": "table",
        "version": 2,
        "model": "acme/m",
        "files": ["artifacts/Moons.xlsx"],
    }
    assert manifest["models"] == ["acme/m"]
    assert "cost_nano_usd" not in manifest
    assert saved.bytes == target.stat().st_size


def test_only_the_newest_state_of_an_artifact_is_a_file_of_its_own(tmp_path: Path) -> None:
    newer = replace(TABLE, rows=(("Mars", "3"),))
    twice = ConversationExport("x", (Made(TABLE, "Moons", {}, 1, 1), Made(newer, "Moons", {}, 2, 1)))
    target = tmp_path / "chat.zip"
    save_conversation(twice, Format.ZIP, target, lambda share: None)
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        chat = archive.read("chat.md").decode()
    assert [(entry["version"], entry["files"]) for entry in manifest["artifacts"]] == [(2, ["artifacts/Moons.xlsx"])]
    assert "| Mars | 2 |" in chat
    assert "| Mars | 3 |" in chat


def test_the_folder_of_code_is_never_called_as_the_file_of_another() -> None:
    tool = Code("x", (CodeFile("main.py", "python", ""),))
    table, code = Made(TABLE, "Report", {}, 1, 1), Made(tool, "report.XLSX", {}, 1, 2)
    for parts in ((table, code), (code, table)):
        paths = [path.casefold() for _, paths in artifact_files(ConversationExport("x", parts)) for path in paths]
        folder = next(path.rpartition("/")[0] for path in paths if path.endswith("main.py"))
        assert folder not in paths


@pytest.mark.security
def test_what_may_not_be_written_is_left_out_and_said(tmp_path: Path) -> None:
    evil = Workbook("Evil", (Sheet("S", {(0, 0): Cell('=WEBSERVICE("http://x.example/")')}),))
    export = ConversationExport("x", (Made(evil, "Evil", {}, 1, 1), Made(TABLE, "Moons", {}, 1, 2)))
    target = tmp_path / "chat.zip"
    saved = save_conversation(export, Format.ZIP, target, lambda share: None)
    with zipfile.ZipFile(target) as archive:
        assert "artifacts/Evil.xlsx" not in archive.namelist()
        assert "artifacts/Moons.xlsx" in archive.namelist()
        assert json.loads(archive.read("manifest.json"))["artifacts"][0]["files"] == []
    assert any(warning.startswith("artifacts/Evil.xlsx is left out") for warning in saved.warnings)


def _rewritten(path: Path, change: dict[str, bytes | None], extra: str = "") -> None:
    """The archive with members changed, or left out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (members | change).items():
            if data is not None:
                archive.writestr(name, data)
        if extra:
            archive.writestr(extra, b"")


@pytest.mark.parametrize(
    ("change", "extra", "said"),
    [
        ({"artifacts/Moons.xlsx": None}, "", "artifacts/Moons.xlsx is there 0 times"),
        ({"artifacts/Moons.xlsx": b"no workbook"}, "", "artifacts/Moons.xlsx: "),
        ({"artifacts/Letter.pdf": b"no pages"}, "", "artifacts/Letter.pdf: "),
        ({"artifacts/a b tool/src/main.py": b"print()"}, "", "artifacts/a b tool/src/main.py: "),
        ({"chat.md": b"# Planets\n"}, "", "chat.md: "),
        ({"chat.html": b"<html><body></body></html>"}, "", "chat.html: "),
        ({"conversation.json": b"{}"}, "", "conversation.json: "),
        ({"manifest.json": b"{}"}, "", "manifest.json says something else"),
        ({}, "other.txt", "the archive holds other files"),
    ],
)
def test_a_fault_in_the_archive_is_named(
    tmp_path: Path, change: dict[str, bytes | None], extra: str, said: str
) -> None:
    path = tmp_path / "chat.zip"
    exporter, chat = ConversationArchive(EXPORT), conversation_publication(EXPORT)
    exporter.write(chat, path, lambda share: None)
    _rewritten(path, change, extra)
    assert any(difference.startswith(said) for difference in exporter.verify(chat, path))


def test_a_fault_in_the_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "chat.json"
    exporter, chat = ConversationJson(EXPORT), conversation_publication(EXPORT)
    exporter.write(chat, path, lambda share: None)
    path.write_text(path.read_text().replace("They are", "They were"))
    assert exporter.verify(chat, path) == ["what it says of 'parts' is not what was said"]
    path.write_text("{")
    assert "cannot be read again" in exporter.verify(chat, path)[0]


def test_a_chat_that_differs_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "chat.json"
    target.write_text("what stood there")
    monkeypatch.setattr(ConversationJson, "verify", lambda *_: ["another one"])
    with pytest.raises(ExportDiffers, match="another one"):
        save_conversation(EXPORT, Format.JSON, target, lambda share: None)
    assert target.read_text() == "what stood there"


def keys(blocks: Blocks) -> list[str]:
    """What the blocks say, footnotes by what they say."""
    return [
        f"{type(block).__name__} {plain([replace(block, label='n') if isinstance(block, Footnote) else block])}"
        for block in blocks
    ]


def test_documents_are_shifted_as_a_whole() -> None:
    deep = ConversationExport("x", (Made(LETTER, "Another name", {}, 1, 1), Made(BUDGET, "Budget", {}, 1, 2)))
    assert outline(deep)[1:5] == [(3, "Another name"), (4, "Letter"), (5, "Terms"), (3, "Budget")]


def test_user_text_is_never_read_as_markdown() -> None:
    export = ConversationExport("x", (Said("You", "", "one\n\n- **a**\n- b <b>\n", is_request=True),))
    paragraphs = [block for block in conversation_publication(export).blocks if isinstance(block, Paragraph)]
    assert Run("- **a**") in paragraphs[-1].inlines
