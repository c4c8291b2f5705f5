"""ZIP packages of unknown origin: bounded, no entities, no paths."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from forgeapp.errors import TooLarge, UnreadableFile
from forgeapp.reading.archives import Package

pytestmark = pytest.mark.security


def packed(folder: Path, members: dict[str, str | bytes]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def test_members_are_found_whatever_the_case_and_slashes_of_their_names(tmp_path: Path) -> None:
    with Package(packed(tmp_path, {"xl\\Sheets\\One.xml": "<a/>"})) as package:
        assert "/XL/sheets/one.xml" in package
        assert package.read("xl/sheets/one.xml") == b"<a/>"
        with pytest.raises(KeyError):
            package.read("two")


def test_what_unpacks_to_a_hundred_times_its_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooLarge, match="100 times"):
        Package(packed(tmp_path, {"a": b"\0" * 3_000_000}))
    with Package(packed(tmp_path, {"a": b"\0" * 1_000_000})) as package:
        assert len(package.read("a")) == 1_000_000


def test_more_than_the_bound_in_all_is_refused_before_anything_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("forgeapp.reading.archives.MAX_UNPACKED_BYTES", 1_000)
    with pytest.raises(TooLarge, match="1,000 bytes"):
        Package(packed(tmp_path, {"a": "x" * 600, "b": "y" * 600}))


def test_a_member_that_is_more_than_it_says_is_damaged(tmp_path: Path) -> None:
    path = packed(tmp_path, {"a": b"abcdefgh" * 1_000})
    data = path.read_bytes()
    size = (8_000).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (10).to_bytes(4, "little")))
    with Package(path) as package, pytest.raises(UnreadableFile, match="damaged"):
        package.read("a")


@pytest.mark.parametrize("cut", [0, 10, 40, 100, -1, -30])
def test_a_file_cut_off_is_damaged(tmp_path: Path, cut: int) -> None:
    path = packed(tmp_path, {"a": "some text " * 20, "b": "more"})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(UnreadableFile, match="damaged"), Package(path) as package:
        package.read("a")
        package.read("b")


_BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><a><x>&c;</x></a>'
_REACHING = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a><x>&b;</x></a>'


@pytest.mark.parametrize("text", [_BOMB, _REACHING, '<?xml version="1.0" encoding="UTF-16"?>' + _BOMB])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, text: str) -> None:
    data = text.encode("utf-16" if "UTF-16" in text else "utf-8")
    with Package(packed(tmp_path, {"a.xml": data})) as package:
        with pytest.raises(UnreadableFile, match="entities"):
            package.tree("a.xml")
        with pytest.raises(UnreadableFile, match="entities"):
            list(package.elements("a.xml", "x"))


def test_elements_come_in_order_and_are_let_go(tmp_path: Path) -> None:
    text = "<a><head/>" + "".join(f"<r n='{n}'><c>{n}</c></r>" for n in range(20_000)) + "<tail/></a>"
    with Package(packed(tmp_path, {"a.xml": text})) as package:
        seen, most = [], 0
        for element in package.elements("a.xml", "r", "tail"):
            seen.append(element.get("n"))
            parent = element.getparent()
            assert parent is not None
            most = max(most, len(parent))
    assert seen == [*map(str, range(20_000)), None]
    assert most < 5_000


@pytest.mark.parametrize("text", ["", "<a>", "<a></b>", "no xml", "<a>" * 100_000])
def test_xml_that_is_none_is_damage_and_no_crash(tmp_path: Path, text: str) -> None:
    with Package(packed(tmp_path, {"a.xml": text})) as package:
        with pytest.raises(UnreadableFile):
            package.tree("a.xml")
        with pytest.raises(UnreadableFile):
            list(package.elements("a.xml", "x"))


def test_relations_are_found_beside_their_part_and_lead_nowhere_else(tmp_path: Path) -> None:
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    rels = (
        f'<Relationships xmlns="{namespace}">'
        '<Relationship Id="r1" Type="http://x/worksheet" Target="sheets/one.xml"/>'
        '<Relationship Id="r2" Type="http://x/theme" Target="/xl/theme.xml"/>'
        '<Relationship Id="r3" Type="http://x/image" Target="../../../../etc/passwd"/>'
        '<Relationship Id="r4" Type="http://x/hyperlink" Target="http://example.org/" TargetMode="External"/>'
        "</Relationships>"
    )
    with Package(packed(tmp_path, {"xl/_rels/workbook.xml.rels": rels})) as package:
        found = package.relations("xl/workbook.xml")
        assert {key: relation.target for key, relation in found.items()} == {
            "r1": "xl/sheets/one.xml",
            "r2": "xl/theme.xml",
            "r3": "etc/passwd",
            "r4": "http://example.org/",
        }
        assert [key for key, relation in found.items() if relation.is_external] == ["r4"]
        assert found["r1"].kind == "worksheet"
        assert package.relations("xl/other.xml") == {}
