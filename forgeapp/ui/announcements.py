"""What the workbench tells the user beside his work: one notice each, with what can be done about it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from forgeapp.domain.money import usd_text
from forgeapp.errors import Cancelled, ForgeError
from forgeapp.ui.links import open_path
from forgeapp.ui.notices import Notice, NoticeBar, Tone
from forgeapp.ui.wording import error_text, number_text, size_text, text_below, tr

if TYPE_CHECKING:
    from forgeapp.domain.request import ForgeRequest
    from forgeapp.services.comparing import Hunk
    from forgeapp.ui.workbench import Workbench
    from forgeapp.ui.workbench.chat import Chat, Exchange
    from forgeapp.ui.workbench.export import Export
    from forgeapp.ui.workbench.keeping import Kept
    from forgeapp.ui.workbench.open_artifact import OpenArtifact

_TOLD_HUNKS = 5
_TOLD_REMARKS = 3
_TOLD_ONE_BY_ONE = 3
"""So many exports at once have a notice each."""
_NOTE_FOR_MS = 20_000
"""How long a remark on something that worked stays; it lies over the artifact."""


class Announcements(QObject):
    """`show_history` brings the history of an artifact into view, `show_exports` the list of exports."""

    def __init__(
        self,
        workbench: Workbench,
        notices: NoticeBar,
        show_history: Callable[[OpenArtifact], None],
        show_exports: Callable[[], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._notices = notices
        self._show_history = show_history
        self._show_exports = show_exports
        self._unanswered: int | None = None
        """The notice of a turn nobody answered."""
        workbench.failed.connect(self._on_failed)
        workbench.file_opened.connect(self._on_file_opened)
        workbench.exports.ended.connect(self._on_export_ended)
        workbench.exports.batch_ended.connect(self._on_batch_ended)
        workbench.exports.waiting.connect(self._on_export_waiting)
        workbench.copying.copied.connect(self._on_copied)
        workbench.artifacts.overtaken.connect(self._on_overtaken)
        workbench.artifacts.arrived_aside.connect(self._on_artifact_aside)
        workbench.provider_needs_user.connect(self._on_provider_needs_user)
        workbench.turn_ended.connect(self._on_turn_ended)
        workbench.reports.file_ready.connect(open_path)
        workbench.reviews.fitted.connect(self._on_fitted)
        workbench.keeping.kept.connect(self._on_kept)
        workbench.artifacts.export_opened.connect(self._on_export_opened)
        workbench.revising.nobody_to_ask.connect(self._on_nobody_to_ask)
        workbench.revising.price_asked.connect(self._on_price_asked)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if isinstance(error, ForgeError):
            words = error_text(error)
            self._notices.show_notice(Notice(words.message, "bad", words.hint))
        else:
            sys.excepthook(type(error), error, error.__traceback__)

    def _on_file_opened(self, path: Path, lost: tuple[str, ...]) -> None:
        if lost:
            text = tr("{name} is open. Please note:", name=path.name)
            self._notices.show_notice(Notice(text, "warn", " ".join(map(text_below, lost)), timeout_ms=_NOTE_FOR_MS))

    def _on_export_ended(self, export: Export) -> None:
        if len(self._workbench.exports.batch) > _TOLD_ONE_BY_ONE:
            return  # many at once are told of together
        name = export.target.name
        match export.state:
            case "completed":
                self._notices.show_notice(self._of_written(export))
            case "cancelled":
                self._notices.show_notice(
                    Notice(tr("The export of {name} was stopped; nothing was written.", name=name))
                )
            case "failed" if export.error is None or isinstance(export.error, ForgeError):
                actions: list[tuple[str, Callable[[], object]]] = []
                if export.id is not None:
                    actions.append((tr("Retry"), partial(self._workbench.exports.retry, export)))
                if export.can_be_kept:
                    actions.append((tr("Keep anyway"), partial(self._workbench.exports.keep_anyway, export)))
                    actions.append((tr("Details"), self._show_exports))
                self._notices.show_notice(Notice(export.message, "bad", export.hint, tuple(actions)))

    def _of_written(self, export: Export) -> Notice:
        folder = export.target if export.is_folder else export.target.parent
        actions: list[tuple[str, Callable[[], object]]] = [(tr("Show in folder"), partial(open_path, folder))]
        if export.is_safe_to_open:
            actions.insert(0, (tr("Open"), partial(open_path, export.target)))
        name, size = export.target.name, size_text(export.bytes or 0)
        text = tr("{name} saved · {size}", name=name, size=size)
        remarks = (*export.differences, *export.warnings)
        if not remarks:
            return Notice(text, "good", actions=tuple(actions))
        shown = list(remarks[:_TOLD_REMARKS])
        if len(remarks) > _TOLD_REMARKS:
            shown.append(tr("and {count} more", count=len(remarks) - _TOLD_REMARKS))
            actions.append((tr("Details"), self._show_exports))
        return Notice(text, "warn", "\n".join(shown), tuple(actions), timeout_ms=_NOTE_FOR_MS)

    def _on_batch_ended(self, batch: Sequence[Export]) -> None:
        if len(batch) <= _TOLD_ONE_BY_ONE:
            return
        states = [export.state for export in batch]
        told = [
            tr("{count} files saved", count=number_text(states.count("completed"))),
            tr("{count} failed", count=number_text(states.count("failed"))) if "failed" in states else "",
            tr("{count} stopped", count=number_text(states.count("cancelled"))) if "cancelled" in states else "",
        ]
        tone: Tone = "bad" if "failed" in states else "good"
        self._notices.show_notice(
            Notice(", ".join(filter(None, told)), tone, actions=((tr("Show"), self._show_exports),))
        )

    def _on_export_waiting(self, export: Export) -> None:
        text = tr("{name} waits: as many exports as may begin within a minute have begun.", name=export.target.name)
        hint = tr("It goes on by itself. The limit stands among the settings.")
        self._notices.show_notice(Notice(text, hint=hint))

    def _on_copied(self, told: str) -> None:
        self._notices.show_notice(Notice(told, "good"))

    def _on_kept(self, kept: Kept) -> None:
        if kept.artifact is None:
            self._notices.show_notice(Notice(tr("{title} is a source now.", title=kept.title), "good"))
            return
        text = tr("{title} is an artifact of its own now.", title=kept.title)
        if kept.is_next:
            text = tr("{title} has version {number} now.", title=kept.title, number=kept.number)
        action = (tr("Open"), partial(self._workbench.artifacts.open, kept.artifact))
        self._notices.show_notice(Notice(text, "good", actions=(action,)))

    def _on_export_opened(self, path: Path, artifact: int, title: str) -> None:
        """It may have been edited elsewhere, or be the beginning of something else."""
        artifacts = self._workbench.artifacts
        text = tr("{name} was exported from {title}.", name=path.name, title=title)
        actions = (
            (tr("Next version of it"), partial(artifacts.open_file, path, artifact)),
            (tr("A new file"), partial(artifacts.open_file, path, None, False)),
        )
        self._notices.show_notice(Notice(text, "info", actions=actions, timeout_ms=0))

    def _on_price_asked(self, request: ForgeRequest, cost: int) -> None:
        """Of a quick action; beside the composer, where something else may stand half written."""
        words = request.text.partition("\n")[0]
        text = tr("{words}: about {cost}. Send anyway?", words=words, cost=usd_text(cost))
        action = (tr("Send"), partial(self._workbench.revising.send, request))
        self._notices.show_notice(Notice(text, "warn", actions=(action,)))

    def _on_nobody_to_ask(self) -> None:
        text = tr("There is no model to ask for this.")
        hint = tr(
            "Choose My key or Local model below the message, or give a provider its key on the Configuration page."
        )
        action = (tr("Open Configuration"), self._workbench.configuration_wished.emit)
        self._notices.show_notice(Notice(text, "warn", hint, (action,)))

    def _on_artifact_aside(self, artifact: int, title: str) -> None:
        """Nothing is taken away from who is writing elsewhere."""
        text = tr("{title} is ready.", title=title)
        action = (tr("Show"), partial(self._workbench.artifacts.open, artifact))
        self._notices.show_notice(Notice(text, "good", actions=(action,)))

    def _on_overtaken(self, tab: OpenArtifact, base: int) -> None:
        """A model's change stands above edits made while it was written; those are versions of their own."""
        text = tr("{title} was changed by the model from version {base}.", title=tab.title, base=base)
        hint = tr("What you changed meanwhile is a version of its own: see History, or undo.")
        action = (tr("Show History"), partial(self._show_history, tab))
        self._notices.show_notice(Notice(text, "warn", hint, (action,)))

    def _on_fitted(self, tab: OpenArtifact, unplaced: Sequence[Hunk]) -> None:
        """What of a change has no place any more is told with its text, so that it is not lost."""
        if not unplaced:
            return
        from forgeapp.ui.artifact.changes.words import told

        title, count = tab.title, len(unplaced)
        if self._workbench.reviews.of(tab) is None or self._workbench.reviews.is_outdated(tab):
            text = tr("None of the proposed changes to {title} has a place any more.", title=title)
        elif count == 1:
            text = tr("1 proposed change to {title} has no place any more.", title=title)
        else:
            text = tr("{count} proposed changes to {title} have no place any more.", count=count, title=title)
        shown = [told(hunk) for hunk in unplaced[:_TOLD_HUNKS]]
        rest = count - len(shown)
        shown += [tr("and {count} more", count=rest)] if rest else []
        self._notices.show_notice(Notice(text, "warn", "\n".join(shown)))

    def _on_provider_needs_user(self, error: ForgeError) -> None:
        """Another one takes over; only the user can mend this one."""
        words = error_text(error)
        action = (tr("Open Configuration"), self._workbench.configuration_wished.emit)
        self._notices.show_notice(Notice(words.message, "warn", words.hint, (action,)))

    def _on_turn_ended(self, _chat: Chat, exchange: Exchange) -> None:
        report = exchange.ending.report if exchange.ending is not None else None
        if self._unanswered is not None:
            self._notices.close_notice(self._unanswered)
        if report is None:
            return
        show = partial(self._workbench.reports.file_ready.emit, report.pdf or report.markdown)
        hint = tr("What was tried, and what to do, stands in a report; Activity lists it.")
        notice = Notice(tr("No provider answered."), "warn", hint, ((tr("Open the report"), show),))
        self._unanswered = self._notices.show_notice(notice)
