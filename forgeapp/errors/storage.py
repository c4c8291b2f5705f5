"""Home, database, disk and keys."""

from __future__ import annotations

from forgeapp.errors.root import ForgeError


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


class NameTooLong(TargetNotWritable):
    key = "name_too_long"
    message_template = "{path} cannot be written: the name is too long."
    hint_template = "Choose a shorter name; most systems take 255 bytes, which are 85 Chinese characters."


class TargetChanged(TargetNotWritable):
    key = "target_changed"
    message_template = "{path} was changed by another program meanwhile, and was left as it is."
    hint_template = "Look at what stands there now. Export again to replace it, or choose another name."


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
