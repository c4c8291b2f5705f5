"""An artifact that is open for editing: its content, one undo stack, and how it stands to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor, QTextDocument, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QPlainTextDocumentLayout

from forgeapp.domain.artifact import Kind
from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document
from forgeapp.ui.carried_text import CarriedText, raw_text
from forgeapp.ui.long_lines import CodeLayout

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion

TEXT_MARGIN = 16
"""Between a text and the edges of what shows it. Set when a document is made: later it would be a step to undo."""

_BLANK_FILE: Final = CodeFile("main.txt", "", "")

Edit = Callable[[Content], Content]
"""Makes one content of another; what it does must be undone exactly by its counterpart."""


class OpenArtifact(QObject):
    """One artifact in a tab.

    `content` is an immutable value; every change - by hand, by a model, a restored version - is one step on
    `undo_stack`. `changed(where)` follows each: `where` is what the step's maker gave it (cells, rows), None: anything
    may have changed. `stored` tells that title, `version` (the newest stored one) or `is_saved` changed.
    """

    changed = Signal(object)
    stored = Signal()

    def __init__(self, version: StoredVersion, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.id = version.artifact
        self.kind = version.kind
        self.title = version.title
        self.version = version.number
        self.conversation: int | None = None
        """The one it was made in."""
        self.base = version.number
        """The newest version the ledger has stored of it, also before this thread has heard of it."""
        self.view = "edit"
        """Which view of it is looked at: 'edit', 'preview', 'source', 'history' or 'provenance'."""
        self.undo_stack = QUndoStack(self)
        self._content = version.content
        self._stored_content = version.content
        self._stored_title = version.title

    @property
    def content(self) -> Content:
        return self._content

    @property
    def is_saved(self) -> bool:
        """Whether the ledger holds this very content, under this title."""
        content, stored = self.content, self._stored_content
        return self.title == self._stored_title and (content is stored or content == stored)

    def rename(self, title: str) -> None:
        """By hand; stored with the content."""
        self.title = title
        self.stored.emit()
        self.changed.emit(None)

    def edit(self, label: str, forward: Edit, backward: Edit, where: object = None) -> None:
        """One step by hand; `where` tells views what to look at again. A step that changes nothing is not taken."""
        after = forward(self._content)
        if after != self._content:
            self.undo_stack.push(_ContentStep(self, label, forward, backward, where, after))

    def replace(self, content: Content, label: str) -> None:
        """Another content as one step: a model's change, a restored version."""
        before = self.content
        if content != before:
            self.edit(label, lambda _: content, lambda _: before)

    def take_version(self, version: StoredVersion, label: str) -> None:
        """A version stored elsewhere becomes what is shown, as one step."""
        self.replace(version.content, label)
        self.title = version.title
        self.base = max(self.base, version.number)
        self.mark_stored(version.number, version.title, version.content)

    def mark_stored(self, number: int, title: str, content: Content) -> None:
        """The ledger holds `content` as version `number`; what is shown may be newer by now."""
        if number >= self.version:
            self.version, self._stored_title, self._stored_content = number, title, content
        self.stored.emit()

    def _set_content(self, content: Content, where: object) -> None:
        self._content = content
        self.changed.emit(where)


class OpenText(OpenArtifact):
    """A document or code: its texts live in `documents`, one a file, which editors show.

    What is typed there is on the one undo stack too.

    `files_changed` tells that `documents` or `files` are others than before.
    """

    files_changed = Signal()

    def __init__(self, version: StoredVersion, parent: QObject | None = None) -> None:
        super().__init__(version, parent)
        self._is_stale = False
        self._frame = _Frame(version.content)
        self.documents = [self._new_document(text) for text in self._frame.texts]

    @property
    def content(self) -> Content:
        if self._is_stale:
            self._content = self._frame.read(self.documents)
            self._is_stale = False
        return self._content

    @property
    def files(self) -> tuple[CodeFile, ...]:
        """Code's files by position of `documents`, one at least; their texts may be older. () for a document."""
        return self._frame.files

    def edit(self, label: str, forward: Edit, backward: Edit, where: object = None) -> None:
        del backward, where
        self.replace(forward(self.content), label)

    def replace(self, content: Content, label: str) -> None:
        if content == self.content:
            return
        frame = _Frame(content)
        if frame.names != self._frame.names:
            self.undo_stack.push(_FrameStep(self, label, self._documents_for(frame), frame))
            return
        self.undo_stack.beginMacro(label)
        for document, text in zip(self.documents, frame.texts, strict=True):
            if raw_text(document) != text.shown:
                put_text(document, text.shown)
        if self._frame.read(self.documents) != content:
            self.undo_stack.push(_FrameStep(self, label, self.documents, frame))
        self.undo_stack.endMacro()

    def _documents_for(self, frame: _Frame) -> list[QTextDocument]:
        """Documents of these texts: today's where the text is the same, so that they keep their own history."""
        free = [(document, raw_text(document)) for document in self.documents]
        documents: list[QTextDocument] = []
        for text in frame.texts:
            same = next((pair for pair in free if pair[1] == text.shown), None)
            if same is not None:
                free.remove(same)
            documents.append(same[0] if same is not None else self._new_document(text))
        return documents

    def _set_frame(self, documents: list[QTextDocument], frame: _Frame) -> None:
        has_other_files = documents != self.documents or frame.names != self._frame.names
        self.documents = documents
        self._frame = frame
        # The texts in the documents may be newer than those that were given.
        self._is_stale = True
        if has_other_files:
            self.files_changed.emit()
        self.changed.emit(None)

    def _new_document(self, text: CarriedText) -> QTextDocument:
        document = QTextDocument(self)
        layout = CodeLayout if self.kind is Kind.CODE else QPlainTextDocumentLayout
        document.setDocumentLayout(layout(document))
        document.setDocumentMargin(TEXT_MARGIN)
        document.setPlainText(text.shown)
        document.undoCommandAdded.connect(lambda: self.undo_stack.push(_TextStep(document)))
        document.contentsChange.connect(self._on_contents_change)
        document.contentsChanged.connect(self._on_contents_changed)
        return document

    def _on_contents_change(self, _position: int, removed: int, added: int) -> None:
        # Another font is a change of contents to Qt, but neither adds nor removes.
        self._is_stale |= removed > 0 or added > 0

    def _on_contents_changed(self) -> None:
        if self._is_stale:
            self.changed.emit(None)


