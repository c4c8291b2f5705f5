"""The versions of an artifact, what each changed, and the way back to one."""

from forgeapp.ui.artifact.history.view import HistoryView

__all__ = ["HistoryView"]
