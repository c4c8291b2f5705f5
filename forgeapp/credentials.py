"""Keys: this session's, then the keyring's, then an environment variable's; never a plain file of ours.

A provider may have several: one without a name, and named ones beside it ('acme', 'acme/work'). Apart from the user's
own there may be app keys, which a distributor ships with the program.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from forgeapp.domain.secret import Secret, as_variable, looks_like_key, variable_for
from forgeapp.errors import KeyringLocked, KeyringMissing, UnreadableFile, UsageError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

__all__ = ["APP_KEY_SOURCE", "Credentials", "Secret", "check_key_name"]

_Answer = TypeVar("_Answer")

APP_KEY_SOURCE: Final = "app"
"""What a call with an app key is noted with."""

_INDEX: Final = "(names)"
"""The keyring cannot list what it holds, so one entry of it lists the names."""
_LOCK: Final = "keys.lock"
_LOCK_WAIT_S: Final = 30.0
_LEFT_ALONE_S: Final = 60.0
"""A locked keyring asks for its password each time it is read; once the user declined, it is not read for so long."""
_RECOMMENDED: Final = 1.0
"""keyring's own measure: backends of a lower priority are plain files, or none at all."""
_NO_KEYRING: Final = "keyring.backends.fail"
"""What keyring gives where there is none."""
_KEY_NAME: Final = re.compile(r"[\w.-]{1,40}")
_SOURCES: Final = frozenset({"session", "keyring"})
_NOT_NAMES: Final = _SOURCES | {APP_KEY_SOURCE, "none"}
"""What would be mistaken for something else in a list of calls, or on the command line."""
_APP_KEY_VARIABLE: Final = "FORGEAPP_APP_KEY_"
_APP_KEYS_VARIABLE: Final = "FORGEAPP_APP_KEYS"
_MOST_APP_KEY_CHARS: Final = 65_536


