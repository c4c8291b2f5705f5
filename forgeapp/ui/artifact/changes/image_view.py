"""Two pictures, side by side or one below the other, moved and zoomed together; or one alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from forgeapp.domain.image import Image
from forgeapp.ui.artifact.image.picture_view import PictureView
from forgeapp.ui.artifact.image.sizes import DecodedPicture, decode
from forgeapp.ui.controls import HLine, Label
from forgeapp.ui.theme import LABEL
from forgeapp.ui.wording import tr


@dataclass(frozen=True, slots=True)
class ImagePair:
    """`before` None: there is but one to look at. `decoded` None: that picture cannot be shown."""

    before: Image | None
    after: Image
    decoded_before: DecodedPicture | None
    decoded_after: DecodedPicture | None


def image_pair(before: Image, after: Image, is_alone: bool) -> ImagePair:
    """Off the UI thread: pictures are unpacked, the same one once."""
    decoded_after = decode(after)
    if is_alone:
        return ImagePair(None, after, None, decoded_after)
    is_same = before.data == after.data
    return ImagePair(before, after, decoded_after if is_same else decode(before), decoded_after)


class ImageView(QWidget):
    """Only looked at: signals are those of the views of other kinds, and never sent."""

    decided = Signal(int, bool)
    reopened = Signal(int)
    reached = Signal(int)

    def __init__(self, is_sided: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changes_image")
        self.setAccessibleName(tr("Changes"))
        direction = QBoxLayout.Direction.LeftToRight if is_sided else QBoxLayout.Direction.TopToBottom
        self._box = QBoxLayout(direction, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(1)
        # Side by side each has its version above it already.
        self.before = _Side("" if is_sided else tr("Before"), "picture_before")
        self.after = _Side("" if is_sided else tr("After"), "picture_after")
        self._box.addWidget(self.before, 1)
        self._box.addWidget(self.after, 1)
        self.setFocusProxy(self.after.picture)
        self._is_following = False
        for one, other in ((self.before, self.after), (self.after, self.before)):
            one.picture.zoomed.connect(lambda one=one, other=other: self._follow(one.picture, other.picture))
            for bar in (one.picture.horizontalScrollBar(), one.picture.verticalScrollBar()):
                bar.valueChanged.connect(lambda _at, one=one, other=other: self._follow(one.picture, other.picture))

    @property
    def current(self) -> int | None:
        return None

    @property
    def is_working(self) -> bool:
        return False

    def show_picture(self, pair: ImagePair, _told: Sequence[str], _decisions: Mapping[int, bool] | None) -> None:
        self.before.setVisible(pair.before is not None)
        for side in (self.before, self.after):
            side.show_caption(pair.before is not None)
        self._is_following = True
        if pair.before is not None:
            self.before.show_image(pair.before, pair.decoded_before)
        self.after.show_image(pair.after, pair.decoded_after)
        self._is_following = False

    def show_decisions(self, _hunks: Sequence[int] | None) -> None:
        """There are none."""

    def show_hunk(self, _hunk: int) -> None:
        """All of it is in view."""

    def _follow(self, one: PictureView, other: PictureView) -> None:
        """What is looked at in the one is looked at in the other."""
        if self._is_following or other.isHidden():
            return
        self._is_following = True
        if other.zoom != one.zoom:
            other.set_zoom(one.zoom)
        for mine, theirs in (
            (one.horizontalScrollBar(), other.horizontalScrollBar()),
            (one.verticalScrollBar(), other.verticalScrollBar()),
        ):
            if mine.maximum() > 0:
                theirs.setValue(round(mine.value() / mine.maximum() * theirs.maximum()))
        self._is_following = False


class _Side(QWidget):
    """A picture with what it is above it, and what it shows in words beneath."""

    def __init__(self, caption: str, name: str) -> None:
        super().__init__()
        self._has_caption = bool(caption)
        self.caption = Label(caption, LABEL, 500, "ink_2")
        self.caption.setContentsMargins(12, 6, 12, 6)
        self.picture = PictureView()
        self.picture.setObjectName(name)
        self.words = Label("", LABEL, role="ink_2", wrap=True)
        self.words.setContentsMargins(12, 8, 12, 8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addWidget(self.picture, 1)
        self._line = HLine("line")
        column.addWidget(self._line)
        column.addWidget(self.words)

    def show_caption(self, is_wanted: bool) -> None:
        self.caption.setVisible(is_wanted and self._has_caption)

    def show_image(self, image: Image, decoded: DecodedPicture | None) -> None:
        self.picture.show_picture(decoded)
        words = image.alt if decoded is not None else tr("This picture cannot be shown")
        self.picture.setAccessibleName(words or tr("Picture"))
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._line.setVisible(bool(words))
