"""The style sheet for everything Qt draws by itself, made from the colour roles of the theme.

The shared controls paint themselves and are not in here. Special looks hang on dynamic properties: `tone` (a role's
name) colours a QLabel, `look` chooses a surface ('card', 'ground', 'surface', 'sunken', 'toolbar', 'plain').
"""

from __future__ import annotations

from collections.abc import Callable
from string import Template
from typing import TYPE_CHECKING

from forgeapp.paths import resource

if TYPE_CHECKING:
    from forgeapp.ui.theme import Roles

TONES = ("ink_2", "ink_3", "accent", "accent_ink", "good", "warn", "bad", "formula")

_SHEET = """
QWidget { color: $ink; selection-background-color: $accent; selection-color: $accent_ink; }
QMainWindow, QDialog, QMessageBox, QFileDialog { background: $ground; }
QWidget:disabled { color: $ink_3; }

QFrame[look="card"] { background: $raised; border: 1px solid $line; border-radius: 10px; }
QWidget[look="ground"] { background: $ground; }
QWidget[look="surface"] { background: $surface; }
QWidget[look="sunken"] { background: $sunken; }
QWidget[look="raised"] { background: $raised; }
QWidget[look="toolbar"] { background: $surface; border: 0; border-bottom: 1px solid $line_2; }

QToolTip { background: $raised; color: $ink; border: 1px solid $line; padding: 4px 8px; font-size: ${label}px; }

QMenuBar { background: $surface; border: 0; padding: 2px 4px; }
QMenuBar::item { background: transparent; color: $ink_2; padding: 4px 8px; border-radius: 6px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $hover; color: $ink; }

QMenu { background: $raised; border: 1px solid $line; padding: 4px; icon-size: 16px; }
QMenu[look="card"] { border-radius: 8px; }
QMenu::item { background: transparent; color: $ink; padding: 6px 32px 6px 12px; border-radius: 6px; min-width: 112px; }
QMenu::item:selected { background: $hover; }
QMenu::item:disabled { color: $ink_3; background: transparent; }
QMenu::separator { height: 1px; background: $line_2; margin: 4px 8px; }
QMenu::icon { left: 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 8px; }
QMenu::indicator:checked { image: url($tick); }
QMenu::right-arrow { width: 12px; height: 12px; right: 8px; }

QScrollBar { background: transparent; border: 0; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $thumb_on; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: 0; }
QScrollArea { background: transparent; border: 0; }

QLineEdit, QSpinBox, QDoubleSpinBox, QDateEdit, QTimeEdit, QComboBox {
    background: $surface; color: $ink; border: 1px solid $line; border-radius: 6px; padding: 0 8px;
    min-height: 28px;
}
QLineEdit:hover, QSpinBox:hover, QComboBox:hover { border-color: $edge; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QDateEdit:focus, QTimeEdit:focus, QComboBox:focus {
    border: 2px solid $accent; padding: 0 7px; min-height: 26px;
}
QLineEdit, QTextEdit, QPlainTextEdit { placeholder-text-color: $ink_3; }
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled { background: $sunken; }
QLineEdit:read-only { background: $sunken; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit, QComboBox QLineEdit:focus {
    background: transparent; border: 0; padding: 0 0 0 6px; min-height: 0;
}
QLineEdit[look="search"] { padding: 0 4px 0 0; }
QLineEdit[look="search"]:focus { padding: 0 3px 0 0; }
QLineEdit[look="plain"], QLineEdit[look="plain"]:focus { background: transparent; border: 0; padding: 0; }
QLineEdit[look="cell"], QLineEdit[look="cell"]:focus {
    border: 2px solid $accent; border-radius: 4px; padding: 0 5px; min-height: 0;
}
QLineEdit[tone="formula"], QPlainTextEdit[tone="formula"] { color: $formula; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    background: transparent; border: 0; width: 16px;
}
QAbstractSpinBox::up-arrow { image: url($up); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url($chevron); width: 10px; height: 10px; }

QTextEdit, QPlainTextEdit, QTextBrowser {
    background: $surface; color: $ink; border: 1px solid $line; border-radius: 6px; padding: 4px;
}
QTextEdit:focus, QPlainTextEdit:focus, QTextBrowser:focus { border: 2px solid $accent; padding: 3px; }
QTextEdit[look="plain"], QPlainTextEdit[look="plain"], QTextBrowser[look="plain"],
QTextEdit[look="plain"]:focus, QPlainTextEdit[look="plain"]:focus, QTextBrowser[look="plain"]:focus {
    background: transparent; border: 0; border-radius: 0; padding: 0;
}

QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url($chevron); width: 14px; height: 14px; }
QComboBox QAbstractItemView {
    background: $raised; border: 1px solid $line; padding: 4px; outline: 0;
    selection-background-color: $hover; selection-color: $ink;
}

QCheckBox, QRadioButton { background: transparent; spacing: 8px; min-height: 24px; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 14px; height: 14px; border: 1px solid $edge; background: $surface; border-radius: 4px;
}
QRadioButton::indicator { border-radius: 8px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 12px; height: 12px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url($check); }
QRadioButton::indicator:checked { border: 4px solid $accent; width: 8px; height: 8px; background: $accent_ink; }

QPushButton {
    background: $surface; color: $ink; border: 1px solid $line; border-radius: 6px; padding: 0 12px;
    min-height: 30px; min-width: 48px; font-weight: 500;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $line; }
QPushButton:default { background: $accent; color: $accent_ink; border-color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: 0 11px; min-height: 28px; }
QPushButton:default:focus { border-color: $ink; }
QPushButton:disabled { background: $sunken; color: $ink_3; border-color: $line; }
QToolButton { background: transparent; color: $ink_2; border: 0; border-radius: 6px; padding: 4px; }
QToolButton:hover, QToolButton:checked { background: $hover; color: $ink; }
QToolButton:focus { border: 2px solid $accent; padding: 2px; }

QTableView, QListView, QTreeView {
    background: $surface; color: $ink; border: 0; outline: 0; gridline-color: $line_2;
    alternate-background-color: $ground; selection-background-color: $selected; selection-color: $ink;
}
QListView::item, QTreeView::item { padding: 6px 8px; border: 0; }
QListView::item { border-radius: 6px; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $selected; color: $ink; }
QTableView::item { padding: 0 8px; border: 0; }
QListView:focus, QTreeView:focus { border: 2px solid $accent; border-radius: 6px; }
QListView[look="plain"]:focus, QTreeView[look="plain"]:focus { border: 0; }
QHeaderView { background: $surface; border: 0; }
QHeaderView::section {
    background: $ground; color: $ink_3; border: 0; border-right: 1px solid $line; border-bottom: 1px solid $line;
    padding: 0 8px; min-height: 26px; font-size: ${caption}px; font-weight: 500;
}
QHeaderView::section:checked { color: $ink; background: $hover; }
QTableCornerButton::section {
    background: $ground; border: 0; border-right: 1px solid $line; border-bottom: 1px solid $line;
}

QTabWidget::pane { border: 0; border-top: 1px solid $line; }
QTabBar { background: transparent; border: 0; qproperty-drawBase: 0; qproperty-expanding: 0; }
QTabBar::tab {
    background: transparent; color: $ink_2; border: 1px solid transparent; border-bottom: 0; padding: 0 12px;
    min-height: 31px; border-top-left-radius: 8px; border-top-right-radius: 8px; margin-right: 2px;
}
QTabBar::tab:hover { color: $ink; background: $hover; }
QTabBar::tab:selected { background: $surface; color: $ink; border-color: $line; font-weight: 500; }
QTabBar::tab:focus { border: 2px solid $accent; border-bottom: 0; padding: 0 11px; }
QTabBar::tear { width: 0; border: 0; }
QTabBar QToolButton { background: $ground; border-radius: 0; }
QTabBar#code_files QToolButton { background: $surface; padding: 0; }

QProgressBar { background: $line; border: 0; border-radius: 3px; max-height: 6px; min-height: 6px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }

QSplitter { background: $surface; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover, QSplitter::handle:focus { background: $accent; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QStatusBar { background: $ground; border: 0; border-top: 1px solid $line; color: $ink_2; }
QStatusBar::item { border: 0; }
QLabel { background: transparent; border: 0; }
QGroupBox { border: 1px solid $line; border-radius: 10px; margin-top: 8px; padding: 12px; }
"""


def build_stylesheet(roles: Roles, px: Callable[[int], int]) -> str:
    """The sheet in these colours; `px` scales the sizes of text."""
    values: dict[str, object] = {name: getattr(roles, name) for name in type(roles).__slots__}
    values |= {
        "chevron": _mark("chevron-down", roles),
        "up": _mark("chevron-up", roles),
        "check": _mark("check", roles),
        "tick": _mark("tick", roles),
        "caption": px(11),
        "label": px(12),
        "edge": roles.ink_3,
        "thumb": _mix(roles.ink_3, roles.surface, 0.35),
        "thumb_on": _mix(roles.ink_3, roles.surface, 0.7),
    }
    tones = "".join(f'QLabel[tone="{tone}"] {{ color: {getattr(roles, tone)}; }}\n' for tone in TONES)
    return Template(_SHEET).substitute(values) + tones


def _mark(name: str, roles: Roles) -> str:
    """A style sheet cannot recolour a drawing: these few are kept in the colours of both themes."""
    return resource("icons", "marks", f"{name}-{'dark' if roles.is_dark else 'light'}.svg").as_posix()


def _mix(first: str, second: str, share: float) -> str:
    """`share` of the first colour over the second."""
    parts = ((int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in parts)