class Credentials:
    """The keys of one home. Keys in the keyring belong to the home's folder, by whatever path it was reached.

    `shipped_app_keys`: the file of app keys that came with the program, if there is one.
    """

    def __init__(self, home: Path, shipped_app_keys: Path | None = None) -> None:
        self._home = home.expanduser()
        place = hashlib.sha256(str(self._home.resolve()).encode()).hexdigest()[:16]
        self._service = f"forgeapp:{place}"
        self._session: dict[str, Secret] = {}
        self._shipped_app_keys = shipped_app_keys
        self.keyring_fault: KeyringMissing | None = None
        """Why the keyring was passed over when a key was last looked for; None where it answered."""
        self._left_alone_until = 0.0

    def get(self, provider: str, env: str | None = None, name: str | None = None) -> Secret | None:
        """The key, or None. `name`: which of several; another one never stands in for it.

        `env` names the variable; by convention 'my-groq' has MY_GROQ_API_KEY, its key 'work' MY_GROQ_WORK_API_KEY. A
        keyring that is missing or locked is passed over.
        """
        entry = _entry(provider, name)
        variable = self.variable(provider, env, name)
        return self._session.get(entry) or self._kept(entry) or _from_environment(variable)

    def variable(self, provider: str, env: str | None = None, name: str | None = None) -> str:
        """The environment variable the key may stand in."""
        return env or variable_for(_entry(provider, name))

    def source(self, provider: str, env: str | None = None, name: str | None = None) -> str | None:
        """Where `get` finds the key: 'session', 'keyring', 'environment:VARIABLE', None for nowhere."""
        entry = _entry(provider, name)
        if entry in self._session:
            return "session"
        if self._kept(entry):
            return "keyring"
        variable = self.variable(provider, env, name)
        return f"environment:{variable}" if _from_environment(variable) else None

    def label(self, provider: str, env: str | None = None, name: str | None = None) -> str | None:
        """What a call with this key is noted with: the key's name where it has one, else its source."""
        source = self.source(provider, env, name)
        return name if name and source in _SOURCES else source

    def set(self, provider: str, value: str | Secret, name: str | None = None) -> None:
        """Keeps the key in the system's keyring. Raises KeyringMissing, UsageError for what can be no key or name."""
        secret = _checked(provider, value, name)
        entry = _entry(provider, name)
        self._write(entry, secret)
        self._left_alone_until = 0.0
        with self._sole_writer():
            if entry not in (names := self._index()):
                self._write_index([*names, entry])

    def set_for_session(self, provider: str, value: str | Secret, name: str | None = None) -> None:
        """Holds the key until the program ends. Raises UsageError for what can be no key or name."""
        self._session[_entry(provider, name)] = _checked(provider, value, name)

    def delete(self, provider: str, name: str | None = None) -> bool:
        """Forgets the key; False when there was none. Variables are the user's own. Raises KeyringMissing."""
        entry = _entry(provider, name)
        had = self._session.pop(entry, None) is not None
        if self._read(entry) is not None:
            self._remove(entry)
            had = True
        with self._sole_writer():
            if entry in (names := self._index()):
                self._write_index([other for other in names if other != entry])
        return had

    def names(self) -> list[str]:
        """The keys that the keyring or this session holds, sorted: 'provider', or 'provider/name' for one with a name.

        Raises KeyringMissing.
        """
        return sorted({*(entry for entry in self._index() if self._read(entry) is not None), *self._session})

    def app_key(self, provider: str) -> Secret | None:
        """The distributor's key for this provider, or None.

        From FORGEAPP_APP_KEY_<PROVIDER>, else from the JSON file {provider: key} that FORGEAPP_APP_KEYS names, else
        from the one that came with the program. A file that cannot be read is passed over; `check_app_keys` tells.
        """
        return _from_environment(_APP_KEY_VARIABLE + as_variable(provider)) or self._filed_app_keys.get(provider)

    def app_providers(self) -> list[str]:
        """The providers there is an app key for, sorted; FORGEAPP_APP_KEY_MY_GROQ is read as 'my-groq'."""
        variables = [variable for variable in os.environ if variable.startswith(_APP_KEY_VARIABLE)]
        named = [variable.removeprefix(_APP_KEY_VARIABLE).lower().replace("_", "-") for variable in variables]
        return sorted({*(name for name in named if name and self.app_key(name)), *self._filed_app_keys})

    def check_app_keys(self) -> Path | None:
        """The file of app keys in use, None where there is none. Raises UnreadableFile."""
        path = self._app_key_file()
        if path is not None:
            _read_app_keys(path)
        return path

    @cached_property
    def _filed_app_keys(self) -> dict[str, Secret]:
        path = self._app_key_file()
        try:
            return _read_app_keys(path) if path is not None else {}
        except UnreadableFile:
            return {}

    def _app_key_file(self) -> Path | None:
        if named := os.environ.get(_APP_KEYS_VARIABLE):
            return Path(named)
        shipped = self._shipped_app_keys
        return shipped if shipped is not None and shipped.is_file() else None

    def _kept(self, entry: str) -> Secret | None:
        if time.monotonic() < self._left_alone_until:
            return None
        try:
            kept = self._read(entry)
        except KeyringMissing as error:
            self.keyring_fault = error
            if isinstance(error, KeyringLocked):
                self._left_alone_until = time.monotonic() + _LEFT_ALONE_S
            return None
        self.keyring_fault = None
        return Secret(value) if kept is not None and (value := kept.reveal().strip()) else None

    def _index(self) -> list[str]:
        held = self._read(_INDEX)
        try:
            names = json.loads(held.reveal()) if held is not None else []
        except (ValueError, RecursionError):
            names = []
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _write_index(self, names: list[str]) -> None:
        self._write(_INDEX, Secret(json.dumps(names)))

    @contextlib.contextmanager
    def _sole_writer(self) -> Iterator[None]:
        """The list of names is read and written by one process at a time, or a name would be lost.

        A home that cannot hold the lock, or one held for long, does not keep the key from being kept.
        """
        with contextlib.ExitStack() as held:
            with contextlib.suppress(OSError):
                file = held.enter_context(open(self._home / _LOCK, "ab", opener=_private))
                deadline = time.monotonic() + _LOCK_WAIT_S
                while not _lock(file.fileno()) and time.monotonic() < deadline:
                    time.sleep(0.02)
            yield

    def _read(self, entry: str) -> Secret | None:
        def read(backend: KeyringBackend) -> Secret | None:
            value = backend.get_password(self._service, entry)
            return None if value is None else Secret(value)

        return _asked(entry, read)

    def _write(self, entry: str, secret: Secret) -> None:
        _asked(entry, lambda backend: backend.set_password(self._service, entry, secret.reveal()))

    def _remove(self, entry: str) -> None:
        _asked(entry, lambda backend: backend.delete_password(self._service, entry))


def check_key_name(name: str) -> str:
    """The name, if a key can have it. Raises UsageError, also for what is most likely a key itself."""
    if not _KEY_NAME.fullmatch(name) or name in _NOT_NAMES or looks_like_key(name):
        # It is not repeated: it may be the key itself.
        raise UsageError(
            reason="A key's name (never the key itself) has up to 40 letters, digits, dots and dashes, and is none of: "
            f"{', '.join(sorted(_NOT_NAMES))}."
        )
    return name


