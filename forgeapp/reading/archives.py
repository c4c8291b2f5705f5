"""ZIP packages of office programs, read member by member: bounded in size, nothing unpacked to disk, no entities.

Parts and relationships are those of the Open Packaging Conventions (ECMA-376, part 2): names are looked up in the
package only, letter case aside where none is written just so, so that what a name looks like as a path means nothing.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import unquote

from forgeapp.errors import TooLarge, UnreadableFile

if TYPE_CHECKING:
    from lxml import etree

MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100
SMALL_BYTES = 2_000_000
"""What a member may unpack to whatever its ratio: an empty sheet of many rows is small, and packs well."""
MAX_MEMBERS = 10_000
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError)
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part refers to. `kind`: the last word of its type ('worksheet'); `target`: a part's name, or an address
    where it `is_external`."""

    kind: str
    target: str
    is_external: bool


class Package:
    """The members of one ZIP file, by name. To be closed, or used in a `with`."""

    def __init__(self, path: Path) -> None:
        """Raises UnreadableFile for what is no ZIP file, is damaged or locked; TooLarge for a bomb."""
        self.source = path.name
        try:
            self._zip = zipfile.ZipFile(path)
        except _DAMAGED as error:
            raise self.damaged() from error
        try:
            members = self._zip.infolist()
            self._members = {_key(member.filename): member for member in members}
            self._by_exact_name = {member.filename: member for member in members}
            self._check()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def close(self) -> None:
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """The names of all members, in lower case."""
        return list(self._members)

    @property
    def filenames(self) -> list[str]:
        """The names of all members as they stand, folders left out."""
        return [member.filename for member in self._zip.infolist() if not member.is_dir()]

    def read(self, name: str, most_bytes: int = -1) -> bytes:
        """A member's bytes, `most_bytes` at most. Raises KeyError where there is none, UnreadableFile where it is
        damaged."""
        with self.open(name) as member:
            try:
                return member.read(most_bytes)
            except _DAMAGED as error:
                raise self.damaged() from error

    def open(self, name: str) -> IO[bytes]:
        """A member to be read piece by piece; never more than the package says it holds. Raises as `read` does."""
        # Code may have a Makefile and a makefile.
        member = self._by_exact_name.get(name) or self._members[_key(name)]
        try:
            return self._zip.open(member)
        except (*_DAMAGED, RuntimeError) as error:
            raise self.damaged() from error

    def tree(self, name: str) -> etree._Element:
        """A member's XML. Raises as `read` does, also where it is no XML or declares entities."""
        from lxml import etree

        try:
            root = etree.fromstring(self.read(name), _parser())
        except etree.XMLSyntaxError as error:
            raise self.damaged() from error
        self._refuse_declarations(root)
        return root

    def elements(self, name: str, *tags: str) -> Iterator[etree._Element]:
        """The elements of these tags in a member's XML as they end, in order. Each is emptied once the next is asked
        for, and so is what stands between them, so that a large part takes little memory. Raises as `tree` does."""
        from lxml import etree

        with self.open(name) as member:
            try:
                is_checked = False
                for event, element in etree.iterparse(
                    member, ("start", "end"), tag=tags, resolve_entities=False, no_network=True
                ):
                    if not is_checked:
                        self._refuse_declarations(element)
                        is_checked = True
                    if event == "start":
                        continue
                    yield element
                    element.clear()
                    parent = element.getparent()
                    while parent is not None and (before := element.getprevious()) is not None:
                        parent.remove(before)
            except (etree.XMLSyntaxError, *_DAMAGED) as error:
                raise self.damaged() from error

    def relations(self, part: str) -> Mapping[str, Relation]:
        """What a part ('' for the package) refers to, by id; {} where it says nothing."""
        folder, _, base = part.rpartition("/")
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        if name not in self:
            return {}
        found: dict[str, Relation] = {}
        for element in self.tree(name).iter(_RELATIONSHIP):
            target, is_external = element.get("Target", ""), element.get("TargetMode") == "External"
            if not is_external:
                target = posixpath.normpath(posixpath.join("/", folder, unquote(target))).lstrip("/")
            kind = element.get("Type", "").rpartition("/")[2]
            found[element.get("Id", "")] = Relation(kind, target, is_external)
        return found

    def damaged(self) -> UnreadableFile:
        return UnreadableFile(
            source=self.source,
            reason="it is damaged or incomplete",
            remedy="Copy or download it again, or open it in the program it comes from and save it once more.",
        )

    def _check(self) -> None:
        members = self._members.values()
        unpacked = sum(member.file_size for member in self._zip.infolist())
        if len(self._zip.infolist()) > MAX_MEMBERS:
            raise TooLarge(source=self.source, reason=f"at most {MAX_MEMBERS:,} files are read from an archive")
        if unpacked > MAX_UNPACKED_BYTES:
            raise TooLarge(source=self.source, reason=f"at most {MAX_UNPACKED_BYTES:,} bytes are unpacked")
        for member in members:
            if member.flag_bits & 1:
                raise UnreadableFile(
                    source=self.source,
                    reason="it is protected by a password",
                    remedy="Open it in the program it comes from and save it without a password.",
                )
            if member.file_size > SMALL_BYTES and member.file_size > MAX_RATIO * member.compress_size:
                raise TooLarge(
                    source=self.source, reason=f"a part of it unpacks to more than {MAX_RATIO} times its size"
                )

    def _refuse_declarations(self, element: etree._Element) -> None:
        if element.getroottree().docinfo.internalDTD is not None:
            raise UnreadableFile(
                source=self.source,
                reason="it declares entities of its own, which no office program writes",
                remedy="Do not trust it; ask for another copy where it comes from.",
            )


def _parser() -> etree.XMLParser:
    """No entities, no network; libxml2's own bounds on depth and size of texts stay."""
    from lxml import etree

    return etree.XMLParser(resolve_entities=False, no_network=True)


def _key(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").casefold()
