"""Which editor shows which kind; each is imported when the first artifact of its kind is edited."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from forgeapp.domain.artifact import Kind

if TYPE_CHECKING:
    from forgeapp.ui.artifact.code_editor import CodeEditor
    from forgeapp.ui.artifact.document_editor import DocumentEditor
    from forgeapp.ui.artifact.image_editor import ImageEditor
    from forgeapp.ui.artifact.spreadsheet_editor import SpreadsheetEditor
    from forgeapp.ui.artifact.table_editor import TableEditor
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

    Editor: TypeAlias = TableEditor | SpreadsheetEditor | DocumentEditor | CodeEditor | ImageEditor

EDITORS: Final[Mapping[Kind, tuple[str, str]]] = {
    Kind.TABLE: ("forgeapp.ui.artifact.table_editor", "TableEditor"),
    Kind.SPREADSHEET: ("forgeapp.ui.artifact.spreadsheet_editor", "SpreadsheetEditor"),
    Kind.DOCUMENT: ("forgeapp.ui.artifact.document_editor", "DocumentEditor"),
    Kind.CODE: ("forgeapp.ui.artifact.code_editor", "CodeEditor"),
    Kind.IMAGE: ("forgeapp.ui.artifact.image_editor", "ImageEditor"),
}


def make_editor(artifact: OpenArtifact, workbench: Workbench) -> Editor:
    module, name = EDITORS[artifact.kind]
    return cast("Editor", getattr(import_module(module), name)(artifact, workbench))
