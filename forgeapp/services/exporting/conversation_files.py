"""A conversation on disk: one document, its JSON, or an archive of the chat and every artifact in its usual format."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from forgeapp import __version__
from forgeapp.domain.artifact import Format
from forgeapp.domain.code import Code
from forgeapp.domain.content import formats_of, kind_of, to_json
from forgeapp.domain.document import Document
from forgeapp.domain.filenames import safe_name
from forgeapp.domain.publication import Exporter, Progress, Publication, Share
from forgeapp.errors import UnsafeContent
from forgeapp.exporters.registry import exporter_for
from forgeapp.exporters.saving import AS_USUAL, Placing, Saved, save
from forgeapp.exporters.source import SourceExporter
from forgeapp.exporters.zip import UNREADABLE, plain_member, safe_paths
from forgeapp.services.exporting.conversation_markdown import conversation_markdown
from forgeapp.services.exporting.conversation_parts import ConversationExport, Made, Said
from forgeapp.services.exporting.conversation_story import conversation_publication
from forgeapp.services.exporting.publishing import publication

_FOLDER: Final = "artifacts"
_MANIFEST: Final = "manifest.json"
_JSON: Final = "conversation.json"


def save_conversation(
    conversation: ConversationExport,
    file_format: Format,
    target: Path,
    progress: Progress,
    placing: Placing = AS_USUAL,
) -> Saved:
    """Written, verified and renamed as `saving.save` does, which see for what it raises."""
    laid_out = conversation_publication(conversation)
    match file_format:
        case Format.ZIP:
            exporter: Exporter = ConversationArchive(conversation)
        case Format.JSON:
            exporter = ConversationJson(conversation)
        case Format.MD:
            exporter = exporter_for(file_format)
            laid_out = _in_own_words(laid_out, conversation)
        case _:
            exporter = exporter_for(file_format)
    return save(exporter, laid_out, target, progress, placing)


def _in_own_words(laid_out: Publication, conversation: ConversationExport) -> Publication:
    """With the documents in it as their authors have them."""
    return replace(laid_out, content=Document(conversation.title, conversation_markdown(conversation)))


class ConversationJson:
    """`parts` in the order of the chat: messages, and artifacts as the command line's ARTIFACT objects."""

    format = Format.JSON

    def __init__(self, conversation: ConversationExport) -> None:
        self._conversation = conversation

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:  # noqa: ARG002
        target.write_bytes(_encoded(conversation_json(self._conversation)))
        progress(1.0)
        return []

    def verify(self, publication: Publication, path: Path) -> list[str]:  # noqa: ARG002
        try:
            found = json.loads(path.read_bytes().decode())
        except ValueError as error:
            return [f"the file cannot be read again: {error}"]
        wanted = conversation_json(self._conversation)
        if found == wanted:
            return []
        differing = [key for key in wanted if found.get(key) != wanted[key]] if isinstance(found, dict) else []
        return [f"what it says of '{key}' is not what was said" for key in differing] or ["it holds something else"]


def conversation_json(conversation: ConversationExport) -> dict[str, Any]:
    parts: list[dict[str, Any]] = []
    for part in conversation.parts:
        if isinstance(part, Said):
            said: dict[str, Any] = {"who": part.who, "at": part.at, "text": part.markdown}
            if part.is_partial:
                said["is_partial"] = True
            if conversation.options.costs:
                said["cost_nano_usd"] = part.cost_nano_usd
            parts.append(said)
        else:
            facts = {"artifact": part.artifact, "version": part.version, "model": part.model}
            parts.append({**facts, "content": to_json(part.content, part.values) | {"title": part.title}})
    return {"forgeapp": __version__, "title": conversation.title, "at": conversation.at, "parts": parts}


@dataclass(frozen=True, slots=True)
class _Member:
    """One file of the archive, and how it is written and verified."""

    path: str
    exporter: Exporter
    publication: Publication


