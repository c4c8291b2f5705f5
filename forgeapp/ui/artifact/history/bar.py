"""The two rows above what a version changed: how it is shown, with which version it is compared, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal, cast

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from forgeapp.ui.artifact.versions import version_name
from forgeapp.ui.controls import Button, HLine, IconButton, Label, MenuButton, SegmentedControl
from forgeapp.ui.theme import CAPTION, px
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.ledger.artifacts import VersionRow

BEFORE: Final = "before"
NEWEST: Final = "newest"
_LISTED: Final = 12

ShownAs = Literal["changes", "sides", "inline", "whole"]


class HistoryBar(QWidget):
    """Signals: `mode_chosen(str)`; `compared(str)`: 'before', 'newest', or the number of a version."""

    mode_chosen = Signal(str)
    compared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.modes = SegmentedControl(
            [
                ("changes", tr("Changes")),
                ("sides", tr("Side by side")),
                ("inline", tr("Inline")),
                ("whole", tr("As it was")),
            ]
        )
        self.modes.setObjectName("history_modes")
        self.modes.setAccessibleName(tr("How it is shown"))
        self.modes.selected.connect(self.mode_chosen)
        self.other = _OtherButton()
        self.other.setObjectName("history_compared")
        self.other.chosen.connect(self.compared)
        self.count = Label("", CAPTION, role="ink_3")
        self.count.setObjectName("history_count")
        self.restore = Button(tr("Restore"), "rotate-cw", small=True)
        self.restore.setObjectName("restore_version")
        self.more = IconButton("ellipsis", tr("More to do with this version"), side=26)
        self.more.setObjectName("version_more")
        upper = QHBoxLayout()
        upper.setContentsMargins(12, 8, 12, 4)
        upper.addWidget(self.modes)
        upper.addStretch(1)
        lower = QHBoxLayout()
        lower.setContentsMargins(6, 0, 8, 6)
        lower.setSpacing(6)
        lower.addWidget(self.other)
        lower.addWidget(self.count)
        lower.addStretch(1)
        lower.addWidget(self.restore)
        lower.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(upper)
        column.addLayout(lower)
        column.addWidget(HLine("line_2"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def mode(self) -> ShownAs:
        return cast(ShownAs, self.modes.value)

    def show_choices(self, rows: Sequence[VersionRow], number: int, other: int, wish: str) -> None:
        """`other`: the version that `number` is compared with; the wish may be another one that cannot be had."""
        self.other.show_choices(rows, number, other, wish)
        self.other.setVisible(self.mode != "whole" and len(rows) > 1)
        self.count.setVisible(self.mode != "whole")

    def show_count(self, words: str) -> None:
        self.count.setText(words)

    def set_roomy(self, has_room: bool) -> None:
        self.restore.set_text(tr("Restore this version") if has_room else tr("Restore"))


class SideCaptions(QWidget):
    """Which version stands on which side."""

    def __init__(self) -> None:
        super().__init__()
        self._labels = [Label("", CAPTION, 500, "ink_3") for _ in range(2)]
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 12, 4)
        for label in self._labels:
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            row.addWidget(label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_pair(self, before: int, after: int) -> None:
        for label, number in zip(self._labels, (before, after), strict=True):
            label.setText(tr("Version {number}", number=number))


class _OtherButton(MenuButton):
    """'Compared with version 2'; its menu offers the one before, the newest, and the newest dozen."""

    def __init__(self) -> None:
        super().__init__("", "git-compare")

    def show_choices(self, rows: Sequence[VersionRow], number: int, other: int, wish: str) -> None:
        newest, first = rows[0].number, rows[-1].number
        choices: list[tuple[str, str, str | None] | None] = [
            (BEFORE, tr("The version before"), None),
            (NEWEST, tr("The newest version"), None),
            None,
        ]
        choices += [(str(row.number), version_name(row), None) for row in rows[:_LISTED] if row.number != number]
        if wish.isdigit() and int(wish) == other and wish not in [choice[0] for choice in choices if choice]:
            row = next(row for row in rows if row.number == other)
            choices.append((wish, version_name(row), None))
        self.set_choices(
            choices, wish if wish.isdigit() and int(wish) == other else BEFORE if other < number else NEWEST
        )
        self.set_choice_enabled(BEFORE, number != first)
        self.set_choice_enabled(NEWEST, number != newest)
        self.set_text(tr("With version {number}", number=other))
        self.setAccessibleName(tr("Compared with version {number}", number=other))

    def set_value(self, value: str) -> None:
        """The words follow once it is known which version that is."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), max(px(26), 26))
