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
│   ├── UnknownExport
│   ├── ExportNotWaiting       it runs or has ended
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
│       ├── NameTooLong        no system keeps a name like that
│       └── TargetChanged      somebody wrote there while an export was under way
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
├── PictureNotRevised          nor changed
├── TooLongToRevise            the open artifact is more than is sent to a model
├── NothingToExport            no artifact is open
├── NothingToRevise            no artifact is open
├── BaseMoved                  the artifact changed since the version a change was made for
├── ProposalGone               it was decided on already
├── ExportFailed
│   └── ExportDiffers          the written file does not hold what the artifact holds
├── WouldReplace               files stand where others are to be saved
├── WorkerFailed               a child process ran out of time
│   ├── WorkerDied             it was killed, or made a mistake of ours
│   └── OutOfMemory
├── NoScreen                   the window cannot be shown
├── TourFailed                 the window did not do what the tour shows
├── Cancelled                  the user stopped it
└── Crashed                    how a bug of ours is told; never raised

Anything that is raised and is not a ForgeError is a bug of ours. Texts are kept as a key, an English template and its
parameters, so that the window can translate them; `str(error)` is the English text.
"""

from __future__ import annotations

from forgeapp.errors.providers import (
    CertificateNotTrusted,
    ContentRefused,
    ContextTooLong,
    DailyQuotaUsed,
    EmptyReply,
    KeyRejected,
    KeyUnusable,
    ModelNotFound,
    ModelTooLarge,
    NoProvider,
    PicturesNotTaken,
    ProviderError,
    ProviderFailed,
    ProviderLeftOut,
    ProviderTimeout,
    ProviderUnreachable,
    QuotaExhausted,
    RateLimited,
    RegionNotServed,
    RequestRejected,
    StreamBroken,
    UnreadableReply,
)
from forgeapp.errors.requests import (
    BlockedError,
    BudgetExceeded,
    ExportNotWaiting,
    InputError,
    NoModel,
    PriceUnknown,
    SelectionNotFound,
    TooLarge,
    UnknownArtifact,
    UnknownExport,
    UnknownModel,
    UnknownProvider,
    UnknownReport,
    UnknownSource,
    UnknownTemplate,
    UnknownVersion,
    UnreadableFile,
    UnsafeContent,
    UnsupportedFormat,
    UsageError,
)
from forgeapp.errors.root import ForgeError
from forgeapp.errors.storage import (
    CredentialError,
    DatabaseDamaged,
    DatabaseTooNew,
    HomeNotWritable,
    KeyMissing,
    KeyringLocked,
    KeyringMissing,
    NameTooLong,
    StorageError,
    TargetChanged,
    TargetNotWritable,
)
from forgeapp.errors.work import (
    BaseMoved,
    Cancelled,
    Crashed,
    ExportDiffers,
    ExportFailed,
    ImagesNotMade,
    NoScreen,
    NothingFits,
    NothingToExport,
    NothingToRevise,
    OutOfMemory,
    PictureNotRevised,
    ProposalGone,
    TooLongToRevise,
    TourFailed,
    WorkerDied,
    WorkerFailed,
    WouldReplace,
)

__all__ = [
    "BaseMoved",
    "BlockedError",
    "BudgetExceeded",
    "Cancelled",
    "CertificateNotTrusted",
    "ContentRefused",
    "ContextTooLong",
    "Crashed",
    "CredentialError",
    "DailyQuotaUsed",
    "DatabaseDamaged",
    "DatabaseTooNew",
    "EmptyReply",
    "ExportDiffers",
    "ExportFailed",
    "ExportNotWaiting",
    "ForgeError",
    "HomeNotWritable",
    "ImagesNotMade",
    "InputError",
    "KeyMissing",
    "KeyRejected",
    "KeyUnusable",
    "KeyringLocked",
    "KeyringMissing",
    "ModelNotFound",
    "ModelTooLarge",
    "NameTooLong",
    "NoModel",
    "NoProvider",
    "NoScreen",
    "NothingFits",
    "NothingToExport",
    "NothingToRevise",
    "OutOfMemory",
    "PictureNotRevised",
    "PicturesNotTaken",
    "PriceUnknown",
    "ProposalGone",
    "ProviderError",
    "ProviderFailed",
    "ProviderLeftOut",
    "ProviderTimeout",
    "ProviderUnreachable",
    "QuotaExhausted",
    "RateLimited",
    "RegionNotServed",
    "RequestRejected",
    "SelectionNotFound",
    "StorageError",
    "StreamBroken",
    "TargetChanged",
    "TargetNotWritable",
    "TooLarge",
    "TooLongToRevise",
    "TourFailed",
    "UnknownArtifact",
    "UnknownExport",
    "UnknownModel",
    "UnknownProvider",
    "UnknownReport",
    "UnknownSource",
    "UnknownTemplate",
    "UnknownVersion",
    "UnreadableFile",
    "UnreadableReply",
    "UnsafeContent",
    "UnsupportedFormat",
    "UsageError",
    "WorkerDied",
    "WorkerFailed",
    "WouldReplace",
]
