"""What stands in place of everything where the services could not be built."""

from __future__ import annotations

from forgeapp.errors import ForgeError
from forgeapp.ui.controls import Button, EmptyState
from forgeapp.ui.wording import error_text, tr


class StartFailure(EmptyState):
    """Why, what to do about it, and the buttons `again` and `leave`."""

    def __init__(self, error: ForgeError) -> None:
        words = error_text(error)
        self.again = Button(tr("Try again"), "rotate-cw", "primary")
        self.leave = Button(tr("Quit"))
        super().__init__("triangle-alert", words.message, words.hint, [self.again, self.leave])
        self.setObjectName("start_failed")