class ConversationArchive:
    """`chat.md`, `chat.html`, `conversation.json`, `manifest.json`, and in `artifacts/` each one as it stands last.

    What an exporter refuses (S2) is left out and said: its values stand in the chat.
    """

    format = Format.ZIP

    def __init__(self, conversation: ConversationExport) -> None:
        self._conversation = conversation
        self._refused: dict[str, str] = {}

    def write(self, publication: Publication, target: Path, progress: Progress) -> list[str]:
        warnings: list[str] = []
        files = artifact_files(self._conversation)
        count = sum(len(paths) for _, paths in files) + 3
        with tempfile.TemporaryDirectory(prefix="forgeapp-archive-") as folder, zipfile.ZipFile(target, "w") as archive:
            for number, member in enumerate(self._members(publication)):
                place = Path(folder, f"{number}{Path(member.path).suffix}")
                told = _Shares(progress, number, count)
                try:
                    notes = member.exporter.write(member.publication, place, told)
                except UnsafeContent as error:
                    self._refused[member.path] = error.message
                    continue
                warnings += [f"{member.path}: {note}" for note in (*member.publication.warnings, *notes)]
                with place.open("rb") as file, archive.open(plain_member(member.path), "w") as packed:
                    shutil.copyfileobj(file, packed)
                place.unlink()
            archive.writestr(plain_member(_MANIFEST), _encoded(self._manifest()))
        progress(1.0)
        return [*warnings, *(f"{path} is left out: {reason}" for path, reason in self._refused.items())]

    def verify(self, publication: Publication, path: Path) -> list[str]:
        try:
            with zipfile.ZipFile(path) as archive:
                return list(self._differences(publication, archive))
        except UNREADABLE as error:
            return [f"the archive cannot be opened again: {error}"]

    def _differences(self, publication: Publication, archive: zipfile.ZipFile) -> Iterator[str]:
        damaged = archive.testzip()
        if damaged:
            yield f"{damaged} is damaged in the archive"
            return
        names = archive.namelist()
        expected: list[str] = []
        with tempfile.TemporaryDirectory(prefix="forgeapp-archive-") as folder:
            for number, member in enumerate(self._members(publication)):
                if member.path in self._refused:
                    continue
                expected.append(member.path)
                if names.count(member.path) != 1:
                    yield f"{member.path} is there {names.count(member.path)} times"
                    continue
                # Each under a name of its own: nothing of the archive says where on this disk it goes.
                place = Path(folder, f"{number}{Path(member.path).suffix}")
                with archive.open(member.path) as packed, place.open("wb") as file:
                    shutil.copyfileobj(packed, file)
                for difference in member.exporter.verify(member.publication, place):
                    yield f"{member.path}: {difference}"
                place.unlink()
        if names != [*expected, _MANIFEST]:
            yield "the archive holds other files, or in another order"
        elif archive.read(_MANIFEST) != _encoded(self._manifest()):
            yield f"{_MANIFEST} says something else"

    def _members(self, chat: Publication) -> Iterator[_Member]:
        """All but the manifest; artifacts are laid out one at a time."""
        yield _Member("chat.md", exporter_for(Format.MD), _in_own_words(chat, self._conversation))
        yield _Member("chat.html", exporter_for(Format.HTML), chat)
        yield _Member(_JSON, ConversationJson(self._conversation), chat)
        for part, paths in artifact_files(self._conversation):
            options, file_format = self._conversation.options, _usual_format(part)
            looks = self._conversation.looks
            laid_out = publication(
                part.content, part.title, part.values, options=options, for_format=file_format, looks=looks
            )
            if isinstance(part.content, Code):
                for path, file in zip(paths, part.content.files, strict=True):
                    yield _Member(path, SourceExporter(file), laid_out)
            else:
                yield _Member(paths[0], exporter_for(file_format), laid_out)

    def _manifest(self) -> dict[str, Any]:
        conversation = self._conversation
        said = [part for part in conversation.parts if isinstance(part, Said)]
        facts: dict[str, Any] = {
            "forgeapp": __version__,
            "title": conversation.title,
            "at": conversation.at,
            "messages": len(said),
            "models": sorted({part.model for part in conversation.parts if isinstance(part, Made) and part.model}),
            "artifacts": [self._entry(part, paths) for part, paths in artifact_files(conversation)],
        }
        if conversation.options.costs:
            costs = [part.cost_nano_usd for part in said if not part.is_request]
            known = [cost for cost in costs if cost is not None]
            facts["cost_nano_usd"] = sum(known) if known else None
        return facts

    def _entry(self, part: Made, paths: Sequence[str]) -> dict[str, Any]:
        return {
            "artifact": part.artifact,
            "title": part.title,
            "kind": kind_of(part.content).value,
            "version": part.version,
            "model": part.model,
            "files": [path for path in paths if path not in self._refused],
        }


class _Shares:
    """The progress of one file among several."""

    def __init__(self, progress: Progress, number: int, count: int) -> None:
        self._progress, self._number, self._count = progress, number, count

    def __call__(self, share: float) -> None:
        self._progress(Share((self._number + share) / self._count, "file", self._number + 1, self._count))


def artifact_files(conversation: ConversationExport) -> list[tuple[Made, list[str]]]:
    """Where each artifact, as it stands last, goes in the archive: one path, or one for each file of code.

    Safe names, no two the same; code without files has no path.
    """
    newest = {part.artifact: part for part in conversation.parts if isinstance(part, Made)}
    taken: set[str] = set()
    files: list[tuple[Made, list[str]]] = []
    for part in newest.values():
        name, number = safe_name(part.title, "artifact"), 2
        # The folder of one may be called as the file of another.
        extension = "" if isinstance(part.content, Code) else f".{_usual_format(part).value}"
        stem = name
        while not taken.isdisjoint(names := {stem.casefold(), f"{stem}{extension}".casefold()}):
            stem, number = f"{name} ({number})", number + 1
        taken |= names
        if isinstance(part.content, Code):
            paths = [f"{stem}/{path}" for path in safe_paths([file.name for file in part.content.files])]
        else:
            paths = [f"{stem}{extension}"]
        files.append((part, [f"{_FOLDER}/{path}" for path in paths]))
    return files


def _usual_format(part: Made) -> Format:
    return formats_of(part.content)[0]


def _encoded(data: dict[str, Any]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    # A lone surrogate has no UTF-8; its backslash escape is JSON's own and reads back as the same character.
    return text.encode("utf-8", "backslashreplace")
