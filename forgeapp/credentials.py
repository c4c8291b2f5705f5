"""Keys: this session's, then the keyring's, then an environment variable's; never a plain file."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from forgeapp.domain.secret import Secret, variable_for
from forgeapp.errors import KeyringMissing, UsageError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = ["Credentials", "Secret"]

_INDEX: Final = "(names)"
"""The keyring cannot list what it holds, so one entry of it lists the names."""
_RECOMMENDED: Final = 1.0
"""keyring's own measure: backends of a lower priority are plain files, or none at all."""


class Credentials:
    """The keys of one home. Keys in the keyring belong to the home's folder, by whatever path it was reached."""

    def __init__(self, home: Path) -> None:
        place = hashlib.sha256(str(home.expanduser().resolve()).encode()).hexdigest()[:16]
        self._service = f"forgeapp:{place}"
        self._session: dict[str, Secret] = {}

    def get(self, provider: str, env: str | None = None) -> Secret | None:
        """The key, or None. `env` names the variable; by convention 'my-groq' has MY_GROQ_API_KEY.

        A keyring that is missing or locked is passed over.
        """
        if held := self._session.get(provider):
            return held
        try:
            kept = self._read(provider)
        except KeyringMissing:
            kept = None
        value = (kept or os.environ.get(env or variable_for(provider)) or "").strip()
        return Secret(value) if value else None

    def source(self, provider: str, env: str | None = None) -> str | None:
        """Where `get` finds the key: 'session', 'keyring', 'environment:VARIABLE', None for nowhere."""
        if provider in self._session:
            return "session"
        try:
            if self._read(provider):
                return "keyring"
        except KeyringMissing:
            pass
        variable = env or variable_for(provider)
        return f"environment:{variable}" if os.environ.get(variable, "").strip() else None

    def set(self, provider: str, value: str | Secret) -> None:
        """Keeps the key in the system's keyring. Raises KeyringMissing, UsageError for what can be no key."""
        secret = _checked(provider, value)
        self._write(provider, secret)
        if provider not in (names := self._index()):
            self._write_index([*names, provider])

    def set_for_session(self, provider: str, value: str | Secret) -> None:
        """Holds the key until the program ends. Raises UsageError for what can be no key."""
        self._session[provider] = _checked(provider, value)

    def delete(self, provider: str) -> bool:
        """Forgets the key; False when there was none. Variables are the user's own. Raises KeyringMissing."""
        had = self._session.pop(provider, None) is not None
        if self._read(provider) is not None:
            self._remove(provider)
            had = True
        if provider in (names := self._index()):
            self._write_index([name for name in names if name != provider])
        return had

    def names(self) -> list[str]:
        """The providers whose keys the keyring or this session holds, sorted. Raises KeyringMissing."""
        return sorted({*self._index(), *self._session})

    def _index(self) -> list[str]:
        try:
            names = json.loads(self._read(_INDEX) or "[]")
        except ValueError:
            names = []
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _write_index(self, names: list[str]) -> None:
        self._write(_INDEX, Secret(json.dumps(names)))

    def _read(self, name: str) -> str | None:
        backend = _backend(name)
        try:
            return backend.get_password(self._service, name)
        except Exception as error:  # noqa: BLE001 - backends raise their own libraries' errors, of any class
            failure = _missing(name, error)
        raise failure

    def _write(self, name: str, secret: Secret) -> None:
        backend = _backend(name)
        try:
            backend.set_password(self._service, name, secret.reveal())
            return
        except Exception as error:  # noqa: BLE001 - as above; raised below, away from frames that hold the key
            failure = _missing(name, error)
        raise failure

    def _remove(self, name: str) -> None:
        backend = _backend(name)
        try:
            backend.delete_password(self._service, name)
            return
        except Exception as error:  # noqa: BLE001 - as above
            failure = _missing(name, error)
        raise failure


def _checked(provider: str, value: str | Secret) -> Secret:
    secret = Secret((value.reveal() if isinstance(value, Secret) else value).strip())
    if not provider or provider == _INDEX:
        raise UsageError(reason="A key needs the name of its provider.")
    if not secret.is_sendable:
        raise UsageError(reason=f"This is no key for {provider}: it is empty, or holds spaces or signs no key has.")
    return secret


def _missing(provider: str, error: Exception) -> KeyringMissing:
    """Only the class of a foreign error is told: its text may hold what was to be kept."""
    return KeyringMissing(provider=_shown(provider), reason=f"it failed with {type(error).__name__}")


def _shown(provider: str) -> str:
    return "NAME" if provider == _INDEX else provider


def _backend(provider: str) -> KeyringBackend:
    """The keyring's backend, or the first of several, that keeps keys encrypted. Raises KeyringMissing."""
    import keyring

    try:
        chosen = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - a backend named by the environment may fail in any way
        failure = _missing(provider, error)
    else:
        # A chain would pass a key on to its next backend when the first cannot write, so it is never used itself.
        candidates: list[KeyringBackend] = list(getattr(chosen, "backends", None) or [chosen])
        for candidate in candidates:
            if _is_safe(candidate):
                return candidate
        refused = ", ".join(f"{type(one).__module__}.{type(one).__name__}" for one in candidates)
        failure = KeyringMissing(provider=_shown(provider), reason=f"{refused} does not keep keys safely")
    raise failure


def _is_safe(backend: KeyringBackend) -> bool:
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}".lower()
    if kind.__module__.startswith(("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")):
        return False
    if "plain" in name or "unencrypted" in name:
        return False
    try:
        return float(backend.priority) >= _RECOMMENDED
    except Exception:  # noqa: BLE001 - `priority` raises where the backend cannot work here
        return False