def _entry(provider: str, name: str | None) -> str:
    return f"{provider}/{name}" if name else provider


def _checked(provider: str, value: str | Secret, name: str | None) -> Secret:
    """Raises UsageError for what can be no key, or be kept under no such name."""
    secret = Secret((value.reveal() if isinstance(value, Secret) else value).strip())
    if not provider or provider == _INDEX or "/" in provider or looks_like_key(provider):
        # It is not repeated: it may be the key itself.
        raise UsageError(reason="A key needs the name of its provider, as in 'forgeapp providers list'.")
    if name is not None:
        check_key_name(name)
    if not secret.is_sendable:
        raise UsageError(reason=f"This is no key for {provider}: it is empty, or holds spaces or signs no key has.")
    return secret


def _from_environment(variable: str) -> Secret | None:
    value = os.environ.get(variable, "").strip()
    return Secret(value) if value else None


def _read_app_keys(path: Path) -> dict[str, Secret]:
    """Raises UnreadableFile. What can be no key is passed over."""
    remedy = 'It is a JSON file of keys by provider: {"gemini": "..."}.'
    try:
        with path.open(encoding="utf-8") as file:
            keys = json.loads(file.read(_MOST_APP_KEY_CHARS))
    except OSError as error:
        reason = error.strerror or type(error).__name__
    except (ValueError, RecursionError):
        # Not its own words: they may quote a key.
        reason = "it is not JSON"
    else:
        if isinstance(keys, dict):
            held = {name: Secret(value.strip()) for name, value in keys.items() if isinstance(value, str)}
            return {name: secret for name, secret in held.items() if secret.is_sendable}
        reason = "it is not a JSON object"
    raise UnreadableFile(source=path, reason=reason, remedy=remedy)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _lock(descriptor: int) -> bool:
    """Whether this process has the file to itself now, until it is closed."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _asked(entry: str, act: Callable[[KeyringBackend], _Answer]) -> _Answer:
    """What `act` gives for the keyring. Raises KeyringMissing, away from frames that hold the key."""
    backend = _backend(entry)
    # Another process may replace an entry between a backend's search for it and its reading.
    for _ in range(2):
        try:
            return act(backend)
        except Exception as error:  # noqa: BLE001 - backends raise their own libraries' errors, of any class
            failure = _missing(entry, error)
        if isinstance(failure, KeyringLocked):
            break
    raise failure


def _missing(entry: str, error: Exception) -> KeyringMissing:
    """Only the class of a foreign error is told: its text may hold what was to be kept."""
    from keyring.errors import KeyringLocked as Locked

    if isinstance(error, Locked):
        return KeyringLocked(provider=_shown(entry))
    return KeyringMissing(provider=_shown(entry), reason=f"it failed with {type(error).__name__}")


def _shown(entry: str) -> str:
    return "NAME" if entry == _INDEX else entry.partition("/")[0]


def _backend(entry: str) -> KeyringBackend:
    """The keyring's backend, or the first of several, that keeps keys encrypted. Raises KeyringMissing."""
    import keyring

    try:
        chosen = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - a backend named by the environment may fail in any way
        failure = _missing(entry, error)
    else:
        # A chain would pass a key on to its next backend when the first cannot write, so it is never used itself.
        candidates: list[KeyringBackend] = list(getattr(chosen, "backends", None) or [chosen])
        for candidate in candidates:
            if _is_safe(candidate):
                return candidate
        refused = [kind for kind in map(type, candidates) if kind.__module__ != _NO_KEYRING]
        names = ", ".join(f"{kind.__module__}.{kind.__name__}" for kind in refused)
        reason = f"{names} does not keep keys safely" if names else "none is installed, or none is running"
        failure = KeyringMissing(provider=_shown(entry), reason=reason)
    raise failure


def _is_safe(backend: KeyringBackend) -> bool:
    kind = type(backend)
    name = f"{kind.__module__}.{kind.__qualname__}".lower()
    if kind.__module__.startswith(("keyrings.alt", "keyring.backends.null", _NO_KEYRING)):
        return False
    if "plain" in name or "unencrypted" in name:
        return False
    try:
        return float(backend.priority) >= _RECOMMENDED
    except Exception:  # noqa: BLE001 - `priority` raises where the backend cannot work here
        return False
