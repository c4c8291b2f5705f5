from __future__ import annotations

import pytest

from forgeapp.domain.artifact import Kind
from forgeapp.domain.chat import Role
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.domain.workbook import Sheet, Workbook
from forgeapp.errors import ImagesNotMade, UnknownArtifact, UnknownTemplate, UnknownVersion, UsageError
from forgeapp.learning.builtin import builtin_templates
from forgeapp.ledger import Ledger
from forgeapp.ledger.artifacts import Origin
from forgeapp.services.handwork import Handwork


@pytest.fixture
def handwork(ledger: Ledger) -> Handwork:
    return Handwork(ledger)


def test_every_kind_begins_blank_in_a_conversation_of_its_own(ledger: Ledger, handwork: Handwork) -> None:
    made = [handwork.blank(kind) for kind in (Kind.TABLE, Kind.SPREADSHEET, Kind.DOCUMENT, Kind.CODE)]
    assert [version.content for version in made] == [
        Table("Untitled table", ("Column 1", "Column 2", "Column 3"), (("", "", ""),) * 5),
        Workbook("Untitled spreadsheet", (Sheet("Sheet1"),)),
        Document("Untitled document", ""),
        Code("Untitled code", (CodeFile("main.py", "python", ""),)),
    ]
    assert [ledger.artifacts.version(version.artifact).content for version in made] == [item.content for item in made]
    assert {version.origin for version in made} == {Origin.EDITED}
    assert [item.title for item in ledger.conversations.all()][::-1] == [version.title for version in made]
    assert len(ledger.events.all("artifact_created")) == 4
    with pytest.raises(ImagesNotMade):
        handwork.blank(Kind.IMAGE)
    assert len(ledger.conversations.all()) == 4


def test_a_blank_artifact_joins_the_conversation_that_is_open(ledger: Ledger, handwork: Handwork) -> None:
    conversation = ledger.conversations.start("x")
    version = handwork.blank(Kind.TABLE, conversation, "Towns")
    row = ledger.artifacts.get(version.artifact)
    assert (row.conversation, row.title) == (conversation, "Towns")
    assert len(ledger.conversations.all()) == 1
    with pytest.raises(UsageError):
        handwork.blank(Kind.TABLE, 99)


@pytest.mark.parametrize("template", [template.id for template in builtin_templates()])
def test_every_built_in_template_can_be_begun_with(ledger: Ledger, handwork: Handwork, template: str) -> None:
    version = handwork.from_template(template)
    assert (version.origin, version.provenance) == (Origin.TEMPLATE, {"template": template})
    assert ledger.artifacts.versions(version.artifact)[0].glance is not None
    (used,) = ledger.events.all("template_used")
    assert used.data == {"template": template, "artifact": version.artifact}


def test_a_template_there_is_none_of_stores_nothing(ledger: Ledger, handwork: Handwork) -> None:
    with pytest.raises(UnknownTemplate):
        handwork.from_template("nonsense")
    assert ledger.conversations.all() == []


def test_an_edit_is_the_next_version_and_knows_what_it_was_made_of(ledger: Ledger, handwork: Handwork) -> None:
    first = handwork.blank(Kind.TABLE)
    changed = Table(first.title, ("Town",), (("Ulm",),))
    saved = handwork.save(first.artifact, 1, changed, "Towns")
    assert (saved.number, saved.origin, saved.provenance) == (2, Origin.EDITED, {"base": 1})
    assert saved.content == Table("Towns", ("Town",), (("Ulm",),))
    assert handwork.save(first.artifact, 2, saved.content, " ").number == 2
    assert handwork.save(first.artifact, 2, changed, "Towns").number == 2
    assert handwork.save(first.artifact, 2, changed, "Places").title == "Places"
    assert [row.number for row in ledger.artifacts.versions(first.artifact)] == [3, 2, 1]


def test_an_edit_of_an_older_version_is_kept_as_the_newest(ledger: Ledger, handwork: Handwork) -> None:
    artifact = handwork.blank(Kind.DOCUMENT).artifact
    handwork.save(artifact, 1, Document(None, "by a model"), "Letter")
    late = handwork.save(artifact, 1, Document(None, "by hand"), "Letter")
    assert (late.number, late.provenance) == (3, {"base": 1})
    assert ledger.artifacts.version(artifact, 2).content == Document(None, "by a model")


def test_a_version_is_restored_as_the_newest(ledger: Ledger, handwork: Handwork) -> None:
    artifact = handwork.blank(Kind.DOCUMENT).artifact
    handwork.save(artifact, 1, Document(None, "text"), "Letter")
    restored = handwork.restore(artifact, 1)
    assert (restored.number, restored.origin, restored.content) == (
        3,
        Origin.RESTORED,
        Document("Untitled document", ""),
    )
    with pytest.raises(UnknownVersion):
        handwork.restore(artifact, 9)
    with pytest.raises(UnknownArtifact):
        handwork.save(99, 1, Document(None, ""), "x")


def test_a_part_of_a_reply_becomes_an_artifact_of_its_conversation(ledger: Ledger, handwork: Handwork) -> None:
    conversation = ledger.conversations.start("x")
    message = ledger.conversations.add_message(conversation, Role.ASSISTANT, "| a |", model="acme/m")
    made = handwork.make_of_part(Table("T", ("a",), ()), "T", message)
    assert (made.origin, made.provenance) == (Origin.COPIED, {"message": message, "model": "acme/m"})
    assert ledger.artifacts.get(made.artifact).conversation == conversation
    with pytest.raises(UsageError):
        handwork.make_of_part(Table("T", ("a",), ()), "T", 99)
