"""The grid that the table and the spreadsheet share: look, keyboard, selection, editing in cells, clipboard."""

from forgeapp.domain.cell_block import Block
from forgeapp.domain.tab_separated import from_tsv, to_tsv
from forgeapp.ui.artifact.grid.cell_editor import CellEditor
from forgeapp.ui.artifact.grid.delegate import CellDelegate
from forgeapp.ui.artifact.grid.find_bar import FindScope, GridFindBar
from forgeapp.ui.artifact.grid.header import GridHeader
from forgeapp.ui.artifact.grid.html_cells import from_html, to_html
from forgeapp.ui.artifact.grid.late_paste import LatePaste
from forgeapp.ui.artifact.grid.model import CellLook, GridModel, HeaderMarks
from forgeapp.ui.artifact.grid.name_editor import NameEditor
from forgeapp.ui.artifact.grid.search import Line, Searchable, Searched
from forgeapp.ui.artifact.grid.typing import Typing, go_on_typing, lift_typing
from forgeapp.ui.artifact.grid.view import GridView

__all__ = [
    "Block",
    "CellDelegate",
    "CellEditor",
    "CellLook",
    "FindScope",
    "GridFindBar",
    "GridHeader",
    "GridModel",
    "GridView",
    "HeaderMarks",
    "LatePaste",
    "Line",
    "NameEditor",
    "Searchable",
    "Searched",
    "Typing",
    "from_html",
    "from_tsv",
    "go_on_typing",
    "lift_typing",
    "to_html",
    "to_tsv",
]
