"""What stands in the way of the work itself: making, changing and exporting artifacts, the window."""

from __future__ import annotations

from forgeapp.errors.root import ForgeError


class NothingFits(ForgeError):
    key = "nothing_fits"
    message_template = "No built-in template fits this request, and there is no model that could answer."
    hint_template = (
        "Give a provider its key with 'forgeapp keys set' or add one with 'forgeapp providers add', see the templates "
        "with 'forgeapp templates list', or copy the prompt of 'forgeapp preview' into any chat and give its reply to "
        "'forgeapp paste'."
    )


class ImagesNotMade(ForgeError):
    key = "images_not_made"
    message_template = "ForgeApp cannot make pictures so far."
    hint_template = "Ask for a table, a document, a spreadsheet or code."


class PictureNotRevised(ForgeError):
    key = "picture_not_revised"
    message_template = "'{title}' is a picture, which ForgeApp cannot change so far."
    hint_template = (
        "Change it in a picture program and open the file as its next version; what it shows, in words, is edited "
        "beneath it."
    )


class TooLongToRevise(ForgeError):
    key = "too_long_to_revise"
    message_template = "'{title}' is too long for a model to change: it has more than {limit} tokens."
    hint_template = (
        "Change it by hand, split it into smaller artifacts, or paste the part that is meant into a message of its own."
    )


class NothingToExport(ForgeError):
    key = "nothing_to_export"
    message_template = "There is no artifact in this conversation to export."
    hint_template = (
        "Make one first, or name one: 'forgeapp export ARTIFACT --to FILE'; 'forgeapp artifacts' lists them."
    )


class NothingToRevise(ForgeError):
    key = "nothing_to_revise"
    message_template = "No file is open that could be changed."
    hint_template = "Open the file that is to be changed, and ask again."


class BaseMoved(ForgeError):
    key = "base_moved"
    message_template = "'{title}' is at version {newest} by now; the change was made for version {base}."
    hint_template = "Fit the change to version {newest}, keep it as a file of its own, or ask again."


class ProposalGone(ForgeError):
    key = "proposal_gone"
    message_template = "This change of '{title}' has been decided on already."
    hint_template = "Its history shows what became of it; ask again for what is still to change."


class ExportFailed(ForgeError):
    key = "export_failed"
    message_template = "{path} could not be written: {reason}."
    hint_template = "What may have stood there before is unchanged. {remedy}"


class ExportDiffers(ExportFailed):
    """Parameters: path, reason (the first differences in words), differences (all of them)."""

    key = "export_differs"
    message_template = "{path} was not kept, for it does not hold what the artifact holds: {reason}."
    hint_template = (
        "What may have stood there before is unchanged. Choose another format, or keep the file with its differences."
    )


class WouldReplace(ForgeError):
    """Parameters: path (the folder), names (of the files that stand there)."""

    key = "would_replace"
    message_template = "{path} already holds {names}."
    hint_template = "Choose another folder, or add --yes to replace them."


class WorkerFailed(ForgeError):
    key = "worker_failed"
    message_template = "{task} was ended: {reason}."
    hint_template = "Make it smaller and try again."


class WorkerDied(WorkerFailed):
    key = "worker_died"
    hint_template = "Try again. If it happens again, please report it with the newest file of the home's 'logs' folder."


class OutOfMemory(WorkerFailed):
    """Parameters: task, limit (MB)."""

    key = "out_of_memory"
    message_template = "{task} was ended: it needed more than the {limit} MB of memory it may have."
    hint_template = "Make it smaller, or allow more with 'forgeapp settings set worker_memory_mb'."


class Cancelled(ForgeError):
    key = "cancelled"
    message_template = "Stopped."


class NoScreen(ForgeError):
    key = "no_screen"
    message_template = "There is no screen to open the window on: {reason}."
    hint_template = (
        "Run 'forgeapp tour' to have the window do its work in the background and leave pictures and files, or use the "
        "verbs: 'forgeapp --help'."
    )


class TourFailed(ForgeError):
    key = "tour_failed"
    message_template = "The tour stopped at {step}: {reason}."
    hint_template = "Run 'forgeapp doctor'; if it finds nothing, please report this."


class Crashed(ForgeError):
    key = "crashed"
    message_template = "ForgeApp made a mistake of its own; nothing that was stored is lost."
    hint_template = "The details stand in the newest file of the home's 'logs' folder. Please report it with them."