class _Frame:
    """What a content is beside the texts that are edited: its title, its files' names, and what texts were given.

    `texts`: one a file. Those nobody has edited are read as they were given, to the letter.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self.files = _files(content)
        self.names = [(file.name, file.language) for file in self.files]
        self.texts = [CarriedText(text, folds=isinstance(content, Document)) for text in _texts(content)]

    def read(self, documents: list[QTextDocument]) -> Content:
        texts = [text.read(document) for text, document in zip(self.texts, documents, strict=True)]
        if all(text == given.text for text, given in zip(texts, self.texts, strict=True)):
            return self._content
        if isinstance(self._content, Document):
            return replace(self._content, markdown=texts[0])
        assert isinstance(self._content, Code)
        return replace(
            self._content, files=tuple(replace(file, text=text) for file, text in zip(self.files, texts, strict=True))
        )


class _ContentStep(QUndoCommand):
    """`after`: what the step gives when it is taken, known already; kept no longer than that."""

    def __init__(
        self, artifact: OpenArtifact, label: str, forward: Edit, backward: Edit, where: object, after: Content
    ) -> None:
        super().__init__(label)
        self._after: Content | None = after
        self._artifact = artifact
        self._forward = forward
        self._backward = backward
        self._where = where

    def redo(self) -> None:
        after, self._after = self._after, None
        self._artifact._set_content(after or self._forward(self._artifact.content), self._where)

    def undo(self) -> None:
        self._artifact._set_content(self._backward(self._artifact.content), self._where)


class _FrameStep(QUndoCommand):
    """Another title, other line ends, or other files: then documents are swapped, each keeping what it remembers."""

    def __init__(self, artifact: OpenText, label: str, documents: list[QTextDocument], frame: _Frame) -> None:
        super().__init__(label)
        self._artifact = artifact
        self._before = (artifact.documents, artifact._frame)
        self._after = (documents, frame)

    def redo(self) -> None:
        self._artifact._set_frame(*self._after)

    def undo(self) -> None:
        self._artifact._set_frame(*self._before)


class _TextStep(QUndoCommand):
    """A step the text document has already taken and remembers itself."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__()
        self._document = document
        self._is_taken = True

    def redo(self) -> None:
        if not self._is_taken:
            self._document.redo()
        self._is_taken = False

    def undo(self) -> None:
        self._is_taken = False
        self._document.undo()


def put_text(document: QTextDocument, text: str) -> None:
    """Makes it the whole text as one step, replacing only what differs; setPlainText would empty the undo stack."""
    before = raw_text(document)
    start = _common(len(before), len(text), lambda size: before[:size] == text[:size])
    most = min(len(before), len(text)) - start
    end = _common(most, most, lambda size: before[len(before) - size :] == text[len(text) - size :])
    # Modified, it would merge this step with the last one, and what is typed next with this one.
    document.setModified(False)
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.setPosition(_units(before[:start]))
    cursor.setPosition(_units(before[: len(before) - end]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[start : len(text) - end])
    cursor.endEditBlock()
    document.setModified(False)


def _common(first: int, second: int, is_same: Callable[[int], bool]) -> int:
    """The largest size, at most the smaller of both, that is the same; found by halving."""
    low, high = 0, min(first, second)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle - 1)
    return low


def _units(text: str) -> int:
    """Qt counts UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def open_artifact(version: StoredVersion, parent: QObject | None = None) -> OpenArtifact:
    is_text = isinstance(version.content, Document | Code)
    artifact = (OpenText if is_text else OpenArtifact)(version, parent)
    assert artifact.kind is kind_of(version.content)
    return artifact


def _files(content: Content) -> tuple[CodeFile, ...]:
    """Code's, one at least: there is always something to write in."""
    return (content.files or (_BLANK_FILE,)) if isinstance(content, Code) else ()


def _texts(content: Content) -> list[str]:
    return [content.markdown] if isinstance(content, Document) else [file.text for file in _files(content)]
