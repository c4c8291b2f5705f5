"""The box a message is written and sent from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from forgeapp.domain.money import usd_text
from forgeapp.ui.chat.captions import cost_text, joined, tokens_text
from forgeapp.ui.chat.composer_field import ComposerField
from forgeapp.ui.chat.paste_panel import PastePanel
from forgeapp.ui.chat.pickers import KindPicker, ModelPicker, ModePicker
from forgeapp.ui.controls import Button, Chip, Label
from forgeapp.ui.controls.labels import plain_tooltip
from forgeapp.ui.controls.painting import draw_shadow, fill_round
from forgeapp.ui.icons import KIND_ICONS
from forgeapp.ui.theme import LABEL, color
from forgeapp.ui.wording import tr

if TYPE_CHECKING:
    from forgeapp.domain.request import Selection
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

SHADOW: Final = 8
_RADIUS: Final = 12
_ROOMY: Final = 520
"""From this width on the estimate has room beside Send."""
_MODEL: Final = 120
"""So much of a model's name is seen before the other choices give up their words for it."""


class ComposerBox(QWidget):
    """A card with the chips, the field, the choices and Send; in Copy/paste mode the paste panel takes its place."""

    focus_left = Signal()

    def __init__(self, workbench: Workbench, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("composer_box")
        self._workbench = workbench
        self._is_asking = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SHADOW + 12, SHADOW + 10, SHADOW + 12, SHADOW + 10)
        outer.setSpacing(0)
        self.writing = QWidget(self)
        column = QVBoxLayout(self.writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._build_chips(column)
        self.field = ComposerField()
        column.addWidget(self.field)
        self._build_question(column)
        self._build_bar(column)
        self.paste_panel = PastePanel(workbench, self)
        self.paste_panel.hide()
        outer.addWidget(self.writing)
        outer.addWidget(self.paste_panel)
        self._connect()
        self._put_text()
        self.refresh()

    def _build_chips(self, column: QVBoxLayout) -> None:
        self.chips = QWidget()
        row = self._chip_row = QHBoxLayout(self.chips)
        row.setContentsMargins(0, 0, 0, 2)
        row.setSpacing(6)
        self.chip = _ArtifactChip()
        self.chip.removed.connect(self._on_chip_removed)
        self.chip.clicked.connect(self.field_focus)
        self.add_chip = Button("", "plus", "quiet", small=True)
        self.add_chip.setObjectName("add_artifact")
        self.add_chip.clicked.connect(lambda: self._workbench.composer.set_uses_artifact(True))
        self.anew_chip = Chip(tr("No kept reply"), "rotate-cw", removable=True)
        self.anew_chip.setObjectName("anew_chip")
        self.anew_chip.removed.connect(lambda: self._workbench.composer.set_asks_anew(False))
        self.anew_chip.clicked.connect(self.field_focus)
        self.estimate = Label("", LABEL, role="ink_3")
        self.estimate.setObjectName("estimate")
        row.addWidget(self.chip)
        row.addWidget(self.add_chip)
        row.addWidget(self.anew_chip)
        row.addStretch()
        row.addWidget(self.estimate)
        column.addWidget(self.chips)

    def _build_question(self, column: QVBoxLayout) -> None:
        self.asking = QWidget(self.writing)
        self.asking.setObjectName("ask_above")
        row = QHBoxLayout(self.asking)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        self.asking_label = Label("", weight=500, role="warn", wrap=True)
        self.send_anyway = Button(tr("Send"), kind="primary", small=True)
        self.send_anyway.setObjectName("send_anyway")
        self.send_anyway.clicked.connect(lambda: self._send_now())
        self.not_now = Button(tr("Not now"), small=True)
        self.not_now.setObjectName("not_now")
        self.not_now.clicked.connect(self._stop_asking)
        row.addWidget(self.asking_label, 1)
        row.addWidget(self.send_anyway)
        row.addWidget(self.not_now)
        self.asking.hide()
        column.addWidget(self.asking)

    def _build_bar(self, column: QVBoxLayout) -> None:
        bar = QHBoxLayout()
        bar.setContentsMargins(0, 0, 0, 0)
        bar.setSpacing(2)
        self.kind_picker = KindPicker(self._workbench, self.writing)
        self.mode_picker = ModePicker(self._workbench, self.writing)
        self.model_picker = ModelPicker(self._workbench, self.writing)
        self.send_button = Button(tr("Send"), "send", "primary")
        self.send_button.setObjectName("send")
        self.send_button.setToolTip(tr("Send (Enter)"))
        self.send_button.clicked.connect(self.send)
        self.stop_button = Button(tr("Stop"), "square")
        self.stop_button.setObjectName("stop")
        self.stop_button.clicked.connect(lambda: self._workbench.chat.stop())
        self.queue_button = Button(tr("Queue"), "clock", "quiet")
        self.queue_button.setObjectName("queue_message")
        self.queue_button.setToolTip(tr("Send it after this reply (Enter)"))
        self.queue_button.clicked.connect(self.send)
        self.queue_button.hide()
        # One place for both, as wide as the wider one, so that nothing moves when a turn begins or ends.
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._buttons = QStackedLayout(holder)
        for button in (self.send_button, self.stop_button):
            self._buttons.addWidget(button)
        for picker in (self.kind_picker, self.mode_picker, self.model_picker):
            bar.addWidget(picker)
        bar.addStretch(1)
        bar.addSpacing(6)
        bar.addWidget(self.queue_button)
        bar.addWidget(holder)
        self._bar = bar
        self._holder = holder
        column.addLayout(bar)

    def _connect(self) -> None:
        workbench = self._workbench
        self.field.sent.connect(self.send)
        self.field.recalled.connect(self._recall)
        self.field.left.connect(self._stop_asking)
        self.field.focus_changed.connect(self.update)
        self.field.textChanged.connect(self._on_text_changed)
        self.paste_panel.closed.connect(self._on_paste_closed)
        workbench.composer.changed.connect(self.refresh)
        workbench.status.changed.connect(self._arrange)
        workbench.composer.estimated.connect(self._show_estimate)
        workbench.composer.text_replaced.connect(self._put_text)
        workbench.artifacts.activated.connect(self.refresh)
        workbench.artifacts.versioned.connect(self.refresh)
        workbench.chat_opened.connect(self._on_chat_opened)
        workbench.turn_ended.connect(self.refresh)
        workbench.price_asked.connect(self._on_price_asked)

    def field_focus(self) -> None:
        """The cursor into the field, or into the paste panel in its place."""
        if self.paste_panel.isVisible():
            self.paste_panel.reply.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def send(self) -> None:
        """Sends what stands in the field, or asks first where it may cost more than the user wants unasked.

        While a reply is under way it waits for that; a prompt to be taken elsewhere does not.
        """
        composer = self._workbench.composer
        if not composer.text.strip():
            return
        if composer.is_paste:
            if self._workbench.chat.live is None:
                self._open_paste()
        else:
            self._send_now(is_price_accepted=False)

    def refresh(self) -> None:
        """Shows the choices, the open artifact, and whether a turn is under way."""
        composer, active = self._workbench.composer, self._workbench.artifacts.active
        self.chip.setVisible(active is not None and composer.uses_artifact)
        self.add_chip.setVisible(active is not None and not composer.uses_artifact)
        self.anew_chip.setVisible(composer.asks_anew)
        if active is not None:
            self.chip.show_artifact(active, composer.selection)
            self.add_chip.set_text(_short(active.title, 32))
            self.add_chip.setToolTip(plain_tooltip(tr("Let {title} go along", title=active.title)))
        is_live = self._workbench.chat.live is not None
        button = self.stop_button if is_live else self.send_button
        had_focus = self.send_button.hasFocus() or self.stop_button.hasFocus()
        self._buttons.setCurrentWidget(button)
        if had_focus:
            button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stop_button.setEnabled(is_live and not self._is_stopping)
        self._show_sendable()
        self.send_button.set_text(tr("Make prompt") if composer.is_paste else tr("Send"))
        self._holder.setFixedWidth(max(self.send_button.sizeHint().width(), self.stop_button.sizeHint().width()))
        self._show_estimate()
        self._arrange()

    @property
    def _is_stopping(self) -> bool:
        live = self._workbench.chat.live
        return live is not None and live.is_stopping

    def _on_price_asked(self, chat: Chat, cost: int) -> None:
        """The words are back in the field, with what they would cost."""
        if chat is not self._workbench.chat:
            return
        self._is_asking = True
        self.asking_label.setText(tr("About {cost}. Send anyway?", cost=usd_text(cost)))
        self.asking.show()
        self._show_sendable()
        if self.field.hasFocus() or self.send_button.hasFocus():
            self.send_anyway.setFocus(Qt.FocusReason.OtherFocusReason)

    def _send_now(self, is_price_accepted: bool = True) -> None:
        self._stop_asking()
        workbench = self._workbench
        workbench.send_request(workbench.composer.take(), workbench.chat, is_price_accepted)
        self.refresh()

    def _stop_asking(self) -> None:
        if not self._is_asking:
            return
        self._is_asking = False
        if self.asking.isAncestorOf(self.window().focusWidget() or self):
            self.field_focus()
        self.asking.hide()
        self._show_sendable()

    def _show_sendable(self) -> None:
        has_words = bool(self._workbench.composer.text.strip())
        can_wait = has_words and self._workbench.chat.live is not None and not self._workbench.composer.is_paste
        self.send_button.setEnabled(has_words and not self._is_asking)
        self.queue_button.setEnabled(not self._is_asking)
        if can_wait == self.queue_button.isHidden():
            if self.queue_button.hasFocus():
                self.field_focus()
            self.queue_button.setVisible(can_wait)
            self._fit_pickers()

    def _on_chip_removed(self) -> None:
        """First what is selected, then the artifact."""
        composer = self._workbench.composer
        if composer.selection is not None:
            composer.set_selection(None)
        else:
            composer.set_uses_artifact(False)

    def _open_paste(self) -> None:
        self.writing.hide()
        self.paste_panel.show()
        self.paste_panel.show_text(self._workbench.composer.text)

    def _on_paste_closed(self) -> None:
        """The words still stand in the composer, unless they have been read with a reply."""
        had_focus = self.paste_panel.isAncestorOf(self.window().focusWidget() or self)
        self.paste_panel.hide()
        self.writing.show()
        if had_focus:
            self.field_focus()

    def _recall(self) -> None:
        """The last message that was sent here, to be changed and sent anew."""
        exchanges = self._workbench.chat.exchanges
        if exchanges:
            self._workbench.composer.replace_text(exchanges[-1].text)

    def _on_text_changed(self) -> None:
        self._workbench.composer.set_text(self.field.toPlainText())
        self._show_sendable()
        self._stop_asking()

    def _put_text(self) -> None:
        self.field.put_text(self._workbench.composer.text)
        self._show_sendable()

    def _on_chat_opened(self) -> None:
        self._stop_asking()
        if self.paste_panel.isVisibleTo(self):
            self._on_paste_closed()
        self.refresh()

    def _show_estimate(self) -> None:
        composer = self._workbench.composer
        text = ""
        if composer.estimate is not None and composer.text.strip():
            tokens = tokens_text(composer.estimate.prompt.input_tokens)
            has_price = bool(composer.estimate.estimates) and not composer.is_paste
            text = joined((tokens, cost_text(composer.estimate_nano_usd) if has_price else ""))
        self.estimate.setText(text)
        self._arrange()

    def _arrange(self) -> None:
        """The estimate stands above the field where there are chips or little room, else beside Send."""
        is_roomy = self.width() >= _ROOMY
        has_chip = not all(chip.isHidden() for chip in (self.chip, self.add_chip, self.anew_chip))
        above = has_chip or not is_roomy
        if above and self.estimate.parentWidget() is not self.chips:
            self._bar.removeWidget(self.estimate)
            self._chip_row.addWidget(self.estimate)
        elif not above and self.estimate.parentWidget() is self.chips:
            self._chip_row.removeWidget(self.estimate)
            self._bar.insertWidget(self._bar.indexOf(self.queue_button) - 1, self.estimate)
        self.estimate.setVisible(bool(self.estimate.text()))
        self.chips.setVisible(has_chip or (above and bool(self.estimate.text())))
        self._fit_pickers()

    def _fit_pickers(self) -> None:
        """Where there is little room kind and mode keep their icons only, and a long name of a model is cut."""
        room = self.writing.width() - self._holder.sizeHint().width() - 20
        if not self.queue_button.isHidden():
            room -= self.queue_button.sizeHint().width() + 2
        if self.estimate.parentWidget() is not self.chips and self.estimate.text():
            room -= self.estimate.sizeHint().width() + 12
        model = self.model_picker.full_width if not self.model_picker.isHidden() else 0
        others = (self.kind_picker, self.mode_picker)
        is_compact = sum(picker.full_width for picker in others) + min(model, _MODEL) > room
        for picker in others:
            picker.set_compact(is_compact)
        self.model_picker.setMaximumWidth(max(64, room - sum(picker.sizeHint().width() for picker in others)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._is_asking:
            self._stop_asking()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        card = self.rect().adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        draw_shadow(painter, card, _RADIUS, SHADOW)
        focused = self.field.hasFocus()
        fill_round(painter, card, _RADIUS, color("raised"), color("accent") if focused else color("line"))


class _ArtifactChip(Chip):
    """The open artifact, which goes along with the message until it is taken away."""

    def __init__(self) -> None:
        super().__init__("", "file-text", removable=True)
        self.setObjectName("artifact_chip")

    def show_artifact(self, artifact: OpenArtifact, selection: Selection | None) -> None:
        from forgeapp.ui.artifact.selections import where_words

        if selection is None:
            words = tr("{title}, version {number}", title=artifact.title, number=artifact.version)
        else:
            words = tr(
                "{title}, {part}", title=_short(artifact.title), part=where_words(selection.where, artifact.content)
            )
        self.setToolTip(plain_tooltip(words) if selection is not None else "")
        self._icon_name = KIND_ICONS[artifact.kind]
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()


def _short(title: str, most: int = 22) -> str:
    """So that what is said behind it is seen, too."""
    return title if len(title) <= most else title[: most - 1].rstrip() + "…"
