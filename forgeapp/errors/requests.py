"""What is asked for is wrong, cannot be read, or is refused."""

from __future__ import annotations

from typing import Any

from forgeapp.errors.root import ForgeError


class UsageError(ForgeError):
    key = "usage"
    exit_code = 2
    message_template = "{reason}"
    hint_template = "Run 'forgeapp --help' for the verbs and their options."


class UnknownArtifact(UsageError):
    key = "unknown_artifact"
    message_template = "There is no artifact {artifact}."
    hint_template = "Run 'forgeapp artifacts' to see what there is."


class UnknownVersion(UsageError):
    key = "unknown_version"
    message_template = "Artifact {artifact} has no version {version}."
    hint_template = "Its versions are 1 to {newest}."


class UnknownProvider(UsageError):
    key = "unknown_provider"
    message_template = "There is no provider named {provider}."
    hint_template = "Run 'forgeapp providers list' to see them, 'forgeapp providers add' to add one."


class UnknownModel(UsageError):
    key = "unknown_model"
    message_template = "Provider {provider} has no model {model}."
    hint_template = "Run 'forgeapp providers models {provider}' to see its models."


class NoModel(UsageError):
    key = "no_model"
    message_template = "{provider} has no model that could be asked."
    hint_template = (
        "Run 'forgeapp providers models {provider} --refresh', or name one: "
        "'forgeapp providers set {provider} --model MODEL'."
    )


class UnknownTemplate(UsageError):
    key = "unknown_template"
    message_template = "There is no template {template}."
    hint_template = "Run 'forgeapp templates list' to see them."


class UnknownReport(UsageError):
    key = "unknown_report"
    message_template = "There is no failure report {report}."
    hint_template = "Run 'forgeapp reports list' to see them; this one may have been removed."


class UnknownExport(UsageError):
    key = "unknown_export"
    message_template = "There is no export {export}."
    hint_template = "'forgeapp exports' lists them."


class ExportNotWaiting(UsageError):
    """Parameters: export, status (queued, running, completed, failed, cancelled)."""

    key = "export_not_waiting"
    message_template = "Export {export} is {status}."
    hint_template = "'forgeapp exports' shows what becomes of it; 'forgeapp exports retry {export}' does it again."


class UnknownSource(UsageError):
    key = "unknown_source"
    message_template = "There is no source {source}."
    hint_template = "Run 'forgeapp sources' to see what there is."


class SelectionNotFound(UsageError):
    key = "selection_not_found"
    message_template = "The selection does not stand in '{title}': {selection}"
    hint_template = "Give words or cells exactly as they stand there."


class UnsupportedFormat(UsageError):
    key = "unsupported_format"
    message_template = "No {kind} can be written as {format}."
    hint_template = "Choose one of: {formats}."


class InputError(ForgeError):
    key = "input"
    message_template = "{source} cannot be read: {reason}."
    hint_template = "{remedy}"


class UnreadableFile(InputError):
    key = "unreadable_file"


class TooLarge(InputError):
    key = "too_large"
    message_template = "{source} is too large: {reason}."

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"remedy": "Split it into smaller files.", **params})


class BlockedError(ForgeError):
    key = "blocked"
    exit_code = 3
    message_template = "{reason}"
    hint_template = "{remedy}"


class UnsafeContent(BlockedError):
    key = "unsafe_content"
    message_template = "{where} holds something that is not written: {reason}."
    hint_template = "Remove it, or replace it by its value, and export again."


class BudgetExceeded(BlockedError):
    """Parameters: budget (what it is called), amount, left, most (each as text, '$ 7.61'), model."""

    key = "budget_exceeded"
    message_template = "{budget} does not allow this: {left} of {amount} is left, and the call may cost {most}."
    hint_template = (
        "Raise the budget with 'forgeapp budget set', choose a cheaper or a local model, or go on with templates and "
        "copy/paste, which cost nothing."
    )


class PriceUnknown(BlockedError):
    """Parameters: provider, model."""

    key = "price_unknown"
    message_template = "There is a budget, and what {provider}/{model} costs is not known."
    hint_template = (
        "Set its price with 'forgeapp providers set {provider} --price {model}=IN/OUT' (USD per million tokens), or "
        "allow it without one: 'forgeapp providers set {provider} --allow-unknown-price {model}'."
    )
