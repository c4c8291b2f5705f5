"""Changes of an open artifact that are asked for with one click."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from forgeapp.domain.request import Mode
from forgeapp.ui.wording import text_below, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import ForgeRequest, Selection
    from forgeapp.services.revising.quick_actions import QuickAction
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_MAX_TITLE: Final = 120


class Revising(QObject):
    """`language`: the one translated into last, as the user calls it. `nobody_to_ask()`: no model can be asked in the
    mode that is chosen. `price_asked(ForgeRequest, nano-dollars)`: it costs more than goes unasked, `send` goes on."""

    nobody_to_ask = Signal()
    price_asked = Signal(object, object)

    def __init__(self, workbench: Workbench) -> None:
        super().__init__(workbench)
        self._workbench = workbench
        self.language = ""

    def run(self, tab: OpenArtifact, action: QuickAction, selection: Selection | None, language: str = "") -> None:
        """Sends it at once; in Copy/paste mode it stands in the composer. While a reply is under way it waits for that.

        Without a selection the whole artifact is meant.
        """
        if language:
            self.language = language
        composer = self._workbench.composer
        text = f"{_words(tab, action, selection, language)}\n{action.request(language)}"
        request = composer.revision(text, tab.id, selection)
        if composer.is_paste:
            composer.give_back(request, self._workbench.chat)
            composer.wanted.emit()
        elif request.mode is Mode.TEMPLATES or not self._workbench.status.models(request.mode):
            self.nobody_to_ask.emit()
        else:
            self._workbench.look_at_price(request, lambda too_much: self._on_price(request, too_much))

    def send(self, request: ForgeRequest) -> None:
        """What it may cost is known; into the conversation in view."""
        chat = self._workbench.chat
        self._workbench.composer.hold(request, chat)
        self._workbench.send_request(replace(request, conversation=chat.conversation), chat, is_price_accepted=True)

    def _on_price(self, request: ForgeRequest, too_much: int | None) -> None:
        if too_much is None:
            self.send(request)
        else:
            self.price_asked.emit(request, too_much)


def _words(tab: OpenArtifact, action: QuickAction, selection: Selection | None, language: str) -> str:
    """'Shorter: lines 3-5 of Cover letter', on one line: it is what the chat shows."""
    from forgeapp.ui.artifact.selections import where_words

    title = " ".join(tab.title.split())[:_MAX_TITLE]
    name = text_below(action.label)
    if language:
        name = tr("{action} into {language}", action=name, language=language)
    if selection is None:
        return tr("{action}: {title}", action=name, title=title)
    part = where_words(selection.where, tab.content)
    return " ".join(tr("{action}: {part} of {title}", action=name, part=part, title=title).split())
