"""Every fault of the environment or the input that a user can act on.

ForgeError
├── UsageError                 the call itself is wrong (exit 2)
│   ├── UnknownArtifact
│   ├── UnknownVersion
│   ├── UnknownProvider
│   ├── UnknownModel
│   ├── NoModel                a provider has none
│   ├── UnknownTemplate
│   ├── UnknownReport
│   ├── UnknownSource
│   ├── SelectionNotFound      the open artifact does not hold it
│   └── UnsupportedFormat      this kind does not go into that file format
├── InputError                 a file or text cannot be read
│   ├── UnreadableFile
│   └── TooLarge
├── BlockedError               refused for safety, budget or flags (exit 3)
│   ├── UnsafeContent
│   ├── BudgetExceeded         what the call may cost is more than what is left
│   └── PriceUnknown           a budget is set, and nobody knows what the call costs
├── StorageError               home, database or disk
│   ├── DatabaseDamaged
│   ├── DatabaseTooNew
│   ├── HomeNotWritable
│   └── TargetNotWritable
├── CredentialError
│   ├── KeyringMissing
│   │   └── KeyringLocked
│   └── KeyMissing
├── ProviderError              one attempt at one provider failed; `services.asking.policy` says what follows
│   ├── ProviderUnreachable
│   │   └── CertificateNotTrusted
│   ├── ProviderTimeout
│   ├── StreamBroken
│   ├── RateLimited
│   ├── ProviderFailed         5xx
│   ├── KeyRejected            401, 403
│   │   ├── KeyUnusable        it cannot even be sent
│   │   └── RegionNotServed    whatever the key
│   ├── QuotaExhausted
│   │   └── DailyQuotaUsed
│   ├── RequestRejected        400 and other 4xx
│   ├── ModelNotFound          404 that speaks of the model
│   ├── ContextTooLong
│   ├── ContentRefused
│   ├── PicturesNotTaken       the model cannot see
│   ├── ModelTooLarge          the machine that is to run it has too little memory
│   ├── EmptyReply
│   └── UnreadableReply        not the protocol we speak
├── ProviderLeftOut            it failed again and again, or needs the user; not asked for now
├── NoProvider                 nothing is set up that could answer
├── NothingFits                offline, and no built-in template fits
├── ImagesNotMade              pictures cannot be made
├── TooLongToRevise            the open artifact is more than is sent to a model
├── NothingToExport            no artifact is open
├── NothingToRevise            no artifact is open
├── BaseMoved                  the artifact changed since the version a change was made for
├── ProposalGone               it was decided on already
├── ExportFailed
│   └── ExportDiffers          the written file does not hold what the artifact holds
├── WouldReplace               files stand where others are to be saved
├── WorkerFailed               a child process died, ran out of memory or time
├── NoScreen                   the window cannot be shown
├── TourFailed                 the window did not do what the tour shows
├── Cancelled                  the user stopped it
└── Crashed                    how a bug of ours is told; never raised

Anything that is raised and is not a ForgeError is a bug of ours. Texts are kept as a key, an English template and its
parameters, so that the window can translate them; `str(error)` is the English text.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ForgeError(Exception):
    """A fault the user can act on: `key`, filled `message`, filled `hint` (what to do), `params`.

    Subclasses set `message_template` and `hint_template`; both may name any of the keyword parameters given.
    """

    key: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1
    message_template: ClassVar[str] = "Something went wrong."
    hint_template: ClassVar[str] = ""

    def __init__(self, **params: Any) -> None:
        self.params = params
        super().__init__(self.message)

    @property
    def message(self) -> str:
        return self.message_template.format_map(_Blank(self.params))

    @property
    def hint(self) -> str:
        return self.hint_template.format_map(_Blank(self.params))

    def to_json(self) -> dict[str, str]:
        """The `error` object of the command line contract."""
        return {"type": self.key, "message": self.message, "hint": self.hint}

    def __reduce__(self) -> tuple[Any, ...]:
        return (_rebuild, (type(self), self.params))


def _rebuild(kind: type[ForgeError], params: dict[str, Any]) -> ForgeError:
    return kind(**params)


class _Blank(dict[str, Any]):
    """Leaves an unfilled parameter blank rather than failing while reporting a failure."""

    def __missing__(self, key: str) -> str:
        return ""


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
    message_template = "A {kind} cannot be written as {format}."
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
    hint_template = "Split it into smaller files."


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


class StorageError(ForgeError):
    key = "storage"
    message_template = "{path} cannot be used: {reason}."
    hint_template = "{remedy}"


class DatabaseDamaged(StorageError):
    key = "database_damaged"
    message_template = "The database {path} is damaged: {reason}."
    hint_template = "Put the newest file of {backups} in its place; the damaged file is left as it is."


class DatabaseTooNew(StorageError):
    key = "database_too_new"
    message_template = "The database {path} was written by a newer ForgeApp."
    hint_template = "Install the newest ForgeApp, or use another home with --home."


class HomeNotWritable(StorageError):
    key = "home_not_writable"
    message_template = "The folder {path} cannot be written: {reason}."
    hint_template = "Make it writable, or choose another with --home or FORGEAPP_HOME."


class TargetNotWritable(StorageError):
    key = "target_not_writable"
    message_template = "{path} cannot be written: {reason}."
    hint_template = "Choose a folder you may write to that has free space."


class CredentialError(ForgeError):
    key = "credential"


class KeyringMissing(CredentialError):
    key = "keyring_missing"
    message_template = "This system offers no keyring to keep a key in: {reason}."
    hint_template = (
        "Put the key in an environment variable and name it: "
        "'forgeapp providers set {provider} --key-env VARIABLE'. Keys are never written to a plain file."
    )


class KeyringLocked(KeyringMissing):
    key = "keyring_locked"
    message_template = "The system's keyring is locked, so no key can be read from it or kept in it."
    hint_template = (
        "Unlock it (it opens when you log in to your desktop), or put the key in an environment variable and name it: "
        "'forgeapp providers set {provider} --key-env VARIABLE'."
    )


class KeyMissing(CredentialError):
    key = "key_missing"
    message_template = "No key is set for {provider}."
    hint_template = "Run 'forgeapp keys set {provider}', or set the environment variable {variable}."


class ProviderError(ForgeError):
    """One attempt at one provider failed; `services.asking.policy` says what follows.

    Parameters: provider, model, and where known status, detail (the server's own words), retry_after_s.
    """

    key = "provider"
    message_template = "{provider} failed: {detail}."

    @property
    def retry_after_s(self) -> float | None:
        value = self.params.get("retry_after_s")
        return None if value is None else float(value)


class ProviderUnreachable(ProviderError):
    key = "provider_unreachable"
    message_template = "{provider} cannot be reached at {url}: {detail}."
    hint_template = "Check the network and the address: 'forgeapp providers list'."


class CertificateNotTrusted(ProviderUnreachable):
    key = "certificate_not_trusted"
    message_template = "{provider} at {url} cannot be trusted: {detail}."
    hint_template = (
        "Check the address. If a proxy or a firewall of your firm stands in between, set the environment variable "
        "SSL_CERT_FILE to a file with its certificate (PEM)."
    )


class ProviderTimeout(ProviderError):
    key = "provider_timeout"
    message_template = "{provider} did not answer in time."
    hint_template = "Try again later, or choose another model."


class StreamBroken(ProviderError):
    key = "stream_broken"
    message_template = "The reply of {provider} broke off: {detail}."
    hint_template = "Try again; what had arrived is kept."


class RateLimited(ProviderError):
    key = "rate_limited"
    message_template = "{provider} is answering too many requests right now."
    hint_template = "Wait a minute and try again, or choose another model."


class ProviderFailed(ProviderError):
    key = "provider_failed"
    message_template = "{provider} has a problem of its own (status {status})."
    hint_template = "Try again later, or choose another provider."


class KeyRejected(ProviderError):
    key = "key_rejected"
    message_template = "{provider} rejected the key (status {status})."
    hint_template = "Set a valid key: 'forgeapp keys set {provider}'."


class KeyUnusable(KeyRejected):
    key = "key_unusable"
    message_template = "The key for {provider} holds spaces or signs that no key has, and was not sent."


class RegionNotServed(KeyRejected):
    key = "region_not_served"
    message_template = "{provider} does not serve the country it is asked from: {detail}."
    hint_template = "Choose another provider; a proxy or VPN may make the country look another than it is."


class QuotaExhausted(ProviderError):
    key = "quota_exhausted"
    message_template = "The account at {provider} has no credit left."
    hint_template = "Add credit at the provider, or choose another provider."


class DailyQuotaUsed(QuotaExhausted):
    key = "daily_quota_used"
    message_template = "{provider} gives no more today: the quota of this day is used up."
    hint_template = "It goes on tomorrow by itself. Choose another provider until then, or have the quota raised there."


class RequestRejected(ProviderError):
    key = "request_rejected"
    message_template = "{provider} rejected the request (status {status}): {detail}."
    hint_template = "Check the model's name and the request: 'forgeapp providers models {provider}'."


class ModelNotFound(ProviderError):
    key = "model_not_found"
    message_template = "{provider} has no model {model} (status {status}): {detail}."
    hint_template = "See which it has: 'forgeapp providers models {provider} --refresh'; check the base URL, too."


class ContextTooLong(ProviderError):
    """`offer`: a model that can hold it, 'PROVIDER/MODEL', where one is known."""

    key = "context_too_long"
    message_template = "The request is too long for {model}."
    hint_template = "Shorten it, attach less, or choose {offer}."

    def __init__(self, **params: Any) -> None:
        super().__init__(**{"offer": "a model with a larger context", **params})


class ContentRefused(ProviderError):
    key = "content_refused"
    message_template = "{provider} declined to answer this request: {detail}."
    hint_template = "Reword the request, or choose another model."


class PicturesNotTaken(ProviderError):
    key = "pictures_not_taken"
    message_template = "{model} cannot look at pictures."
    hint_template = "Choose a model that can, or send the message without the picture."


class ModelTooLarge(ProviderError):
    key = "model_too_large"
    message_template = "{provider} has too little memory for {model}: {detail}."
    hint_template = (
        "Choose a smaller model, close other programs, or let it write less: "
        "'forgeapp providers set {provider} --max-output {model}=4096'."
    )


class UnreadableReply(ProviderError):
    key = "unreadable_reply"
    message_template = "{provider} answered with something that is not a reply: {detail}."
    hint_template = "Check the base URL: 'forgeapp providers list'."


class EmptyReply(ProviderError):
    key = "empty_reply"
    message_template = "{provider} answered with nothing."
    hint_template = "Ask again, reword the request, or choose another model."


class ProviderLeftOut(ForgeError):
    """Parameters: provider, failures, wait (as text, '40 s'), cause (the last error's message)."""

    key = "provider_left_out"
    message_template = "{provider} is left out for {wait}: {cause}"
    hint_template = "It is asked again by itself then. Ask it now with 'forgeapp providers test {provider}'."


class NoProvider(ForgeError):
    key = "no_provider"
    message_template = "No provider is set up that could answer."
    hint_template = (
        "Give one of 'forgeapp providers list' its key: 'forgeapp keys set NAME'. A server on this machine is found by "
        "'forgeapp providers find --add', any other is set up by 'forgeapp providers add'. Without a key: "
        "'forgeapp preview REQUEST' gives the prompt to copy into any chat, 'forgeapp paste FILE --request REQUEST' "
        "reads its reply."
    )


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
    key = "export_differs"
    message_template = "{path} was not kept, for it does not hold what the artifact holds: {reason}."


class WouldReplace(ForgeError):
    """Parameters: path (the folder), names (of the files that stand there)."""

    key = "would_replace"
    message_template = "{path} already holds {names}."
    hint_template = "Choose another folder, or add --yes to replace them."


class WorkerFailed(ForgeError):
    key = "worker_failed"
    message_template = "{task} was ended: {reason}."
    hint_template = "Make it smaller and try again."


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
