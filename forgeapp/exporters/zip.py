"""ZIP: the files of a code artifact, under names that are safe wherever they are unpacked."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from forgeapp.domain.artifact import Format
from forgeapp.domain.code import CodeFile
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.publication import Progress, Publication, Share
from forgeapp.domain.wording import Text
from forgeapp.exporters.source import encode_source

MAX_DEPTH = 16
UNREADABLE: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)
"""What the library raises of a damaged archive."""
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time a ZIP file can hold: the same content gives the same bytes."""
_PLAIN_FILE: Final = 0o100644 << 16
"""A file read by all and written by its owner, as Unix has it (st_mode)."""
_SEPARATORS = re.compile(r"[/\\]+")


def safe_paths(names: Sequence[str]) -> list[str]:
    """A relative path for each name, folders kept: no '..', no drive, none twice however letters are cased.

    A name that is another one's folder, or comes twice, gets a number: 'a.py', 'a (2).py'.
    """
    files: set[str] = set()
    folders: set[str] = set()
    numbers: dict[str, int] = {}

    def unused(path: str, *taken: set[str]) -> str:
        stem, dot, extension = path.rpartition(".")
        if "/" in extension or not stem.rpartition("/")[2]:
            stem, dot, extension = path, "", ""
        candidate = path
        while any(candidate.casefold() in names for names in taken):
            numbers[path] = numbers.get(path, 1) + 1
            candidate = f"{stem} ({numbers[path]}){dot}{extension}"
        return candidate

    paths: list[str] = []
    for name in names:
        segments = [part for part in _SEPARATORS.split(name) if part.strip(" .")][-MAX_DEPTH:]
        *parents, last = [_safe_segment(part) for part in segments] or ["untitled"]
        folder = ""
        for parent in parents:
            folder = unused(folder + parent, files)
            folders.add(folder.casefold())
            folder += "/"
        path = unused(folder + last, files, folders)
        files.add(path.casefold())
        paths.append(path)
    return paths


def _safe_segment(part: str) -> str:
    """`safe_name`, but a hidden file keeps its dot: '.gitignore' means something."""
    hidden = part.startswith(".") and part.strip(" .") != ""
    return f".{safe_name(part)}" if hidden else safe_name(part)


def plain_member(path: str) -> zipfile.ZipInfo:
    """A file that is to stand in an archive: compressed, of no particular time, run by nobody."""
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    # As made by Unix, on every system, or the bits would mean nothing there.
    info.create_system = 3
    info.external_attr = _PLAIN_FILE
    return info


class ZipExporter:
    format = Format.ZIP

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        warnings: list[str] = []
        files = publication.files
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (path, file) in enumerate(zip(safe_paths(_names(files)), files, strict=True), 1):
                data, notes = encode_source(file)
                archive.writestr(plain_member(path), data)
                warnings += notes
                if path != file.name:
                    warnings.append(_renamed(file.name, path))
                progress(Share(number / len(files), "file", number, len(files)))
        return warnings

    def verify(self, publication: Publication, path: Path) -> list[str]:
        try:
            with zipfile.ZipFile(path) as archive:
                return _differences(archive, publication.files)
        except UNREADABLE as error:
            return [f"the archive cannot be opened again: {error}"]


def _renamed(name: str, path: str) -> Text:
    if not name:
        return Text("zip_named", "A file without a name is called {path} in the archive.", path=path)
    return Text("zip_renamed", "{name} is called {path} in the archive.", name=name, path=path)


def _differences(archive: zipfile.ZipFile, files: Sequence[CodeFile]) -> list[str]:
    damaged = archive.testzip()
    if damaged:
        return [f"{damaged} is damaged in the archive"]
    expected = dict(zip(safe_paths(_names(files)), files, strict=True))
    found = archive.infolist()
    names = [info.filename for info in found]
    counts = Counter(names)
    differences = [f"{name} is missing" for name in expected if name not in counts]
    differences += [f"{name} was added" for name in names if name not in expected]
    differences += [f"{name} is there twice" for name, count in counts.items() if count > 1]
    if not differences and names != list(expected):
        differences.append("the files stand in another order")
    for info in found:
        if info.filename in expected and archive.read(info) != encode_source(expected[info.filename])[0]:
            differences.append(f"{info.filename} holds something else")
        if info.external_attr != _PLAIN_FILE:
            differences.append(f"{info.filename} is no plain file")
    return differences


def _names(files: Sequence[CodeFile]) -> list[str]:
    return [file.name for file in files]


EXPORTER = ZipExporter()
