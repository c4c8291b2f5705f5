"""The editor of images: the picture to look at, its description to edit, its facts. No pixel is changed here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from forgeapp.domain.content import Content
from forgeapp.domain.image import Image
from forgeapp.ui.artifact.image.clipboard import picture_data
from forgeapp.ui.artifact.image.description import DescriptionField
from forgeapp.ui.artifact.image.picture_view import STEP, PictureView
from forgeapp.ui.artifact.image.sizes import DecodedPicture, decode
from forgeapp.ui.controls import Button, ElidedLabel, EmptyState, HLine, IconButton, Label, LateBusy, Menu
from forgeapp.ui.icons import icon
from forgeapp.ui.jobs import Job, Lane, ignore_cancelled
from forgeapp.ui.theme import LABEL, px
from forgeapp.ui.wording import number_text, size_text, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_COPIED_MS: Final = 1_500
_NARROW: Final = 480


class ImageEditor(QWidget):
    """`picture` above, `description` beneath it, facts and zoom at the foot."""

    asking = None
    """Nothing in a picture can be selected and changed in words."""

    def __init__(self, artifact: OpenArtifact, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.artifact = artifact
        self._workbench = workbench
        self._job: Job | None = None
        self._decoded: Image | None = None
        self.setObjectName("image_editor")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("look", "surface")
        self.picture = PictureView()
        self.failure = EmptyState(
            "triangle-alert",
            tr("This picture cannot be shown"),
            tr("Its bytes may be damaged. History has the versions before."),
            parent=self.picture,
        )
        self.failure.setObjectName("picture_failure")
        self.failure.hide()
        self._busy = LateBusy(self.picture)
        self.description = DescriptionField()
        self.facts = ElidedLabel("", LABEL, role="ink_3")
        self.facts.setObjectName("picture_facts")
        self.share = Label("", LABEL, role="ink_2")
        self.share.setObjectName("zoom_share")
        self.smaller = IconButton("zoom-out", tr("Smaller"), "-", side=28)
        self.smaller.setObjectName("zoom_out")
        self.larger = IconButton("zoom-in", tr("Larger"), "+", side=28)
        self.larger.setObjectName("zoom_in")
        self.fit = Button(tr("Fit"), kind="quiet", small=True)
        self.fit.setObjectName("zoom_fit")
        self.copy = IconButton("copy", tr("Copy the picture"), "Ctrl+C", side=28)
        self.copy.setObjectName("copy_picture")
        self._copy_action = self._action(tr("Copy the picture"), "copy", self.copy_picture, "Ctrl+C")
        self._actions = [
            self._action(tr("Fit"), "maximize", lambda: self.picture.set_zoom(None)),
            self._action(tr("Actual size"), "image", lambda: self.picture.set_zoom(1.0)),
            self._action(tr("Larger"), "zoom-in", lambda: self._zoom(STEP)),
            self._action(tr("Smaller"), "zoom-out", lambda: self._zoom(1 / STEP)),
        ]
        self._lay_out()
        self.picture.addAction(self._copy_action)
        self.picture.zoomed.connect(self._tell_zoom)
        self.smaller.clicked.connect(lambda: self._zoom(1 / STEP))
        self.larger.clicked.connect(lambda: self._zoom(STEP))
        self.fit.clicked.connect(self._on_fit)
        self.copy.clicked.connect(self.copy_picture)
        self.description.taken.connect(self._on_described)
        self.description.undo_wished.connect(artifact.undo_stack.undo)
        self.description.redo_wished.connect(artifact.undo_stack.redo)
        artifact.changed.connect(self._on_changed)
        self.setFocusProxy(self.picture)
        self._on_changed()
        self._tell_zoom()

    @property
    def image(self) -> Image:
        return cast(Image, self.artifact.content)

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is the picture as it stands, or that it cannot be."""
        return self._job is None

    def selection_for_asking(self, is_chosen: bool = False) -> Selection | None:  # noqa: ARG002
        return None

    def selection_for_copying(self) -> None:
        """A picture is copied as a whole."""

    def finish_editing(self) -> None:
        """Takes what is being typed as its description."""
        self.description.finish()

    def actions_for_menu(self) -> list[QAction]:
        return [self._copy_action, *self._actions]

    def copy_picture(self) -> None:
        """As a picture, and as the very file, for programs that take one."""
        shown = self.picture.picture
        if shown is None:
            return
        QGuiApplication.clipboard().setMimeData(picture_data(self.image, shown.whole))
        self.copy.set_icon("check")
        QTimer.singleShot(_COPIED_MS, self.copy, lambda: self.copy.set_icon("copy"))

    def _lay_out(self) -> None:
        described = QHBoxLayout()
        described.setContentsMargins(12, 8, 12, 8)
        described.setSpacing(8)
        label = Label(tr("Description"), LABEL, 500, "ink_2")
        label.setBuddy(self.description)
        described.addWidget(label)
        described.addWidget(self.description, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 12, 4)
        foot.setSpacing(4)
        foot.addWidget(self.facts, 1)
        foot.addWidget(self.share)
        for widget in (self.smaller, self.fit, self.larger, self.copy):
            foot.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.picture, 1)
        column.addWidget(HLine("line"))
        column.addLayout(described)
        column.addWidget(HLine("line"))
        column.addLayout(foot)

    def _action(self, words: str, icon_name: str, run: object, keys: str = "") -> QAction:
        action = QAction(icon(icon_name), words, self)
        action.triggered.connect(lambda _checked=False: run())  # type: ignore[operator]
        if keys:
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return action

    def _zoom(self, factor: float) -> None:
        self.picture.set_zoom(self.picture.scale * factor)

    def _on_fit(self) -> None:
        self.picture.set_zoom(1.0 if self.picture.zoom is None else None)

    def _on_described(self, text: str) -> None:
        before = self.image.alt

        def described(alt: str, content: Content) -> Content:
            return replace(cast(Image, content), alt=alt)

        self.artifact.edit(
            tr("Describe the picture"),
            lambda content: described(text, content),
            lambda content: described(before, content),
        )

    def _on_changed(self, _where: object = None) -> None:
        image = self.image
        self.description.show_text(image.alt)
        self.picture.setAccessibleName(
            tr("Picture: {description}", description=image.alt) if image.alt else tr("Picture")
        )
        if self._decoded is not None and self._decoded.data == image.data:
            return
        self._decoded = image
        self._drop()
        self._busy.begin()
        self._job = self._workbench.jobs.run(
            lambda _cancel: decode(image), self._on_decoded, ignore_cancelled(self._on_failed), Lane.VIEWS
        )
        self._tell_facts(None)

    def _drop(self) -> None:
        job, self._job = self._job, None
        if job is not None:
            job.drop()

    def _on_decoded(self, picture: DecodedPicture | None) -> None:
        if not isValid(self):
            return  # its tab was closed meanwhile
        self._job = None
        self._busy.end()
        self.picture.show_picture(picture)
        self.failure.setVisible(picture is None)
        for control in (self.smaller, self.larger, self.fit, self.copy):
            control.setEnabled(picture is not None)
        for action in self.actions_for_menu():
            action.setEnabled(picture is not None)
        self._tell_facts(picture)

    def _on_failed(self, error: Exception) -> None:
        self._job = None
        self._busy.end()
        self._workbench.failed.emit(error)

    def _tell_facts(self, picture: DecodedPicture | None) -> None:
        image = self.image
        sides = {"width": number_text(image.width), "height": number_text(image.height)}
        is_narrow = self.width() < px(_NARROW)
        size = tr("{width} × {height}", **sides) if is_narrow else tr("{width} × {height} pixels", **sides)
        parts = [image.format_name, size, size_text(len(image.data))]
        if picture is not None and picture.is_transparent and not is_narrow:
            parts.append(tr("transparent"))
        self.facts.setText(" · ".join(parts))
        self.share.setVisible(not is_narrow)

    def _tell_zoom(self) -> None:
        self.share.setText(tr("{share} %", share=number_text(self.picture.scale * 100)))
        is_fitted = self.picture.zoom is None
        self.fit.set_text(tr("Actual size") if is_fitted else tr("Fit"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell_facts(self.picture.picture)
        self.failure.setGeometry(self.picture.rect())
        self._busy.move((self.width() - 20) // 2, self.picture.height() // 2)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = Menu(self)
        menu.setObjectName("picture_menu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions_for_menu())
        menu.popup(event.globalPos())

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)
