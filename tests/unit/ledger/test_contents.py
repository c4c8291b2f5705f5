from __future__ import annotations

import io
import json
import random
import threading
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content
from forgeapp.domain.document import Document
from forgeapp.domain.table import Table
from forgeapp.errors import UnknownArtifact, UnknownVersion
from forgeapp.ledger import Ledger
from forgeapp.ledger import contents as contents_module
from forgeapp.ledger.artifacts import NewVersion, Origin, content_of
from forgeapp.ledger.contents import get_content, pack_content, pack_ids, put_content, unpack_ids
from forgeapp.ledger.tables import contents


def long_text(size: int, seed: int = 1) -> str:
    """Words in lines, none of them like another."""
    chance = random.Random(seed)
    lines = []
    while size > 0:
        lines.append(" ".join("".join(chance.choices("abcdefghijklmnop", k=6)) for _ in range(10)))
        size -= len(lines[-1]) + 1
    return "\n".join(lines)


def count(ledger: Ledger, table: object) -> int:
    with ledger.database.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def stored_bytes(ledger: Ledger) -> int:
    with ledger.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())


@given(st.text(max_size=3_000))
def test_chunks_of_any_text_give_it_back(text: str) -> None:
    data = json.dumps(text, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert b"".join(contents_module._chunks(data)) == data


@pytest.mark.parametrize("sign", ["\\", "]", '"', " ", "],", "\n", "a"])
def test_chunks_of_monotonous_texts_are_bounded(sign: str) -> None:
    data = json.dumps(sign * 100_000).encode()
    parts = list(contents_module._chunks(data))
    assert b"".join(parts) == data
    assert max(map(len, parts)) <= 16_384
    assert len(parts) < len(data) / 500


def test_a_change_moves_no_cut_but_those_beside_it() -> None:
    before = json.dumps({"markdown": long_text(400_000)}, ensure_ascii=False).encode()
    after = before[:200_000] + b"changed" + before[200_000:]
    assert len(set(contents_module._chunks(after)) - set(contents_module._chunks(before))) <= 2


def test_equal_contents_are_stored_once(ledger: Ledger) -> None:
    one, two, three = (pack_content(ledger.database, text) for text in ('{"a":1}', '{"a":1}', '{"a":2}'))
    with ledger.database.writing() as connection:
        first, second, other = (put_content(connection, each) for each in (one, two, three))
        assert first == second != other
        assert (get_content(connection, first), get_content(connection, other)) == ('{"a":1}', '{"a":2}')
    assert count(ledger, contents) == 2


def test_nobody_waits_while_a_content_is_made_ready(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of 20 MB takes seconds to be cut and deflated."""
    deflate, wrote = zlib.compress, []

    def write_meanwhile(data: bytes, level: int) -> bytes:
        other = threading.Thread(target=ledger.events.record, args=("meanwhile",), daemon=True)
        other.start()
        other.join(5)
        wrote.append(not other.is_alive())
        return deflate(data, level)

    monkeypatch.setattr(zlib, "compress", write_meanwhile)
    ledger.artifacts.add(NewVersion(Document("T", "text"), Origin.GENERATED, "T"))
    assert wrote == [True]


def test_the_ids_of_chunks_survive_packing() -> None:
    ids = [1, 70_000, 2**32 - 1, 1]
    assert list(unpack_ids(pack_ids(ids))) == ids


@pytest.mark.parametrize(
    "content",
    [
        Document("Long", "# Long\n\n" + long_text(60_000)),
        Table("Long", ("A", "B"), tuple((str(row), "x" * (row % 50)) for row in range(5_000))),
        Code("Long", (CodeFile("a.py", "python", long_text(40_000)), CodeFile("b.py", "python", ""))),
        Document(None, "ein Bild ![x](data:image/png;base64," + "iVBORw0KGgo" * 10_000 + ")"),
        Document("Odd", "\x00 \U0001f600 \u202e \\n ],"),
    ],
    ids=["document", "table", "code", "picture", "odd signs"],
)
def test_each_kind_comes_back_as_it_was(ledger: Ledger, content: Content) -> None:
    version = ledger.artifacts.add(NewVersion(content, Origin.EDITED, "Long"))
    assert ledger.artifacts.version(version.artifact).content == content


def test_a_text_of_any_length_comes_piece_by_piece(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents_module, "_ROWS_AT_ONCE", 3)
    content = Document("Long", long_text(60_000) + "the same again " * 10_000)
    version = ledger.artifacts.add(NewVersion(content, Origin.EDITED, "Long"))
    with io.BytesIO() as file:
        ledger.artifacts.copy_content(version.artifact, version.number, file)
        assert content_of(file.getvalue().decode()) == content
        with pytest.raises(UnknownVersion):
            ledger.artifacts.copy_content(version.artifact, 9, file)
        with pytest.raises(UnknownArtifact):
            ledger.artifacts.copy_content(99, 1, file)


def test_a_thousand_versions_of_a_long_document_stay_small(tmp_path: Path) -> None:
    """Twenty of them here, of a document of 1 MB: what each adds is what counts."""
    ledger = Ledger(tmp_path / "forgeapp.db", tmp_path / "backups")
    lines = long_text(1_000_000).split("\n")
    version = ledger.artifacts.add(NewVersion(Document("Long", "\n".join(lines)), Origin.GENERATED, "Long"))
    once = stored_bytes(ledger)
    for number in range(20):
        lines[number * 37 % len(lines)] += f" edit {number}"
        document = Document("Long", "\n".join(lines))
        ledger.artifacts.add(NewVersion(document, Origin.EDITED, "Long", artifact=version.artifact))
    assert ledger.artifacts.version(version.artifact).content == document
    assert ledger.artifacts.version(version.artifact, 1).content == version.content
    assert (stored_bytes(ledger) - once) / 20 < 12_000
    ledger.close()
