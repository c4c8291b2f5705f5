"""What is not right in a file of code, found in a child process."""

from __future__ import annotations

from typing import Any, Final

from forgeapp.domain.cancel import CancelToken
from forgeapp.domain.code import CodeFile
from forgeapp.domain.finding import Finding, Severity
from forgeapp.domain.publication import Progress
from forgeapp.domain.wording import Text
from forgeapp.errors import WorkerFailed
from forgeapp.services.workers import Limits, Workers

LIMITS: Final = Limits(memory_mb=600, timeout_s=10)
"""A megabyte of any language takes some seconds; what takes longer is made to."""


class Checking:
    def __init__(self, workers: Workers, limits: Limits = LIMITS) -> None:
        self._workers = workers
        self._limits = limits

    def check(self, file: CodeFile, cancel: CancelToken) -> tuple[Finding, ...]:
        """By place in the file; without a child where there is nothing to read.

        A text made to be slow or large gives one hint that it was given up. Raises Cancelled.
        """
        if not file.text.strip():
            return ()
        try:
            answer = self._workers.run("check", file, self._limits, cancel)
        except WorkerFailed as error:
            message = Text("not_checked", "The file could not be checked: {reason}.", reason=error.params["reason"])
            return (Finding(file.name, 1, 1, 1, Severity.HINT, "not_checked", message),)
        return tuple(Finding.from_json(each) for each in answer)


def check_task(file: CodeFile, progress: Progress) -> list[dict[str, Any]]:
    from forgeapp.learning.checking import check_file

    del progress
    return [finding.to_json() for finding in check_file(file)]
