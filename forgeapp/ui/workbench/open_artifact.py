"""An artifact that is open for editing: its content, one undo stack, and how it stands to the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor, QTextDocument, QUndoCommand, QUndoStack
from PySide6.QtWidgets import QPlainTextDocumentLayout

from forgeapp.domain.code import Code, CodeFile
from forgeapp.domain.content import Content, kind_of
from forgeapp.domain.document import Document

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import StoredVersion

TEXT_MARGIN = 16
"""Between a text and the edges of what shows it. Set when a document is made: later it would be a step to undo."""

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
        """Which view of it is looked at: 'edit', 'preview', 'source' or 'history'."""
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
        self.documents = [self._new_document(text) for text in _texts(version.content)]
        self._files = _files(version.content)

    @property
    def content(self) -> Content:
        if self._is_stale:
            self._content = self._read()
            self._is_stale = False
        return self._content

    @property
    def files(self) -> tuple[CodeFile, ...]:
        """Code's files by position of `documents`; their texts may be older than those. () for a document."""
        return self._files

    def edit(self, label: str, forward: Edit, backward: Edit, where: object = None) -> None:
        del backward, where
        self.replace(forward(self.content), label)

    def replace(self, content: Content, label: str) -> None:
        if content == self.content:
            return
        names = [(file.name, file.language) for file in _files(content)]
        if names != [(file.name, file.language) for file in self._files]:
            self.undo_stack.push(_FilesStep(self, label, content))
            return
        self.undo_stack.beginMacro(label)
        for document, text in zip(self.documents, _texts(content), strict=True):
            if document.toPlainText() != text:
                put_text(document, text)
        self.undo_stack.endMacro()

    def documents_for(self, content: Content) -> list[QTextDocument]:
        """The documents of `content`: today's where the text is the same, so that they keep their own history."""
        free = list(self.documents)
        documents: list[QTextDocument] = []
        for text in _texts(content):
            same = next((document for document in free if document.toPlainText() == text), None)
            if same is not None:
                free.remove(same)
            documents.append(same or self._new_document(text))
        return documents

    def set_documents(self, documents: list[QTextDocument], content: Content) -> None:
        self.documents = documents
        self._files = _files(content)
        self._content = content
        # The texts in the documents may be newer than `content`, which only names the files.
        self._is_stale = True
        self.files_changed.emit()
        self.changed.emit(None)

    def _new_document(self, text: str) -> QTextDocument:
        document = QTextDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        document.setDocumentMargin(TEXT_MARGIN)
        document.setPlainText(text)
        document.undoCommandAdded.connect(lambda: self.undo_stack.push(_TextStep(document)))
        document.contentsChanged.connect(self._on_text_changed)
        return document

    def _on_text_changed(self) -> None:
        self._is_stale = True
        self.changed.emit(None)

    def _read(self) -> Content:
        texts = [document.toPlainText() for document in self.documents]
        if isinstance(self._content, Document):
            return replace(self._content, markdown=texts[0])
        assert isinstance(self._content, Code)
        files = tuple(replace(file, text=text) for file, text in zip(self._files, texts, strict=True))
        return replace(self._content, files=files)


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


class _FilesStep(QUndoCommand):
    """Other files: the documents are swapped, each keeping what it remembers."""

    def __init__(self, artifact: OpenText, label: str, content: Content) -> None:
        super().__init__(label)
        self._artifact = artifact
        self._before = (artifact.documents, artifact.content)
        self._after = (artifact.documents_for(content), content)

    def redo(self) -> None:
        self._artifact.set_documents(*self._after)

    def undo(self) -> None:
        self._artifact.set_documents(*self._before)


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
    before = document.toPlainText()
    start = _common(len(before), len(text), lambda size: before[:size] == text[:size])
    most = min(len(before), len(text)) - start
    end = _common(most, most, lambda size: before[len(before) - size :] == text[len(text) - size :])
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    cursor.setPosition(_units(before[:start]))
    cursor.setPosition(_units(before[: len(before) - end]), QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text[start : len(text) - end])
    cursor.endEditBlock()


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
    return content.files if isinstance(content, Code) else ()


def _texts(content: Content) -> list[str]:
    if isinstance(content, Document):
        return [content.markdown]
    assert isinstance(content, Code)
    return [file.text for file in content.files]
